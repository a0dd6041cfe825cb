import { useEffect } from 'react';
import { isPlainKey, isPressing } from '@/components/keys';
import type { WatchSession } from '@/playback/watchSession';

/** Teachers' keys as video players have them: Space and K, J and L (10 s), arrows (5 s). */
export function useWatchKeys(session: WatchSession, enabled: boolean, onFailed: (error: unknown) => void): void {
  useEffect(() => {
    if (!enabled) return;
    const jump = (by: number) => session.seek(session.position() + by);
    const toggle = () => (session.snapshot().timeline?.playing ? session.pause() : session.play());
    const actions: Record<string, () => Promise<void>> = {
      ' ': toggle,
      k: toggle,
      j: () => jump(-10),
      l: () => jump(10),
      ArrowLeft: () => jump(-5),
      ArrowRight: () => jump(5),
    };
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const action = actions[key];
      if (!action || !isPlainKey(event) || event.repeat || (key === ' ' && isPressing(event))) return;
      event.preventDefault();
      action().catch(onFailed);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session, enabled, onFailed]);
}
