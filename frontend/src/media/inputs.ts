import { DeviceError, capture, deviceError, type InputKind, rememberedBlur, rememberedDevice } from './devices';
import { CAMERA } from './encodings';
import { withoutNoise } from './noise';
import { microphoneConstraints, type SoundSettings, usesRnnoise } from './soundSettings';

export type Facing = 'user' | 'environment';

/** What browsers know of a camera beyond what TypeScript knows of browsers. */
interface MoreCapabilities extends MediaTrackCapabilities {
  backgroundBlur?: boolean[];
}
interface MoreSettings extends MediaTrackSettings {
  backgroundBlur?: boolean;
}

/** An open device. */
export interface Input {
  /** What is sent. */
  track: MediaStreamTrack;
  /** What the device gives: the same, unless its sound is worked on in this page. */
  raw: MediaStreamTrack;
  deviceId: string | null;
  /** RNNoise was wished for and could not be had; the browser's own suppression stands in. */
  noisy: boolean;
  /** Goes on after the system stopped all sound. */
  wake(): void;
  close(): void;
}

export interface InputWishes {
  sound: SoundSettings;
  /** Another camera of a phone than the remembered one. */
  facing?: Facing;
}

/** Opens the remembered device of a kind, or the system's choice where that one is gone. Throws a DeviceError. */
export async function openInput(kind: InputKind, wishes: InputWishes): Promise<Input> {
  return kind === 'microphone' ? openMicrophone(wishes.sound) : openCamera(wishes.facing);
}

async function openMicrophone(sound: SoundSettings): Promise<Input> {
  const raw = await remembered('microphone', (device) => ({ audio: { ...device, ...microphoneConstraints(sound) } }));
  raw.contentHint = sound.music ? 'music' : 'speech';
  if (!usesRnnoise(sound)) return plain(raw);
  try {
    const clean = await withoutNoise(raw);
    clean.track.contentHint = 'speech';
    const close = () => {
      clean.close();
      stop(clean.track);
      stop(raw);
    };
    return { track: clean.track, raw, deviceId: idOf(raw), noisy: false, wake: clean.wake, close };
  } catch {
    await raw.applyConstraints(microphoneConstraints({ ...sound, noise: 'browser' })).catch(() => undefined);
    return { ...plain(raw), noisy: true };
  }
}

async function openCamera(facing: Facing | undefined): Promise<Input> {
  const picture = {
    width: { ideal: CAMERA.width, max: CAMERA.width },
    height: { ideal: CAMERA.height, max: CAMERA.height },
    frameRate: { ideal: CAMERA.frameRate, max: CAMERA.frameRate },
  };
  const raw = facing
    ? await first({ video: { ...picture, facingMode: { ideal: facing } } })
    : await remembered('camera', (device) => ({ video: { ...picture, ...device } }));
  raw.contentHint = 'motion';
  if (rememberedBlur() && canBlur(raw)) await blur(raw, true);
  return plain(raw);
}

/** An ideal device is a wish that browsers may pass over, hence an exact one; where it is gone, any. */
async function remembered(kind: InputKind, constraints: (device: MediaTrackConstraints) => MediaStreamConstraints): Promise<MediaStreamTrack> {
  const id = rememberedDevice(kind);
  if (!id) return first(constraints({}));
  try {
    return await first(constraints({ deviceId: { exact: id } }));
  } catch (error) {
    if (deviceError(error).problem !== 'missing') throw error;
    return first(constraints({}));
  }
}

async function first(constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
  const [track] = (await capture(constraints)).getTracks();
  if (!track) throw new DeviceError('missing');
  return track;
}

function plain(raw: MediaStreamTrack): Input {
  return { track: raw, raw, deviceId: idOf(raw), noisy: false, wake: () => undefined, close: () => stop(raw) };
}

function idOf(track: MediaStreamTrack): string | null {
  return track.getSettings().deviceId ?? null;
}

function stop(track: MediaStreamTrack): void {
  track.onended = null;
  track.stop();
}

/** Where a camera looks to; null for one that does not move with a phone. */
export function facingOf(track: MediaStreamTrack): Facing | null {
  const { facingMode } = track.getSettings();
  return facingMode === 'user' || facingMode === 'environment' ? facingMode : null;
}

/** Whether the browser itself can blur what is behind somebody, and lets the page say so. */
export function canBlur(track: MediaStreamTrack): boolean {
  const capabilities: MoreCapabilities = track.getCapabilities?.() ?? {};
  return capabilities.backgroundBlur?.includes(true) === true && capabilities.backgroundBlur.includes(false);
}

export function isBlurred(track: MediaStreamTrack): boolean {
  return (track.getSettings() as MoreSettings).backgroundBlur === true;
}

export async function blur(track: MediaStreamTrack, on: boolean): Promise<void> {
  await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: on } as MediaTrackConstraints).catch(() => undefined);
}
