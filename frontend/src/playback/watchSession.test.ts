import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClockPing, PlaybackCommand, PlaybackStatus, Timeline } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakePlayer } from '@/testing/fakePlayer';
import { FakeSocket } from '@/testing/fakeSocket';
import { WatchSession } from './watchSession';

const OFFSET = 1_000_000;
const server = () => performance.now() + OFFSET;
const host = document.createElement('div');

let socket: FakeSocket;
let players: FakePlayer[];
let session: WatchSession;
let freshUrl: ReturnType<typeof vi.fn<(id: string) => Promise<string>>>;

function timeline(more: Partial<Timeline> = {}): Timeline {
  return { meeting_id: 'm', epoch: 1, v: 1, item: { kind: 'file', file_id: 'f', url: '/f' }, playing: false, pos: 10, rate: 1, at: server(), ...more };
}

const player = () => players.at(-1) as FakePlayer;
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  socket.answer('clock.ping', (data) => ({ t0: (data as ClockPing).t0, t1: server(), t2: server() }));
  players = [];
  freshUrl = vi.fn(() => Promise.resolve('/fresh'));
  session = new WatchSession({
    socket,
    meetingId: 'm',
    freshUrl,
    makePlayer: (_kind, _host, listener) => {
      players.push(new FakePlayer(listener));
      return player();
    },
  });
  session.attach(host);
  await wait(0);
});

afterEach(() => {
  session.close();
  localStorage.clear();
  vi.useRealTimers();
});

async function watching(more: Partial<Timeline> = {}): Promise<void> {
  session.joined(timeline(more));
  await wait(0);
  player().becomes('paused');
  await wait(0);
}

/** How far the picture is behind the class, seconds. */
const behind = () => {
  const { pos = 0, at = 0, rate = 1 } = session.snapshot().timeline ?? {};
  return pos + ((server() - at) / 1000) * rate - player().position().t;
};

test('a late joiner is in step from the first picture on', async () => {
  await watching({ playing: true, at: server() - 30_000 });
  await wait(400);
  expect(player().state).toBe('playing');
  expect(Math.abs(behind())).toBeLessThan(0.02);
  await wait(4_000);
  expect(player().position().t).toBeCloseTo(44.4, 1);
  expect(session.snapshot().follow).toBe('in_step');
});

test('a late joiner of a paused class stands on its picture', async () => {
  await watching({ pos: 42.5 });
  expect(player().state).toBe('paused');
  expect(player().loaded.at(-1)?.at).toBe(42.5);
});

test('a late joiner near the end sees the end and no more', async () => {
  await watching({ playing: true, pos: 598, at: server() - 1_500 });
  await wait(1_000);
  expect(player().position().t).toBeGreaterThan(599);
  player().becomes('ended');
  await wait(5_000);
  expect(player().state).toBe('ended');
  expect(player().seeks.length).toBeLessThan(3);
});

test('one that comes when all is over stands on the last picture', async () => {
  await watching({ playing: true, pos: 598, at: server() - 60_000 });
  await wait(1_000);
  expect(player().state).toBe('paused');
  expect(player().position().t).toBeCloseTo(600, 1);
});

test('the picture moves at the common moment, not before; pause snaps to its position', async () => {
  await watching();
  socket.emit('playback.timeline', timeline({ v: 2, playing: true, at: server() + 400 }));
  await wait(400);
  expect(player().position().t).toBe(10);
  await wait(100);
  expect(player().position().t).toBeCloseTo(10.1, 2);
  await wait(2_000);
  socket.emit('playback.timeline', timeline({ v: 3, pos: 11.5 }));
  expect(player().state).not.toBe('playing');
  await wait(100);
  expect(player().position().t).toBe(11.5);
});

test('what a start takes is learned', async () => {
  await watching();
  player().startMs = 200;
  for (let v = 2; v < 14; v += 2) {
    socket.emit('playback.timeline', timeline({ v, pos: v, playing: true, at: server() + 400 }));
    await wait(2_000);
    socket.emit('playback.timeline', timeline({ v: v + 1, pos: v + 1 }));
    await wait(500);
  }
  socket.emit('playback.timeline', timeline({ v: 20, pos: 20, playing: true, at: server() + 400 }));
  await wait(700);
  expect(Math.abs(behind())).toBeLessThan(0.02);
});

test.each([50, 300, 700])('a seek that takes %s ms still ends in step', async (seekMs) => {
  await watching({ playing: true });
  await wait(1_000);
  player().seekMs = seekMs;
  socket.emit('playback.timeline', timeline({ v: 2, pos: 300, playing: true, at: server() + 300 }));
  await wait(2_500);
  expect(player().state).toBe('playing');
  expect(Math.abs(behind())).toBeLessThan(0.035);
});

test('at the place where the server will stop everybody stands still by themselves', async () => {
  await watching({ playing: true, until: 12 });
  await wait(2_500);
  expect(player().state).toBe('paused');
  expect(player().position().t).toBeCloseTo(12, 3);
  socket.emit('playback.timeline', timeline({ v: 2, pos: 12 }));
  await wait(500);
  expect(player().position().t).toBeCloseTo(12, 3);
});

test('an older version, another meeting and a repeated version change nothing', async () => {
  await watching({ v: 5 });
  for (const old of [timeline({ v: 4, pos: 99 }), timeline({ v: 5, pos: 99 }), timeline({ v: 9, meeting_id: 'another', pos: 99 }), timeline({ epoch: 0, v: 50, pos: 99 })]) {
    socket.emit('playback.timeline', old);
  }
  expect(session.snapshot().timeline).toMatchObject({ v: 5, pos: 10 });
});

test('a follower that is paused or stalls on its own comes back and never commands', async () => {
  await watching({ playing: true });
  await wait(1_000);
  player().becomes('paused');
  await wait(1_500);
  expect(player().state).toBe('playing');
  player().becomes('buffering');
  expect(session.snapshot().follow).toBe('buffering');
  await wait(800);
  player().becomes('playing');
  await wait(6_000);
  expect(Math.abs(behind())).toBeLessThan(0.05);
  expect(socket.types()).not.toContain('playback.command');
});

test('the teacher’s own picture reacts before the server answers', async () => {
  await watching({ playing: true });
  await wait(1_000);
  let answer: (ack: unknown) => void = () => undefined;
  socket.answer('playback.command', () => new Promise((resolve) => (answer = resolve)));
  const done = session.pause();
  expect(player().state).toBe('paused');
  expect(session.snapshot().timeline?.playing).toBe(false);
  answer({ timeline: timeline({ v: 2, pos: 10.1 }) });
  await done;
  expect(session.snapshot().timeline).toMatchObject({ v: 2, playing: false });
  expect(socket.last<PlaybackCommand>('playback.command')).toMatchObject({ meeting_id: 'm', op: 'pause', base_v: 1 });
});

test('a refused command is taken back', async () => {
  await watching({ playing: true });
  socket.answer('playback.command', () => {
    throw new SocketError('forbidden', 'No.', 403);
  });
  await expect(session.seek(300)).rejects.toMatchObject({ code: 'forbidden' });
  expect(session.snapshot().timeline).toMatchObject({ v: 1, pos: 10, playing: true });
});

test('every command has an id of its own', async () => {
  await watching();
  socket.answer('playback.command', () => ({ timeline: timeline() }));
  await session.play();
  await session.play();
  const ids = socket.sent.filter(({ type }) => type === 'playback.command').map(({ data }) => (data as PlaybackCommand).id);
  expect(new Set(ids).size).toBe(2);
});

test('reports how it follows on a change, at most every 2 s', async () => {
  await watching({ playing: true });
  await wait(10_000);
  const reports = () => socket.sent.filter(({ type }) => type === 'playback.status').map(({ data }) => data as PlaybackStatus);
  const before = reports().length;
  await wait(10_000);
  expect(reports()).toHaveLength(before);
  for (let i = 0; i < 10; i++) {
    player().becomes(i % 2 ? 'playing' : 'buffering');
    await wait(200);
  }
  expect(reports().length - before).toBeLessThanOrEqual(2);
  expect(reports().at(-1)).toMatchObject({ meeting_id: 'm', v: 1 });
});

test('where sound needs a tap it follows in silence and asks for it', async () => {
  session.joined(timeline({ playing: true }));
  await wait(0);
  player().blocks = true;
  player().becomes('paused');
  await wait(1_500);
  expect(session.snapshot()).toMatchObject({ needsTap: true, follow: 'needs_tap' });
  expect(player()).toMatchObject({ state: 'playing', muted: true });
  player().blocks = false; // the tap is the gesture that the browser wanted
  session.tap();
  expect(session.snapshot()).toMatchObject({ needsTap: false });
  expect(player().muted).toBe(false);
});

test('an address that has run out is renewed once, then the problem is named', async () => {
  await watching({ playing: true });
  player().listener.failed('network');
  await wait(0);
  expect(freshUrl).toHaveBeenCalledWith('f');
  expect(player().loaded.at(-1)?.item.url).toBe('/fresh');
  player().listener.failed('network');
  expect(session.snapshot()).toMatchObject({ problem: 'network', follow: 'error' });
});

test('another item replaces the player; stop takes it away', async () => {
  await watching();
  socket.emit('playback.timeline', timeline({ v: 2, item: { kind: 'youtube', video_id: 'y' } }));
  expect(players).toHaveLength(2);
  expect(players[0]?.destroyed).toBe(true);
  socket.emit('playback.timeline', timeline({ v: 3, item: null }));
  expect(players[1]?.destroyed).toBe(true);
  expect(session.snapshot().timeline?.item).toBeNull();
});

test('a film loads before its place on the page is there, and moves only there', async () => {
  session.attach(null);
  await watching({ playing: true, at: server() - 5_000 });
  expect(players).toHaveLength(1);
  await wait(2_000);
  expect(player().state).toBe('paused');
  session.attach(document.createElement('div'));
  await wait(400);
  expect(players).toHaveLength(1);
  expect(Math.abs(behind())).toBeLessThan(0.02);
});

test('close ends clock, reports and player', async () => {
  await watching({ playing: true });
  session.close();
  session.close();
  const sent = socket.sent.length;
  await wait(60_000);
  expect(socket.sent).toHaveLength(sent);
  expect(player().destroyed).toBe(true);
  expect(socket.listeners).toBe(0);
});
