import { api } from './api';
import { channelsApi } from './channels';
import { conversationsApi } from './conversations';
import { database } from './database';
import { PAGE, type Stream } from './entries';
import { postsApi } from './posts';
import { membersApi } from './members';
import type { Channel, Conversation, Me, Member, Message, Post } from './wire.gen';

/** Changes with what is kept: an older snapshot is no use then. */
const VERSION = 1;

/** How many channels and conversations are kept with what was last read there. */
const MAX_PLACES = 20;

/** Which account a page without a connection may show, until its session can be asked for. */
const accountKey = 'lectern.account';

/** What a page without a connection shows: the newest of each place as it was last seen here. */
export interface Snapshot {
  version: number;
  me: Me;
  channels: Channel[];
  conversations: Conversation[];
  members: Record<string, Member[]>;
  posts: Record<string, Stream<Post>>;
  messages: Record<string, Stream<Message>>;
}

interface State {
  [api.reducerPath]: { queries: Record<string, { endpointName?: string; originalArgs?: unknown; data?: unknown; fulfilledTimeStamp?: number } | undefined> };
}

type Dispatch = (action: never) => unknown;

/** Takes a snapshot of the cache; null while there is nothing to show. */
export function takeSnapshot(state: unknown): Snapshot | null {
  const me = api.endpoints.me.select()(state as never).data;
  const channels = channelsApi.endpoints.channels.select()(state as never).data;
  if (!me || !channels) return null;
  const conversations = conversationsApi.endpoints.conversations.select()(state as never).data ?? [];
  return unsigned({
    version: VERSION,
    me,
    channels,
    conversations,
    members: Object.fromEntries(latest(state as State, 'members').map(({ originalArgs, data }) => [String(originalArgs), data as Member[]])),
    posts: newest<Post>(state as State, 'posts'),
    messages: newest<Message>(state as State, 'messages'),
  });
}

/** What was loaded last of an endpoint. */
function latest(state: State, endpoint: string): { originalArgs?: unknown; data?: unknown }[] {
  const loaded = Object.values(state[api.reducerPath].queries).flatMap((query) => (query?.endpointName === endpoint && query.data !== undefined ? [query] : []));
  return loaded.sort((a, b) => (b.fulfilledTimeStamp ?? 0) - (a.fulfilledTimeStamp ?? 0)).slice(0, MAX_PLACES);
}

/** The last pages of the streams that were loaded last; one that is far from the newest has nothing to show. */
function newest<T>(state: State, endpoint: string): Record<string, Stream<T>> {
  const streams: Record<string, Stream<T>> = {};
  for (const { originalArgs, data } of latest(state, endpoint)) {
    const stream = data as Stream<T & { id: string }>;
    if (stream.newer !== null) continue;
    const items = stream.items.slice(-PAGE);
    const cut = items.length < stream.items.length;
    streams[String(originalArgs)] = { items, older: cut ? (items[0]?.id ?? null) : stream.older, newer: null, gone: [] };
  }
  return streams;
}

/** A copy without the signatures in the addresses of files: they would let anybody who reads this device load them. */
function unsigned<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => ((key === 'url' || key === 'thumb_url') && typeof inner === 'string' ? inner.split('?')[0] : inner)),
  ) as T;
}

/** Keeps the snapshot on the device; where there is no storage nothing is lost but the offline page. */
export async function keepSnapshot(snapshot: Snapshot): Promise<void> {
  try {
    localStorage.setItem(accountKey, snapshot.me.id);
    await (await database()).put('snapshots', snapshot, snapshot.me.id);
  } catch {
    // A full or forbidden storage.
  }
}

/** Forgets all accounts' snapshots: after signing out, and when somebody else signs in. */
export async function forgetSnapshots(): Promise<void> {
  localStorage.removeItem(accountKey);
  await database()
    .then((db) => db.clear('snapshots'))
    .catch(() => undefined);
}

export async function loadSnapshot(): Promise<Snapshot | null> {
  const account = localStorage.getItem(accountKey);
  if (account === null) return null;
  const kept = (await database()
    .then((db) => db.get('snapshots', account))
    .catch(() => undefined)) as Snapshot | undefined;
  return kept?.version === VERSION ? kept : null;
}

/** Fills the cache with a snapshot. */
export function showSnapshot({ me, channels, conversations, members, posts, messages }: Snapshot) {
  return async (dispatch: Dispatch): Promise<void> => {
    const all = [
      api.util.upsertQueryData('me', undefined, me),
      channelsApi.util.upsertQueryData('channels', undefined, channels),
      conversationsApi.util.upsertQueryData('conversations', undefined, conversations),
      ...Object.entries(members).map(([id, list]) => membersApi.util.upsertQueryData('members', id, list)),
      ...Object.entries(posts).map(([id, stream]) => postsApi.util.upsertQueryData('posts', id, stream)),
      ...Object.entries(messages).map(([id, stream]) => conversationsApi.util.upsertQueryData('messages', id, stream)),
    ];
    await Promise.all(all.map((action) => dispatch(action as never)));
  };
}
