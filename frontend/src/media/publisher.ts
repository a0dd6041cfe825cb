import type { Candidate, TrackSource, TrackSourceName } from '@/api/wire.gen';
import { CandidateQueue, trickle } from './candidates';

export interface PublisherSignals {
  tracks(tracks: TrackSource[]): Promise<unknown>;
  /** Answers the server's description. */
  offer(sdp: string): Promise<string>;
  candidate(candidate: Candidate): void;
  failed(error: unknown): void;
}

/** One encoding per track for now; simulcast layers of the camera go here. Bit rates in bit/s. */
const encodings: Record<TrackSourceName, RTCRtpEncodingParameters[]> = {
  microphone: [{ maxBitrate: 40_000, networkPriority: 'high' }],
  camera: [{ maxBitrate: 800_000, maxFramerate: 30 }],
  screen: [{ maxBitrate: 2_500_000, maxFramerate: 15 }],
  screen_audio: [{ maxBitrate: 96_000 }],
};

/** Sends this window's tracks: a media line of its own per source, made when first needed and kept for good. */
export class Publisher {
  private readonly lines = new Map<TrackSourceName, RTCRtpTransceiver>();
  private readonly candidates: CandidateQueue;
  private work: Promise<void> = Promise.resolve();
  private changed = false;
  private closed = false;

  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly signals: PublisherSignals,
  ) {
    this.candidates = new CandidateQueue(pc);
    trickle(pc, (candidate) => signals.candidate(candidate));
  }

  /** Sends a track as a source from now on, or nothing. Only the first track of a source needs a negotiation. */
  set(source: TrackSourceName, track: MediaStreamTrack | null): void {
    const line = this.lines.get(source);
    if (line) {
      this.run(() => line.sender.replaceTrack(track));
    } else if (track && !this.closed) {
      this.lines.set(source, this.pc.addTransceiver(track, { direction: 'sendonly', sendEncodings: encodings[source] }));
      this.changed = true;
      this.run(() => this.negotiate());
    }
  }

  addCandidate(candidate: Candidate): void {
    this.candidates.add(candidate);
  }

  close(): void {
    this.closed = true;
    this.pc.onicecandidate = null;
    this.pc.close();
  }

  private async negotiate(): Promise<void> {
    if (!this.changed) return;
    this.changed = false;
    await this.pc.setLocalDescription();
    const tracks = [...this.lines].flatMap(([source, { mid }]) => (mid === null ? [] : [{ mid, source }]));
    await this.signals.tracks(tracks);
    const sdp = await this.signals.offer(this.pc.localDescription?.sdp ?? '');
    if (this.closed) return;
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
    this.candidates.open();
  }

  /** One step after the other; what fails after close() no longer matters. */
  private run(step: () => Promise<void>): void {
    this.work = this.work
      .then(() => (this.closed ? undefined : step()))
      .catch((error: unknown) => {
        if (!this.closed) this.signals.failed(error);
      });
  }
}
