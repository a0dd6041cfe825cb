import { conversationsApi } from './conversations';
import { append, BEYOND, PAGE, prepend, type Stream, trimOlder } from './entries';
import { http } from './http';
import { postsApi } from './posts';
import type { Comment, List, Message, Post } from './wire.gen';

/** The endpoints that hold streams; each is asked with the id of the place. */
export type StreamName = 'posts' | 'comments' | 'messages';

type Item = Post | Comment | Message;
type Dispatch = (action: never) => unknown;

/** How many more at a time while one scrolls: few enough to be drawn without a stutter. */
const STEP = 15;

const paths: Record<StreamName, (id: string) => string> = {
  posts: (id) => `/channels/${id}/posts`,
  comments: (id) => `/posts/${id}/comments`,
  messages: (id) => `/conversations/${id}/messages`,
};

/** Comments are listed from the oldest, the others from the newest. */
const fromOldest = (name: StreamName) => name === 'comments';

const running = new Map<string, Set<Promise<unknown>>>();

/** The pages of a stream that are on their way: a change that arrives meanwhile is applied again when they are here. */
export function runningLoads(name: StreamName, id: string): Promise<unknown>[] {
  return [...(running.get(`${name}:${id}`) ?? [])];
}

function track<T>(name: StreamName, id: string, load: Promise<T>): Promise<T> {
  const key = `${name}:${id}`;
  const loads = running.get(key) ?? new Set();
  running.set(key, loads);
  loads.add(load);
  const done = () => {
    loads.delete(load);
    if (loads.size === 0 && running.get(key) === loads) running.delete(key);
  };
  load.then(done, done);
  return load;
}

export function selectStream(name: StreamName, id: string) {
  return (state: unknown): Stream<Item> | undefined => {
    if (name === 'messages') return conversationsApi.endpoints.messages.select(id)(state as never).data;
    return postsApi.endpoints[name].select(id)(state as never).data as Stream<Item> | undefined;
  };
}

export function changeStream(name: StreamName, id: string, change: (stream: Stream<Item>) => void): unknown {
  if (name === 'messages') return conversationsApi.util.updateQueryData('messages', id, (stream) => change(stream as Stream<Item>));
  return postsApi.util.updateQueryData(name, id, (stream) => change(stream as Stream<Item>));
}

function page(name: StreamName, id: string, query: Record<string, string | number>): Promise<List<Item>> {
  return http<List<Item>>({ path: paths[name](id), query: { limit: PAGE, ...query } });
}

/** Loads the page before the window. Rejects with a Problem. */
export function loadOlder(name: StreamName, id: string) {
  return async (dispatch: Dispatch, getState: () => unknown): Promise<void> => {
    const before = selectStream(name, id)(getState())?.older;
    if (!before) return;
    const answer = page(name, id, { before, limit: STEP }).then(({ items, next_cursor }) =>
      dispatch(
        changeStream(name, id, (stream) => {
          if (stream.older === before) prepend(stream, items.toReversed(), next_cursor);
        }) as never,
      ),
    );
    await track(name, id, answer);
  };
}

/** Loads the page behind the window. Rejects with a Problem. */
export function loadNewer(name: StreamName, id: string) {
  return async (dispatch: Dispatch, getState: () => unknown): Promise<void> => {
    const after = selectStream(name, id)(getState())?.newer;
    if (!after) return;
    const answer = page(name, id, { after, limit: STEP }).then(({ items, next_cursor }) =>
      dispatch(
        changeStream(name, id, (stream) => {
          if (stream.newer === after) append(stream, items, next_cursor);
        }) as never,
      ),
    );
    await track(name, id, answer);
  };
}

/** Shows the window around an entry. Rejects with a Problem: not_found when the entry is gone. */
export function loadAround(name: StreamName, id: string, entryId: string) {
  return async (dispatch: Dispatch): Promise<void> => {
    const answer = page(name, id, { around: entryId }).then(({ items, next_cursor }) => {
      const sorted = fromOldest(name) ? items : items.toReversed();
      const first = sorted[0]?.id ?? null;
      const last = sorted.at(-1)?.id ?? null;
      const window = fromOldest(name) ? { older: first, newer: next_cursor } : { older: next_cursor, newer: last };
      dispatch(changeStream(name, id, (stream) => void Object.assign(stream, { items: sorted, ...window })) as never);
    });
    await track(name, id, answer);
  };
}

/** Shows the newest window. Rejects with a Problem. */
export function loadLatest(name: StreamName, id: string) {
  return async (dispatch: Dispatch): Promise<void> => {
    const answer = page(name, id, fromOldest(name) ? { before: BEYOND } : {}).then(({ items, next_cursor }) =>
      dispatch(
        changeStream(name, id, (stream) => void Object.assign(stream, { items: items.toReversed(), older: next_cursor, newer: null })) as never,
      ),
    );
    await track(name, id, answer);
  };
}

/** Lets go of the oldest entries while the newest are shown. */
export function trimStream(name: StreamName, id: string): unknown {
  return changeStream(name, id, trimOlder);
}
