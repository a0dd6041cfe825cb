import { useRing } from './useRing';

/** Rings for who is called. Shows nothing. */
export function RingSound({ incoming }: { incoming: boolean }) {
  useRing(incoming ? 'incoming' : null);
  return null;
}
