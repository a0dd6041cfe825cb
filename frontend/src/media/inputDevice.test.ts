import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TrackSourceName } from '@/api/wire.gen';
import { FakeMediaDevices, type FakeTrack } from '@/testing/fakePeers';
import { rememberDevice } from './devices';
import { LocalMedia, type LocalNotice } from './localMedia';

vi.mock('./noise', () => ({ withoutNoise: (raw: MediaStreamTrack) => withoutNoise(raw) }));
let withoutNoise: (raw: MediaStreamTrack) => Promise<unknown>;

let devices: FakeMediaDevices;
let local: LocalMedia;
let notices: LocalNotice[];
let sent: [TrackSourceName, unknown][];

const settle = () => vi.advanceTimersByTimeAsync(0);
const state = (kind: 'microphone' | 'camera') => local.snapshot()[kind];
const sounds = () => devices.asked.flatMap(({ audio }) => (typeof audio === 'object' ? [audio] : []));

function see(visibility: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeMediaDevices();
  devices.plugged = [{ kind: 'audioinput', deviceId: 'mic', label: 'Headset' }];
  vi.stubGlobal('navigator', { mediaDevices: devices });
  withoutNoise = () => Promise.reject(new Error('no worklet'));
  notices = [];
  sent = [];
  local = new LocalMedia({ track: (source, track) => sent.push([source, track]), notice: (n) => notices.push(n), screenEnded: () => undefined });
});

afterEach(() => {
  local.close();
  see('visible');
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'missing'],
  ['NotReadableError', 'busy'],
] as const)('%s is told apart, and a retry helps', async (name, problem) => {
  devices.refuse = { audio: name };
  expect(await local.open('microphone')).toBeNull();
  expect(state('microphone').problem).toBe(problem);
  devices.refuse = {};
  expect(await local.open('microphone')).not.toBeNull();
  expect(state('microphone').problem).toBeNull();
});

test('a page over plain http has no devices, and knows why', async () => {
  vi.stubGlobal('navigator', {});
  expect(await local.open('camera')).toBeNull();
  expect(state('camera').problem).toBe('insecure');
});

test('the remembered device comes first; where it is gone, any', async () => {
  rememberDevice('microphone', 'old');
  devices.settings = ({ deviceId }) => {
    if (deviceId) throw new DOMException('gone', 'OverconstrainedError');
    return { deviceId: 'mic' };
  };
  expect(await local.open('microphone')).not.toBeNull();
  expect(sounds().map(({ deviceId }) => deviceId)).toEqual([{ exact: 'old' }, undefined]);
  expect(state('microphone').deviceId).toBe('mic');
});

test('an unplugged camera is replaced within 2 s and the new one named; the track that was sent is replaced, not withdrawn', async () => {
  await local.open('camera');
  const first = state('camera').track;
  sent.length = 0;
  first?.onended?.(new Event('ended'));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(sent).toEqual([['camera', state('camera').track]]);
  expect(state('camera').track).not.toBe(first);
  expect(notices).toEqual([{ kind: 'device_changed', device: 'camera', label: 'fake video' }]);
});

test('a device that the list no longer knows is replaced although its track still claims to live', async () => {
  devices.settings = () => ({ deviceId: 'gone' });
  await local.open('microphone');
  devices.settings = () => ({ deviceId: 'mic' });
  devices.dispatchEvent(new Event('devicechange'));
  await settle();
  expect(state('microphone').deviceId).toBe('mic');
  expect(notices.map(({ kind }) => kind)).toEqual(['device_changed']);
});

test('noise, echo and gain are asked for as they are switched, and remembered', async () => {
  await local.open('microphone');
  expect(sounds().at(-1)).toMatchObject({ noiseSuppression: true, echoCancellation: true, autoGainControl: true });
  await local.setSound({ noise: 'off', echoCancellation: false, autoGainControl: false });
  expect(sounds().at(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: false, autoGainControl: false });
  expect(sent.at(-1)).toEqual(['microphone', state('microphone').track]);
  const next = new LocalMedia({ track: () => undefined, notice: () => undefined, screenEnded: () => undefined });
  expect(next.snapshot().sound).toEqual({ noise: 'off', echoCancellation: false, autoGainControl: false, music: false });
  next.close();
});

test('music: nothing is taken out, in stereo, and it is sent as music', async () => {
  const told: string[] = [];
  const other = new LocalMedia({ track: () => undefined, notice: () => undefined, screenEnded: () => undefined, sound: (sound) => told.push(sound) });
  await other.open('microphone');
  await other.setSound({ music: true, noise: 'rnnoise' });
  expect(sounds().at(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: false, autoGainControl: false, channelCount: { ideal: 2 } });
  expect(other.snapshot().microphone.track?.contentHint).toBe('music');
  expect(told).toEqual(['music']);
  other.close();
});

test('a muted microphone stays muted while its sound is switched', async () => {
  await local.open('microphone');
  const { track } = state('microphone');
  if (track) track.enabled = false;
  await local.setSound({ noise: 'off' });
  expect(state('microphone').track?.enabled).toBe(false);
});

test('RNNoise: what it makes is sent, the browser does not do the same twice, and both end together', async () => {
  const clean = { track: { contentHint: '', enabled: true, stop: vi.fn() }, wake: vi.fn(), close: vi.fn() };
  withoutNoise = () => Promise.resolve(clean);
  await local.setSound({ noise: 'rnnoise' });
  await local.open('microphone');
  expect(sounds().at(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: true });
  expect(sent.at(-1)).toEqual(['microphone', clean.track]);
  see('visible');
  expect(clean.wake).toHaveBeenCalled();
  local.switchOff('microphone');
  expect(clean.close).toHaveBeenCalled();
  expect(devices.opened[0]?.readyState).toBe('ended');
});

test('where RNNoise cannot run the browser’s own stands in, and that is said', async () => {
  await local.setSound({ noise: 'rnnoise' });
  await local.open('microphone');
  expect(state('microphone').track).toBe(devices.opened[0]);
  expect(devices.opened[0]?.constraints).toMatchObject({ noiseSuppression: true });
  expect(notices).toEqual([{ kind: 'noise_failed' }]);
});

test('shared sound passes all of that by, and sharing a tab does not echo the class back', async () => {
  devices.supported = { restrictOwnAudio: true };
  await local.setSound({ noise: 'rnnoise' });
  await local.shareScreen();
  expect(devices.asked.at(-1)?.audio).toEqual({ echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true });
  devices.supported = {};
  await local.shareScreen();
  expect(devices.asked.at(-1)?.audio).not.toHaveProperty('restrictOwnAudio');
});

test('a screen without sound is said in words', async () => {
  await local.shareScreen();
  expect(notices).toEqual([{ kind: 'screen_silent' }]);
});

test('blur is offered only where the browser has it, and remembered', async () => {
  await local.open('camera');
  expect(state('camera').blurred).toBeNull();
  await local.setBlur(true);
  local.switchOff('camera');

  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const track of stream.getTracks()) track.capabilities = { backgroundBlur: [true, false] };
    return stream;
  };
  await local.open('camera');
  expect(state('camera').blurred).toBe(true);
  await local.setBlur(false);
  expect(state('camera').blurred).toBe(false);
  expect((state('camera').track as unknown as FakeTrack).constraints).toMatchObject({ backgroundBlur: false });
});

test('a phone turns to its other camera and back, without a moment of "camera off" for the others', async () => {
  devices.settings = ({ facingMode }) => ({ facingMode: typeof facingMode === 'object' && 'ideal' in facingMode ? String(facingMode.ideal) : 'user' });
  await local.open('camera');
  expect(state('camera').facing).toBe('user');
  const first = devices.opened[0];
  sent.length = 0;
  await local.flipCamera();
  expect(state('camera').facing).toBe('environment');
  expect(first?.readyState).toBe('ended');
  expect(sent).toEqual([['camera', state('camera').track]]);
  await local.flipCamera();
  expect(state('camera').facing).toBe('user');
});

test('after an unlock: what the system keeps is opened anew within 5 s', async () => {
  await local.open('camera');
  const first = devices.opened[0] as FakeTrack;
  see('hidden');
  first.muted = true;
  see('visible');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state('camera').track).not.toBe(first);
  expect(state('camera').track?.readyState).toBe('live');
  expect(notices.map(({ kind }) => kind)).toEqual(['device_changed']);
});

test('after an unlock: what the system gives back by itself is left alone', async () => {
  await local.open('camera');
  const first = devices.opened[0] as FakeTrack;
  first.muted = true;
  see('visible');
  first.muted = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state('camera').track).toBe(first);
  expect(notices).toEqual([]);
});

test('after an unlock: what cannot be had again is explained within 5 s', async () => {
  await local.open('microphone');
  (devices.opened[0] as FakeTrack).muted = true;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const track of stream.getTracks()) track.muted = true;
    return stream;
  };
  see('visible');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(notices.map(({ kind }) => kind)).toEqual(['device_changed', 'device_held']);
});

test('what was lost while the phone was locked is tried again after the unlock', async () => {
  await local.open('camera');
  see('hidden');
  devices.refuse = { video: 'NotReadableError' };
  state('camera').track?.onended?.(new Event('ended'));
  await settle();
  expect(state('camera')).toMatchObject({ track: null, problem: 'busy' });
  see('visible');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state('camera').track).toBeNull();
  devices.refuse = {};
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state('camera').track?.readyState).toBe('live');
  expect(notices.map(({ kind }) => kind)).toEqual(['device_lost', 'device_changed']);
});

test('… and explained once, where that does not help; one that was switched off by hand is left alone', async () => {
  await local.openAll();
  see('hidden');
  devices.refuse = { video: 'NotReadableError', audio: 'NotReadableError' };
  for (const kind of ['camera', 'microphone'] as const) state(kind).track?.onended?.(new Event('ended'));
  await settle();
  notices.length = 0;
  see('visible');
  local.switchOff('microphone');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(notices).toEqual([{ kind: 'device_lost', device: 'camera' }]);
  expect(state('microphone').problem).toBeNull();
});

test('a device that opens after everything was closed is closed again', async () => {
  const opening = local.open('microphone');
  local.close();
  expect(await opening).toBeNull();
  expect(devices.opened.every(({ readyState }) => readyState === 'ended')).toBe(true);
});
