import type { Candidate, ICEServer, TrackSourceName } from '@/api/wire.gen';
import type { Socket } from '@/realtime/socket';
import { Publisher } from './publisher';
import { Recovery } from './recovery';
import type { Sound } from './sdp';
import type { MediaPeers } from './statistics';
import { type RemoteMedia, Subscriber } from './subscriber';

export type SignalSocket = Pick<Socket, 'on' | 'send'>;

export interface ConnectionListener {
  media(media: RemoteMedia[]): void;
  /** Media does not flow while a new path is looked for, or flows again. */
  interrupted(interrupted: boolean): void;
  /** The media path is gone for good; a new connection has to be made. */
  failed(): void;
}

/**
 * The two peer connections of one stay in a meeting. Signals are heard from the start, since the server may offer before
 * the ack of meeting.join is here; they are kept until start().
 */
export class MediaConnection {
  private publisher: Publisher | null = null;
  private subscriber: Subscriber | null = null;
  private early: (() => void)[] | null = [];
  private readonly offs: (() => void)[];
  private readonly recovery: Recovery;
  private sound: Sound = 'speech';
  private closed = false;

  constructor(
    private readonly socket: SignalSocket,
    private readonly listener: ConnectionListener,
  ) {
    this.recovery = new Recovery({
      restart: () => this.publisher?.restart(),
      interrupted: (interrupted) => listener.interrupted(interrupted),
      failed: () => this.fail(),
    });
    this.offs = [
      socket.on('meeting.offer', ({ sdp }) => this.whenStarted(() => this.subscriber?.offer(sdp))),
      socket.on('meeting.tracks', ({ tracks }) => this.whenStarted(() => this.subscriber?.tracks(tracks))),
      socket.on('meeting.candidate', ({ target, candidate }) => this.whenStarted(() => this[target]?.addCandidate(candidate))),
      socket.on('meeting.layers', ({ tracks }) => {
        for (const { mid, rids } of tracks) this.publisher?.watched(mid, rids);
      }),
    ];
  }

  start(iceServers: ICEServer[]): void {
    if (this.closed) return;
    const failed = () => this.fail();
    this.publisher = new Publisher(this.peer(iceServers), {
      tracks: (tracks) => this.socket.send('meeting.tracks', { tracks }),
      offer: async (sdp) => (await this.socket.send<{ sdp: string }>('meeting.offer', { sdp })).sdp,
      candidate: (candidate) => this.sendCandidate('publisher', candidate),
      failed,
    });
    this.publisher.setSound(this.sound);
    this.subscriber = new Subscriber(this.peer(iceServers), {
      answer: (sdp) => this.socket.send('meeting.answer', { sdp }),
      candidate: (candidate) => this.sendCandidate('subscriber', candidate),
      media: (media) => this.listener.media(media),
      failed,
    });
    const early = this.early ?? [];
    this.early = null;
    for (const signal of early) signal();
  }

  set(source: TrackSourceName, track: MediaStreamTrack | null): void {
    this.publisher?.set(source, track);
  }

  /** What the microphone carries. */
  setSound(sound: Sound): void {
    this.sound = sound;
    this.publisher?.setSound(sound);
  }

  /** What can be measured; null before start() and after close(). */
  peers(): MediaPeers | null {
    const { publisher, subscriber } = this;
    if (!publisher || !subscriber || this.closed) return null;
    const sources = new Map(publisher.sources().map(({ mid, source }) => [mid, source]));
    return { publisher: publisher.pc, subscriber: subscriber.pc, sources };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const off of this.offs) off();
    this.recovery.close();
    this.publisher?.close();
    this.subscriber?.close();
  }

  private whenStarted(signal: () => void): void {
    if (this.early) this.early.push(signal);
    else signal();
  }

  private peer(iceServers: ICEServer[]): RTCPeerConnection {
    const pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.recovery.watch(pc);
    return pc;
  }

  private sendCandidate(target: 'publisher' | 'subscriber', candidate: Candidate): void {
    // A candidate that cannot be sent is one path less; a lost socket is noticed by the session.
    this.socket.send('meeting.candidate', { target, candidate }).catch(() => undefined);
  }

  private fail(): void {
    if (this.closed) return;
    this.close();
    this.listener.failed();
  }
}
