import { SCREEN } from './encodings';

export type InputKind = 'microphone' | 'camera';
export type DeviceKind = InputKind | 'speaker';

/** Why a device cannot be had: the person or the system said no, there is none, or another program holds it. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed';

export class DeviceError extends Error {
  constructor(
    readonly problem: DeviceProblem,
    cause?: unknown,
  ) {
    super(`device ${problem}`, { cause });
    this.name = 'DeviceError';
  }
}

const problems: Record<string, DeviceProblem> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

const kinds: Record<MediaDeviceKind, DeviceKind> = { audioinput: 'microphone', videoinput: 'camera', audiooutput: 'speaker' };

export interface Device {
  kind: DeviceKind;
  id: string;
  label: string;
}

/** What is plugged in; without a permission given before, browsers name none and the list is empty. */
export async function listDevices(): Promise<Device[]> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return found.filter((d) => d.deviceId && d.label).map((d) => ({ kind: kinds[d.kind], id: d.deviceId, label: d.label }));
}

const choiceKey = (kind: DeviceKind) => `lectern.device.${kind}`;

export function rememberedDevice(kind: DeviceKind): string | null {
  return localStorage.getItem(choiceKey(kind));
}

export function rememberDevice(kind: DeviceKind, id: string): void {
  localStorage.setItem(choiceKey(kind), id);
}

/** Whether this browser can send sound to a chosen output. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

const BLUR_KEY = 'lectern.blur';

export function rememberedBlur(): boolean {
  return localStorage.getItem(BLUR_KEY) === 'on';
}

export function rememberBlur(on: boolean): void {
  localStorage.setItem(BLUR_KEY, on ? 'on' : 'off');
}

/** One question for both devices instead of two in a row, where none was asked yet. What comes of it, each opening tells. */
export async function askForBoth(): Promise<void> {
  if ((await listDevices()).length > 0) return;
  const stream = await capture({ audio: true, video: true }).catch(() => null);
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** getUserMedia that throws a DeviceError. */
export async function capture(constraints: MediaStreamConstraints): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new DeviceError('insecure');
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw deviceError(error);
  }
}

export function deviceError(error: unknown): DeviceError {
  if (error instanceof DeviceError) return error;
  return new DeviceError(problems[(error as { name?: string } | null)?.name ?? ''] ?? 'failed', error);
}

/** Whether this browser can share a tab with its sound. Firefox and Safari share pictures only; no browser says so, but where there is sound it can be kept from playing twice. */
export function canShareSound(): boolean {
  const supported = navigator.mediaDevices?.getSupportedConstraints() as Record<string, boolean | undefined> | undefined;
  return supported?.suppressLocalAudioPlayback === true;
}

export interface ScreenTracks {
  video: MediaStreamTrack;
  audio: MediaStreamTrack | null;
}

/** Asks what to share. The class must not hear itself back through a shared tab, hence restrictOwnAudio where there is one. */
export async function openScreen(): Promise<ScreenTracks> {
  if (!navigator.mediaDevices?.getDisplayMedia) throw new DeviceError('insecure');
  const supported = navigator.mediaDevices.getSupportedConstraints() as Record<string, boolean | undefined>;
  const options = {
    video: { frameRate: { ideal: SCREEN.frameRate, max: 2 * SCREEN.frameRate } },
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      ...(supported.restrictOwnAudio ? { restrictOwnAudio: true } : {}),
    },
    systemAudio: 'include',
    surfaceSwitching: 'include',
  };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia(options);
  } catch (error) {
    throw deviceError(error);
  }
  const [video] = stream.getVideoTracks();
  const [audio] = stream.getAudioTracks();
  if (!video) throw new DeviceError('missing');
  video.contentHint = 'detail';
  if (audio) audio.contentHint = 'music';
  return { video, audio: audio ?? null };
}
