import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Something that the browser may or may not be able to do. */
export interface Switchable {
  on: boolean;
  possible: boolean;
  toggle: () => void;
}

/** Some phones can only fill the screen with a player of their own; there it is not possible. */
export function useFullscreen(element: RefObject<HTMLElement | null>): Switchable {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const changed = () => setOn(document.fullscreenElement !== null && document.fullscreenElement === element.current);
    changed();
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, [element]);
  const toggle = useCallback(() => {
    // A browser that refuses says so itself; the picture stays as it is.
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    else void element.current?.requestFullscreen().catch(() => {});
  }, [element]);
  return { on, possible: document.fullscreenEnabled, toggle };
}
