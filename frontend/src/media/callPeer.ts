import { newId } from '@/api/ids';
import type { CallSignal, Candidate, ICEServer, SessionDescription, TrackSourceName } from '@/api/wire.gen';
import { CandidateQueue, trickle } from './candidates';
import { preferredCodecs } from './codecs';
import { degradationOf, singleEncoding } from './encodings';
import { type Sound, withSounds } from './sdp';
import type { MediaPeers } from './statistics';

/** The media lines of a call, always these and always in this order: switching something on needs no negotiation. */
export const LINES = ['microphone', 'camera', 'screen', 'screen_audio'] as const satisfies readonly TrackSourceName[];
const SOUNDS: ReadonlyMap<number, Sound> = new Map([
  [LINES.indexOf('microphone'), 'speech'],
  [LINES.indexOf('screen_audio'), 'music'],
]);

/** Candidates come in bursts; they are sent in as few frames. */
const BATCH_MS = 40;
const BATCH_MAX = 50;

/** The other side's tracks; one that is not sent at the moment is there and silent. */
export type RemoteTracks = Record<TrackSourceName, MediaStreamTrack>;

export interface CallPeerOptions {
  iceServers: ICEServer[];
  /** Nothing but relays: for support, and for those who do not want to show their address. */
  relayOnly: boolean;
  /** The polite side takes its own offer back when both offer at once. */
  polite: boolean;
  send(signal: Pick<CallSignal, 'description' | 'candidates'>): void;
  remote(tracks: RemoteTracks): void;
  failed(error: unknown): void;
}

/** One side of a call: a peer connection with fixed lines and two data channels, and perfect negotiation. */
export class CallPeer {
  /** Names this connection to the other side. */
  readonly id = newId();
  readonly pc: RTCPeerConnection;
  /** Short messages between the two sides. */
  readonly control: RTCDataChannel;
  /** Pieces of files. */
  readonly bulk: RTCDataChannel;
  private readonly tracks = new Map<TrackSourceName, MediaStreamTrack | null>();
  private lines: RTCRtpTransceiver[] = [];
  private readonly candidates: CandidateQueue;
  private batch: Candidate[] = [];
  private batchTimer: ReturnType<typeof setTimeout> | undefined;
  private work: Promise<void> = Promise.resolve();
  private started = false;
  private closed = false;

  constructor(private readonly options: CallPeerOptions) {
    this.pc = new RTCPeerConnection({
      iceServers: options.iceServers,
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
    });
    this.control = this.pc.createDataChannel('control', { negotiated: true, id: 0 });
    this.bulk = this.pc.createDataChannel('bulk', { negotiated: true, id: 1 });
    this.bulk.binaryType = 'arraybuffer';
    this.candidates = new CandidateQueue(this.pc);
    trickle(this.pc, (candidate) => this.collect(candidate));
  }

  /** The other side is there. The impolite side makes the first offer; a second start does nothing. */
  start(): void {
    if (this.started) return;
    this.started = true;
    if (this.options.polite) return;
    this.run(async () => {
      this.bind(LINES.map((source) => this.pc.addTransceiver(kindOf(source), { direction: 'sendrecv' })));
      await this.describe(await this.pc.createOffer());
    });
  }

  /** Sends a track as a source from now on, or nothing. */
  set(source: TrackSourceName, track: MediaStreamTrack | null): void {
    this.tracks.set(source, track);
    if (this.lines.length > 0) this.run(() => this.fill(source));
  }

  /** Takes what the other side says. */
  signal({ description, candidates }: Pick<CallSignal, 'description' | 'candidates'>): void {
    if (description) this.run(() => this.take(description));
    if (candidates) this.run(() => Promise.resolve(candidates.forEach((candidate) => this.candidates.add(candidate))));
  }

  /** Looks for a new path; what is sent stays. */
  restart(): void {
    this.run(async () => {
      if (this.pc.signalingState === 'have-local-offer') this.sendDescription();
      else if (this.pc.remoteDescription) await this.describe(await this.pc.createOffer({ iceRestart: true }));
    });
  }

  /** Signals may have been lost on the way: an offer without an answer is made again. */
  remind(): void {
    this.run(() => Promise.resolve(this.pc.signalingState === 'have-local-offer' ? this.sendDescription() : undefined));
  }

  /** What of the other side's certificate and one's own was agreed on; null before both are known. */
  fingerprints(): { own: string; theirs: string } | null {
    const [own, theirs] = [fingerprint(this.pc.localDescription), fingerprint(this.pc.remoteDescription)];
    return own && theirs ? { own, theirs } : null;
  }

  /** Sends tones; null where this connection cannot. */
  get tones(): RTCDTMFSender | null {
    const { dtmf } = this.lines[LINES.indexOf('microphone')]?.sender ?? {};
    return dtmf?.canInsertDTMF ? dtmf : null;
  }

  peers(): MediaPeers {
    const sources = new Map(this.lines.flatMap(({ mid }, place) => (mid === null ? [] : [[mid, LINES[place] ?? 'camera'] as const])));
    return { publisher: this.pc, subscriber: this.pc, sources };
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.batchTimer);
    this.pc.onicecandidate = null;
    this.pc.close();
  }

  private bind(lines: RTCRtpTransceiver[]): void {
    this.lines = lines;
    lines.forEach((line, place) => {
      const codecs = preferredCodecs(LINES[place] ?? 'camera');
      line.direction = 'sendrecv';
      if (codecs) line.setCodecPreferences(codecs);
    });
    for (const source of LINES) this.run(() => this.fill(source));
  }

  private async fill(source: TrackSourceName): Promise<void> {
    const sender = this.lines[LINES.indexOf(source)]?.sender;
    if (!sender) return;
    await sender.replaceTrack(this.tracks.get(source) ?? null);
    const parameters = sender.getParameters();
    // A face that moves is worth more than its pixels; "balanced" stays at ten pictures a second after a slow start.
    const preference = degradationOf(source) ?? (source === 'camera' ? 'maintain-framerate' : undefined);
    parameters.encodings = parameters.encodings.map((encoding) => ({ ...encoding, ...singleEncoding(source) }));
    if (preference) parameters.degradationPreference = preference;
    // Before the first negotiation there is nothing to set, and a browser that refuses sends with its own limits.
    if (parameters.encodings.length > 0) await sender.setParameters(parameters).catch(() => undefined);
  }

  private async take(description: SessionDescription): Promise<void> {
    const { pc, options } = this;
    if (description.type === 'answer' && pc.signalingState !== 'have-local-offer') return;
    // Both offered at once: the impolite side goes on as if it had heard nothing, and the other one answers it.
    if (description.type === 'offer' && pc.signalingState !== 'stable' && !options.polite) return;
    await pc.setRemoteDescription(description as RTCSessionDescriptionInit);
    if (this.lines.length === 0) this.bind(pc.getTransceivers().slice(0, LINES.length));
    if (description.type === 'offer') await this.describe(await pc.createAnswer());
    this.candidates.open();
    // Encodings can be set only now.
    for (const source of LINES) this.run(() => this.fill(source));
    const [microphone, camera, screen, screenAudio] = this.lines.map(({ receiver }) => receiver.track);
    if (microphone && camera && screen && screenAudio) options.remote({ microphone, camera, screen, screen_audio: screenAudio });
  }

  private async describe(description: RTCSessionDescriptionInit): Promise<void> {
    const wanted = { ...description, sdp: withSounds(description.sdp ?? '', SOUNDS) };
    await this.pc.setLocalDescription(wanted).catch(() => this.pc.setLocalDescription(description));
    this.sendDescription();
  }

  private sendDescription(): void {
    const description = this.pc.localDescription;
    if (!description || this.closed) return;
    this.flush(); // candidates of before belong before it
    this.options.send({ description: { type: description.type, sdp: description.sdp } });
  }

  private collect(candidate: Candidate): void {
    this.batch.push(candidate);
    if (this.batch.length >= BATCH_MAX) this.flush();
    else this.batchTimer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private flush(): void {
    clearTimeout(this.batchTimer);
    this.batchTimer = undefined;
    const candidates = this.batch;
    this.batch = [];
    if (candidates.length > 0 && !this.closed) this.options.send({ candidates });
  }

  /** One step after the other. What fails after close() no longer matters. */
  private run(step: () => Promise<void>): void {
    this.work = this.work
      .then(() => (this.closed ? undefined : step()))
      .catch((error: unknown) => {
        if (!this.closed) this.options.failed(error);
      });
  }
}

function kindOf(source: TrackSourceName): 'audio' | 'video' {
  return source === 'microphone' || source === 'screen_audio' ? 'audio' : 'video';
}

function fingerprint(description: RTCSessionDescription | null): string | null {
  return /^a=fingerprint:(\S+ \S+)/m.exec(description?.sdp ?? '')?.[1]?.toLowerCase() ?? null;
}
