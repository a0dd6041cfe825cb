import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { newId } from './ids';
import type { Problem } from './problem';
import type { Outbox } from './outboxSender';
import type { Quote, File as StoredFile } from './wire.gen';

/** Where something is written: a channel (a post), a post (a comment) or a conversation (a message, perhaps an answer). */
export type Place =
  | { kind: 'channel'; id: string }
  | { kind: 'post'; id: string; channelId: string }
  | { kind: 'conversation'; id: string; replyTo?: Quote };

/** The place's name: of its draft, and of what is on its way there. */
export function placeKey({ kind, id }: Pick<Place, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** A file that is still only on this device; its bytes are kept under `key`. */
export interface PendingFile {
  key: string;
  name: string;
  size: number;
  type: string;
}

/** An entry on its way to the server. `waiting` sends itself when it can; `failed` was refused and asks the person. */
export interface Outgoing {
  clientId: string;
  userId: string;
  place: Place;
  body: string;
  files: StoredFile[];
  /** Uploaded before the entry is sent; they come after `files`. */
  pending: PendingFile[];
  createdAt: string;
  status: 'waiting' | 'sending' | 'failed';
  problem: Problem | null;
  /** How often sending has failed for want of a connection or of a working server. */
  attempts: number;
  /** Not tried again before then, in milliseconds since the epoch. */
  nextAt: number;
}

/** The order of writing. */
export function byTime(a: Outgoing, b: Outgoing): number {
  return a.createdAt.localeCompare(b.createdAt) || a.clientId.localeCompare(b.clientId);
}

export type Progress = Pick<Outgoing, 'status' | 'problem' | 'attempts' | 'nextAt' | 'files' | 'pending'>;

const slice = createSlice({
  name: 'outbox',
  initialState: { items: [] as Outgoing[] },
  reducers: {
    added(state, action: PayloadAction<Outgoing[]>) {
      const known = new Set(state.items.map((item) => item.clientId));
      state.items.push(...action.payload.filter((item) => !known.has(item.clientId)));
      state.items.sort(byTime);
    },
    changed(state, action: PayloadAction<{ clientId: string } & Partial<Progress>>) {
      const item = state.items.find((one) => one.clientId === action.payload.clientId);
      if (item) Object.assign(item, action.payload);
    },
    removed(state, action: PayloadAction<string>) {
      state.items = state.items.filter((item) => item.clientId !== action.payload);
    },
    /** Forgets what is on the screen of a session that has ended; the device keeps it for the account's return. */
    cleared(state) {
      state.items = [];
    },
  },
});

export const outboxReducer = slice.reducer;
export const outboxActions = slice.actions;

export interface WithOutbox {
  outbox: { items: Outgoing[] };
}

export const selectOutgoing = (state: WithOutbox): Outgoing[] => state.outbox.items;

/** What is on its way to one place. */
export const outgoingTo = (items: Outgoing[], place: Pick<Place, 'kind' | 'id'>): Outgoing[] =>
  items.filter((item) => item.place.kind === place.kind && item.place.id === place.id);

type Dispatch = (action: never) => unknown;

/** The outbox of the account that is signed in; see Live. */
let current: Outbox | null = null;

export function setOutbox(outbox: Outbox | null): void {
  current = outbox;
}

let lastAt = 0;

/** The time, later than any given before: what is written in one millisecond has an order, too. */
function writtenAt(): string {
  lastAt = Math.max(Date.now(), lastAt + 1);
  return new Date(lastAt).toISOString();
}

/** `blobs` are files that have not been uploaded yet: the outbox does, when it can. */
export type NewEntry = Pick<Outgoing, 'userId' | 'place' | 'body' | 'files'> & { blobs?: File[] };

/** Shows an entry at once and sends it as soon as that can be done; the client id makes every retry harmless. */
export function postEntry({ blobs = [], ...entry }: NewEntry) {
  return (dispatch: Dispatch): void => {
    const files = blobs.map((blob) => ({ blob, file: { key: newId(), name: blob.name || 'file', size: blob.size, type: blob.type } }));
    const item: Outgoing = {
      ...entry,
      clientId: newId(),
      pending: files.map(({ file }) => file),
      createdAt: writtenAt(),
      status: 'waiting',
      problem: null,
      attempts: 0,
      nextAt: 0,
    };
    dispatch(slice.actions.added([item]) as never);
    void current?.take(item, new Map(files.map(({ blob, file }) => [file.key, blob])));
  };
}

/** Tries one again at once, one that was refused too. */
export function retryEntry(clientId: string) {
  return (): void => void current?.retry(clientId);
}

/** Takes back what has not been sent. */
export function discardEntry(clientId: string) {
  return (): void => void current?.discard(clientId);
}
