import { useMemo } from 'react';
import { useMembersQuery } from '@/api/members';
import type { Member } from '@/api/wire.gen';

/** A channel's members by user id. */
export function useMemberMap(channelId: string): Map<string, Member> {
  const { data } = useMembersQuery(channelId);
  return useMemo(() => new Map((data ?? []).map((member) => [member.user.id, member])), [data]);
}
