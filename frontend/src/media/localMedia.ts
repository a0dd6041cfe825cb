import type { TrackSourceName } from '@/api/wire.gen';
import { askForBoth, type Device, type DeviceKind, type DeviceProblem, deviceError, type InputKind, listDevices, openScreen, rememberBlur, rememberDevice, type ScreenTracks } from './devices';
import { closed, InputDevice, type InputNotice, type InputState } from './inputDevice';
import type { Sound } from './sdp';
import { rememberSound, rememberedSound, soundOf, type SoundSettings } from './soundSettings';
import { Store } from './store';

export type { InputState } from './inputDevice';

export interface LocalSnapshot {
  microphone: InputState;
  camera: InputState;
  screen: ScreenTracks | null;
  devices: Device[];
  sound: SoundSettings;
}

export type LocalNotice = InputNotice | { kind: 'screen_silent' } | { kind: 'screen_failed'; problem: DeviceProblem };

export interface LocalListener {
  /** What is sent for a source is now this track, or nothing. */
  track(source: TrackSourceName, track: MediaStreamTrack | null): void;
  notice(notice: LocalNotice): void;
  /** Sharing was ended outside the page, by the browser's own button or a closed window. */
  screenEnded(): void;
  /** What the microphone carries, speech or music, is sent differently. */
  sound?(sound: Sound): void;
}

/** This window's own devices: open them, change them, replace what was unplugged, close them all. */
export class LocalMedia {
  private readonly store = new Store<LocalSnapshot>({ microphone: closed, camera: closed, screen: null, devices: [], sound: rememberedSound() });
  private readonly inputs: Record<InputKind, InputDevice>;
  private done = false;

  constructor(private readonly listener: LocalListener) {
    this.inputs = { microphone: this.input('microphone'), camera: this.input('camera') };
    navigator.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
    document.addEventListener('visibilitychange', this.onVisible);
    void this.refresh();
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** What the microphone carries. */
  get sound(): Sound {
    return soundOf(this.snapshot().sound);
  }

  /** Opens a device if it is not open. Answers its track, or null with the problem in the snapshot. */
  open(kind: InputKind): Promise<MediaStreamTrack | null> {
    return this.inputs[kind].open();
  }

  /** Opens both with one question to the person; each that fails says why. */
  async openAll(): Promise<void> {
    await askForBoth();
    await Promise.all([this.open('microphone'), this.open('camera')]);
  }

  /** Switches a device off; its light goes out. */
  switchOff(kind: InputKind): void {
    this.inputs[kind].switchOff();
  }

  /** Uses another device from now on; one that is open changes at once. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    rememberDevice(kind, id);
    if (kind === 'speaker') this.store.patch({ devices: [...this.snapshot().devices] });
    else if (this.snapshot()[kind].track || this.snapshot()[kind].problem) await this.inputs[kind].reopen();
  }

  /** Works on the microphone's sound in another way from now on. */
  async setSound(change: Partial<SoundSettings>): Promise<void> {
    const sound = { ...this.snapshot().sound, ...change };
    rememberSound(sound);
    this.store.patch({ sound });
    if (this.snapshot().microphone.track) await this.inputs.microphone.reopen();
    this.listener.sound?.(soundOf(sound));
  }

  async setBlur(on: boolean): Promise<void> {
    rememberBlur(on);
    await this.inputs.camera.blur(on);
  }

  /** The other camera of a phone. */
  async flipCamera(): Promise<void> {
    await this.inputs.camera.flip();
  }

  async shareScreen(): Promise<boolean> {
    this.stopScreen();
    try {
      const screen = await openScreen();
      if (this.done) {
        releaseScreen(screen);
        return false;
      }
      screen.video.onended = () => this.listener.screenEnded();
      this.store.patch({ screen });
      this.listener.track('screen', screen.video);
      this.listener.track('screen_audio', screen.audio);
      if (!screen.audio) this.listener.notice({ kind: 'screen_silent' });
      return true;
    } catch (error) {
      const { problem } = deviceError(error);
      // Closing the browser's own picker is an answer, not a failure.
      if (problem !== 'denied') this.listener.notice({ kind: 'screen_failed', problem });
      return false;
    }
  }

  stopScreen(): void {
    const { screen } = this.snapshot();
    if (!screen) return;
    this.store.patch({ screen: null });
    this.listener.track('screen', null);
    this.listener.track('screen_audio', null);
    releaseScreen(screen);
  }

  close(): void {
    if (this.done) return;
    this.done = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.stopScreen();
    this.inputs.microphone.close();
    this.inputs.camera.close();
  }

  private input(kind: InputKind): InputDevice {
    return new InputDevice(kind, {
      state: (state) => this.store.patch({ [kind]: state }),
      track: (track) => {
        this.listener.track(kind, track);
        // Names are known only once something is open.
        if (track) void this.refresh();
      },
      notice: (notice) => this.listener.notice(notice),
      sound: () => this.snapshot().sound,
    });
  }

  private readonly onDeviceChange = async () => {
    const devices = await this.refresh();
    this.inputs.microphone.pluggedIn(devices);
    this.inputs.camera.pluggedIn(devices);
  };

  private readonly onVisible = () => {
    if (document.visibilityState !== 'visible') return;
    this.inputs.microphone.wake();
    this.inputs.camera.wake();
  };

  private async refresh(): Promise<Device[]> {
    const devices = await listDevices();
    if (!this.done) this.store.patch({ devices });
    return devices;
  }
}

function releaseScreen({ video, audio }: ScreenTracks): void {
  for (const track of [video, audio]) {
    if (!track) continue;
    track.onended = null;
    track.stop();
  }
}
