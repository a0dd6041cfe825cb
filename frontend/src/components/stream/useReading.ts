import { useEffect, useRef, useState } from 'react';

function present(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** Whether the person looks at this window now. */
export function usePresent(): boolean {
  const [value, setValue] = useState(present);
  useEffect(() => {
    const update = () => setValue(present());
    window.addEventListener('focus', update);
    window.addEventListener('blur', update);
    document.addEventListener('visibilitychange', update);
    return () => {
      window.removeEventListener('focus', update);
      window.removeEventListener('blur', update);
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return value;
}

/** How far a place has been read. */
interface Marks {
  unread: number;
  lastReadId: string | null;
  /** Its newest entry: what to mark as read up to. */
  latestId: string | null;
  markRead: (upTo: string) => void;
}

/**
 * Marks a place as read while its end is in view of a present person. Answers the id after which entries are new: it stays
 * put while one reads, and moves on when one comes back.
 */
export function useReading({ unread, lastReadId, latestId, markRead }: Marks, atEnd: boolean): string | null {
  const isPresent = usePresent();
  const [newSince, setNewSince] = useState(unread > 0 ? lastReadId : null);
  const asked = useRef<string | null>(null);
  const left = useRef(lastReadId);

  useEffect(() => {
    left.current = lastReadId;
  }, [lastReadId]);

  useEffect(() => {
    if (!isPresent) setNewSince(left.current);
  }, [isPresent]);

  useEffect(() => {
    if (!isPresent || !atEnd || unread === 0 || latestId === null || asked.current === latestId) return;
    asked.current = latestId;
    markRead(latestId);
  }, [isPresent, atEnd, unread, latestId, markRead]);

  return newSince;
}
