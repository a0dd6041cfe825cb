import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the end that still count as being there. */
const NEAR = 80;

/**
 * Scrolling of a stream that grows at both ends: at its end it stays there, elsewhere nothing moves under the reader.
 * `firstKey` is the oldest row's; when it changes after keepPlace(), what was in view stays where it was.
 */
export function useStreamScroll(firstKey: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const fromEnd = useRef<number | null>(null);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticks.current = true;
    element.scrollTop = element.scrollHeight;
    setAtEnd(true);
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    setAtEnd(sticks.current);
  }, []);

  /** Call before older rows are put in front. */
  const keepPlace = useCallback(() => {
    const element = scroller.current;
    if (element) fromEnd.current = element.scrollHeight - element.scrollTop;
  }, []);

  /** Shows an element and stops following the end. */
  const reveal = useCallback((element: Element, block: ScrollLogicalPosition) => {
    sticks.current = false;
    element.scrollIntoView({ block });
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || fromEnd.current === null) return;
    element.scrollTop = element.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [firstKey]);

  useEffect(() => {
    const outer = scroller.current;
    const content = inner.current;
    if (!outer || !content) return;
    const observer = new ResizeObserver(() => {
      if (sticks.current) outer.scrollTop = outer.scrollHeight;
    });
    observer.observe(outer);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);

  return { scroller, inner, atEnd, toEnd, onScroll, keepPlace, reveal };
}
