import { useEffect, useState, useSyncExternalStore } from 'react';
import type { WatchSnapshot } from '@/playback/watchSession';
import { useWatchRoom } from './room';

export function useWatch(): WatchSnapshot {
  const { session } = useWatchRoom();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

const EVERY_MS = 200;

/** The position in seconds, a few times a second; the picture itself needs no rendering. */
export function usePosition(): number {
  const { session } = useWatchRoom();
  const [position, setPosition] = useState(() => session.position());
  useEffect(() => {
    const timer = setInterval(() => setPosition(session.position()), EVERY_MS);
    return () => clearInterval(timer);
  }, [session]);
  return position;
}
