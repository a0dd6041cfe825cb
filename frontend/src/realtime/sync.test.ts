import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/api';
import { channelsApi } from '@/api/channels';
import { postsApi } from '@/api/posts';
import { makeStore } from '@/app/store';
import { ada } from '@/testing/entries';
import { ModelServer } from '@/testing/modelServer';
import { seeded } from '@/testing/random';
import { mockServer } from '@/testing/server';
import { applyEvents } from './applyEvents';
import { recovery } from './recovery';
import type { ServerEvent } from './socket';
import { type ChangeLog, Sync } from './sync';

const event = (seq: number, scope = 'channel:c1'): ServerEvent => ({ type: 'post.deleted', data: { id: `p${seq}`, channel_id: 'c1' }, at: '', scope, seq });

describe('numbers', () => {
  let told: string[];
  let log: { heads: ReturnType<typeof vi.fn>; changes: ReturnType<typeof vi.fn> };
  let listener: { position: () => number | undefined; begun: ReturnType<typeof vi.fn<(scope: string) => void>>; recovered: ReturnType<typeof vi.fn<(scope: string) => void>>; reset: ReturnType<typeof vi.fn<(scope: string) => void>> };
  let sync: Sync;

  beforeEach(() => {
    told = [];
    listener = { position: () => undefined, begun: vi.fn(), recovered: vi.fn(), reset: vi.fn() };
    log = { heads: vi.fn(), changes: vi.fn() };
    sync = new Sync(listener, log as unknown as ChangeLog);
    sync.on('post.deleted', ({ id }, { recovered }) => void told.push(recovered ? `${id}*` : id));
  });

  afterEach(() => sync.close());

  const answers = (seqs: number[], part: object = {}) =>
    log.changes.mockResolvedValueOnce({
      items: seqs.map((seq) => ({ seq, type: 'post.deleted', data: { id: `p${seq}`, channel_id: 'c1' }, at: '' })),
      seq: seqs.at(-1) ?? 0,
      more: false,
      reset: false,
      ...part,
    });

  test('each is told once, in order', () => {
    for (const seq of [1, 2, 2, 1, 3]) sync.receive(event(seq));
    expect(told).toEqual(['p1', 'p2', 'p3']);
    expect(log.changes).not.toHaveBeenCalled();
  });

  test('one that comes too early is asked for with what is missing', async () => {
    sync.receive(event(1));
    answers([2, 3, 4]);
    sync.receive(event(4));
    sync.receive(event(3)); // late
    await vi.waitFor(() => expect(listener.recovered).toHaveBeenCalledWith('channel:c1'));
    sync.receive(event(5));
    expect(log.changes).toHaveBeenCalledExactlyOnceWith('channel:c1', 1, 100);
    expect(told).toEqual(['p1', 'p2*', 'p3*', 'p4*', 'p5']);
  });

  test('what comes while the log is asked is asked for too, when the answer does not have it', async () => {
    sync.receive(event(1));
    log.changes.mockImplementationOnce(async () => {
      sync.receive(event(4));
      return { items: [{ seq: 3, type: 'post.deleted', data: { id: 'p3', channel_id: 'c1' }, at: '' }], seq: 3, more: false, reset: false };
    });
    answers([4]);
    sync.receive(event(3));
    await vi.waitFor(() => expect(told).toEqual(['p1', 'p3*', 'p4*']));
  });

  test('heads show what was lost at the end', async () => {
    sync.receive(event(1));
    log.heads.mockResolvedValue({ heads: { 'channel:c1': 2 } });
    answers([2]);
    await sync.check();
    expect(told).toEqual(['p1', 'p2*']);
  });

  test('what is at hand says where to begin', async () => {
    listener.position = () => 5;
    log.heads.mockResolvedValue({ heads: { 'channel:c1': 6 } });
    answers([6]);
    await sync.check();
    expect(log.changes).toHaveBeenCalledWith('channel:c1', 5, 100);
    expect(told).toEqual(['p6*']);
  });

  test('where nothing at hand says how old it is, it is asked for again: once', async () => {
    log.heads.mockResolvedValue({ heads: { 'user:ada': 7 } });
    await sync.check();
    await sync.check();
    expect(listener.begun).toHaveBeenCalledExactlyOnceWith('user:ada');
    sync.receive(event(7, 'user:ada')); // in the head already
    sync.receive(event(8, 'user:ada'));
    expect(told).toEqual(['p8']);
  });

  test('too long ago, too much, or a server put back: the place is loaded again', async () => {
    sync.receive(event(1));
    answers([], { reset: true, seq: 900 });
    log.heads.mockResolvedValueOnce({ heads: { 'channel:c1': 900 } });
    await sync.check();
    expect(listener.reset).toHaveBeenCalledTimes(1);
    sync.receive(event(901));
    expect(told).toEqual(['p1', 'p901']);

    for (const last of [1001, 1101, 1201]) answers([last], { more: true });
    log.heads.mockResolvedValueOnce({ heads: { 'channel:c1': 9000 } });
    await sync.check();
    expect(listener.reset).toHaveBeenCalledTimes(2);

    log.heads.mockResolvedValueOnce({ heads: { 'channel:c1': 10 } });
    await sync.check();
    expect(listener.reset).toHaveBeenCalledTimes(3);
    expect(sync.positions).toEqual({ 'channel:c1': 10 });
  });

  test('a scope that one has left is forgotten', async () => {
    sync.receive(event(1));
    log.heads.mockResolvedValue({ heads: {} });
    await sync.check();
    expect(sync.positions).toEqual({});
  });

  test('without an answer it asks again', async () => {
    vi.useFakeTimers();
    sync.receive(event(1));
    log.changes.mockRejectedValueOnce(new Error('offline'));
    answers([2, 3]);
    sync.receive(event(3));
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['p1', 'p2*', 'p3*']);
    vi.useRealTimers();
  });
});

const server = mockServer();

test.each(Array.from({ length: 8 }, (_, n) => n + 1))('a socket that loses, repeats and stalls ends with the right cache (seed %i)', async (seed) => {
  const random = seeded(seed);
  const model = new ModelServer();
  const pause = () => new Promise<void>((wake) => setTimeout(wake, random() * 6));
  server.use(...model.handlers(pause));
  const store = makeStore();
  const sync = new Sync(recovery(store));
  const off = applyEvents(sync, store);
  for (let n = 0; n < 5; n++) model.write();
  await store.dispatch(api.util.upsertQueryData('me', undefined, ada));
  const subscriptions = [store.dispatch(channelsApi.endpoints.channels.initiate()), store.dispatch(postsApi.endpoints.posts.initiate('c1'))];

  const pick = <T>(from: Iterable<T>): T | undefined => {
    const all = [...from];
    return all[Math.floor(random() * all.length)];
  };
  let connected = true;
  for (let n = 0; n < 60; n++) {
    const dice = random();
    const some = pick(model.posts.keys());
    const remark = pick(model.comments.keys());
    const happened =
      dice < 0.3 || some === undefined
        ? model.write()
        : dice < 0.55
          ? model.comment(some)
          : dice < 0.7
            ? model.edit(some)
            : dice < 0.8
              ? model.react(some)
              : dice < 0.9 && remark !== undefined
                ? model.removeComment(remark)
                : model.remove(some);
    if (random() < 0.06) connected = false;
    if (connected && random() > 0.3) {
      const copies = random() < 0.2 ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) setTimeout(() => sync.receive(happened), random() * 4);
    }
    if (!connected && random() < 0.3) {
      connected = true;
      void sync.check();
    }
    if (random() < 0.02) model.forgotten = model.seq;
    if (random() < 0.5) await pause();
  }
  await pause();
  await vi.waitFor(
    async () => {
      await sync.check();
      const shown = postsApi.endpoints.posts.select('c1')(store.getState()).data;
      const wanted = [...model.posts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      const from = shown?.older ? wanted.findIndex((one) => one.id === shown.items[0]?.id) : 0;
      expect(shown?.items).toEqual(wanted.slice(from));
      const [listed] = channelsApi.endpoints.channels.select()(store.getState()).data ?? [];
      expect(listed).toMatchObject({ unread_count: model.posts.size + model.comments.size });
    },
    { timeout: 4000 },
  );
  for (const subscription of subscriptions) subscription.unsubscribe();
  off();
  sync.close();
});
