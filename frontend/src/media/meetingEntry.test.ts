import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingJoin, Waiting } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakeMediaDevices, FakePeerConnection } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import { joined } from '@/testing/meeting';
import { MeetingSession } from './meetingSession';

let socket: FakeSocket;
let session: MeetingSession;

const settle = () => vi.advanceTimersByTimeAsync(0);
const joins = () => socket.types().filter((type) => type === 'meeting.join').length;
const waiting: Waiting = { meeting_id: 'm', reason: 'lobby', since: '2026-01-01T00:00:00.000Z', teachers: 0 };

function refuse(code: string, current?: unknown): void {
  socket.answer('meeting.join', () => {
    throw new SocketError(code, 'No.', 403, {}, current);
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  FakePeerConnection.made = [];
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('navigator', { mediaDevices: new FakeMediaDevices() });
  socket = new FakeSocket();
  socket.answer('meeting.offer', () => ({ sdp: 'answer' }));
  session = new MeetingSession({ socket, meetingId: 'm', onNotice: () => undefined, onJoined: () => undefined });
});

afterEach(() => {
  session.close();
  sessionStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function wait(): Promise<void> {
  refuse('waiting', waiting);
  await session.local.openAll();
  session.join();
  await settle();
}

test('waits as long as it takes, and knows why and since when', async () => {
  await wait();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', waiting: { reason: 'lobby', since: waiting.since, teachers: 0 } });
  expect(FakePeerConnection.live).toEqual([]);
  socket.emit('meeting.waiting', { ...waiting, teachers: 1 });
  expect(session.snapshot().waiting?.teachers).toBe(1);
  expect(joins()).toBe(1);
});

test('goes in when admitted, with the devices as they are', async () => {
  await wait();
  socket.answer('meeting.join', () => joined());
  socket.emit('meeting.admitted', { meeting_id: 'another' });
  expect(session.snapshot().phase).toBe('waiting');
  socket.emit('meeting.admitted', { meeting_id: 'm' });
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'joined', waiting: null });
  expect(socket.last<MeetingJoin>('meeting.join')).toMatchObject({ muted: false, video_on: true });
});

test('not admitted: devices are closed, and knocking again too soon ends the same way', async () => {
  await wait();
  socket.emit('meeting.denied', { meeting_id: 'm', again_s: 300 });
  expect(session.snapshot()).toMatchObject({ phase: 'denied', waiting: null, askAgainAt: Date.now() + 300_000 });
  expect(session.local.snapshot().camera.track).toBeNull();

  session = new MeetingSession({ socket, meetingId: 'm', onNotice: () => undefined, onJoined: () => undefined });
  refuse('denied', { meeting_id: 'm', again_s: 299 });
  session.join();
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'denied', askAgainAt: Date.now() + 299_000 });
});

test('the end of the meeting ends the waiting', async () => {
  await wait();
  socket.emit('meeting.ended', { meeting_id: 'm', channel_id: 'c', reason: 'ended' });
  expect(session.snapshot().phase).toBe('ended');
});

test('who gives up waiting says so', async () => {
  await wait();
  session.leave();
  expect(socket.types().at(-1)).toBe('meeting.leave');
  expect(session.snapshot().phase).toBe('left');
});

test('a lost connection is said, and the place at the door asked for again', async () => {
  await wait();
  socket.becomes('reconnecting');
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', interrupted: true });
  await vi.advanceTimersByTimeAsync(60_000);
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', interrupted: false });
  expect(joins()).toBe(2);
});

test('a restart of the server is said until one is back', async () => {
  socket.answer('meeting.join', () => joined());
  session.join();
  await settle();
  socket.emit('server.restarting', { retry_ms: 3_000 });
  expect(session.snapshot()).toMatchObject({ phase: 'joined', restarting: true });
  socket.becomes('reconnecting');
  expect(session.snapshot()).toMatchObject({ phase: 'reconnecting', restarting: true });
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'joined', restarting: false });
});

test('before one is in, and at the door, a restart is said until the server is back', async () => {
  socket.emit('server.restarting', { retry_ms: 3_000 });
  socket.becomes('reconnecting');
  expect(session.snapshot()).toMatchObject({ phase: 'preview', restarting: true });
  socket.becomes('open');
  expect(session.snapshot()).toMatchObject({ phase: 'preview', restarting: false });
  await wait();
  socket.emit('server.restarting', { retry_ms: 3_000 });
  socket.becomes('reconnecting');
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', restarting: true });
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', restarting: false });
});

test('no place taken back is left waiting: who was in and must wait now is nobody in the room', async () => {
  socket.answer('meeting.join', () => joined());
  session.join();
  await settle();
  refuse('waiting', waiting);
  socket.becomes('reconnecting');
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'waiting', me: null });
});

test('tries come at spread times within 30 s, then none', async () => {
  socket.answer('meeting.join', () => joined());
  session.join();
  await settle();
  refuse('internal');
  const times: number[] = [];
  const start = Date.now();
  let before = joins();
  FakePeerConnection.made[0]?.becomes('failed');
  for (let ms = 0; ms < 60_000; ms += 50) {
    await vi.advanceTimersByTimeAsync(50);
    if (joins() > before) times.push(Date.now() - start);
    before = joins();
  }
  expect(session.snapshot().phase).toBe('lost');
  expect(times.length).toBeGreaterThan(8);
  expect(Math.max(...times)).toBeLessThanOrEqual(30_000);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(new Set(gaps).size).toBeGreaterThan(3);
});
