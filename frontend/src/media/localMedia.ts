import type { TrackSourceName } from '@/api/wire.gen';
import { askForBoth, type Device, type DeviceKind, type DeviceProblem, type InputKind, deviceError, listDevices, openInput, openScreen, rememberDevice, type ScreenTracks } from './devices';
import { Store } from './store';

export interface InputState {
  track: MediaStreamTrack | null;
  problem: DeviceProblem | null;
  opening: boolean;
}

export interface LocalSnapshot {
  microphone: InputState;
  camera: InputState;
  screen: ScreenTracks | null;
  devices: Device[];
}

export type LocalNotice =
  | { kind: 'device_changed'; device: InputKind; label: string }
  | { kind: 'device_lost'; device: InputKind }
  | { kind: 'screen_silent' }
  | { kind: 'screen_failed'; problem: DeviceProblem };

export interface LocalListener {
  /** What is sent for a source is now this track, or nothing. */
  track(source: TrackSourceName, track: MediaStreamTrack | null): void;
  notice(notice: LocalNotice): void;
  /** Sharing was ended outside the page, by the browser's own button or a closed window. */
  screenEnded(): void;
}

const closed: InputState = { track: null, problem: null, opening: false };

/** This window's own devices: open them, change them, replace what was unplugged, close them all. */
export class LocalMedia {
  private readonly store = new Store<LocalSnapshot>({ microphone: closed, camera: closed, screen: null, devices: [] });
  /** Counts openings and closings, so that a device that arrives after it was switched off is closed again. */
  private readonly turns = { microphone: 0, camera: 0 };
  private done = false;

  constructor(private readonly listener: LocalListener) {
    navigator.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
    void this.refresh();
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Opens a device if it is not open. Answers its track, or null with the problem in the snapshot. */
  async open(kind: InputKind): Promise<MediaStreamTrack | null> {
    const { track } = this.snapshot()[kind];
    return track?.readyState === 'live' ? track : this.reopen(kind);
  }

  /** Opens both with one question to the person; each that fails says why. */
  async openAll(): Promise<void> {
    await askForBoth();
    await Promise.all([this.open('microphone'), this.open('camera')]);
  }

  /** Switches a device off; its light goes out. */
  switchOff(kind: InputKind): void {
    this.turns[kind] += 1;
    const { track } = this.snapshot()[kind];
    this.store.patch({ [kind]: closed });
    if (!track) return;
    this.listener.track(kind, null);
    release(track);
  }

  /** Uses another device from now on; one that is open changes at once. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    rememberDevice(kind, id);
    if (kind === 'speaker') this.store.patch({ devices: [...this.snapshot().devices] });
    else if (this.snapshot()[kind].track || this.snapshot()[kind].problem) await this.reopen(kind);
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
    this.stopScreen();
    this.switchOff('microphone');
    this.switchOff('camera');
  }

  private async reopen(kind: InputKind): Promise<MediaStreamTrack | null> {
    const turn = ++this.turns[kind];
    const before = this.snapshot()[kind].track;
    this.store.patch({ [kind]: { track: before, problem: null, opening: true } });
    try {
      const track = await openInput(kind);
      if (turn !== this.turns[kind] || this.done) {
        release(track);
        return null;
      }
      track.enabled = before?.enabled ?? true;
      track.onended = () => void this.onLost(kind);
      this.store.patch({ [kind]: { track, problem: null, opening: false } });
      this.listener.track(kind, track);
      if (before) release(before);
      void this.refresh();
      return track;
    } catch (error) {
      if (turn !== this.turns[kind] || this.done) return null;
      if (before) {
        release(before);
        this.listener.track(kind, null);
      }
      this.store.patch({ [kind]: { track: null, problem: deviceError(error).problem, opening: false } });
      return null;
    }
  }

  /** Unplugged or taken away: go on with what the system offers instead. */
  private async onLost(kind: InputKind): Promise<void> {
    const track = await this.reopen(kind);
    if (this.done) return;
    if (track) this.listener.notice({ kind: 'device_changed', device: kind, label: track.label });
    else if (this.snapshot()[kind].problem) this.listener.notice({ kind: 'device_lost', device: kind });
  }

  private readonly onDeviceChange = async () => {
    const devices = await this.refresh();
    for (const kind of ['microphone', 'camera'] as const) {
      const { track, opening } = this.snapshot()[kind];
      const id = track?.getSettings().deviceId;
      const known = devices.filter((d) => d.kind === kind);
      // Some browsers keep a track of an unplugged device "live" for a while.
      if (!opening && id && known.length > 0 && !known.some((d) => d.id === id)) void this.onLost(kind);
    }
  };

  private async refresh(): Promise<Device[]> {
    const devices = await listDevices();
    if (!this.done) this.store.patch({ devices });
    return devices;
  }
}

function release(track: MediaStreamTrack): void {
  track.onended = null;
  track.stop();
}

function releaseScreen({ video, audio }: ScreenTracks): void {
  release(video);
  if (audio) release(audio);
}
