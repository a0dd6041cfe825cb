import { useDriving } from './useDriving';
import { useFailed } from './useFailed';
import { useWatchRoom } from './room';
import { rateStep, type WatchAction } from './watchKeys';

interface Handlers {
  onTheatre: () => void;
  onFullscreen: () => void;
}

/** Carries out what a key or a button asked for. */
export function useWatchActions({ onTheatre, onFullscreen }: Handlers): (action: WatchAction) => void {
  const { session } = useWatchRoom();
  const { playing, rate } = useDriving();
  const failed = useFailed();

  const perform = (action: WatchAction): Promise<void> | void => {
    const { timeline, duration, volume, muted, captions } = session.snapshot();
    switch (action.kind) {
      case 'toggle':
        return playing ? session.pause() : session.play();
      case 'jump':
        return session.seek(session.position() + action.by);
      case 'frame':
        return playing ? undefined : session.frame(action.by);
      case 'part':
        return duration === null ? undefined : session.seek(action.part * duration);
      case 'speed':
        return session.setRate(rateStep(rate, action.by));
      case 'rate':
        return session.setRate(action.rate);
      case 'next':
        return timeline?.item ? session.next() : undefined;
      case 'previous':
        return timeline?.item ? session.previous() : undefined;
      case 'volume':
        return session.setVolume(Math.min(1, Math.max(0, volume + action.by)));
      case 'mute':
        return volume === 0 ? session.setVolume(0.5) : session.setMuted(!muted);
      case 'captions':
        return captions === null ? undefined : session.setCaptions(!captions);
      case 'theatre':
        return onTheatre();
      case 'fullscreen':
        return onFullscreen();
    }
  };
  return (action) => void Promise.resolve(perform(action)).catch(failed);
}
