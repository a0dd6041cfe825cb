import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call, CallChanged, CallEntered, CallSignal, Profile } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { type FakeDataChannel, FakeMediaDevices, FakePeerConnection } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import type { CallPhase } from './callMachine';
import { CallSession } from './callSession';

const me: Profile = { id: 'me', name: 'Me', avatar_url: null, presence: 'online' };
const hao: Profile = { id: 'hao', name: 'Hao', avatar_url: null, presence: 'online' };

let socket: FakeSocket;
let devices: FakeMediaDevices;
let session: CallSession;
let outgoing: boolean;

function aCall(more: Partial<Call> = {}): Call {
  const [caller, callee] = outgoing ? [me, hao] : [hao, me];
  return { id: 'c', conversation_id: 'v', caller, callee, media: 'audio', state: 'ringing', created_at: '2026-01-01T00:00:00Z', answered_at: null, ended_at: null, ...more };
}

function entered(more: Partial<CallEntered> = {}): CallEntered {
  return { call_id: 'c', call: aCall({ state: 'active' }), polite: !outgoing, ice_servers: [], ...more };
}

const changed = (more: Partial<CallChanged> = {}): CallChanged => ({ call_id: 'c', call: aCall(), ...more });
const settle = () => vi.advanceTimersByTimeAsync(0);
const phase = () => session.snapshot().phase;
const peer = () => FakePeerConnection.live.at(-1) as FakePeerConnection;
const control = () => peer().channels[0] as FakeDataChannel;
const signals = () => socket.sent.filter(({ type }) => type === 'call.signal').map(({ data }) => data as CallSignal);
const described = () => signals().flatMap(({ description }) => (description ? [`${description.type}: ${description.sdp}`] : []));
const ownPeer = () => signals().findLast(({ ready }) => ready)?.peer ?? '';
const hear = (signal: Partial<CallSignal>) => socket.emit('call.signal', { call_id: 'c', peer: 'theirs', to: ownPeer(), ...signal });

beforeEach(() => {
  vi.useFakeTimers();
  FakePeerConnection.made = [];
  devices = new FakeMediaDevices();
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  socket = new FakeSocket();
  outgoing = true;
  socket.answer('call.invite', () => entered({ call: aCall() }));
  socket.answer('call.accept', () => entered());
  socket.answer('call.resume', () => entered());
  session = new CallSession({ socket, user: hao, relayOnly: () => false, onNotice: () => undefined });
});

afterEach(() => {
  session.close();
  vi.runOnlyPendingTimers();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Brings the session into a phase, as a person and the server do. */
async function reach(wanted: CallPhase): Promise<void> {
  if (wanted === 'idle') return;
  if (wanted === 'incoming') {
    outgoing = false;
    session.ring(changed());
    return;
  }
  void session.invite('audio');
  await settle();
  if (wanted === 'outgoing') return;
  socket.emit('call.accepted', changed({ call: aCall({ state: 'active' }) }));
  await settle();
  if (wanted === 'connecting') return;
  hear({ ready: true });
  await settle();
  hear({ description: { type: 'answer', sdp: 'answer' } });
  await settle();
  peer().becomes('connected');
  if (wanted === 'active') return;
  if (wanted === 'reconnecting') peer().becomes('disconnected');
  else socket.emit('call.ended', changed({ reason: 'hangup' }));
}

const phases: CallPhase[] = ['idle', 'outgoing', 'incoming', 'connecting', 'active', 'reconnecting', 'ended'];
const entering: CallPhase[] = ['connecting', 'active', 'reconnecting'];

describe.each(phases)('%s', (from) => {
  beforeEach(async () => {
    await reach(from);
    expect(phase()).toBe(from);
  });

  const live = from !== 'idle' && from !== 'ended';

  test('hanging up ends it and is told once', async () => {
    session.hangup();
    session.hangup();
    await settle();
    expect(phase()).toBe('ended');
    const told = socket.types().filter((type) => /^call\.(hangup|cancel|decline)$/.test(type));
    const word = from === 'outgoing' ? 'call.cancel' : from === 'incoming' ? 'call.decline' : 'call.hangup';
    expect(told).toEqual(live ? [word] : []);
  });

  test('the server ends it', () => {
    socket.emit('call.ended', changed({ reason: 'lost' }));
    expect(phase()).toBe(from === 'idle' ? 'idle' : 'ended');
    if (live) expect(session.snapshot().end).toBe('lost');
  });

  test('another device answers or takes it over', () => {
    socket.emit('call.taken', changed());
    expect(phase()).toBe(from === 'idle' ? 'idle' : 'ended');
    if (live) expect(session.snapshot().end).toBe(entering.includes(from) ? 'moved' : 'elsewhere');
  });

  test('events of another call mean nothing', () => {
    for (const type of ['call.ended', 'call.taken', 'call.declined', 'call.accepted'] as const) socket.emit(type, changed({ call_id: 'other' }));
    expect(phase()).toBe(from);
  });

  test('accepting means something only to who is rung, inviting only to who is idle', async () => {
    void session.accept('audio');
    await settle();
    if (from !== 'incoming') expect(phase()).toBe(from);
    else expect(phase()).toBe('connecting');
    void session.invite('audio');
    await settle();
    expect(socket.types().filter((type) => type === 'call.invite')).toHaveLength(from === 'incoming' ? 0 : 1);
  });

  test('a new session of the socket takes the place back', async () => {
    socket.becomes('reconnecting');
    socket.becomes('open');
    await settle();
    const resumes = ['outgoing', ...entering].includes(from);
    expect(socket.types().includes('call.resume')).toBe(resumes);
  });

  test('closing the window tells nobody, and leaves nothing behind', async () => {
    session.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(phase()).toBe('ended');
    expect(socket.types().filter((type) => /^call\.(hangup|cancel|decline)$/.test(type))).toEqual([]);
    expect(socket.listeners).toBe(0);
    expect(FakePeerConnection.live).toEqual([]);
    expect(devices.opened.every((track) => track.readyState === 'ended')).toBe(true);
  });
});

test('both sides say that they are ready; the impolite one offers four lines, once', async () => {
  await reach('connecting');
  expect(signals()[0]).toMatchObject({ ready: true, to: '' });
  hear({ ready: true, to: '' });
  hear({ ready: true });
  await settle();
  expect(described()).toEqual(['offer: offer 4 path 0']);
  expect(signals().filter(({ ready }) => ready)).toHaveLength(2);
  expect(signals().at(-1)).toMatchObject({ to: 'theirs' });
});

test('the polite side waits for the offer, answers it and fills its lines', async () => {
  outgoing = false;
  session.ring(changed());
  void session.accept('video');
  await settle();
  hear({ ready: true });
  await settle();
  expect(described()).toEqual([]);
  hear({ description: { type: 'offer', sdp: 'offer 4' } });
  await settle();
  expect(described()).toEqual(['answer: answer to offer 4']);
  expect(peer().transceivers.map(({ direction, sender }) => [direction, sender.track?.kind ?? null])).toEqual([
    ['sendrecv', 'audio'],
    ['sendrecv', 'video'],
    ['sendrecv', null],
    ['sendrecv', null],
  ]);
});

test('glare: the impolite side goes on, the polite one takes its offer back', async () => {
  await reach('active');
  window.dispatchEvent(new Event('online'));
  await settle();
  expect(described()).toEqual(['offer: offer 4 path 0', 'offer: offer 4 path 1']);
  hear({ description: { type: 'offer', sdp: 'offer 4 theirs' } });
  await settle();
  expect(peer().remoteDescription?.sdp).toBe('answer');

  session.close();
  FakePeerConnection.made = [];
  outgoing = false;
  session = new CallSession({ socket, user: hao, relayOnly: () => false, onNotice: () => undefined });
  session.ring(changed());
  void session.accept('audio');
  await settle();
  hear({ ready: true });
  hear({ description: { type: 'offer', sdp: 'offer 4' } });
  await settle();
  peer().becomes('connected');
  window.dispatchEvent(new Event('online'));
  await settle();
  expect(peer().signalingState).toBe('have-local-offer');
  hear({ description: { type: 'offer', sdp: 'offer 4 again' } });
  await settle();
  expect(peer().signalingState).toBe('stable');
  expect(described().at(-1)).toBe('answer: answer to offer 4 again');
});

test('what is meant for a former connection, or comes from one, is dropped', async () => {
  await reach('connecting');
  hear({ ready: true });
  await settle();
  hear({ to: 'a former one', description: { type: 'answer', sdp: 'late' } });
  hear({ peer: 'a former one', description: { type: 'answer', sdp: 'late' } });
  await settle();
  expect(peer().remoteDescriptions).toEqual([]);
});

test('the other page was loaded anew: this side begins anew with it, with the same devices', async () => {
  await reach('active');
  const [before, own] = [peer(), ownPeer()];
  hear({ ready: true, peer: 'theirs, anew', to: '' });
  await settle();
  expect(phase()).toBe('reconnecting');
  expect(before.connectionState).toBe('closed');
  expect(ownPeer()).not.toBe(own);
  expect(signals().findLast(({ ready }) => ready)?.to).toBe('theirs, anew');
  expect(described().at(-1)).toBe('offer: offer 4 path 0');
  hear({ peer: 'theirs, anew', description: { type: 'answer', sdp: 'answer' } });
  await settle();
  expect(peer().transceivers[0]?.sender.track?.kind).toBe('audio');
  peer().becomes('connected');
  expect(phase()).toBe('active');
});

test('candidates travel together, and wait for the description they belong to', async () => {
  await reach('connecting');
  hear({ ready: true });
  hear({ candidates: [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }] });
  await settle();
  expect(peer().candidates).toEqual([]);
  hear({ description: { type: 'answer', sdp: 'answer' } });
  await settle();
  expect(peer().candidates).toHaveLength(1);
  const found = peer().onicecandidate as (event: { candidate: object }) => void;
  for (const n of [1, 2, 3]) found({ candidate: { candidate: `candidate:${n}`, sdpMid: '0', sdpMLineIndex: 0 } });
  await vi.advanceTimersByTimeAsync(100);
  expect(signals().flatMap(({ candidates }) => (candidates ? [candidates.length] : []))).toEqual([3]);
});

test('a dead path: new ones are looked for, half a minute ends it and tells why', async () => {
  await reach('reconnecting');
  await vi.advanceTimersByTimeAsync(29_999);
  expect(phase()).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1);
  expect(session.snapshot()).toMatchObject({ phase: 'ended', end: 'lost' });
  expect(socket.last('call.hangup')).toEqual({ call_id: 'c', reason: 'lost' });
});

test('no path at all: half a minute, and the reason is another', async () => {
  await reach('connecting');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(session.snapshot()).toMatchObject({ phase: 'ended', end: 'failed' });
  expect(socket.last('call.hangup')).toEqual({ call_id: 'c', reason: 'failed' });
});

test('an offer that was lost with the socket is made again', async () => {
  await reach('reconnecting');
  await settle();
  const lost = described().length;
  socket.becomes('reconnecting');
  socket.becomes('open');
  await settle();
  expect(described().length).toBeGreaterThan(lost);
  expect(described().at(-1)).toBe(described()[lost - 1]);
});

test('media goes on without the server; a hang-up meanwhile is said directly, and to the server when it is back', async () => {
  await reach('active');
  control().opens();
  await settle();
  socket.becomes('reconnecting');
  expect(phase()).toBe('active');
  const channel = control();
  session.hangup();
  expect(channel.sent.map((text) => (JSON.parse(String(text)) as { type: string }).type)).toContain('bye');
  await settle();
  expect(socket.types()).not.toContain('call.hangup');
  socket.becomes('open');
  await settle();
  expect(socket.last('call.hangup')).toEqual({ call_id: 'c' });
});

test('the other side hangs up directly', async () => {
  await reach('active');
  control().hears('{"type":"bye"}');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'ended', end: 'hangup' });
  expect(socket.types()).toContain('call.hangup');
});

test('an invitation that was lost is made again under its own id; one that was refused is not', async () => {
  socket.answer('call.invite', () => {
    throw new SocketError('connection_lost', '');
  });
  void session.invite('audio');
  await settle();
  expect(phase()).toBe('outgoing');
  socket.answer('call.invite', () => {
    throw new SocketError('rate_limited', '');
  });
  socket.becomes('reconnecting');
  socket.becomes('open');
  await settle();
  const ids = socket.sent.filter(({ type }) => type === 'call.invite').map(({ data }) => (data as { client_id: string }).client_id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(session.snapshot()).toMatchObject({ phase: 'ended', end: 'refused', refusal: 'rate_limited' });
});

test('somebody who hangs up before the server has answered leaves no ringing behind', async () => {
  let answer: (entered: CallEntered) => void = () => {};
  socket.answer('call.invite', () => new Promise((done) => (answer = done)));
  void session.invite('audio');
  await settle();
  session.hangup();
  answer(entered({ call: aCall() }));
  await settle();
  expect(socket.last('call.cancel')).toEqual({ call_id: 'c' });
});

test('two who call each other at once: the ack is the answer', async () => {
  socket.answer('call.invite', () => entered());
  void session.invite('audio');
  await settle();
  expect(phase()).toBe('connecting');
});

test('an answer that came too late: answered elsewhere, or over', async () => {
  outgoing = false;
  session.ring(changed());
  socket.answer('call.accept', () => {
    throw new SocketError('conflict', '', 409, {}, aCall({ state: 'ended', reason: 'cancelled' }));
  });
  void session.accept('audio');
  await settle();
  expect(session.snapshot()).toMatchObject({ phase: 'ended', end: 'cancelled' });
});

test('the other side sees what one does: through the server until there is a direct way', async () => {
  await reach('active');
  expect(signals().findLast(({ state }) => state)?.state).toMatchObject({ muted: false, video_on: false, sharing: false });
  control().opens();
  await settle();
  await session.setMuted(true);
  await session.setCamera(true);
  await settle();
  const told = control().sent.map((text) => JSON.parse(String(text)) as { type: string; state?: object });
  expect(told.findLast(({ type }) => type === 'state')?.state).toMatchObject({ muted: true, video_on: true });
  control().hears(JSON.stringify({ type: 'state', state: { muted: true, video_on: true, sharing: false } }));
  expect(session.snapshot().state).toMatchObject({ muted: true, video_on: true });
});

test('without a microphone one listens, and says so', async () => {
  devices.refuse.audio = 'NotAllowedError';
  await reach('active');
  expect(session.local.snapshot().microphone.problem).toBe('denied');
  expect(signals().findLast(({ state }) => state)?.state?.muted).toBe(true);
});
