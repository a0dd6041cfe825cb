import { type TouchEvent, useEffect, useMemo } from 'react';
import { isPlainKey } from '@/components/keys';
import type { Scene } from './scene';

/** How far a finger has to go sideways, in CSS pixels. */
const SWIPE = 60;

/** Turns the tiles' pages by Page Up and Page Down, and by a finger. */
export function usePageTurns({ page, pages }: Pick<Scene, 'page' | 'pages'>, turn: (page: number) => void) {
  useEffect(() => {
    if (pages < 2) return;
    const onDown = (event: KeyboardEvent) => {
      const step = { PageUp: -1, PageDown: 1 }[event.key];
      if (step === undefined || !isPlainKey(event) || isScrolling(event)) return;
      event.preventDefault();
      turn(within(page + step, pages));
    };
    window.addEventListener('keydown', onDown);
    return () => window.removeEventListener('keydown', onDown);
  }, [page, pages, turn]);

  return useMemo(() => {
    let start: { x: number; y: number } | null = null;
    return {
      onTouchStart: ({ touches, target }: TouchEvent) => {
        const touch = touches[0];
        // A finger on the video or a slider means that.
        const tiles = target instanceof Element && target.closest('[role="list"]') !== null;
        start = tiles && touch && touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
      },
      onTouchEnd: ({ changedTouches }: TouchEvent) => {
        const touch = changedTouches[0];
        if (!start || !touch) return;
        const across = touch.clientX - start.x;
        if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(touch.clientY - start.y)) turn(within(page - Math.sign(across), pages));
        start = null;
      },
    };
  }, [page, pages, turn]);
}

function within(page: number, pages: number): number {
  return Math.max(0, Math.min(pages - 1, page));
}

/** In a list that scrolls, these keys are its own. */
function isScrolling({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('aside, [role="dialog"]') !== null;
}
