import type { TrackSourceName } from '@/api/wire.gen';
import { degradationOf, type Layer, layersOf, soundBitrate, withLayers } from './encodings';
import type { Sound } from './sdp';

/** One media line that sends: the track of a source, and which of its layers somebody watches. */
export class SendLine {
  private watched: ReadonlySet<string> | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: TrackSourceName,
    private readonly transceiver: RTCRtpTransceiver,
    private readonly failed: (error: unknown) => void,
  ) {
    this.run(() => this.fit());
  }

  get mid(): string | null {
    return this.transceiver.mid;
  }

  get sender(): RTCRtpSender {
    return this.transceiver.sender;
  }

  /** Sends another track from now on, or nothing. */
  replace(track: MediaStreamTrack | null): void {
    this.run(async () => {
      await this.sender.replaceTrack(track);
      await this.fit();
    });
  }

  /** Sends only these layers from now on. */
  watch(rids: string[]): void {
    this.watched = new Set(rids);
    this.run(() => this.fit());
  }

  /** Gives speech or music the bits that it needs. */
  carry(sound: Sound): void {
    this.run(async () => {
      const parameters = this.sender.getParameters();
      const [encoding] = parameters.encodings;
      if (!encoding || encoding.maxBitrate === soundBitrate(sound)) return;
      encoding.maxBitrate = soundBitrate(sound);
      await this.sender.setParameters(parameters).catch(() => undefined);
    });
  }

  /** Brings the encodings in line with the track's size and with what is watched. */
  private async fit(): Promise<void> {
    const layers = this.layers();
    const parameters = this.sender.getParameters();
    const preference = degradationOf(this.source);
    const encodings = withLayers(parameters.encodings, layers, this.watched);
    if (!encodings && parameters.degradationPreference === preference) return;
    if (encodings) parameters.encodings = encodings;
    if (preference) parameters.degradationPreference = preference;
    // A browser that refuses goes on as before: too much is sent, or a layer is missing, but nothing breaks.
    await this.sender.setParameters(parameters).catch(() => undefined);
  }

  private layers(): Layer[] {
    if (this.source !== 'camera' && this.source !== 'screen') return [];
    return layersOf(this.source, this.sender.track?.getSettings());
  }

  /** Parameters are read and set in one go, one change after the other: a browser refuses what was read before another change. */
  private run(step: () => Promise<void>): void {
    this.work = this.work.then(step).catch(this.failed);
  }
}
