import type { Candidate, Track, TrackSourceName } from '@/api/wire.gen';
import { CandidateQueue, trickle } from './candidates';
import { heardInStereo } from './sdp';

/** A track of somebody else, as it arrives here. */
export interface RemoteMedia {
  /** The media line that brings it. */
  mid: string;
  participantId: string;
  source: TrackSourceName;
  track: MediaStreamTrack;
  muted: boolean;
  /** The server stopped sending for now. */
  paused: boolean;
}

export interface SubscriberSignals {
  answer(sdp: string): Promise<unknown>;
  candidate(candidate: Candidate): void;
  media(media: RemoteMedia[]): void;
  failed(error: unknown): void;
}

/** Receives the others' tracks: the server offers, and says in meeting.tracks whose each media line is. */
export class Subscriber {
  private readonly candidates: CandidateQueue;
  private named: Track[] = [];
  private work: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    readonly pc: RTCPeerConnection,
    private readonly signals: SubscriberSignals,
  ) {
    this.candidates = new CandidateQueue(pc);
    trickle(pc, (candidate) => signals.candidate(candidate));
    pc.ontrack = () => this.publish();
  }

  offer(sdp: string): void {
    this.work = this.work
      .then(() => this.answer(sdp))
      .catch((error: unknown) => {
        if (!this.closed) this.signals.failed(error);
      });
  }

  tracks(tracks: Track[]): void {
    this.named = tracks;
    this.publish();
  }

  addCandidate(candidate: Candidate): void {
    this.candidates.add(candidate);
  }

  close(): void {
    this.closed = true;
    this.pc.onicecandidate = null;
    this.pc.ontrack = null;
    this.pc.close();
  }

  private async answer(sdp: string): Promise<void> {
    if (this.closed) return;
    await this.pc.setRemoteDescription({ type: 'offer', sdp });
    this.candidates.open();
    const answer = await this.pc.createAnswer();
    // A browser that takes no changed description hears in mono.
    await this.pc.setLocalDescription({ type: 'answer', sdp: heardInStereo(answer.sdp ?? '') }).catch(() => this.pc.setLocalDescription(answer));
    if (this.closed) return;
    await this.signals.answer(this.pc.localDescription?.sdp ?? '');
    this.publish();
  }

  private publish(): void {
    if (this.closed) return;
    const lines = new Map(this.pc.getTransceivers().map((line) => [line.mid, line]));
    this.signals.media(
      this.named.flatMap(({ mid, participant_id, source, muted, paused }) => {
        const track = lines.get(mid)?.receiver.track;
        return track ? [{ mid, participantId: participant_id, source, track, muted, paused }] : [];
      }),
    );
  }
}
