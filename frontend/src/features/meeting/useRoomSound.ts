import { useCallback, useEffect, useState } from 'react';
import { useWatchPart } from './sessions';

export interface RoomSound {
  /** The browser holds the sound back until a tap that nothing else on the page asks for. */
  blocked: boolean;
  /** Changes with every tap: everything plays again. */
  attempt: number;
  onBlocked: () => void;
  turnOn: () => void;
}

export function useRoomSound(): RoomSound {
  const needsTap = useWatchPart((watch) => watch.needsTap);
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const onBlocked = useCallback(() => setBlocked(true), []);
  const turnOn = useCallback(() => {
    setBlocked(false);
    setAttempt((n) => n + 1);
  }, []);
  // The video's own "Tap for sound" allows everybody's voices too.
  useEffect(() => {
    if (!needsTap) turnOn();
  }, [needsTap, turnOn]);
  return { blocked: blocked && !needsTap, attempt, onBlocked, turnOn };
}
