import katex, { type KatexOptions } from 'katex';
import 'katex/dist/katex.min.css';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Markdown.module.css';

/** No links, no HTML, no files, no macros that grow without end, nothing larger than a few lines. */
export const rules: KatexOptions = { throwOnError: true, trust: false, strict: 'ignore', maxExpand: 300, maxSize: 12, output: 'htmlAndMathml' };

/** KaTeX builds its elements itself: no text of anybody becomes HTML. */
export default function Typeset({ source, display }: { source: string; display: boolean }) {
  const { t } = useTranslation('chat');
  const place = useRef<HTMLSpanElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [wide, setWide] = useState(false);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    try {
      katex.render(source, element, { ...rules, displayMode: display });
      setProblem(null);
      setWide(display && element.scrollWidth > element.clientWidth);
    } catch (error) {
      element.replaceChildren();
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }, [source, display]);

  return (
    <>
      <span ref={place} className={display ? classes.formula : undefined} hidden={problem !== null} {...(wide && { tabIndex: 0 })} />
      {problem !== null && (
        <code className={classes.wrong} title={t('formula.wrong', { problem })}>
          {source}
        </code>
      )}
    </>
  );
}
