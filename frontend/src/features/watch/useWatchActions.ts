import { useCallback } from 'react';
import type { WatchSession } from '@/playback/watchSession';
import { rateStep, type WatchAction } from './watchKeys';

interface Handlers {
  onTheatre: () => void;
  onFullscreen: () => void;
  onFailed: (error: unknown) => void;
}

const FRAME_S = 1 / 30;

/** Carries out what a key or a button asked for. */
export function useWatchActions(session: WatchSession, { onTheatre, onFullscreen, onFailed }: Handlers): (action: WatchAction) => void {
  return useCallback(
    (action) => {
      const { timeline, duration, volume, muted } = session.snapshot();
      const playing = timeline?.playing === true;
      const perform = (): Promise<void> | void => {
        switch (action.kind) {
          case 'toggle':
            return playing ? session.pause() : session.play();
          case 'jump':
            return session.seek(session.position() + action.by);
          case 'frame':
            return playing ? undefined : session.seek(session.position() + action.by * FRAME_S);
          case 'part':
            return duration === null ? undefined : session.seek(action.part * duration);
          case 'speed':
            return session.setRate(rateStep(timeline?.rate ?? 1, action.by));
          case 'rate':
            return session.setRate(action.rate);
          case 'volume':
            return session.setVolume(Math.min(1, Math.max(0, volume + action.by)));
          case 'mute':
            return volume === 0 ? session.setVolume(0.5) : session.setMuted(!muted);
          case 'theatre':
            return onTheatre();
          case 'fullscreen':
            return onFullscreen();
        }
      };
      void Promise.resolve(perform()).catch(onFailed);
    },
    [session, onTheatre, onFullscreen, onFailed],
  );
}
