import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { conversationsApi } from './conversations';
import { newId } from './ids';
import { postsApi } from './posts';
import { asProblem, isTransient, type Problem } from './problem';
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

/** An entry on its way to the server. `waiting` sends itself when the connection is back; `failed` asks the person. */
export interface Outgoing {
  clientId: string;
  userId: string;
  place: Place;
  body: string;
  files: StoredFile[];
  createdAt: string;
  status: 'waiting' | 'sending' | 'failed';
  problem: Problem | null;
}

const slice = createSlice({
  name: 'outbox',
  initialState: { items: [] as Outgoing[] },
  reducers: {
    restored(state, action: PayloadAction<Outgoing[]>) {
      const known = new Set(state.items.map((item) => item.clientId));
      state.items.push(...action.payload.filter((item) => !known.has(item.clientId)));
    },
    added(state, action: PayloadAction<Outgoing>) {
      state.items.push(action.payload);
    },
    changed(state, action: PayloadAction<{ clientId: string; status: Outgoing['status']; problem: Problem | null }>) {
      const item = state.items.find((one) => one.clientId === action.payload.clientId);
      if (item) Object.assign(item, action.payload);
    },
    removed(state, action: PayloadAction<string>) {
      state.items = state.items.filter((item) => item.clientId !== action.payload);
    },
    cleared(state) {
      state.items = [];
    },
  },
});

export const outboxReducer = slice.reducer;
const { restored, added, changed, removed, cleared } = slice.actions;

interface WithOutbox {
  outbox: { items: Outgoing[] };
}

export const selectOutgoing = (state: WithOutbox): Outgoing[] => state.outbox.items;

/** What is on its way to one place. */
export const outgoingTo = (items: Outgoing[], place: Pick<Place, 'kind' | 'id'>): Outgoing[] =>
  items.filter((item) => item.place.kind === place.kind && item.place.id === place.id);

type Dispatch = (action: never) => unknown;

// One storage item per entry, so that windows do not overwrite each other's.
const prefix = 'lectern.outbox.';

function store(item: Outgoing): void {
  try {
    localStorage.setItem(prefix + item.clientId, JSON.stringify(item));
  } catch {
    // A full storage costs the entry only if the page is reloaded before it was sent.
  }
}

/** Brings back what an earlier page of this account had not sent. */
export function restoreOutbox(userId: string) {
  return (dispatch: Dispatch): void => {
    const items: Outgoing[] = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      try {
        const item = JSON.parse(localStorage.getItem(key) ?? '') as Outgoing;
        if (item.userId === userId) items.push({ ...item, status: item.status === 'failed' ? 'failed' : 'waiting' });
      } catch {
        localStorage.removeItem(key);
      }
    }
    items.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    dispatch(restored(items) as never);
  };
}

/** Forgets what is on the screen of a session that has ended; the storage keeps it for the account's return. */
export const clearOutbox = cleared;

export type NewEntry = Pick<Outgoing, 'userId' | 'place' | 'body' | 'files'>;

/** Shows an entry at once and sends it; the client id makes every retry harmless. */
export function postEntry(entry: NewEntry) {
  return (dispatch: Dispatch): Promise<void> => {
    const item: Outgoing = { ...entry, clientId: newId(), createdAt: new Date().toISOString(), status: 'waiting', problem: null };
    store(item);
    dispatch(added(item) as never);
    return dispatch(flushOutbox() as never) as Promise<void>;
  };
}

export function retryEntry(clientId: string) {
  return (dispatch: Dispatch): Promise<void> => {
    dispatch(changed({ clientId, status: 'waiting', problem: null }) as never);
    return dispatch(flushOutbox() as never) as Promise<void>;
  };
}

export function discardEntry(clientId: string) {
  return (dispatch: Dispatch): void => {
    localStorage.removeItem(prefix + clientId);
    dispatch(removed(clientId) as never);
  };
}

let flushing: Promise<void> | null = null;

/** Sends what waits, one after another in the order of writing, until all is sent or the connection is missing. */
export function flushOutbox() {
  return (dispatch: Dispatch, getState: () => WithOutbox): Promise<void> => {
    flushing ??= sendWaiting(dispatch, getState).finally(() => {
      flushing = null;
    });
    return flushing;
  };
}

async function sendWaiting(dispatch: Dispatch, getState: () => WithOutbox): Promise<void> {
  for (;;) {
    const item = getState().outbox.items.find((one) => one.status === 'waiting');
    if (!item) return;
    const { clientId } = item;
    dispatch(changed({ clientId, status: 'sending', problem: null }) as never);
    const sent = dispatch(request(item) as never) as { unwrap: () => Promise<unknown> };
    try {
      await sent.unwrap();
      dispatch(discardEntry(clientId) as never);
    } catch (error) {
      const problem = asProblem(error);
      const waits = isTransient(problem);
      dispatch(changed({ clientId, status: waits ? 'waiting' : 'failed', problem }) as never);
      const failed = getState().outbox.items.find((one) => one.clientId === clientId);
      if (failed) store(failed);
      if (waits) return;
    }
  }
}

function request({ place, body, files, clientId }: Outgoing) {
  const entry = { body, file_ids: files.map((file) => file.id), client_id: clientId };
  switch (place.kind) {
    case 'channel':
      return postsApi.endpoints.createPost.initiate({ channelId: place.id, ...entry }, { track: false });
    case 'post':
      return postsApi.endpoints.createComment.initiate({ postId: place.id, ...entry }, { track: false });
    case 'conversation':
      return conversationsApi.endpoints.createMessage.initiate(
        { conversationId: place.id, ...entry, ...(place.replyTo && { reply_to: place.replyTo.id }) },
        { track: false },
      );
  }
}
