/* What jsdom lacks of WebRTC, as far as the meeting's sessions use it. */

export class FakeTrack extends EventTarget {
  enabled = true;
  readyState: MediaStreamTrackState = 'live';
  contentHint = '';
  onended: (() => void) | null = null;

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

  getSettings(): MediaTrackSettings {
    return this.settings;
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
  sender: FakeSender;
  receiver: { track: FakeTrack };
}

export class FakePeerConnection {
  static made: FakePeerConnection[] = [];
  /** Those not closed: publisher, then subscriber. */
  static get live(): FakePeerConnection[] {
    return FakePeerConnection.made.filter((pc) => pc.connectionState !== 'closed');
  }

  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
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

  addTransceiver(track: FakeTrack, init?: RTCRtpTransceiverInit): FakeTransceiver {
    const line = { mid: null, sender: new FakeSender(track, init?.sendEncodings), receiver: { track: new FakeTrack('audio') } };
    this.transceivers.push(line);
    return line;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  setLocalDescription(): Promise<void> {
    this.transceivers.forEach((line, index) => (line.mid ??= String(index)));
    this.localDescription = { type: 'any', sdp: `local ${this.transceivers.length}` };
    return Promise.resolve();
  }

  /** An offer "offer 2" makes two media lines to receive. */
  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescriptions.push(description);
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
  refuse: Partial<Record<'audio' | 'video', Denied>> = {};

  getUserMedia(constraints: MediaStreamConstraints): Promise<{ getTracks(): FakeTrack[] }> {
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    const refused = kinds.map((kind) => this.refuse[kind]).find(Boolean);
    if (refused) return Promise.reject(new DOMException('refused', refused));
    return Promise.resolve({ getTracks: () => kinds.map((kind) => this.open(kind)) });
  }

  getDisplayMedia(): Promise<{ getVideoTracks(): FakeTrack[]; getAudioTracks(): FakeTrack[] }> {
    const video = this.open('video');
    return Promise.resolve({ getVideoTracks: () => [video], getAudioTracks: () => [] });
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return {};
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve([]);
  }

  private open(kind: 'audio' | 'video'): FakeTrack {
    const track = new FakeTrack(kind);
    this.opened.push(track);
    return track;
  }
}
