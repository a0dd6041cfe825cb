import { type ReactNode, useMemo } from 'react';
import type { Channel } from '@/api/wire.gen';
import { AudienceContext } from '../audience';
import { teaches } from '../roles';
import { useMemberMap } from './useMemberMap';

/** The members of a channel as those who can be named in it; teachers may call everybody. */
export function ChannelAudience({ channel, children }: { channel: Pick<Channel, 'id' | 'my_role'>; children: ReactNode }) {
  const members = useMemberMap(channel.id);
  const all = teaches(channel.my_role);
  const audience = useMemo(() => ({ people: new Map([...members].map(([id, member]) => [id, member.user])), all }), [members, all]);
  return <AudienceContext value={audience}>{children}</AudienceContext>;
}
