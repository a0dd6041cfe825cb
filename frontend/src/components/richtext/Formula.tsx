import { lazy, Suspense } from 'react';

const Typeset = lazy(() => import('./Typeset'));

/** A formula in TeX; its source until it is set, and for good where it is wrong. */
export function Formula({ source, display = false }: { source: string; display?: boolean }) {
  return (
    <Suspense fallback={<code>{source}</code>}>
      <Typeset source={source} display={display} />
    </Suspense>
  );
}
