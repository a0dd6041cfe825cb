import { type ReactNode, useEffect, useState } from 'react';
import { useServerQuery } from '@/api/account';
import { PageLoader } from '@/components/PageLoader';
import type { MeetingSession } from '@/media/meetingSession';
import { EmbedBridge } from './bridge';

/** A meeting in a frame of another page, which may drive it by messages: docs/embed.md. */
export function EmbedFrame({ children }: { children: (onSession: (session: MeetingSession | null) => void) => ReactNode }) {
  const { data: server } = useServerQuery();
  const [session, setSession] = useState<MeetingSession | null>(null);
  const [bridge, setBridge] = useState<EmbedBridge | null>(null);
  const origins = server?.embed_origins;
  useEffect(() => {
    if (!origins) return;
    const made = new EmbedBridge(origins);
    setBridge(made);
    return () => made.close();
  }, [origins]);
  useEffect(() => {
    bridge?.attach(session);
    return () => bridge?.attach(null);
  }, [bridge, session]);
  return bridge ? children(setSession) : <PageLoader />;
}
