import { type Device, type DeviceProblem, deviceError, type InputKind } from './devices';
import { blur, canBlur, type Facing, facingOf, type Input, isBlurred, openInput } from './inputs';
import type { SoundSettings } from './soundSettings';

export interface InputState {
  track: MediaStreamTrack | null;
  problem: DeviceProblem | null;
  opening: boolean;
  deviceId: string | null;
  /** Where a phone's camera looks to; null where there is no other to turn to. */
  facing: Facing | null;
  /** Whether the browser blurs what is behind a person; null where it cannot. */
  blurred: boolean | null;
}

export type InputNotice =
  | { kind: 'device_changed'; device: InputKind; label: string }
  | { kind: 'device_lost' | 'device_held'; device: InputKind }
  | { kind: 'noise_failed' };

export interface InputListener {
  state(state: InputState): void;
  /** What is sent is now this track, or nothing. */
  track(track: MediaStreamTrack | null): void;
  notice(notice: InputNotice): void;
  sound(): SoundSettings;
}

export const closed: InputState = { track: null, problem: null, opening: false, deviceId: null, facing: null, blurred: null };

/** How long the system may take to give a device back by itself after a phone was unlocked, and the page to take it; milliseconds. */
const GIVEN_BACK_MS = 1_000;
const HELD_MS = 2_500;
/** When a device that was lost while nobody looked is tried again, after the first try; milliseconds. */
const AGAIN_MS = [500, 1_000, 2_000];

/** One's own microphone or camera: opened, changed, replaced when it was unplugged, taken back after a phone was locked. */
export class InputDevice {
  private input: Input | null = null;
  private current = closed;
  /** Counts openings and closings, so that a device that arrives after it was switched off is closed again. */
  private turn = 0;
  private done = false;
  /** It was lost where nobody looked, and could not be had again there. */
  private lostUnseen = false;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    private readonly kind: InputKind,
    private readonly listener: InputListener,
  ) {}

  get state(): InputState {
    return this.current;
  }

  /** Opens it if it is not open. Answers its track, or null with the problem in the state. */
  async open(): Promise<MediaStreamTrack | null> {
    const { track } = this.current;
    return track?.readyState === 'live' && this.input?.raw.readyState === 'live' ? track : this.reopen();
  }

  /** Opens it anew with what is wished for now; a track that is sent is replaced. */
  async reopen(facing?: Facing): Promise<MediaStreamTrack | null> {
    const turn = ++this.turn;
    const before = this.input;
    this.patch({ ...this.current, problem: null, opening: true });
    // A phone opens one camera at a time.
    if (facing) before?.close();
    try {
      const input = await openInput(this.kind, { sound: this.listener.sound(), ...(facing ? { facing } : {}) });
      if (turn !== this.turn || this.done) {
        input.close();
        return null;
      }
      this.use(input, before);
      return input.track;
    } catch (error) {
      if (turn !== this.turn || this.done) return null;
      before?.close();
      this.input = null;
      if (before) this.listener.track(null);
      this.patch({ ...closed, problem: deviceError(error).problem });
      return null;
    }
  }

  /** Switches it off; its light goes out. */
  switchOff(): void {
    this.turn += 1;
    this.lostUnseen = false;
    const { input } = this;
    this.input = null;
    this.patch(closed);
    if (!input) return;
    this.listener.track(null);
    input.close();
  }

  /** The other camera of a phone. */
  async flip(): Promise<void> {
    const { facing } = this.current;
    if (!facing) return;
    if (!(await this.reopen(facing === 'user' ? 'environment' : 'user')) && this.current.problem) await this.reopen();
  }

  async blur(on: boolean): Promise<void> {
    const { input } = this;
    if (!input || this.current.blurred === null) return;
    await blur(input.raw, on);
    if (input === this.input) this.patch({ ...this.current, blurred: isBlurred(input.raw) });
  }

  /** What is plugged in has changed. Some browsers keep a track of an unplugged device "live" for a while. */
  pluggedIn(devices: Device[]): void {
    const known = devices.filter((device) => device.kind === this.kind);
    const { deviceId, opening } = this.current;
    if (!opening && this.input && deviceId && known.length > 0 && !known.some(({ id }) => id === deviceId)) void this.replace();
  }

  /** The page is looked at again: what the system took meanwhile is taken back, or it is said that it cannot be. */
  wake(): void {
    const { input } = this;
    if (!input && this.lostUnseen) return void this.regain(AGAIN_MS);
    input?.wake();
    if (!input || flows(input)) return;
    this.after(GIVEN_BACK_MS, () => {
      if (input !== this.input || flows(input)) return;
      void this.replace();
      this.after(HELD_MS, () => {
        if (this.input && !flows(this.input)) this.listener.notice({ kind: 'device_held', device: this.kind });
      });
    });
  }

  close(): void {
    this.done = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.switchOff();
  }

  private use(input: Input, before: Input | null): void {
    const { raw, track } = input;
    this.input = input;
    this.lostUnseen = false;
    track.enabled = this.current.track?.enabled ?? true;
    raw.onended = () => void this.replace();
    this.patch({
      track,
      problem: null,
      opening: false,
      deviceId: input.deviceId,
      facing: this.kind === 'camera' ? facingOf(raw) : null,
      blurred: this.kind === 'camera' && canBlur(raw) ? isBlurred(raw) : null,
    });
    this.listener.track(track);
    before?.close();
    if (input.noisy) this.listener.notice({ kind: 'noise_failed' });
  }

  /** Unplugged or taken away: goes on with what the system offers instead. */
  private async replace(): Promise<void> {
    const device = this.kind;
    const track = await this.reopen();
    if (this.done) return;
    if (track) this.listener.notice({ kind: 'device_changed', device, label: this.input?.raw.label ?? '' });
    else if (this.current.problem) {
      this.lostUnseen = document.visibilityState === 'hidden';
      this.listener.notice({ kind: 'device_lost', device });
    }
  }

  /** The system may need a moment until it gives out what it had locked away. */
  private async regain([wait, ...later]: readonly number[]): Promise<void> {
    const turn = this.turn + 1;
    if (await this.reopen()) {
      this.listener.notice({ kind: 'device_changed', device: this.kind, label: this.input?.raw.label ?? '' });
    } else if (turn === this.turn && !this.done) {
      if (wait === undefined) this.listener.notice({ kind: 'device_lost', device: this.kind });
      else this.after(wait, () => turn === this.turn && void this.regain(later));
    }
  }

  private patch(state: InputState): void {
    this.current = state;
    this.listener.state(state);
  }

  private after(ms: number, then: () => unknown): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      then();
    }, ms);
    this.timers.add(timer);
  }
}

/** Browsers mute a track whose device the system has given to somebody else, or keeps while a phone is locked. */
function flows({ raw }: Input): boolean {
  return raw.readyState === 'live' && !raw.muted;
}
