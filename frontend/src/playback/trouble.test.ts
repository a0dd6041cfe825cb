import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClockPing, PlaybackCommand, Timeline } from '@/api/wire.gen';
import { FakePlayer } from '@/testing/fakePlayer';
import { FakeSocket } from '@/testing/fakeSocket';
import { WatchSession } from './watchSession';

// What goes wrong in a lesson, in virtual time. The server's clock is `ahead` of the machine's.

let ahead: number;
let socket: FakeSocket;
let players: FakePlayer[];
let session: WatchSession;
/** How far the own clock (performance.now) is behind true time: it stands still while the machine sleeps. */
let asleep: number;

const server = () => performance.now() + asleep + ahead;
const player = () => players.at(-1) as FakePlayer;
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function timeline(more: Partial<Timeline> = {}): Timeline {
  const item = { kind: 'file', file_id: 'f', url: '/f', key: 'file:f' } as const;
  return { meeting_id: 'm', epoch: 1, v: 1, item, playing: true, pos: 10, rate: 1, at: server(), ...more };
}

function open(): WatchSession {
  const opened = new WatchSession({
    socket,
    meetingId: 'm',
    freshUrl: () => Promise.resolve('/fresh'),
    makePlayer: (_kind, _host, listener) => {
      players.push(new FakePlayer(listener));
      return player();
    },
  });
  opened.attach(document.createElement('div'));
  return opened;
}

/** Joins a class and waits until the player is in step. */
async function watching(more: Partial<Timeline> = {}): Promise<Timeline> {
  const joined = timeline(more);
  session.joined(joined);
  await wait(0);
  player().becomes('paused');
  await wait(2_000);
  return joined;
}

function behind(of: Timeline): number {
  return of.pos + ((server() - of.at) / 1000) * of.rate - player().position().t;
}

beforeEach(() => {
  vi.useFakeTimers();
  ahead = 1_000_000;
  asleep = 0;
  socket = new FakeSocket();
  socket.answer('clock.ping', (data) => ({ t0: (data as ClockPing).t0, t1: server(), t2: server() }));
  players = [];
  session = open();
});

afterEach(() => {
  session.close();
  localStorage.clear();
  vi.useRealTimers();
});

test('teacher reloads: the new page follows the class and commands nothing', async () => {
  const playing = await watching();
  session.close();
  session = open();
  session.joined(playing);
  await wait(0);
  player().becomes('paused');
  await wait(2_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.03);
  expect(socket.types()).not.toContain('playback.command');
});

test('the network is lost: the film goes on in step, and what happened meanwhile is made up for', async () => {
  const playing = await watching();
  socket.becomes('reconnecting');
  await wait(40_000);
  expect(player().state).toBe('playing');
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
  socket.becomes('open');
  const now = timeline({ v: 4, pos: 200 });
  session.joined(now);
  await wait(2_000);
  expect(Math.abs(behind(now))).toBeLessThan(0.04);
});

test('a teacher without a network is told that the command was lost, and follows the class again', async () => {
  const playing = await watching();
  socket.becomes('reconnecting');
  await expect(session.pause()).rejects.toMatchObject({ code: 'connection_lost' });
  await wait(2_000);
  expect(player().state).toBe('playing');
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
});

test('two teachers press at once: both end at what the server decided last', async () => {
  await watching();
  const second = timeline({ v: 3, playing: false, pos: 30 });
  socket.answer('playback.command', () => {
    // The other teacher's pause came after this one's seek; its event overtook the own ack.
    socket.emit('playback.timeline', second);
    return { timeline: timeline({ v: 2, pos: 300 }) };
  });
  await session.seek(300);
  await wait(1_000);
  expect(session.snapshot().timeline).toMatchObject({ v: 3, playing: false, pos: 30 });
  expect(player().position().t).toBeCloseTo(30, 3);
});

test('the server restarts in mid-play: another clock, a newer epoch, the same second', async () => {
  await watching();
  socket.becomes('reconnecting');
  await wait(3_000);
  const shown = player().position().t;
  ahead -= 777_000;
  socket.becomes('open');
  const again = timeline({ epoch: 2, v: 1, pos: shown });
  session.joined(again);
  await wait(3_000);
  expect(player().state).toBe('playing');
  expect(Math.abs(behind(again))).toBeLessThan(0.04);
});

test('a laptop sleeps for ten minutes and its clock with it: a moment later it is in step', async () => {
  const playing = await watching();
  asleep = 550_000;
  vi.setSystemTime(Date.now() + 550_000);
  await wait(4_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
  expect(player().seeks.length).toBeLessThanOrEqual(2);
});

test('a laptop sleeps while its clock goes on: the same', async () => {
  const playing = await watching();
  const { t } = player().position();
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 550_000);
  vi.setSystemTime(Date.now() + 550_000);
  player().isAt(t);
  expect(behind(playing)).toBeGreaterThan(500);
  await wait(3_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
});

test.each([3_600_000, -3_600_000])('the wall clock is set by %s ms: nobody sees anything', async (by) => {
  const playing = await watching();
  const seeks = player().seeks.length;
  vi.setSystemTime(Date.now() + by);
  await wait(10_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
  expect(player().seeks).toHaveLength(seeks);
});

test('a tab in the background, whose timers come once a second, keeps in step and never overshoots', async () => {
  const [interval, timeout] = [globalThis.setInterval, globalThis.setTimeout];
  const throttled = (ms = 0) => Math.max(1, Math.ceil(ms / 1_000)) * 1_000;
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  vi.spyOn(globalThis, 'setInterval').mockImplementation(((run: () => void, ms?: number) => interval(run, throttled(ms))) as typeof setInterval);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number) => timeout(run, throttled(ms))) as typeof setTimeout);
  session.close();
  session = open();
  const playing = await watching();
  await wait(30_000);
  for (let i = 0; i < 200; i++) {
    await wait(300);
    expect(Math.abs(behind(playing))).toBeLessThan(0.1);
  }
  expect(session.snapshot().follow).toBe('hidden');
});

test('an advertisement: waits for its end, says so, then lands on the right second', async () => {
  const playing = await watching();
  player().becomes('ad');
  expect(session.snapshot().follow).toBe('ad');
  const seeks = player().seeks.length;
  await wait(15_000);
  expect(player().seeks).toHaveLength(seeks);
  player().becomes('playing');
  await wait(2_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
});

test('a stalled player of a student is back in step soon, and the class never hears a command of it', async () => {
  const playing = await watching();
  const stalled = player().position().t;
  player().becomes('buffering');
  await wait(800);
  player().seek(stalled);
  await wait(2_500);
  expect(Math.abs(behind(playing))).toBeLessThan(0.05);
  expect(socket.types()).not.toContain('playback.command');
});

test('browsing freely moves only this window; rejoining lands in step; recall brings everybody back', async () => {
  const playing = await watching();
  session.browse();
  await session.seek(300);
  await wait(1_000);
  expect(player().position().t).toBeGreaterThan(299);
  await session.pause();
  await wait(100);
  expect(player().state).toBe('paused');
  expect(session.snapshot()).toMatchObject({ free: true, follow: 'free', local: { playing: false, rate: 1 } });
  expect(session.snapshot().timeline).toMatchObject({ v: 1, playing: true });
  session.rejoin();
  await wait(2_000);
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
  session.browse();
  await session.seek(500);
  socket.emit('playback.recall', { meeting_id: 'm', by_user_id: 't' });
  await wait(2_000);
  expect(session.snapshot()).toMatchObject({ free: false, called: { kind: 'recall', byUserId: 't' } });
  expect(Math.abs(behind(playing))).toBeLessThan(0.04);
  expect(socket.types()).not.toContain('playback.command');
});

test('another item ends free browsing', async () => {
  await watching();
  session.browse();
  socket.emit('playback.timeline', timeline({ v: 2, item: { kind: 'file', file_id: 'g', url: '/g' }, playing: false, pos: 0 }));
  expect(session.snapshot().free).toBe(false);
});

test('sound that comes 200 ms late: the picture runs ahead by as much', async () => {
  session.setOffset(200);
  const playing = await watching();
  expect(behind(playing)).toBeGreaterThan(-0.23);
  expect(behind(playing)).toBeLessThan(-0.17);
  expect(session.snapshot().follow).toBe('in_step');
});

test('in a room where another device sounds this one is silent, unless it is that device', async () => {
  const state = { settings: { free_browsing: false, remote: '', room_sound: 'other' }, playlist: { channel_id: 'c', v: 1, entries: [], current_id: '', auto_next: false } };
  session.joined(timeline(), { participant_id: 'me', playback_state: { ...state, question: null, my_answer: null, comments: [], post_id: null, markers: [], answers: null, lost: [] } });
  await wait(0);
  expect(player().muted).toBe(false);
  session.setSameRoom(true);
  expect(player().muted).toBe(true);
  socket.emit('playback.settings', { meeting_id: 'm', settings: { ...state.settings, room_sound: 'me' } });
  expect(player().muted).toBe(false);
});

test('says that it is ready once the item is in place, at once', async () => {
  session.joined(timeline({ playing: false }));
  await wait(500);
  expect(socket.last<{ ready: boolean }>('playback.status')).toMatchObject({ ready: false });
  player().becomes('paused');
  await wait(50);
  expect(socket.last<{ ready: boolean }>('playback.status')).toMatchObject({ ready: true, v: 1 });
});

test('the next film of the playlist is loaded before the end and begins without another player', async () => {
  const entries = ['f', 'g'].map((id) => ({ id: `e-${id}`, problem: '' as const, item: { kind: 'file' as const, file_id: id, key: `file:${id}` } }));
  const playlist = { channel_id: 'c', v: 1, entries, current_id: 'e-f', auto_next: true };
  const state = { settings: { free_browsing: false, remote: '', room_sound: '' }, playlist, question: null, my_answer: null, comments: [], post_id: null, markers: [], answers: null, lost: [] };
  session.joined(timeline({ pos: 560, entry_id: 'e-f' }), { participant_id: 'me', playback_state: state });
  await wait(0);
  player().becomes('paused');
  await wait(5_000);
  expect(players).toHaveLength(1);
  await wait(10_000);
  expect(players).toHaveLength(2);
  expect(player().loaded[0]?.item).toMatchObject({ file_id: 'g', url: '/fresh' });
  player().becomes('paused');
  const next = timeline({ v: 2, item: { kind: 'file', file_id: 'g', url: '/g' }, entry_id: 'e-g', pos: 0, at: server() + 300 });
  socket.emit('playback.timeline', next);
  await wait(800);
  expect(players).toHaveLength(2);
  expect(players[0]?.destroyed).toBe(true);
  expect(player().loaded).toHaveLength(1);
  expect(Math.abs(behind(next))).toBeLessThan(0.03);
});

test('a teacher’s seek shows the new picture at once', async () => {
  await watching();
  socket.answer('playback.command', () => new Promise(() => undefined));
  void session.seek(120);
  await wait(60);
  expect(player().position().t).toBe(120);
  expect(socket.last<PlaybackCommand>('playback.command')).toMatchObject({ op: 'seek', pos: 120 });
});
