import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeviceError } from '@/media/devices';
import { VoiceRecording } from './recorder';

const close = vi.fn();
vi.mock('@/media/meter', () => ({ meter: () => vi.fn() }));
vi.mock('@/media/inputs', () => ({ openInput: () => Promise.resolve({ track: {}, close }) }));

/** A recorder that writes some forms, and begins when it is told to. */
class FakeRecorder extends EventTarget {
  static writes: string[] = [];
  static latest: FakeRecorder;
  static isTypeSupported = (type: string) => FakeRecorder.writes.includes(type);
  state = 'inactive';
  onstart: (() => void) | null = null;
  onerror: (() => void) | null = null;
  ondataavailable: ((event: { data: Blob }) => void) | null = null;

  constructor(
    _: unknown,
    readonly options: MediaRecorderOptions,
  ) {
    super();
    FakeRecorder.latest = this;
  }

  start() {
    this.state = 'recording';
  }

  stop() {
    this.state = 'inactive';
    this.ondataavailable?.({ data: new Blob(['sound']) });
    queueMicrotask(() => this.dispatchEvent(new Event('stop')));
  }
}

const webm = 'audio/webm;codecs=opus';
const ogg = 'audio/ogg;codecs=opus';
const mp4 = 'audio/mp4';
const start = () => VoiceRecording.start(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('MediaStream', vi.fn());
  close.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ['Firefox', [webm, ogg], ogg, 'ogg'],
  ['Chromium', [webm, mp4], webm, 'webm'],
  ['Safari', [mp4], mp4, 'm4a'],
])('%s writes what the others play', async (_, writes, type, ending) => {
  FakeRecorder.writes = writes;
  const starting = start();
  await vi.waitFor(() => expect(FakeRecorder.latest.onstart).not.toBeNull());
  FakeRecorder.latest.onstart?.();
  const note = await (await starting).stop();
  expect(FakeRecorder.latest.options.mimeType).toBe(type);
  expect(note.type).toBe(type.split(';')[0]);
  expect(note.name).toMatch(new RegExp(`^voice-[0-9-]+\\.${ending}$`));
  expect(close).toHaveBeenCalledOnce();
});

test('time counts from when the recorder begins, not from when it was asked to', async () => {
  FakeRecorder.writes = [ogg];
  const starting = start();
  await vi.advanceTimersByTimeAsync(2_500);
  FakeRecorder.latest.onstart?.();
  const recording = await starting;
  expect(recording.seconds).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(recording.seconds).toBeCloseTo(1);
});

test('a recorder that does not begin is a problem with a name, and lets the microphone go', async () => {
  const starting = expect(start()).rejects.toEqual(new DeviceError('failed'));
  await vi.advanceTimersByTimeAsync(15_000);
  await starting;
  expect(close).toHaveBeenCalled();
});
