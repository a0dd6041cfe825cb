import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeWebSocket } from '@/testing/fakeWebSocket';
import { Socket, SocketError } from './socket';

const authAck = { user_id: 'u1', session_id: 's1', server_time_ms: 0, heartbeat_s: 20 };
const getToken = vi.fn(async (refresh: boolean): Promise<string | null> => (refresh ? 'new' : 'old'));
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeWebSocket);
  FakeWebSocket.instances = [];
  getToken.mockClear();
  socket = new Socket({ url: 'ws://test/ws', random: () => 0.5 });
});

afterEach(() => {
  socket.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function openSocket(): Promise<FakeWebSocket> {
  socket.connect(getToken);
  await settle();
  return authenticate();
}

async function authenticate(): Promise<FakeWebSocket> {
  const ws = FakeWebSocket.last;
  ws.opens();
  ws.acks(authAck);
  await settle();
  return ws;
}

test('authenticates in the first frame, then is open', async () => {
  socket.connect(getToken);
  expect(socket.state).toBe('connecting');
  await settle();
  FakeWebSocket.last.opens();
  expect(FakeWebSocket.last.sent).toEqual([{ type: 'auth', id: 'c1', data: { access_token: 'old' } }]);
  expect(socket.state).toBe('connecting');
  FakeWebSocket.last.acks(authAck);
  await settle();
  expect(socket.state).toBe('open');
  expect(socket.sessionCount).toBe(1);
});

test('matches answers with commands by id, whatever their order', async () => {
  const ws = await openSocket();
  const first = socket.send<{ n: number }>('a', {});
  const second = socket.request<{ n: number }>('b', {});
  const [, a, b] = ws.sent;
  ws.receives({ type: 'ack', id: b?.id, data: { n: 2 } });
  ws.receives({ type: 'ack', id: a?.id, data: { n: 1 } });
  expect(await first).toEqual({ n: 1 });
  expect(await second).toEqual({ data: { n: 2 }, receivedAt: performance.now() });
});

test('an error frame rejects with its code, status and fields', async () => {
  const ws = await openSocket();
  const answer = socket.send('meeting.join', {});
  ws.receives({ type: 'error', id: ws.lastSent.id, error: { code: 'room_full', message: 'Full.', status: 403, errors: { x: 'y' } } });
  await expect(answer).rejects.toMatchObject({ code: 'room_full', message: 'Full.', status: 403, fields: { x: 'y' } });
});

test('a command without an answer times out after 10 s', async () => {
  await openSocket();
  const answer = expect(socket.send('a', {})).rejects.toMatchObject({ code: 'timeout' });
  await vi.advanceTimersByTimeAsync(10_000);
  await answer;
});

test('an aborted command is given up', async () => {
  await openSocket();
  const abort = new AbortController();
  const answer = socket.send('a', {}, { signal: abort.signal });
  abort.abort();
  await expect(answer).rejects.toMatchObject({ code: 'aborted' });
});

test('a loss rejects what is pending and reconnects with growing, jittered delays', async () => {
  const ws = await openSocket();
  const answer = expect(socket.send('a', {})).rejects.toBeInstanceOf(SocketError);
  ws.closes();
  await answer;
  expect(socket.state).toBe('reconnecting');
  await expect(socket.send('b', {})).rejects.toMatchObject({ code: 'connection_lost' });

  await vi.advanceTimersByTimeAsync(449); // half-way from 300 to 600
  expect(FakeWebSocket.instances).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeWebSocket.instances).toHaveLength(2);

  FakeWebSocket.last.closes();
  await vi.advanceTimersByTimeAsync(749); // half-way from 300 to 1,200
  expect(FakeWebSocket.instances).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  await authenticate();
  expect(socket.state).toBe('open');
  expect(socket.sessionCount).toBe(2);
});

test('the delay never exceeds 10 s', async () => {
  socket = new Socket({ url: 'ws://test/ws', random: () => 0.999_999 });
  socket.connect(getToken);
  await settle();
  for (let n = 1; n < 12; n++) {
    FakeWebSocket.last.closes();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(FakeWebSocket.instances).toHaveLength(n + 1);
  }
});

test('close code 4401 asks for a fresh token', async () => {
  const ws = await openSocket();
  ws.closes(4401);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(getToken).toHaveBeenLastCalledWith(true);
  FakeWebSocket.last.opens();
  expect(FakeWebSocket.last.lastSent.data).toEqual({ access_token: 'new' });
});

test('no token means signed out: it closes and stays closed', async () => {
  getToken.mockResolvedValueOnce(null);
  socket.connect(getToken);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.state).toBe('closed');
  expect(FakeWebSocket.instances).toHaveLength(0);
});

test('a token that cannot be fetched now is asked for again later', async () => {
  getToken.mockRejectedValueOnce(new Error('offline'));
  socket.connect(getToken);
  await settle();
  expect(socket.state).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(10_000);
  await authenticate();
  expect(socket.state).toBe('open');
});

test('hands events to their listeners and survives a broken one', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const ws = await openSocket();
  const seen = vi.fn();
  socket.on('typing', () => {
    throw new Error('broken');
  });
  const off = socket.on('typing', seen);
  ws.receives({ type: 'typing', data: { channel_id: 'c', user_id: 'u' }, at: '2026-01-01T00:00:00.000Z' });
  expect(seen).toHaveBeenCalledWith({ channel_id: 'c', user_id: 'u' }, '2026-01-01T00:00:00.000Z');
  off();
  ws.receives({ type: 'typing', data: {}, at: '' });
  expect(seen).toHaveBeenCalledTimes(1);
});

test('counts and ignores what it does not know', async () => {
  const ws = await openSocket();
  for (const frame of ['not json', '[]', '{"type":1}', '{"type":"ack"}', '{"type":"error","id":"c1"}']) ws.receives(frame);
  ws.receives({ type: 'future.event', data: {} });
  ws.receives({ type: 'toString', data: {} });
  expect(socket.ignored).toEqual({ malformed: 5, unknown: 2 });
  expect(socket.state).toBe('open');
});

test('server.restarting spreads the reconnects over the given time', async () => {
  const ws = await openSocket();
  ws.receives({ type: 'server.restarting', data: { retry_ms: 4000 }, at: '' });
  ws.closes(1012);
  await vi.advanceTimersByTimeAsync(1999);
  expect(FakeWebSocket.instances).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeWebSocket.instances).toHaveLength(2);
});

test('coming online reconnects at once', async () => {
  const ws = await openSocket();
  ws.closes();
  window.dispatchEvent(new Event('online'));
  await settle();
  expect(FakeWebSocket.instances).toHaveLength(2);
});

test('a silent line is probed and given up when it stays silent', async () => {
  const ws = await openSocket();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ws.lastSent.type).toBe('clock.ping');
  ws.acks({ t0: 0, t1: 0, t2: 0 });
  await vi.advanceTimersByTimeAsync(40_000);
  expect(ws.lastSent.type).toBe('clock.ping');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.state).toBe('reconnecting');
});

test('whenOpen waits for the authentication, close rejects it', async () => {
  socket.connect(getToken);
  const opened = socket.whenOpen();
  await settle();
  await authenticate();
  await opened;
  FakeWebSocket.last.closes();
  const never = expect(socket.whenOpen()).rejects.toMatchObject({ code: 'connection_lost' });
  socket.close();
  await never;
});
