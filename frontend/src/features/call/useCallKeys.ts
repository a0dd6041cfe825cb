import { useEffect } from 'react';
import { isPlainKey } from '@/components/keys';
import type { CallSession } from '@/media/callSession';
import { isEntered } from '@/media/callMachine';

/** M, V and S switch, D shows the connection. */
export function useCallKeys(session: CallSession, onStatistics: () => void): void {
  useEffect(() => {
    const inCall = () => isEntered(session.snapshot().phase);
    const actions: Record<string, () => void> = {
      m: () => void session.setMuted(!session.snapshot().muted),
      v: () => void session.setCamera(session.local.snapshot().camera.track === null),
      s: () => (session.local.snapshot().screen ? session.stopScreen() : inCall() && void session.shareScreen()),
      d: () => inCall() && onStatistics(),
    };
    const onDown = (event: KeyboardEvent) => {
      const action = actions[event.key.toLowerCase()];
      if (!action || event.repeat || !isPlainKey(event) || session.snapshot().phase === 'ended') return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onDown);
    return () => window.removeEventListener('keydown', onDown);
  }, [session, onStatistics]);
}
