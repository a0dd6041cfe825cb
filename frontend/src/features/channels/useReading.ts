import { useEffect, useRef, useState } from 'react';
import { useMarkReadMutation } from '@/api/channels';
import type { Channel } from '@/api/wire.gen';

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

/**
 * Marks the channel as read while its end is in view of a present person. Answers the id after which entries are new: it
 * stays put while one reads, and moves on when one comes back.
 */
export function useReading(channel: Channel, atEnd: boolean, loaded: boolean): string | null {
  const isPresent = usePresent();
  const [newSince, setNewSince] = useState(channel.unread_count > 0 ? channel.last_read_id : null);
  const [markRead] = useMarkReadMutation();
  const asked = useRef<string | null>(null);
  const { id, unread_count, latest_entry_id, last_read_id } = channel;
  const left = useRef(last_read_id);

  useEffect(() => {
    left.current = last_read_id;
  }, [last_read_id]);

  useEffect(() => {
    if (!isPresent) setNewSince(left.current);
  }, [isPresent]);

  useEffect(() => {
    if (!isPresent || !atEnd || !loaded || unread_count === 0 || latest_entry_id === null || asked.current === latest_entry_id) return;
    asked.current = latest_entry_id;
    void markRead({ channelId: id, upTo: latest_entry_id });
  }, [isPresent, atEnd, loaded, unread_count, latest_entry_id, id, markRead]);

  return newSince;
}
