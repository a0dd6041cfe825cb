import { useTranslation } from 'react-i18next';
import { useChannelsQuery } from '@/api/channels';
import { useConversationsQuery } from '@/api/conversations';
import { useSearchUsersQuery } from '@/api/members';
import type { Profile } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { searchable } from '@/components/searchable';
import { useNameOf } from '@/components/useNameOf';
import { dayBefore, type Operator, parseDay, type Query, unfinished } from './query';

export interface Completion {
  op: Operator;
  value: string;
  label: string;
  person?: Profile;
}

const MOST = 8;

/** What the operator at the end of the text may be completed to. */
export function useCompletions(query: Query): Completion[] {
  const { t } = useTranslation('search');
  const me = useMe();
  const nameOf = useNameOf();
  const typing = unfinished(query.text);
  const op = typing?.op;
  const typed = typing?.typed ?? '';
  const { data: channels = [] } = useChannelsQuery();
  const { data: conversations = [] } = useConversationsQuery();
  const { data: found = [] } = useSearchUsersQuery(typed, { skip: op !== 'from' || !searchable(typed) });
  const starts = (name: string) => name.toLocaleLowerCase().includes(typed.toLocaleLowerCase());

  switch (op) {
    case 'from': {
      const known = [{ ...me, presence: 'online' as const }, ...conversations.map((one) => one.peer)].filter((one) => !one.deleted && starts(one.name));
      const people = [...new Map([...known, ...(typed ? found : [])].map((one) => [one.id, one])).values()];
      return people.slice(0, MOST).map((person) => ({ op, value: person.id, label: person.id === me.id ? t('me', { name: me.name }) : person.name, person }));
    }
    case 'in': {
      const places = [
        ...channels.map((one) => ({ op, value: one.id, label: one.name })),
        ...conversations.map((one) => ({ op, value: one.id, label: nameOf(one.peer), person: one.peer })),
      ];
      return places.filter((place) => starts(place.label)).slice(0, MOST);
    }
    case 'has':
      return [{ op, value: 'file', label: t('hasFile') }];
    case 'before': {
      const day = parseDay(typed);
      if (day) return [{ op, value: day, label: day }];
      const now = new Date();
      return ([['today', 0], ['yesterday', 1], ['weekAgo', 7], ['monthAgo', 30]] as const).map(([word, days]) => ({
        op,
        value: dayBefore(now, days),
        label: t(`days.${word}`, { day: dayBefore(now, days) }),
      }));
    }
    default:
      return [];
  }
}
