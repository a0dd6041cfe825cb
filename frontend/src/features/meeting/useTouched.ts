import { type FocusEvent, type PointerEvent, useMemo } from 'react';
import type { Seats } from './seats';

/** Tells the seats whose tile the pointer is over and the focus in: those stay where they are. */
export function useTouched(seats: Seats) {
  return useMemo(() => {
    const touched: { pointer: string | null; focus: string | null } = { pointer: null, focus: null };
    const say = (how: keyof typeof touched, id: string | null) => {
      if (touched[how] === id) return;
      touched[how] = id;
      seats.touch([touched.pointer, touched.focus].filter((one) => one !== null));
    };
    return {
      onPointerOver: ({ target, pointerType }: PointerEvent) => pointerType === 'mouse' && say('pointer', tileOf(target)),
      onPointerLeave: () => say('pointer', null),
      onFocus: ({ target }: FocusEvent) => say('focus', tileOf(target)),
      onBlur: () => say('focus', null),
    };
  }, [seats]);
}

function tileOf(target: EventTarget): string | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>('[data-participant-id]') : null;
  return tile?.dataset.participantId ?? null;
}
