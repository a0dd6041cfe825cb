import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLastGroupsQuery } from '@/api/breakouts';
import { useMembersQuery } from '@/api/members';
import type { BreakoutPlan } from '@/api/wire.gen';
import { type DraftGroup, resized } from '@/classroom/grouping';
import { useBreakoutsState, useMeetingPart } from '../sessions';
import type { BoardPerson } from './board';

/** How many are together in a group that nobody asked for. */
const USUAL_SIZE = 4;

interface Plan {
  groups: DraftGroup[];
  minutes: number;
  /** Everybody who may be in a group, by user: who is here, and the channel's other students. */
  people: ReadonlyMap<string, BoardPerson>;
  /** Students who are here. */
  present: string[];
  /** Students of the channel who are not here (yet). */
  absent: string[];
  /** The groups that the channel had last; none yet: empty. */
  last: BreakoutPlan[];
  nameOf: (number: number) => string;
}

/** The groups that a teacher plans, and the people that there are for them. */
export function usePlan(channelId: string): Plan {
  const { t } = useTranslation('groups');
  const { draft, minutes } = useBreakoutsState();
  const participants = useMeetingPart((room) => room.participants);
  const me = useMeetingPart((room) => room.me);
  const { data: members } = useMembersQuery(channelId);
  const { data: last } = useLastGroupsQuery(channelId, { refetchOnMountOrArgChange: true });
  return useMemo(() => {
    const nameOf = (number: number) => t('groupNumber', { number });
    const own = participants.find(({ participant_id }) => participant_id === me);
    const here = participants.filter(({ user }) => user.id !== own?.user.id);
    const people = new Map<string, BoardPerson>(here.map(({ user }) => [user.id, { id: user.id, user }]));
    const absent: string[] = [];
    for (const { user, role } of members ?? []) {
      if (role !== 'student' || people.has(user.id)) continue;
      people.set(user.id, { id: user.id, user, absent: true });
      absent.push(user.id);
    }
    const present = [...new Set(here.filter(({ role }) => role === 'student').map(({ user }) => user.id))];
    const groups = draft ?? resized([], Math.max(2, Math.ceil(present.length / USUAL_SIZE)), nameOf);
    return { groups, minutes, people, present, absent, last: last ?? [], nameOf };
  }, [draft, minutes, participants, me, members, last, t]);
}
