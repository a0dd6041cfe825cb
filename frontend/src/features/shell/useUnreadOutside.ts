import { type RefObject, useCallback, useEffect, useState } from 'react';

/** The first unread row above and the first one below what a scrolled list shows. `rows` changes with the list. */
export function useUnreadOutside(scroller: RefObject<HTMLElement | null>, rows: unknown): { above: Element | null; below: Element | null } {
  const [outside, setOutside] = useState<{ above: Element | null; below: Element | null }>({ above: null, below: null });
  const look = useCallback(() => {
    const view = scroller.current?.getBoundingClientRect();
    if (!view) return;
    const unread = [...(scroller.current?.querySelectorAll('[data-unread]') ?? [])];
    const above = unread.findLast((row) => row.getBoundingClientRect().bottom < view.top + 8) ?? null;
    const below = unread.find((row) => row.getBoundingClientRect().top > view.bottom - 8) ?? null;
    setOutside((before) => (before.above === above && before.below === below ? before : { above, below }));
  }, [scroller]);

  useEffect(look, [look, rows]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [look, scroller]);
  return outside;
}
