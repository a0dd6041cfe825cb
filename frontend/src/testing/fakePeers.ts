/* What jsdom lacks of WebRTC, as far as the meeting's sessions use it. */

export class FakeTrack extends EventTarget {
  enabled = true;
  readyState: MediaStreamTrackState = 'live';
  contentHint = '';
  /** The system keeps its device from giving anything. */
  muted = false;
  onended: (() => void) | null = null;
  /** What was asked of it last. */
  constraints: MediaTrackConstraints = {};
  capabilities: object = {};

  constructor(
    readonly kind: 'audio' | 'video',
    readonly label = `fake ${kind}`,
    private readonly settings: MediaTrackSettings = {},
  ) {
    super();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  clone(): FakeTrack {
    return new FakeTrack(this.kind, this.label, this.settings);
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  getConstraints(): MediaTrackConstraints {
    return this.constraints;
  }

  getCapabilities(): object {
    return this.capabilities;
  }

  applyConstraints(constraints: MediaTrackConstraints): Promise<void> {
    this.constraints = constraints;
    Object.assign(this.settings, constraints);
    return Promise.resolve();
  }
}

export class FakeSender {
  /** How often parameters were set. */
  changes = 0;
  private transaction = 0;

  constructor(
    public track: FakeTrack | null,
    public encodings: RTCRtpEncodingParameters[] = [],
  ) {}

  getParameters(): { transactionId: string; encodings: RTCRtpEncodingParameters[] } {
    return { transactionId: String(++this.transaction), encodings: this.encodings.map((encoding) => ({ ...encoding })) };
  }

  /** Takes only what was read last, as browsers do. */
  setParameters({ transactionId, encodings }: { transactionId: string; encodings: RTCRtpEncodingParameters[] }): Promise<void> {
    if (transactionId !== String(this.transaction)) return Promise.reject(new DOMException('stale', 'InvalidModificationError'));
    this.encodings = encodings;
    this.changes += 1;
    return Promise.resolve();
  }

  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }
}

interface FakeTransceiver {
  mid: string | null;
  direction?: RTCRtpTransceiverDirection;
  sender: FakeSender;
  receiver: { track: FakeTrack };
}

/** One end of a data channel; what is sent stays in `sent`. */
export class FakeDataChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly sent: unknown[] = [];

  constructor(readonly label: string) {
    super();
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  opens(): void {
    this.readyState = 'open';
    this.onopen?.();
  }

  hears(data: unknown): void {
    this.onmessage?.({ data });
  }
}

export class FakePeerConnection {
  static made: FakePeerConnection[] = [];
  /** Those not closed: publisher, then subscriber. */
  static get live(): FakePeerConnection[] {
    return FakePeerConnection.made.filter((pc) => pc.connectionState !== 'closed');
  }

  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: { type: string; sdp: string } | null = null;
  channels: FakeDataChannel[] = [];
  remoteDescriptions: { type: string; sdp: string }[] = [];
  candidates: RTCIceCandidateInit[] = [];
  transceivers: FakeTransceiver[] = [];
  restarts = 0;
  onicecandidate: unknown = null;
  ontrack: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor(readonly configuration: RTCConfiguration = {}) {
    FakePeerConnection.made.push(this);
  }

  get remoteDescription(): { type: string; sdp: string } | null {
    return this.remoteDescriptions.at(-1) ?? null;
  }

  createDataChannel(label: string): FakeDataChannel {
    const channel = new FakeDataChannel(label);
    this.channels.push(channel);
    return channel;
  }

  createOffer({ iceRestart = false }: RTCOfferOptions = {}): Promise<{ type: string; sdp: string }> {
    if (iceRestart) this.restarts += 1;
    return Promise.resolve({ type: 'offer', sdp: `offer ${this.transceivers.length} path ${this.restarts}` });
  }

  createAnswer(): Promise<{ type: string; sdp: string }> {
    return Promise.resolve({ type: 'answer', sdp: `answer to ${this.remoteDescription?.sdp}` });
  }

  getStats(): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map());
  }

  addTransceiver(track: FakeTrack | 'audio' | 'video', init?: RTCRtpTransceiverInit): FakeTransceiver {
    const sent = typeof track === 'string' ? null : track;
    const line = { mid: null, sender: new FakeSender(sent, init?.sendEncodings), receiver: { track: new FakeTrack('audio') } };
    this.transceivers.push(line);
    return line;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  setLocalDescription(description?: { type: string; sdp: string }): Promise<void> {
    this.transceivers.forEach((line, index) => (line.mid ??= String(index)));
    this.localDescription = description ?? { type: 'any', sdp: `local ${this.transceivers.length}` };
    if (description) this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    return Promise.resolve();
  }

  /** An offer "offer 2" makes two media lines to receive. */
  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescriptions.push(description);
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    const lines = description.type === 'offer' ? Number(description.sdp.split(' ')[1]) : 0;
    while (this.transceivers.length < lines) {
      this.transceivers.push({ mid: String(this.transceivers.length), sender: new FakeSender(null), receiver: { track: new FakeTrack('video') } });
    }
    return Promise.resolve();
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    this.candidates.push(candidate);
    return Promise.resolve();
  }

  restartIce(): void {
    this.restarts += 1;
  }

  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.connectionState = 'closed';
  }
}

type Denied = 'NotAllowedError' | 'NotFoundError' | 'NotReadableError';

/** navigator.mediaDevices with one microphone, one camera and a screen; each can be made to fail by its name. */
export class FakeMediaDevices extends EventTarget {
  readonly opened: FakeTrack[] = [];
  /** What getUserMedia and getDisplayMedia were asked for, in order. */
  readonly asked: MediaStreamConstraints[] = [];
  refuse: Partial<Record<'audio' | 'video', Denied>> = {};
  supported: Record<string, boolean> = {};
  plugged: Partial<MediaDeviceInfo>[] = [];
  /** What a new track says of itself. */
  settings: (constraints: MediaTrackConstraints) => MediaTrackSettings = () => ({});

  getUserMedia(constraints: MediaStreamConstraints): Promise<{ getTracks(): FakeTrack[] }> {
    this.asked.push(constraints);
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    const refused = kinds.map((kind) => this.refuse[kind]).find(Boolean);
    if (refused) return Promise.reject(new DOMException('refused', refused));
    const tracks = kinds.map((kind) => this.open(kind, constraints[kind]));
    return Promise.resolve({ getTracks: () => tracks });
  }

  getDisplayMedia(options: MediaStreamConstraints = {}): Promise<{ getVideoTracks(): FakeTrack[]; getAudioTracks(): FakeTrack[] }> {
    this.asked.push(options);
    const video = this.open('video');
    return Promise.resolve({ getVideoTracks: () => [video], getAudioTracks: () => [] });
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return this.supported;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.plugged as MediaDeviceInfo[]);
  }

  private open(kind: 'audio' | 'video', constraints: MediaTrackConstraints | boolean = {}): FakeTrack {
    const track = new FakeTrack(kind, `fake ${kind}`, typeof constraints === 'object' ? this.settings(constraints) : {});
    this.opened.push(track);
    return track;
  }
}
