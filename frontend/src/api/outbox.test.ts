import { beforeEach, expect, test } from 'vitest';
import { makeStore } from '@/app/store';
import { rowsOf } from '@/components/stream/rows';
import { lin, post } from '@/testing/entries';
import { http, HttpResponse, mockServer, problem, url } from '@/testing/server';
import { postsApi } from './posts';
import { discardEntry, flushOutbox, type NewEntry, postEntry, restoreOutbox, retryEntry } from './outbox';
import type { CreateEntryRequest } from './wire.gen';

const server = mockServer();
const entry: NewEntry = { userId: 'u-ada', place: { kind: 'channel', id: 'c1' }, body: 'hello', files: [] };
const sent: CreateEntryRequest[] = [];

let store: ReturnType<typeof makeStore>;
const outgoing = () => store.getState().outbox.items;
const posts = () => postsApi.endpoints.posts.select('c1')(store.getState()).data?.items ?? [];

const accept = http.post(url('/channels/c1/posts'), async ({ request }) => {
  const body = (await request.json()) as CreateEntryRequest;
  sent.push(body);
  return HttpResponse.json(post(`p${sent.length}`, { body: body.body, client_id: body.client_id ?? null, author: { ...lin, id: 'u-ada' } }), {
    status: 201,
  });
});
const refuse = (status: number, code: string) => http.post(url('/channels/c1/posts'), () => problem(status, code));
const unreachable = http.post(url('/channels/c1/posts'), () => HttpResponse.error());

beforeEach(async () => {
  localStorage.clear();
  sent.length = 0;
  store = makeStore();
  await store.dispatch(postsApi.util.upsertQueryData('posts', 'c1', { items: [], older: null, newer: null, gone: [] }));
});

test('an entry shows at once and its place is taken by the one that arrives', async () => {
  server.use(accept);
  const sending = store.dispatch(postEntry(entry));
  const before = rowsOf(posts(), outgoing(), 'u-ada');
  expect(before).toHaveLength(1);
  await sending;
  const after = rowsOf(posts(), outgoing(), 'u-ada');
  expect(after.map((row) => row.key)).toEqual(before.map((row) => row.key));
  expect(after[0]?.kind).toBe('entry');
  expect(outgoing()).toEqual([]);
  expect(localStorage).toHaveLength(0);
});

test('the event overtaking the answer makes no second row', () => {
  const item = { ...entry, clientId: 'k1', createdAt: '', status: 'sending' as const, problem: null };
  const arrived = post('p1', { client_id: 'k1', author: { ...lin, id: 'u-ada' } });
  expect(rowsOf([arrived], [item], 'u-ada')).toEqual([{ kind: 'entry', key: 'k1', entry: arrived }]);
});

test("another's client id is no key", () => {
  expect(rowsOf([post('p1', { client_id: 'k1' })], [], 'u-ada')[0]?.key).toBe('p1');
});

test('without a connection entries wait, survive a reload and go in order, once', async () => {
  server.use(unreachable);
  await store.dispatch(postEntry({ ...entry, body: 'one' }));
  await store.dispatch(postEntry({ ...entry, body: 'two' }));
  expect(outgoing().map((item) => item.status)).toEqual(['waiting', 'waiting']);
  const ids = outgoing().map((item) => item.clientId);

  store = makeStore(); // the reload
  store.dispatch(restoreOutbox('u-ada'));
  server.use(accept);
  await store.dispatch(flushOutbox());
  expect(sent.map((body) => body.body)).toEqual(['one', 'two']);
  expect(sent.map((body) => body.client_id)).toEqual(ids);
  expect(outgoing()).toEqual([]);
});

test("another account's entries stay where they are", async () => {
  server.use(unreachable);
  await store.dispatch(postEntry(entry));
  store = makeStore();
  store.dispatch(restoreOutbox('u-lin'));
  expect(outgoing()).toEqual([]);
  expect(localStorage).toHaveLength(1);
});

test('a refused entry fails, the next one still goes, and a retry sends the same client id', async () => {
  server.use(refuse(403, 'forbidden'));
  await store.dispatch(postEntry(entry));
  const [failed] = outgoing();
  expect(failed).toMatchObject({ status: 'failed', problem: { code: 'forbidden' } });
  server.use(accept);
  await store.dispatch(retryEntry(failed?.clientId ?? ''));
  expect(sent[0]?.client_id).toBe(failed?.clientId);
  expect(outgoing()).toEqual([]);
});

test('a server in trouble is no refusal', async () => {
  server.use(refuse(503, 'unavailable'));
  await store.dispatch(postEntry(entry));
  expect(outgoing()[0]?.status).toBe('waiting');
});

test('a discarded entry is gone for good', async () => {
  server.use(refuse(403, 'forbidden'));
  await store.dispatch(postEntry(entry));
  store.dispatch(discardEntry(outgoing()[0]?.clientId ?? ''));
  expect(outgoing()).toEqual([]);
  expect(localStorage).toHaveLength(0);
});
