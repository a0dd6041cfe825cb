import { useEffect, useState, useSyncExternalStore } from 'react';
import type { WatchSession, WatchSnapshot } from '@/playback/watchSession';

export function useWatch(session: WatchSession): WatchSnapshot {
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

const EVERY_MS = 200;

/** The position in seconds, a few times a second; the picture itself needs no rendering. */
export function usePosition(session: WatchSession): number {
  const [position, setPosition] = useState(() => session.position());
  useEffect(() => {
    const timer = setInterval(() => setPosition(session.position()), EVERY_MS);
    return () => clearInterval(timer);
  }, [session]);
  return position;
}
