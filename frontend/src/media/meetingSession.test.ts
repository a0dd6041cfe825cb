import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingJoin, MeetingJoined } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakeMediaDevices, FakePeerConnection } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import { joined, noLocks, person } from '@/testing/meeting';
import { type MeetingNotice, MeetingSession } from './meetingSession';
import { loadResume } from './resume';

let socket: FakeSocket;
let devices: FakeMediaDevices;
let session: MeetingSession;
let notices: MeetingNotice[];

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  FakePeerConnection.made = [];
  devices = new FakeMediaDevices();
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  socket = new FakeSocket();
  socket.answer('meeting.join', () => joined());
  socket.answer('meeting.offer', () => ({ sdp: 'answer' }));
  notices = [];
  session = new MeetingSession({ socket, meetingId: 'm', onNotice: (n) => notices.push(n), onJoined: () => undefined });
});

afterEach(() => {
  session.close();
  sessionStorage.clear();
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function enter(): Promise<void> {
  await session.local.openAll();
  session.join();
  await settle();
}

test('joins, then names its media lines before the offer that adds them', async () => {
  await enter();
  expect(session.snapshot().phase).toBe('joined');
  const order = socket.types().filter((type) => ['meeting.join', 'meeting.tracks', 'meeting.offer'].includes(type));
  expect(order.slice(0, 3)).toEqual(['meeting.join', 'meeting.tracks', 'meeting.offer']);
  expect(socket.last<MeetingJoin>('meeting.join')).toEqual({ meeting_id: 'm', muted: false, video_on: true });
  expect(socket.last('meeting.tracks')).toEqual({
    tracks: [
      { mid: '0', source: 'microphone' },
      { mid: '1', source: 'camera' },
    ],
  });
  expect(FakePeerConnection.made[0]?.remoteDescriptions).toContainEqual({ type: 'answer', sdp: 'answer' });
});

test('waits for the socket before it joins', async () => {
  socket.state = 'connecting';
  session.join();
  await settle();
  expect(socket.types()).toEqual([]);
  socket.becomes('open');
  await settle();
  expect(session.snapshot().phase).toBe('joined');
});

test('devices that open after the join, as after a reload, are told of', async () => {
  session.join({ meetingId: 'm', muted: false, videoOn: true, participantId: null });
  expect(socket.last('meeting.join')).toMatchObject({ muted: true, video_on: false });
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'joined', muted: false });
  const told = Object.assign({}, ...socket.sent.filter(({ type }) => type === 'meeting.state_update').map(({ data }) => data));
  expect(told).toMatchObject({ video_on: true });
});

test('a microphone that was still opening at the join is heard, and said to be', async () => {
  socket.answer('meeting.join', () => joined({ participants: [person('ann'), person('me', { muted: true })] }));
  session.join();
  await settle();
  expect(socket.last('meeting.join')).toMatchObject({ muted: true });
  await session.local.open('microphone');
  await settle();
  expect(socket.last('meeting.state_update')).toEqual({ muted: false });
  expect(session.snapshot().muted).toBe(false);
});

test('a denied microphone and camera still let one join to listen', async () => {
  devices.refuse = { audio: 'NotAllowedError', video: 'NotFoundError' };
  await enter();
  expect(session.local.snapshot().microphone.problem).toBe('denied');
  expect(session.local.snapshot().camera.problem).toBe('missing');
  expect(session.snapshot().phase).toBe('joined');
  expect(socket.last<MeetingJoin>('meeting.join')).toMatchObject({ muted: true, video_on: false });
  expect(socket.types()).not.toContain('meeting.offer');
});

test('answers the subscriber’s offer and tells whose each track is', async () => {
  await enter();
  const subscriber = FakePeerConnection.made[1];
  socket.emit('meeting.candidate', { target: 'subscriber', candidate: { candidate: 'early', sdpMid: '0', sdpMLineIndex: 0 } });
  expect(subscriber?.candidates).toEqual([]);
  socket.emit('meeting.tracks', { tracks: [{ mid: '1', participant_id: 'ann', source: 'camera', muted: false, paused: false }] });
  socket.emit('meeting.offer', { sdp: 'offer 2' });
  await settle();
  expect(socket.last('meeting.answer')).toEqual({ sdp: 'answer to offer 2' });
  expect(subscriber?.candidates).toHaveLength(1);
  expect(session.snapshot().remote).toMatchObject([{ participantId: 'ann', source: 'camera' }]);
  expect(session.snapshot().remote[0]?.track).toBe(subscriber?.transceivers[1]?.receiver.track);
});

test('an offer that comes before the ack of the join is kept', async () => {
  let release: (ack: MeetingJoined) => void = () => undefined;
  socket.answer('meeting.join', () => new Promise((resolve) => (release = resolve)));
  session.join();
  await settle();
  socket.emit('meeting.offer', { sdp: 'offer 1' });
  release(joined());
  await settle();
  expect(socket.last('meeting.answer')).toEqual({ sdp: 'answer to offer 1' });
});

test('switching the camera off and on needs no new negotiation and stops the device', async () => {
  await enter();
  const offers = () => socket.types().filter((type) => type === 'meeting.offer').length;
  const before = offers();
  const first = session.local.snapshot().camera.track;
  await session.setCamera(false);
  expect(first?.readyState).toBe('ended');
  expect(socket.last('meeting.state_update')).toEqual({ video_on: false });
  await session.setCamera(true);
  await settle();
  expect(offers()).toBe(before);
  expect(FakePeerConnection.made[0]?.transceivers[1]?.sender.track).toBe(session.local.snapshot().camera.track);
});

test('muting keeps the track and stops its sound', async () => {
  await enter();
  await session.setMuted(true);
  expect(session.local.snapshot().microphone.track).toMatchObject({ enabled: false, readyState: 'live' });
  expect(socket.last('meeting.state_update')).toEqual({ muted: true });
});

test('a new socket session takes the place back as it was', async () => {
  await enter();
  await session.setMuted(true);
  session.raiseHand(true);
  await session.shareScreen();
  const before = [...FakePeerConnection.made];
  socket.becomes('reconnecting');
  expect(session.snapshot().phase).toBe('reconnecting');
  socket.sent.length = 0;
  socket.answer('meeting.join', () => joined({ participants: [person('ann'), person('me', { hand_raised: true })] }));
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'joined', handRaised: true, muted: true });
  expect(socket.last('meeting.join')).toEqual({ meeting_id: 'm', muted: true, video_on: true, participant_id: 'me' });
  expect(socket.sent.filter(({ type }) => type === 'meeting.state_update').map(({ data }) => data)).toEqual([
    { muted: true, video_on: true },
    { screen_sharing: true },
  ]);
  expect(before.every((pc) => pc.connectionState === 'closed')).toBe(true);
  expect(FakePeerConnection.live).toHaveLength(2);
  expect(FakePeerConnection.live[0]?.transceivers.map((line) => line.sender.track)).toEqual([
    session.local.snapshot().microphone.track,
    session.local.snapshot().camera.track,
    session.local.snapshot().screen?.video,
  ]);
  expect(notices).toContainEqual({ kind: 'back' });
});

test('a failed connection is made anew on the same socket', async () => {
  await enter();
  FakePeerConnection.made[0]?.becomes('failed');
  expect(session.snapshot().phase).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(session.snapshot().phase).toBe('joined');
  expect(FakePeerConnection.made).toHaveLength(4);
});

test('relays are asked for only after no path was found', async () => {
  const relays = [{ urls: ['turn:relay.example'], username: 'u', credential: 'c' }];
  socket.answer('meeting.join', () => joined({ ice_servers: relays }));
  await enter();
  expect(FakePeerConnection.live.map((pc) => pc.configuration.iceServers)).toEqual([[], []]);
  FakePeerConnection.made[0]?.becomes('failed');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(FakePeerConnection.live.map((pc) => pc.configuration.iceServers)).toEqual([relays, relays]);
});

test('an interrupted path is looked for anew without leaving; only in vain are the connections made anew', async () => {
  await enter();
  const [publisher] = FakePeerConnection.made;
  const joins = () => socket.types().filter((type) => type === 'meeting.join').length;
  publisher?.becomes('connected');
  publisher?.becomes('disconnected');
  expect(session.snapshot()).toMatchObject({ phase: 'joined', interrupted: true });
  const offers = socket.types().filter((type) => type === 'meeting.offer').length;
  await settle();
  expect(publisher?.restarts).toBe(1);
  expect(socket.types().filter((type) => type === 'meeting.offer')).toHaveLength(offers + 1);
  publisher?.becomes('connected');
  expect(session.snapshot()).toMatchObject({ phase: 'joined', interrupted: false });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(joins()).toBe(1);
  publisher?.becomes('disconnected');
  await vi.advanceTimersByTimeAsync(12_000);
  expect(joins()).toBe(2);
  expect(session.snapshot()).toMatchObject({ phase: 'joined', interrupted: false });
  expect(FakePeerConnection.made).toHaveLength(4);
});

test('only layers that somebody watches are sent', async () => {
  await enter();
  const camera = FakePeerConnection.made[0]?.transceivers[1]?.sender;
  expect(camera?.encodings.map(({ rid, active }) => [rid, active])).toEqual([
    ['q', true],
    ['h', true],
    ['f', true],
  ]);
  socket.emit('meeting.layers', { tracks: [{ mid: '1', rids: ['q'] }], codecs: ['vp8'] });
  await settle();
  expect(camera?.encodings.map(({ active }) => active)).toEqual([true, false, false]);
  expect(FakePeerConnection.made[0]?.transceivers[0]?.sender.changes).toBe(0);
});

test('after 30 s without a connection it gives up, and rejoins when asked', async () => {
  await enter();
  socket.becomes('reconnecting');
  await vi.advanceTimersByTimeAsync(29_000);
  expect(session.snapshot().phase).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(session.snapshot().phase).toBe('lost');
  socket.becomes('open');
  await settle();
  expect(session.snapshot().phase).toBe('lost');
  session.join();
  await settle();
  expect(session.snapshot().phase).toBe('joined');
});

test('a place that is gone is replaced by a new one', async () => {
  await enter();
  socket.answer('meeting.join', (data) => {
    if ((data as MeetingJoin).participant_id) throw new SocketError('not_found', 'Gone.', 404);
    return joined({ participant_id: 'me again' });
  });
  socket.becomes('reconnecting');
  socket.becomes('open');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'joined', me: 'me again' });
});

test.each(['room_full', 'not_found', 'forbidden'])('a refusal (%s) closes everything and is named', async (code) => {
  socket.answer('meeting.join', () => {
    throw new SocketError(code, 'No.', 403);
  });
  await enter();
  expect(session.snapshot()).toMatchObject({ phase: 'refused', refusal: code });
  expect(devices.opened.every((track) => track.readyState === 'ended')).toBe(true);
});

test('people come and go', async () => {
  await enter();
  socket.emit('meeting.participant_joined', { meeting_id: 'm', ...person('bob') });
  socket.emit('meeting.participant_updated', { meeting_id: 'm', ...person('bob', { hand_raised: true }) });
  socket.emit('meeting.participant_joined', { meeting_id: 'another', ...person('eve') });
  expect(session.snapshot().participants.map((p) => p.participant_id)).toEqual(['ann', 'me', 'bob']);
  socket.emit('meeting.participant_left', { meeting_id: 'm', participant_id: 'ann', reason: 'left' });
  expect(session.snapshot().participants.map((p) => p.participant_id)).toEqual(['me', 'bob']);
  expect(notices.map((n) => n.kind)).toEqual(['joined', 'hand', 'left']);
});

test('a teacher’s mute closes the microphone and says who did it', async () => {
  await enter();
  socket.emit('meeting.muted', { meeting_id: 'm', by_user_id: 'user ann' });
  expect(session.snapshot().muted).toBe(true);
  expect(session.local.snapshot().microphone.track?.enabled).toBe(false);
  expect(notices).toMatchObject([{ kind: 'muted_by', user: { name: 'ann' } }]);
});

test('locked microphones mute a student and refuse to be opened', async () => {
  await enter();
  socket.emit('meeting.settings', { meeting_id: 'm', settings: { ...noLocks, microphones_locked: true } });
  await session.setMuted(false);
  expect(session.snapshot().muted).toBe(true);
});

test('a screen taken over by a teacher stops here', async () => {
  await enter();
  await session.shareScreen();
  const screen = session.local.snapshot().screen;
  socket.emit('meeting.participant_updated', { meeting_id: 'm', ...person('me', { screen_sharing: false }) });
  expect(screen?.video.readyState).toBe('ended');
  expect(notices.map((n) => n.kind)).toEqual(['screen_silent', 'screen_taken']);
});

test('an unplugged microphone is replaced without a negotiation, and named', async () => {
  await enter();
  const offers = socket.types().filter((type) => type === 'meeting.offer').length;
  session.local.snapshot().microphone.track?.onended?.(new Event('ended'));
  await settle();
  expect(notices).toEqual([{ kind: 'device_changed', device: 'microphone', label: 'fake audio' }]);
  expect(FakePeerConnection.made[0]?.transceivers[0]?.sender.track).toBe(session.local.snapshot().microphone.track);
  expect(socket.types().filter((type) => type === 'meeting.offer')).toHaveLength(offers);
});

test('says what is on screen once it stands still, and again after coming back', async () => {
  await enter();
  const tile = { participant_id: 'ann', source: 'camera' as const, width: 320, height: 176 };
  session.setView([]);
  session.setView([tile]);
  await vi.advanceTimersByTimeAsync(300);
  session.setView([tile]);
  await vi.advanceTimersByTimeAsync(300);
  const views = () => socket.sent.filter(({ type }) => type === 'meeting.view').map(({ data }) => data);
  expect(views()).toEqual([{ tiles: [tile] }]);
  socket.becomes('reconnecting');
  socket.becomes('open');
  await settle();
  expect(views()).toHaveLength(2);
});

test('a reload finds what it needs to come back; leaving takes it away', async () => {
  await enter();
  await session.setMuted(true);
  expect(loadResume('m')).toEqual({ meetingId: 'm', muted: true, videoOn: true, participantId: 'me' });
  expect(loadResume('another')).toBeNull();
  session.leave();
  expect(loadResume('m')).toBeNull();
});

test('comes back after a reload muted and with the camera as they were', async () => {
  session.join({ meetingId: 'm', muted: true, videoOn: true, participantId: 'old' });
  await settle();
  expect(socket.last('meeting.join')).toMatchObject({ muted: true, participant_id: 'old' });
  expect(session.snapshot().muted).toBe(true);
  expect(session.local.snapshot().camera.track).not.toBeNull();
  expect(session.local.snapshot().microphone.track).toBeNull();
});

test('close ends everything once and for all, and late signals change nothing', async () => {
  await enter();
  session.close();
  session.close();
  expect(socket.listeners).toBe(0);
  expect(FakePeerConnection.live).toEqual([]);
  expect(devices.opened.every((track) => track.readyState === 'ended')).toBe(true);
  const sent = socket.sent.length;
  socket.emit('meeting.offer', { sdp: 'offer 1' });
  FakePeerConnection.made[0]?.onconnectionstatechange?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.sent).toHaveLength(sent);
  expect(socket.types().filter((type) => type === 'meeting.leave')).toHaveLength(1);
});

test('an answer to the join that comes after leaving is ignored', async () => {
  let release: (ack: MeetingJoined) => void = () => undefined;
  socket.answer('meeting.join', () => new Promise((resolve) => (release = resolve)));
  session.join();
  await settle();
  session.leave();
  release(joined());
  await settle();
  expect(session.snapshot().phase).toBe('left');
  expect(FakePeerConnection.live).toEqual([]);
});

test('the end for all and a removal are told apart', async () => {
  await enter();
  socket.emit('meeting.removed', { meeting_id: 'm' });
  expect(session.snapshot().phase).toBe('removed');
  socket.emit('meeting.ended', { meeting_id: 'm', channel_id: 'c', reason: 'ended' });
  expect(session.snapshot().phase).toBe('removed');
});
