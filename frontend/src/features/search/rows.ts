import type { Channel, Conversation, Found } from '@/api/wire.gen';
import { permalink } from '@/components/permalink';
import { type GroupName, grouped, type Query } from './query';
import type { Completion } from './useCompletions';

/** One line of the search's list: what it shows, and by that what pressing it does. */
export type Row =
  | { kind: 'completion'; completion: Completion }
  | { kind: 'recent'; query: Query }
  | { kind: 'channel'; channel: Channel }
  | { kind: 'conversation'; conversation: Conversation }
  | { kind: 'found'; found: Found }
  | { kind: 'all' };

export interface RowGroup {
  name: GroupName | 'completions' | 'unread' | 'recent' | 'jump' | 'all';
  rows: Row[];
}

/** How many places the start of the dialog offers. */
const PLACES = 7;
/** Results of a kind in the dialog; its page shows them all. */
const OF_A_KIND = 5;

const isUnread = (one: Channel | Conversation) => one.unread_count > 0;
const channelRow = (channel: Channel): Row => ({ kind: 'channel', channel });
const conversationRow = (conversation: Conversation): Row => ({ kind: 'conversation', conversation });

/** Before anything is typed: what is unread, what was searched before, and where one often goes. */
export function startRows(channels: Channel[], conversations: Conversation[], recent: Query[]): RowGroup[] {
  const live = channels.filter((one) => one.archived_at === null);
  const unread = [...conversations.filter((one) => isUnread(one) && !one.muted).map(conversationRow), ...live.filter((one) => isUnread(one) && one.level !== 'none').map(channelRow)];
  const rest = [
    ...[...live].sort((a, b) => Number(b.favourite) - Number(a.favourite) || a.position - b.position).filter((one) => !isUnread(one)).map(channelRow),
    ...conversations.filter((one) => !isUnread(one)).map(conversationRow),
  ];
  return some([
    { name: 'unread', rows: unread.slice(0, PLACES) },
    { name: 'recent', rows: recent.map((query): Row => ({ kind: 'recent', query })) },
    { name: 'jump', rows: rest.slice(0, PLACES) },
  ]);
}

/** Places whose name has the text, known without asking anybody. */
export function matchingPlaces(text: string, channels: Channel[], conversations: Conversation[]): Row[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') return [];
  const has = (name: string) => name.toLocaleLowerCase().includes(wanted);
  return [
    ...channels.filter((one) => has(one.name)).slice(0, OF_A_KIND).map(channelRow),
    ...conversations.filter((one) => !one.peer.deleted && has(one.peer.name)).slice(0, OF_A_KIND).map(conversationRow),
  ];
}

/** The answer to a search: known places first, where they stay while the server still looks. */
export function resultRows(places: Row[], found: Found[]): RowGroup[] {
  const known = new Set(places.map((row) => (row.kind === 'channel' ? row.channel.id : row.kind === 'conversation' ? row.conversation.peer.id : '')));
  const more = grouped(found.filter((one) => !known.has(one.id)));
  return some([
    { name: 'jump', rows: places },
    ...more.map(({ name, items }) => ({ name, rows: items.slice(0, OF_A_KIND).map((one): Row => ({ kind: 'found', found: one })) })),
    { name: 'all', rows: [{ kind: 'all' }] },
  ]);
}

function some(groups: RowGroup[]): RowGroup[] {
  return groups.filter((group) => group.rows.length > 0);
}

/** Where something that was found is; null for a person, with whom one talks instead. */
export function addressOf(found: Found): string | null {
  switch (found.kind) {
    case 'user':
      return null;
    case 'channel':
      return permalink({ channel_id: found.id });
    case 'post':
      return permalink({ ...found, post_id: found.id });
    case 'comment':
      return permalink({ ...found, comment_id: found.id });
    case 'message':
      return permalink({ ...found, message_id: found.id });
    case 'file':
      return permalink(found);
  }
}

/** Ids of rows for React. */
export function keyOf(row: Row): string {
  switch (row.kind) {
    case 'completion':
      return `${row.completion.op}:${row.completion.value}`;
    case 'recent':
      return `recent:${JSON.stringify(row.query)}`;
    case 'channel':
      return row.channel.id;
    case 'conversation':
      return row.conversation.id;
    case 'found':
      return `${row.found.kind}:${row.found.id}`;
    case 'all':
      return 'all';
  }
}
