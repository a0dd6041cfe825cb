import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingJoined, MeetingStateUpdate, Participant } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakeMediaDevices, FakePeerConnection } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import { joined, noLocks, person } from '@/testing/meeting';
import { type MeetingNotice, MeetingSession } from './meetingSession';
import { loadResume } from './resume';

let socket: FakeSocket;
let session: MeetingSession;
let notices: MeetingNotice[];

const settle = () => vi.advanceTimersByTimeAsync(0);
const kinds = () => notices.map(({ kind }) => kind);
const told = () => socket.sent.filter(({ type }) => type === 'meeting.state_update').map(({ data }) => data as MeetingStateUpdate);

function makeSession(): MeetingSession {
  return new MeetingSession({ socket, meetingId: 'm', onNotice: (n) => notices.push(n), onJoined: () => undefined });
}

beforeEach(() => {
  vi.useFakeTimers();
  FakePeerConnection.made = [];
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('navigator', { mediaDevices: new FakeMediaDevices() });
  socket = new FakeSocket();
  socket.answer('meeting.join', () => joined());
  socket.answer('meeting.offer', () => ({ sdp: 'answer' }));
  notices = [];
  session = makeSession();
});

afterEach(() => {
  session.close();
  sessionStorage.clear();
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function enter(ack: Partial<MeetingJoined> = {}): Promise<void> {
  socket.answer('meeting.join', () => joined(ack));
  await session.local.openAll();
  session.join();
  await settle();
}

/** What the server now says of oneself. */
async function becomes(own: Partial<Participant>): Promise<void> {
  socket.emit('meeting.participant_updated', { meeting_id: 'm', ...person('me', own) });
  await settle();
}

async function comeBack(own: Partial<Participant>): Promise<void> {
  socket.becomes('reconnecting');
  socket.answer('meeting.join', () => joined({ participants: [person('ann'), person('me', own)] }));
  socket.becomes('open');
  await settle();
}

test('a hand goes down when a teacher takes it down or calls on its owner', async () => {
  await enter();
  session.raiseHand(true);
  await becomes({ hand_raised: true });
  expect(session.snapshot().handRaised).toBe(true);
  await becomes({ hand_raised: false, may_speak: true });
  expect(session.snapshot().handRaised).toBe(false);
});

test('what the server says late of a hand that was just changed does not count', async () => {
  await enter();
  let take: () => void = () => undefined;
  socket.answer('meeting.state_update', () => new Promise<void>((done) => (take = done)));
  session.raiseHand(true);
  await becomes({ hand_raised: false, muted: true });
  expect(session.snapshot().handRaised).toBe(true);
  take();
  await settle();
  await becomes({ hand_raised: false });
  expect(session.snapshot().handRaised).toBe(false);
});

test('after a lost connection: a hand taken down meanwhile stays down, one raised meanwhile is told', async () => {
  await enter();
  session.raiseHand(true);
  await settle();
  await comeBack({ hand_raised: false });
  expect(session.snapshot().handRaised).toBe(false);
  socket.becomes('reconnecting');
  session.raiseHand(true);
  await comeBack({ hand_raised: false });
  expect(session.snapshot().handRaised).toBe(true);
  expect(told().at(-1)).toEqual({ hand_raised: true });
});

test('a new place gets the old hand', async () => {
  await enter();
  session.raiseHand(true);
  await settle();
  socket.becomes('reconnecting');
  socket.answer('meeting.join', () => joined({ participant_id: 'me again', participants: [person('me again')] }));
  socket.sent.length = 0;
  socket.becomes('open');
  await settle();
  expect(told()).toContainEqual({ hand_raised: true });
});

test('a page loaded anew finds its hand where it was', async () => {
  socket.answer('meeting.join', () => joined({ participants: [person('me', { hand_raised: true })] }));
  session.join({ meetingId: 'm', muted: true, videoOn: false, participantId: 'me' });
  await settle();
  expect(session.snapshot().handRaised).toBe(true);
  expect(told().some((marks) => 'hand_raised' in marks)).toBe(false);
});

test('locked microphones do not concern whom a teacher has called on', async () => {
  await enter({ settings: { ...noLocks, microphones_locked: true } });
  expect(session.snapshot().muted).toBe(true);
  await becomes({ muted: true, may_speak: true });
  await session.setMuted(false);
  expect(session.snapshot().muted).toBe(false);
  socket.emit('meeting.settings', { meeting_id: 'm', settings: { ...noLocks, microphones_locked: true, lobby: true } });
  expect(session.snapshot().muted).toBe(false);
});

test('locked microphones are the main room’s: one talks in a breakout, and is silent again after it', async () => {
  await enter({ settings: { ...noLocks, microphones_locked: true } });
  await becomes({ muted: true, room_id: 'room 1' });
  await session.setMuted(false);
  expect(session.snapshot().muted).toBe(false);
  socket.emit('meeting.muted', { meeting_id: 'm', by_user_id: '' });
  await becomes({ muted: true });
  expect(session.snapshot().muted).toBe(true);
});

test('the main room is found again as it was left: silent, and without a picture', async () => {
  await enter();
  await session.setMuted(true);
  await session.setCamera(false);
  await becomes({ muted: true, room_id: 'room 1' });
  await session.setMuted(false);
  await session.setCamera(true);
  expect(session.local.snapshot().camera.track).not.toBeNull();
  await becomes({ room_id: 'room 2', video_on: true });
  await becomes({ room_id: '', video_on: true });
  expect(session.snapshot().muted).toBe(true);
  expect(session.local.snapshot().camera.track).toBeNull();
  expect(kinds()).toEqual(['main_room']);
});

test('the main room is found again as it was left: speaking, and with a picture', async () => {
  await enter();
  await becomes({ room_id: 'room 1', video_on: true });
  await session.setMuted(true);
  await session.setCamera(false);
  await becomes({ room_id: '' });
  expect(session.snapshot().muted).toBe(false);
  expect(session.local.snapshot().camera.track).not.toBeNull();
  expect(told().at(-1)).toEqual({ video_on: true });
});

test('a move needs no new connection, and leaves a shared screen behind', async () => {
  await enter();
  await session.shareScreen();
  const screen = session.local.snapshot().screen;
  await becomes({ screen_sharing: true });
  await becomes({ room_id: 'room 1', screen_sharing: false });
  expect(screen?.video.readyState).toBe('ended');
  expect(kinds()).toEqual(['screen_silent', 'screen_left']);
  expect(socket.types().filter((type) => type === 'meeting.join')).toHaveLength(1);
  expect(FakePeerConnection.made).toHaveLength(2);
});

test('a reload in a breakout and a recall meanwhile: still the main room as it was left', async () => {
  await enter();
  await session.setMuted(true);
  await becomes({ muted: true, room_id: 'room 1' });
  await session.setMuted(false);
  const kept = loadResume('m');
  expect(kept).toMatchObject({ muted: false, main: { muted: true, videoOn: true } });
  session = makeSession();
  socket.answer('meeting.join', () => joined());
  session.join(kept ?? undefined);
  await settle();
  await settle();
  expect(session.snapshot().muted).toBe(true);
  expect(kinds()).toContain('main_room');
});

test('somebody else’s voices are another room’s', async () => {
  await enter({ participants: [person('ann'), person('me', { room_id: 'room 1' })] });
  socket.emit('meeting.speakers', { meeting_id: 'm', room_id: '', participant_ids: ['ann'] });
  expect(session.snapshot().speakers).toEqual([]);
  socket.emit('meeting.speakers', { meeting_id: 'm', room_id: 'room 1', participant_ids: ['me'] });
  expect(session.snapshot().speakers).toEqual(['me']);
});

test('a student is not asked for a screen that could not be shared, and learns whose is on', async () => {
  await enter({ participants: [person('ann', { screen_sharing: true }), person('me')] });
  await session.shareScreen();
  expect(session.local.snapshot().screen).toBeNull();
  expect(notices).toMatchObject([{ kind: 'screen_busy', user: { name: 'ann' } }]);
  socket.emit('meeting.settings', { meeting_id: 'm', settings: { ...noLocks, many_screens: true } });
  await session.shareScreen();
  expect(session.local.snapshot().screen).not.toBeNull();
});

test('a teacher learns before whose screen would be taken over', async () => {
  await enter({ participants: [person('ann', { screen_sharing: true }), person('bob', { screen_sharing: true, room_id: 'room 1' }), person('me', { role: 'owner' })] });
  expect(session.sharer()?.participant_id).toBe('ann');
  await session.shareScreen();
  expect(told().at(-1)).toEqual({ screen_sharing: true });
});

test('two who share at the same moment: the one who is refused stops, and is told for whom', async () => {
  await enter();
  socket.answer('meeting.state_update', () => {
    socket.emit('meeting.participant_updated', { meeting_id: 'm', ...person('ann', { screen_sharing: true }) });
    throw new SocketError('conflict', 'Ann shares.', 409);
  });
  await session.shareScreen();
  expect(session.local.snapshot().screen).toBeNull();
  expect(notices).toMatchObject([{ kind: 'screen_silent' }, { kind: 'screen_taken', user: { name: 'ann' } }]);
});
