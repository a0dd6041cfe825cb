import type { CallEntered, CallSignal, CallState, TrackSourceName } from '@/api/wire.gen';
import { CallChannel, type PeerMessage } from './callChannel';
import { CodeExchange } from './callCode';
import type { CallFiles } from './callFiles';
import { CallPeer, type RemoteTracks } from './callPeer';
import { watchQuality } from './callQuality';
import type { Quality } from './quality';
import { Recovery, withPerson } from './recovery';
import type { MediaPeers } from './statistics';

export interface CallLinkListener {
  /** Sends to the other side through the server. */
  signal(signal: Omit<CallSignal, 'call_id'>): void;
  /** Media flows, for the first time or again. */
  connected(): void;
  interrupted(): void;
  /** No path to the other side in time. */
  failed(): void;
  remote(tracks: RemoteTracks | null): void;
  state(state: CallState): void;
  quality(quality: Quality): void;
  /** What both sides can compare by voice; null while there is nothing to compare. */
  code(code: number[] | null): void;
  /** The other side has hung up. */
  bye(): void;
}

export interface CallLinkOptions {
  entered: CallEntered;
  relayOnly: boolean;
  files: CallFiles;
  listener: CallLinkListener;
}

/** Everything that depends on one peer connection. */
interface Connection {
  peer: CallPeer;
  recovery: Recovery;
  channel: CallChannel;
  code: CodeExchange;
  endQuality: () => void;
}

const FIRST_PATH_MS = withPerson.firstPath;

/**
 * The way from this side of a call to the other. Both sides say that they are ready before either offers; a side whose
 * page was loaded anew says so under a new name, and the other one begins anew with it.
 */
export class CallLink {
  private connection: Connection;
  /** The other side's connection; null until it was heard of. */
  private theirs: string | null = null;
  /** It knows of ours, too; a further word of readiness means that signals may have been lost. */
  private met = false;
  private readonly tracks = new Map<TrackSourceName, MediaStreamTrack | null>();
  private state: CallState | null = null;
  private firstPath: ReturnType<typeof setTimeout> | undefined;
  private flowing = false;
  private closed = false;

  constructor(private readonly options: CallLinkOptions) {
    this.connection = this.connect();
    this.hello();
  }

  set(source: TrackSourceName, track: MediaStreamTrack | null): void {
    this.tracks.set(source, track);
    this.connection.peer.set(source, track);
  }

  /** Shows the other side what one is doing: directly where possible, else through the server. */
  tell(state: CallState): void {
    this.state = state;
    const { channel } = this.connection;
    if (channel.isOpen) channel.send({ type: 'state', state });
    else this.options.listener.signal({ state });
  }

  /** Says directly that this side hangs up: the server may not be there to say so. */
  bye(): void {
    this.connection.channel.send({ type: 'bye' });
  }

  signal(signal: CallSignal): void {
    if (this.closed) return;
    if (signal.state) this.options.listener.state(signal.state);
    if (signal.ready && signal.peer) this.onReady(signal.peer, signal.to ?? '');
    else if (signal.peer === this.theirs && signal.to === this.connection.peer.id) this.connection.peer.signal(signal);
  }

  /** The socket was gone; what was sent meanwhile has not arrived. */
  resumed(): void {
    this.hello();
    if (this.state && !this.connection.channel.isOpen) this.tell(this.state);
    this.remind();
  }

  peers(): MediaPeers {
    return this.connection.peer.peers();
  }

  get tones(): RTCDTMFSender | null {
    return this.connection.peer.tones;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.firstPath);
    this.disconnect();
    this.options.files.abandon();
  }

  private onReady(theirs: string, to: string): void {
    const before = this.theirs;
    this.theirs = theirs;
    if (before !== null && before !== theirs) {
      this.met = false;
      this.interrupted();
      this.disconnect();
      this.connection = this.connect();
      for (const [source, track] of this.tracks) this.connection.peer.set(source, track);
    }
    const known = to === this.connection.peer.id;
    if (!known) this.hello();
    this.connection.peer.start();
    if (known && this.met) this.remind();
    this.met ||= known;
  }

  private remind(): void {
    if (this.flowing) this.connection.peer.remind();
    else this.connection.peer.restart();
  }

  private hello(): void {
    this.options.listener.signal({ peer: this.connection.peer.id, to: this.theirs ?? '', ready: true });
  }

  private connect(): Connection {
    const { entered, relayOnly, files, listener } = this.options;
    const peer: CallPeer = new CallPeer({
      iceServers: entered.ice_servers,
      relayOnly,
      polite: entered.polite,
      send: (signal) => listener.signal({ peer: peer.id, to: this.theirs ?? '', ...signal }),
      remote: (tracks) => listener.remote(tracks),
      failed: (error) => {
        console.warn('call: a step of the negotiation failed', error);
        peer.restart();
      },
    });
    const recovery = new Recovery(
      {
        restart: () => peer.restart(),
        connected: () => this.connected(),
        interrupted: (interrupted) => (interrupted ? this.interrupted() : this.connected()),
        failed: () => this.fail(),
      },
      withPerson,
    );
    recovery.watch(peer.pc);
    const code = new CodeExchange(
      entered.call_id,
      () => peer.fingerprints(),
      (message) => channel.send(message),
      (agreed) => listener.code(agreed),
    );
    const channel: CallChannel = new CallChannel(peer.control, {
      open: () => {
        if (this.state) channel.send({ type: 'state', state: this.state });
        void code.begin();
      },
      message: (message) => this.onMessage(message),
    });
    files.connect(peer.bulk);
    clearTimeout(this.firstPath);
    this.firstPath = setTimeout(() => this.fail(), FIRST_PATH_MS);
    return { peer, recovery, channel, code, endQuality: watchQuality(() => peer.peers(), (quality) => listener.quality(quality)) };
  }

  private disconnect(): void {
    const { peer, recovery, endQuality } = this.connection;
    endQuality();
    recovery.close();
    peer.close();
    this.options.listener.remote(null);
    this.options.listener.code(null);
  }

  private onMessage(message: PeerMessage): void {
    if (this.closed) return;
    if (message.type === 'state') this.options.listener.state(message.state);
    else if (message.type === 'bye') this.options.listener.bye();
    else if (message.type === 'commit' || message.type === 'reveal') void this.connection.code.take(message);
    else this.options.files.take(message);
  }

  /** For files: says something in the control channel. */
  send(message: PeerMessage): void {
    this.connection.channel.send(message);
  }

  private connected(): void {
    clearTimeout(this.firstPath);
    this.flowing = true;
    this.options.listener.connected();
  }

  private interrupted(): void {
    this.flowing = false;
    this.options.listener.interrupted();
  }

  private fail(): void {
    if (!this.closed) this.options.listener.failed();
  }
}
