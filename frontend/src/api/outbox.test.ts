import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeStore } from '@/app/store';
import { rowsOf } from '@/components/stream/rows';
import { lin, post } from '@/testing/entries';
import { seeded } from '@/testing/random';
import { http, HttpResponse, mockServer, problem, url } from '@/testing/server';
import { type Database, openDatabase } from './database';
import type { Outgoing } from './outgoing';
import { type NewEntry, postEntry, setOutbox } from './postEntry';
import { OutboxDisk } from './outboxDisk';
import { type Lead, Outbox, type Tabs, type Words } from './outboxSender';
import { postsApi } from './posts';
import type { CreateEntryRequest } from './wire.gen';

const server = mockServer();
const entry: NewEntry = { userId: 'u-ada', place: { kind: 'channel', id: 'c1' }, body: 'hello', files: [] };

/** What the server has, as one with a unique (author, client id) keeps it. */
let rows: { client_id: string; body: string }[];
let requests: CreateEntryRequest[];

const accept = http.post(url('/channels/:id/posts'), async ({ request }) => {
  const body = (await request.json()) as CreateEntryRequest;
  requests.push(body);
  return HttpResponse.json(keep(body), { status: 201 });
});

function keep({ body, client_id = '' }: CreateEntryRequest) {
  let at = rows.findIndex((row) => row.client_id === client_id);
  if (at < 0) at = rows.push({ client_id, body }) - 1;
  return post(`p${String(at).padStart(4, '0')}`, { body: rows[at]?.body ?? '', client_id, author: { ...lin, id: 'u-ada' } });
}

const refuse = (status: number, code: string) => http.post(url('/channels/:id/posts'), () => problem(status, code));
const unreachable = http.post(url('/channels/:id/posts'), () => HttpResponse.error());

/** A browser: its storage, its tabs and its lock. */
class Browser {
  readonly tabs = new Set<Tab>();
  readonly #database: Promise<Database>;
  #queue: (() => Promise<void>)[] = [];
  #held = false;

  constructor(name: string) {
    this.#database = openDatabase(name);
  }

  readonly lead: Lead = async (_, signal, work) => {
    this.#queue.push(async () => {
      if (!signal.aborted) await work();
    });
    await this.#next();
  };

  async #next(): Promise<void> {
    const work = this.#held ? undefined : this.#queue.shift();
    if (!work) return;
    this.#held = true;
    await work().finally(() => {
      this.#held = false;
      return this.#next();
    });
  }

  disk(): OutboxDisk {
    return new OutboxDisk(() => this.#database);
  }

  async open(userId = 'u-ada', line = { state: 'closed', send: () => Promise.reject(new Error('closed')) }): Promise<Tab> {
    const tab = new Tab(this, userId, line);
    await tab.store.dispatch(postsApi.util.upsertQueryData('posts', 'c1', { items: [], older: null, newer: null, gone: [] }));
    await tab.outbox.open();
    return tab;
  }
}

class Tab implements Tabs {
  readonly store = makeStore();
  readonly outbox: Outbox;
  #listener: (words: Words) => void = () => undefined;

  constructor(
    private readonly browser: Browser,
    userId: string,
    line: { state: string; send: <T>(type: string, data: unknown) => Promise<T> },
  ) {
    browser.tabs.add(this);
    this.outbox = new Outbox({ userId, store: this.store, disk: browser.disk(), line, tabs: this, lead: browser.lead, random: () => 1 });
  }

  say(words: Words): void {
    for (const tab of this.browser.tabs) if (tab !== this) queueMicrotask(() => tab.#listener(structuredClone(words)));
  }

  hear(listener: (words: Words) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.browser.tabs.delete(this);
    this.#listener = () => undefined;
  }

  write(body: string, more: Partial<NewEntry> = {}): void {
    setOutbox(this.outbox);
    this.store.dispatch(postEntry({ ...entry, body, ...more }));
  }

  get outgoing(): Outgoing[] {
    return this.store.getState().outbox.items;
  }

  get posts() {
    return postsApi.endpoints.posts.select('c1')(this.store.getState()).data?.items ?? [];
  }
}

let browser: Browser;
let count = 0;

beforeEach(() => {
  localStorage.clear();
  rows = [];
  requests = [];
  browser = new Browser(`test-${++count}`);
});

afterEach(() => {
  for (const tab of [...browser.tabs]) tab.outbox.close();
  setOutbox(null);
  vi.useRealTimers();
});

const kept = () => browser.disk().load('u-ada');
const sent = (tab: Tab) => vi.waitFor(() => expect(tab.outgoing).toEqual([]), { timeout: 10_000 });

describe('one tab', () => {
  test('an entry shows at once and its place is taken by the one that arrives', async () => {
    server.use(accept);
    const tab = await browser.open();
    tab.write('hello');
    const before = rowsOf(tab.posts, tab.outgoing, 'u-ada');
    expect(before).toHaveLength(1);
    await sent(tab);
    const after = rowsOf(tab.posts, tab.outgoing, 'u-ada');
    expect(after.map((row) => row.key)).toEqual(before.map((row) => row.key));
    expect(after[0]?.kind).toBe('entry');
    await vi.waitFor(async () => expect(await kept()).toEqual([]));
  });

  test('the event overtaking the answer makes no second row', async () => {
    server.use(unreachable);
    const tab = await browser.open();
    tab.write('hello');
    const key = tab.outgoing[0]?.clientId ?? '';
    const arrived = post('p1', { client_id: key, author: { ...lin, id: 'u-ada' } });
    expect(rowsOf([arrived], tab.outgoing, 'u-ada').map((row) => [row.kind, row.key])).toEqual([['entry', key]]);
    expect(rowsOf([post('p1', { client_id: key })], [], 'u-ada')[0]?.key).toBe('p1'); // another's client id is no key
  });

  test('without a connection entries wait, survive a reload and go in order, once', async () => {
    server.use(unreachable);
    const before = await browser.open();
    before.write('one');
    before.write('two');
    const ids = before.outgoing.map((item) => item.clientId);
    await vi.waitFor(() => expect(before.outgoing[0]?.problem?.code).toBe('network'));
    await vi.waitFor(async () => expect(await kept()).toHaveLength(2));
    before.outbox.close();

    server.use(accept);
    const after = await browser.open();
    await sent(after);
    expect(requests.map((body) => body.body)).toEqual(['one', 'two']);
    expect(requests.map((body) => body.client_id)).toEqual(ids);
  });

  test('it tries again with growing delays, ten minutes later too', async () => {
    server.use(unreachable);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const tab = await browser.open();
    tab.write('patience');
    const delays: number[] = [];
    for (let n = 1; n <= 12; n++) {
      await vi.waitFor(() => expect(tab.outgoing[0]).toMatchObject({ status: 'waiting', attempts: n }));
      const delay = (tab.outgoing[0]?.nextAt ?? 0) - Date.now();
      delays.push(Math.round(delay / 1000));
      await vi.advanceTimersByTimeAsync(delay);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]);
    server.use(accept);
    await vi.advanceTimersByTimeAsync(60_000);
    await sent(tab);
    expect(rows).toHaveLength(1);
  });

  test('a connection that is back ends the waiting', async () => {
    server.use(unreachable);
    const tab = await browser.open();
    tab.write('soon');
    await vi.waitFor(() => expect(tab.outgoing[0]?.attempts).toBe(1));
    server.use(accept);
    tab.outbox.wake();
    await sent(tab);
  });

  test('a refused entry fails, the next one still goes, and a retry sends the same client id', async () => {
    server.use(refuse(403, 'forbidden'));
    const tab = await browser.open();
    tab.write('refused');
    await vi.waitFor(() => expect(tab.outgoing[0]).toMatchObject({ status: 'failed', problem: { code: 'forbidden' } }));
    server.use(accept);
    tab.write('fine');
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const [failed] = tab.outgoing;
    await tab.outbox.retry(failed?.clientId ?? '');
    await sent(tab);
    expect(requests.map((body) => body.body)).toEqual(['fine', 'refused']);
    expect(requests[1]?.client_id).toBe(failed?.clientId);
  });

  test('a refusal is still there after a reload; discarded it is gone for good', async () => {
    server.use(refuse(403, 'forbidden'));
    const before = await browser.open();
    before.write('refused');
    await vi.waitFor(async () => expect((await kept())[0]?.status).toBe('failed'));
    before.outbox.close();
    const after = await browser.open();
    expect(after.outgoing[0]?.status).toBe('failed');
    await after.outbox.discard(after.outgoing[0]?.clientId ?? '');
    expect(after.outgoing).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test('another account sees nothing of it', async () => {
    server.use(unreachable);
    const ada = await browser.open();
    ada.write('secret');
    await vi.waitFor(async () => expect(await kept()).toHaveLength(1));
    ada.outbox.close();
    const other = await browser.open('u-lin');
    expect(other.outgoing).toEqual([]);
    expect(await kept()).toHaveLength(1);
  });

  test('files that were never uploaded survive the reload and go before the entry', async () => {
    server.use(unreachable);
    const before = await browser.open();
    before.write('see', { blobs: [new File(['bytes'], 'a.txt', { type: 'text/plain' })] });
    server.use(http.post(url('/files'), () => HttpResponse.error()));
    await vi.waitFor(async () => expect((await kept())[0]?.pending).toHaveLength(1));
    before.outbox.close();

    let uploads = 0;
    server.use(
      http.post(url('/files'), () => {
        uploads += 1;
        return HttpResponse.json({ id: 'f1', name: 'a.txt', size: 5, content_type: 'text/plain', sha256: '', url: '', created_at: '' }, { status: 201 });
      }),
      refuse(503, 'unavailable'),
    );
    const after = await browser.open();
    await vi.waitFor(() => expect(after.outgoing[0]).toMatchObject({ pending: [], attempts: 1 }));
    server.use(accept);
    after.outbox.wake();
    await sent(after);
    expect(uploads).toBe(1);
    expect(requests[0]?.file_ids).toEqual(['f1']);
  });

  test('what an earlier version had kept is taken over', async () => {
    const old = { clientId: 'k1', userId: 'u-ada', channelId: 'c1', postId: null, body: 'old', files: [], createdAt: '2026-01-01T00:00:00.000Z', status: 'waiting' };
    localStorage.setItem('lectern.outbox.k1', JSON.stringify(old));
    localStorage.setItem('lectern.outbox.k2', 'garbage');
    server.use(accept);
    const tab = await browser.open();
    await sent(tab);
    expect(requests).toMatchObject([{ body: 'old', client_id: 'k1' }]);
    expect(localStorage).toHaveLength(0);
  });

  test('messages go by the socket while it is open', async () => {
    const send = vi.fn(() => Promise.reject(Object.assign(new Error('slow'), { code: 'timeout', status: 0 })));
    const tab = await browser.open('u-ada', { state: 'open', send });
    tab.write('hi', { place: { kind: 'conversation', id: 'd1' } });
    await vi.waitFor(() => expect(tab.outgoing[0]).toMatchObject({ status: 'waiting', attempts: 1 }));
    expect(send).toHaveBeenCalledWith('message.send', { conversation_id: 'd1', body: 'hi', file_ids: [], client_id: tab.outgoing[0]?.clientId });
  });
});

describe('several tabs', () => {
  test('one sends for all; when it is closed another goes on', async () => {
    server.use(unreachable);
    const first = await browser.open();
    const second = await browser.open();
    second.write('from the second');
    await vi.waitFor(() => expect(first.outgoing[0]?.attempts).toBe(1));
    await vi.waitFor(() => expect(second.outgoing[0]?.attempts).toBe(1));
    server.use(accept);
    first.outbox.close();
    await sent(second);
    expect(requests).toHaveLength(1);
  });

  test('a tab that did not send shows what arrived', async () => {
    server.use(accept);
    const first = await browser.open();
    const second = await browser.open();
    second.write('hello');
    await sent(second);
    expect(second.posts.map((one) => one.body)).toEqual(['hello']);
    expect(first.posts.map((one) => one.body)).toEqual(['hello']);
    expect(first.outgoing).toEqual([]);
  });
});

test.each([1, 2, 3, 4])('whatever happens, nothing is lost, double or out of order (seed %i)', async (seed) => {
  const random = seeded(seed);
  server.use(
    http.post(url('/channels/:id/posts'), async ({ request }) => {
      const body = (await request.json()) as CreateEntryRequest;
      const fate = random();
      if (fate < 0.25) return HttpResponse.error(); // lost on the way there
      if (fate < 0.35) return problem(503, 'unavailable');
      const row = keep(body);
      if (fate < 0.55) return HttpResponse.error(); // lost on the way back: the server has it
      return HttpResponse.json(row, { status: 201 });
    }),
  );
  const tabs = [await browser.open(), await browser.open()];
  const written: Record<string, string[]> = { a: [], b: [] };
  let last: string | undefined;
  /** A person takes longer from one tab to another, or to a reload, than a word from tab to tab and to the device. */
  const settled = () =>
    vi.waitFor(async () => {
      const done = (tab: Tab) => tab.outgoing.some((item) => item.clientId === last) || rows.some((row) => row.client_id === last);
      expect(last === undefined || tabs.every(done)).toBe(true);
      expect((await kept()).some((item) => item.clientId === last) || tabs.every((tab) => tab.outgoing.every((item) => item.clientId !== last))).toBe(true);
    });
  let before = 0;
  for (let n = 0; n < 40; n++) {
    const who = Math.floor(random() * tabs.length);
    const place = random() < 0.5 ? 'a' : 'b';
    const reloads = random() < 0.15;
    if (reloads || who !== before) await settled();
    before = who;
    if (reloads) {
      tabs[who]?.outbox.close();
      tabs[who] = await browser.open();
    } else {
      tabs[who]?.write(`${place}${n}`, { place: { kind: 'channel', id: place } });
      last = tabs[who]?.outgoing.at(-1)?.clientId;
      written[place]?.push(`${place}${n}`);
    }
    if (random() < 0.5) for (const tab of tabs) tab.outbox.wake();
    if (random() < 0.3) await new Promise((wake) => setImmediate(wake));
  }
  await vi.waitFor(
    () => {
      for (const tab of tabs) tab.outbox.wake();
      expect(tabs.flatMap((tab) => tab.outgoing)).toEqual([]);
    },
    { timeout: 15_000, interval: 20 },
  );
  expect(rows.filter((row) => row.body.startsWith('a')).map((row) => row.body)).toEqual(written.a);
  expect(rows.filter((row) => row.body.startsWith('b')).map((row) => row.body)).toEqual(written.b);
}, 20_000);
