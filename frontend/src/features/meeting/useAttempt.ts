import { useCallback } from 'react';
import { useReport } from '@/components/useReport';

/** Runs what the server may refuse, and tells the refusal; answers whether it went well. */
export function useAttempt(): (done: Promise<unknown>) => Promise<boolean> {
  const report = useReport();
  return useCallback(
    (done) =>
      done.then(
        () => true,
        (error: unknown) => report({ error }),
      ),
    [report],
  );
}
