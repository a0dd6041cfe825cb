import { useEffect } from 'react';
import { isPlainKey, isPressing } from '@/components/keys';
import { useSession } from './sessions';
import type { RoomActions } from './useRoomUi';

interface RoomKeys {
  teacher: boolean;
  watching: boolean;
  actions: RoomActions;
  share: () => void;
}

/** M, V, S and H switch, D shows the connection, F fills the screen, ? lists the keys, and Space held down opens a muted microphone for as long. */
export function useRoomKeys({ teacher, watching, actions: room, share }: RoomKeys): void {
  const { meeting: session } = useSession();
  // While a teacher drives a video, Space belongs to it.
  const spaceTalks = !(teacher && watching);
  useEffect(() => {
    const actions: Record<string, () => void> = {
      m: () => void session.setMuted(!session.snapshot().muted),
      v: () => void session.setCamera(session.local.snapshot().camera.track === null),
      s: share,
      h: () => session.raiseHand(!session.snapshot().handRaised),
      d: room.toggleStatistics,
      f: fullscreen,
      '?': () => room.openDialog('shortcuts'),
    };
    const onDown = (event: KeyboardEvent) => {
      const action = actions[event.key.toLowerCase()];
      if (!action || event.repeat || !isPlainKey(event)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onDown);
    return () => window.removeEventListener('keydown', onDown);
  }, [session, room, share]);

  useEffect(() => {
    if (!spaceTalks) return;
    let held = false;
    const release = () => {
      if (held) void session.setMuted(true);
      held = false;
    };
    const onDown = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !isPlainKey(event) || isPressing(event)) return;
      event.preventDefault();
      if (event.repeat || held || !session.snapshot().muted) return;
      held = true;
      // The device may take a while to open; a key let go meanwhile must leave it closed.
      void session.setMuted(false).then(() => {
        if (!held) void session.setMuted(true);
      });
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !held) return;
      event.preventDefault();
      release();
    };
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('blur', release);
    return () => {
      release();
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', release);
    };
  }, [session, spaceTalks]);
}

/** The whole page: menus and dialogs lie beside the room in it. */
function fullscreen(): void {
  // A browser that refuses says so itself.
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
  else void document.documentElement.requestFullscreen().catch(() => undefined);
}
