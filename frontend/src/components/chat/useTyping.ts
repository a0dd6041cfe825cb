import { useCallback, useRef } from 'react';
import { useSocket } from '@/realtime';

const EVERY_MS = 3000;

/** Says that one writes in a place, at most every three seconds. */
export function useTyping(place: { channel_id: string } | { conversation_id: string }): () => void {
  const socket = useSocket();
  const at = useRef(-EVERY_MS);
  const latest = useRef(place);
  latest.current = place;
  return useCallback(() => {
    const now = performance.now();
    if (now - at.current < EVERY_MS) return;
    at.current = now;
    socket.send('typing', latest.current).catch(() => undefined); // a courtesy, not worth a word when it fails
  }, [socket]);
}
