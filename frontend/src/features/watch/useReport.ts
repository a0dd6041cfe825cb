import { useEffect } from 'react';
import type { PlaybackProblem } from '@/api/wire.gen';
import type { PlayerProblem } from '@/playback/players/player';
import { useWatchRoom } from './room';
import { useWatch } from './useWatch';

/** Only what is wrong with the video itself: a network that fails here may work elsewhere. */
export const reportable: Partial<Record<PlayerProblem, PlaybackProblem>> = {
  not_found: 'not_found',
  embedding_disabled: 'embedding_disabled',
  no_referrer: 'referrer_missing',
  bad_link: 'unplayable',
  format: 'unplayable',
};

/** What a teacher's player finds out about the item goes to the server: its length and title, or why it cannot play. */
export function useReport(): void {
  const { lesson, teacher } = useWatchRoom();
  const { timeline, duration, title, problem, follow } = useWatch();
  const key = timeline?.item?.key;
  const runs = follow === 'in_step' && timeline?.playing === true;
  const found = problem ? reportable[problem] : undefined;
  useEffect(() => {
    if (!teacher || !key) return;
    if (found) lesson.report(key, { problem: found });
    // While an advertisement runs, a player may tell that one's length.
    else if (runs && duration !== null) lesson.report(key, { duration, problem: '', ...(title && { title }) });
  }, [lesson, teacher, key, runs, duration, title, found]);
}
