import { api } from '@/api/api';
import { changeConversation, conversationsApi } from '@/api/conversations';
import { channelsApi } from '@/api/channels';
import { membersApi } from '@/api/members';
import { changeStream, runningLoads, type StreamName } from '@/api/streams';
import type { Stream } from '@/api/entries';
import type { Channel, Comment, Conversation, Member, Message, Post, Time } from '@/api/wire.gen';
import type { EventMap, EventName } from '../events';

/** What this needs of the store; tests give their own. */
export interface Target {
  dispatch: (action: never) => unknown;
  getState: () => unknown;
}

/**
 * How an event came. A recovered one was asked for after a gap: it shows the thing as it is now, and what it would count is
 * counted by the server and asked for again.
 */
export interface Arrival {
  at: Time;
  /** Its number in its scope; null for what is not durable. */
  seq: number | null;
  recovered: boolean;
}

export type Hear<K extends EventName> = (data: EventMap[K], arrival: Arrival) => void;

export interface Source {
  on<K extends EventName>(type: K, handler: Hear<K>): () => void;
}

type State = Parameters<ReturnType<typeof api.endpoints.me.select>>[0];

/**
 * The query cache as the events change it. Each change is made now, and once more when an answer is here that was on its way
 * meanwhile: that may have been read before the change.
 */
export class Cache {
  constructor(readonly store: Target) {}

  dispatch(action: unknown): unknown {
    return this.store.dispatch(action as never);
  }

  get myId(): string | undefined {
    return api.endpoints.me.select()(this.state).data?.id;
  }

  get channels(): Channel[] {
    return channelsApi.endpoints.channels.select()(this.state as never).data ?? [];
  }

  get conversations(): Conversation[] {
    return conversationsApi.endpoints.conversations.select()(this.state as never).data ?? [];
  }

  stream(name: StreamName, id: string, change: (stream: Stream<Post | Comment | Message>) => void): void {
    this.#patch(changeStream(name, id, change), runningLoads(name, id), name, id);
  }

  /** Whether a page of a stream is on its way. */
  loads(name: StreamName, id: string): boolean {
    return runningLoads(name, id).length > 0 || this.#running(name, id) !== undefined;
  }

  channel(id: string, change: (channel: Channel) => void): void {
    const action = channelsApi.util.updateQueryData('channels', undefined, (list) => {
      const found = list.find((one) => one.id === id);
      if (found) change(found);
    });
    this.#patch(action, [], 'channels', undefined);
  }

  conversation(id: string, change: (conversation: Conversation) => void): void {
    this.#patch(changeConversation(id, change), [], 'conversations', undefined);
  }

  members(channelId: string, change: (members: Member[]) => void): void {
    this.#patch(membersApi.util.updateQueryData('members', channelId, change), [], 'members', channelId);
  }

  get state(): State {
    return this.store.getState() as State;
  }

  #patch(action: unknown, loads: Promise<unknown>[], name: string, arg: unknown): void {
    this.dispatch(action);
    const query = this.#running(name, arg);
    const again = () => void this.dispatch(action);
    for (const load of query ? [...loads, query] : loads) load.then(again, () => undefined);
  }

  #running(name: string, arg: unknown): Promise<unknown> | undefined {
    return this.dispatch(api.util.getRunningQueryThunk(name as never, arg as never)) as Promise<unknown> | undefined;
  }
}

/**
 * Counts something new of a place, unless its list came later than the event and has counted it already. A place whose list
 * is older keeps the event's number.
 */
export function counts(place: { seq: number }, { seq, recovered }: Arrival): boolean {
  if (recovered) return false;
  if (seq === null) return true;
  if (seq <= place.seq) return false;
  place.seq = seq;
  return true;
}
