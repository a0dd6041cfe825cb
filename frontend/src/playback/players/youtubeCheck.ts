import type { PlaybackItem } from '@/api/wire.gen';
import type { PlayerProblem } from './player';
import { YouTubePlayer } from './youtubePlayer';

/** What a player found out about a video without playing it for anybody. */
export interface Checked {
  problem: PlayerProblem | null;
  /** Seconds. */
  duration: number | null;
  title: string | null;
}

const TIMEOUT_MS = 20_000;

/**
 * Puts a video into a silent player of its own and waits until its first picture is there or YouTube refuses. The host must be
 * visible and at least 200 × 200 pixels large, as YouTube asks. Null when the signal ends it or nothing was found out in time.
 */
export function checkYouTube(item: PlaybackItem, host: HTMLElement, signal: AbortSignal): Promise<Checked | null> {
  return new Promise((resolve) => {
    const end = (checked: Checked | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      player.destroy();
      resolve(checked);
    };
    const giveUp = () => end(null);
    const timer = setTimeout(giveUp, TIMEOUT_MS);
    const player = new YouTubePlayer(host, {
      changed: () => {
        if (player.state === 'paused') end({ problem: null, duration: player.duration, title: player.title });
      },
      blocked: () => {},
      failed: (problem) => end({ problem, duration: null, title: null }),
    });
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) return giveUp();
    player.setMuted(true);
    player.load(item, item.start ?? 0);
  });
}
