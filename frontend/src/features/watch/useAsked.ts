import type { PlaybackQuestion, Timeline } from '@/api/wire.gen';
import { useLesson } from './room';
import { useWatch } from './useWatch';

/** The stop-point whose question is on show: while it takes answers, and as long as the class still stands there. */
export function useAsked(): PlaybackQuestion | null {
  const { question } = useLesson();
  const { timeline } = useWatch();
  return question && (question.open || standsAt(timeline, question)) ? question : null;
}

/** Stop-points are kept in hundredths of a second. */
const SAME_PLACE_S = 0.02;

export function standsAt(timeline: Timeline | null, { key, t }: Pick<PlaybackQuestion, 'key' | 't'>): boolean {
  return timeline !== null && !timeline.playing && timeline.item?.key === key && Math.abs(timeline.pos - t) < SAME_PLACE_S;
}
