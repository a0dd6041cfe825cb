import type { Candidate, TrackSource, TrackSourceName } from '@/api/wire.gen';
import { CandidateQueue, trickle } from './candidates';
import { preferredCodecs } from './codecs';
import { encodingsOf } from './encodings';
import { type Sound, withSounds } from './sdp';
import { SendLine } from './sendLine';

export interface PublisherSignals {
  tracks(tracks: TrackSource[]): Promise<unknown>;
  /** Answers the server's description. */
  offer(sdp: string): Promise<string>;
  candidate(candidate: Candidate): void;
  failed(error: unknown): void;
}

/** Sends this window's tracks: a media line of its own per source, made when first needed and kept for good. */
export class Publisher {
  private readonly lines = new Map<TrackSourceName, SendLine>();
  private readonly candidates: CandidateQueue;
  private work: Promise<void> = Promise.resolve();
  private changed = false;
  private sound: Sound = 'speech';
  private closed = false;

  constructor(
    readonly pc: RTCPeerConnection,
    private readonly signals: PublisherSignals,
  ) {
    this.candidates = new CandidateQueue(pc);
    trickle(pc, (candidate) => signals.candidate(candidate));
  }

  /** Sends a track as a source from now on, or nothing. Only the first track of a source needs a negotiation. */
  set(source: TrackSourceName, track: MediaStreamTrack | null): void {
    const line = this.lines.get(source);
    if (line) line.replace(track);
    else if (track && !this.closed) this.add(source, track);
  }

  /** Sends the microphone as speech or as music from now on; a line that is there needs another answer for it. */
  setSound(sound: Sound): void {
    if (sound === this.sound) return;
    this.sound = sound;
    const line = this.lines.get('microphone');
    if (!line) return;
    line.carry(sound);
    this.changed = true;
    this.run(() => this.negotiate());
  }

  /** Sends only these layers of a media line: nobody watches the others. */
  watched(mid: string, rids: string[]): void {
    for (const line of this.lines.values()) if (line.mid === mid) line.watch(rids);
  }

  /** Looks for a new path; what is sent stays. The server does the same for the subscriber. */
  restart(): void {
    if (this.closed || this.lines.size === 0) return;
    this.pc.restartIce();
    this.changed = true;
    this.run(() => this.negotiate());
  }

  /** Which source each media line carries. */
  sources(): TrackSource[] {
    return [...this.lines].flatMap(([source, { mid }]) => (mid === null ? [] : [{ mid, source }]));
  }

  addCandidate(candidate: Candidate): void {
    this.candidates.add(candidate);
  }

  close(): void {
    this.closed = true;
    this.pc.onicecandidate = null;
    this.pc.close();
  }

  private add(source: TrackSourceName, track: MediaStreamTrack): void {
    const transceiver = this.transceiver(source, track);
    const codecs = preferredCodecs(source);
    if (codecs) transceiver.setCodecPreferences(codecs);
    const line = new SendLine(source, transceiver, (error) => this.fail(error));
    if (source === 'microphone') line.carry(this.sound);
    this.lines.set(source, line);
    this.changed = true;
    this.run(() => this.negotiate());
  }

  /** A browser that cannot make these layers sends the picture as it is. */
  private transceiver(source: TrackSourceName, track: MediaStreamTrack): RTCRtpTransceiver {
    try {
      return this.pc.addTransceiver(track, { direction: 'sendonly', sendEncodings: encodingsOf(source, track.getSettings()) });
    } catch {
      return this.pc.addTransceiver(track, { direction: 'sendonly' });
    }
  }

  private async negotiate(): Promise<void> {
    if (!this.changed) return;
    this.changed = false;
    await this.pc.setLocalDescription();
    await this.signals.tracks(this.sources());
    const sdp = await this.signals.offer(this.pc.localDescription?.sdp ?? '');
    if (this.closed) return;
    await this.pc.setRemoteDescription({ type: 'answer', sdp: withSounds(sdp, this.sounds()) });
    this.candidates.open();
  }

  /** How the lines with sound are wanted: a browser's encoder goes by what the other side says. */
  private sounds(): Map<string, Sound> {
    const sounds = new Map<string, Sound>();
    for (const { mid, source } of this.sources()) {
      if (source === 'microphone') sounds.set(mid, this.sound);
      if (source === 'screen_audio') sounds.set(mid, 'music');
    }
    return sounds;
  }

  /** One step after the other. */
  private run(step: () => Promise<void>): void {
    this.work = this.work.then(() => (this.closed ? undefined : step())).catch((error: unknown) => this.fail(error));
  }

  /** What fails after close() no longer matters. */
  private fail(error: unknown): void {
    if (!this.closed) this.signals.failed(error);
  }
}
