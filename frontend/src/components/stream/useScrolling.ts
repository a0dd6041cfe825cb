import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Anchor, drift, findAnchor } from './anchor';

/** Pixels from the end that still count as being there. */
const NEAR = 80;

/** Pixels from an end of what is loaded at which the next page is asked for. */
const AHEAD = 900;

interface Ends {
  /** Whether the newest entry is among the rows: only then their end is the end. */
  complete: boolean;
  /** Called when one is near the beginning, or the end, of what is loaded. */
  onNearStart: () => void;
  onNearEnd: () => void;
}

export interface Scrolling {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the newest entry is in view; what comes next will be, too. */
  atEnd: boolean;
  toEnd: () => void;
  /** Brings an element into view and stays with it. */
  reveal: (element: Element, block: ScrollLogicalPosition) => void;
  onScroll: () => void;
}

/**
 * Scrolling of something that grows at both ends and changes its height anywhere: at its end it stays there, elsewhere what
 * one reads does not move. Browsers have anchoring of their own, but not all, and none at the very beginning; so it is
 * switched off and done here, before each paint.
 */
export function useScrolling({ complete, onNearStart, onNearEnd }: Ends): Scrolling {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const ends = useRef({ complete, onNearStart, onNearEnd });
  const [atEnd, setAtEnd] = useState(true);

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    sticks.current = below < NEAR && ends.current.complete;
    setAtEnd(sticks.current);
    const rows = content.current.querySelector('[data-rows]');
    anchor.current = rows && findAnchor(element, rows);
    if (element.scrollTop < AHEAD) ends.current.onNearStart();
    if (below < AHEAD) ends.current.onNearEnd();
  }, []);

  /** Undoes what a change of heights has moved. */
  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (sticks.current) {
      element.scrollTop = element.scrollHeight;
    } else if (anchor.current) {
      const moved = drift(anchor.current, element);
      if (Math.abs(moved) < 0.4) return;
      const before = element.scrollTop;
      element.scrollTop += moved;
      anchor.current.scrollTop += element.scrollTop - before; // that was not the reader
    }
  }, []);

  const onScroll = useCallback(() => {
    // Heights may have changed since the last paint: that is not the reader's doing.
    if (!sticks.current) settle();
    look();
  }, [settle, look]);

  const toEnd = useCallback(() => {
    sticks.current = true;
    settle();
    look();
  }, [settle, look]);

  const reveal = useCallback(
    (element: Element, block: ScrollLogicalPosition) => {
      sticks.current = false;
      element.scrollIntoView({ block });
      look();
    },
    [look],
  );

  useLayoutEffect(() => {
    ends.current = { complete, onNearStart, onNearEnd };
  });

  // New rows: in their place before they are painted.
  useLayoutEffect(() => {
    settle();
  });

  useEffect(() => {
    const outer = scroller.current;
    const inner = content.current;
    if (!outer || !inner) return;
    const observer = new ResizeObserver(() => {
      settle();
      look();
    });
    observer.observe(outer);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [settle, look]);

  return { scroller, content, atEnd, toEnd, reveal, onScroll };
}
