import { newId } from '@/api/ids';
import type { Call, CallChanged, CallEntered, CallMedia, CallReason, CallSignal, CallState, Profile, TrackSourceName } from '@/api/wire.gen';
import { type Socket, SocketError } from '@/realtime/socket';
import { CallFiles } from './callFiles';
import { CallLink } from './callLink';
import { type CallEnd, type CallEvent, type CallPhase, isEntered, nextPhase } from './callMachine';
import type { RemoteTracks } from './callPeer';
import { LocalMedia, type LocalNotice } from './localMedia';
import type { Quality } from './quality';
import type { MediaPeers } from './statistics';
import { Store } from './store';

export interface CallSnapshot {
  phase: CallPhase;
  /** Why it is over; null before. */
  end: CallEnd | null;
  /** The server's word for a refusal. */
  refusal: string | null;
  /** Null before the server has answered. */
  call: Call | null;
  /** The other side. */
  user: Profile;
  outgoing: boolean;
  /** What was asked for. */
  media: CallMedia;
  /** The callee is in another call and hears of this one; for an incoming call: so are we. */
  waiting: boolean;
  /** The callee has no device at hand at the moment. */
  offline: boolean;
  muted: boolean;
  /** The other side's tracks; null while there is no connection. */
  remote: RemoteTracks | null;
  /** What the other side shows of itself. */
  state: CallState;
  quality: Quality;
  /** When the two were first connected, in milliseconds since 1970; null before. */
  since: number | null;
  /** Numbers of the pictures that both sides see. */
  code: number[] | null;
}

export type CallSocket = Pick<Socket, 'on' | 'send' | 'onState' | 'state' | 'sessionCount' | 'whenOpen'>;

export interface CallOptions {
  socket: CallSocket;
  user: Profile;
  relayOnly: () => boolean;
  onNotice: (notice: LocalNotice) => void;
}

/** Until a connection over which something was said last is closed. */
const BYE_MS = 300;

const silent: CallState = { muted: false, video_on: false, sharing: false };

/** One call in one window, from the first ring to the end. */
export class CallSession {
  readonly local: LocalMedia;
  readonly files = new CallFiles((message) => this.link?.send(message));
  private readonly store: Store<CallSnapshot>;
  private readonly offs: (() => void)[];
  private link: CallLink | null = null;
  /** Signals that came before this side was ready for them. */
  private early: CallSignal[] = [];
  private enteredSession = 0;
  /** How to reach the other side, kept from the invitation until it is answered. */
  private entered: CallEntered | null = null;
  /** An invitation that got lost on its way, to be made again. */
  private again: (() => void) | null = null;

  constructor(private readonly options: CallOptions) {
    const { socket, user, onNotice } = options;
    this.store = new Store<CallSnapshot>({
      phase: 'idle',
      end: null,
      refusal: null,
      call: null,
      user,
      outgoing: true,
      media: 'audio',
      waiting: false,
      offline: false,
      muted: false,
      remote: null,
      state: silent,
      quality: 'good',
      since: null,
      code: null,
    });
    this.local = new LocalMedia({
      track: (source, track) => this.onLocalTrack(source, track),
      notice: onNotice,
      screenEnded: () => this.stopScreen(),
    });
    const ours = <T extends { call_id: string }>(handle: (data: T) => void) => (data: T) => {
      if (data.call_id === this.id) handle(data);
    };
    this.offs = [
      socket.onState(() => this.onSocketState()),
      socket.on('call.ringing', ours((changed) => this.onRinging(changed))),
      socket.on('call.accepted', ours(({ call }) => this.onAccepted(call))),
      socket.on('call.taken', ours(({ call }) => this.finish(isEntered(this.snapshot().phase) ? 'moved' : 'elsewhere', call))),
      socket.on('call.declined', ours((changed) => this.onOver(changed))),
      socket.on('call.ended', ours((changed) => this.onOver(changed))),
      socket.on('call.signal', ours((signal) => this.onSignal(signal))),
    ];
  }

  readonly snapshot = () => this.store.get();
  readonly subscribe = (watcher: () => void) => this.store.subscribe(watcher);

  get id(): string | null {
    return this.snapshot().call?.id ?? null;
  }

  /** Calls the other side. */
  async invite(media: CallMedia): Promise<void> {
    if (!this.step('invite')) return;
    this.store.patch({ media, outgoing: true });
    this.openDevices(media);
    const { socket, user } = this.options;
    const invite = { user_id: user.id, media, client_id: newId() };
    this.enteredSession = socket.sessionCount;
    await this.enter('call.invite', invite);
  }

  /** This side is rung. */
  ring({ call, waiting }: CallChanged): void {
    if (this.step('ring')) this.store.patch({ call, media: call.media, outgoing: false, waiting: waiting === true });
  }

  /** Answers, with a picture or by voice. */
  async accept(media: CallMedia): Promise<void> {
    if (this.snapshot().phase !== 'incoming') return;
    this.openDevices(media);
    this.step('enter');
    await this.enter('call.accept', { call_id: this.id });
  }

  decline(reason?: 'busy'): void {
    if (this.snapshot().phase !== 'incoming') return;
    this.tellForSure('call.decline', { call_id: this.id, ...(reason ? { reason } : {}) });
    this.finish(reason ?? 'declined');
  }

  /** Takes a place back that another window of this person had: after a reload, or to go on here. */
  async resume(call: Call, media: CallMedia): Promise<void> {
    if (this.snapshot().phase !== 'idle') return;
    const since = call.answered_at ? Math.min(Date.now(), Date.parse(call.answered_at)) : null;
    this.store.patch({ call, media: call.media, outgoing: call.callee.id === this.options.user.id, since });
    this.openDevices(media);
    this.step('enter');
    await this.enter('call.resume', { call_id: call.id });
  }

  /** Ends the call at any time: what rings is cancelled, what goes on is hung up. */
  hangup(): void {
    const { phase } = this.snapshot();
    if (phase === 'incoming') return this.decline();
    if (phase === 'ended') return;
    const call_id = this.id;
    this.link?.bye();
    if (call_id) this.tellForSure(phase === 'outgoing' ? 'call.cancel' : 'call.hangup', { call_id });
    this.finish(phase === 'outgoing' ? 'cancelled' : 'hangup');
  }

  async setMuted(muted: boolean): Promise<void> {
    if (!muted && !(await this.local.open('microphone'))) return;
    this.store.patch({ muted });
    const { track } = this.local.snapshot().microphone;
    if (track) track.enabled = !muted;
    this.tell();
  }

  /** A voice call becomes a video call, and back. */
  async setCamera(on: boolean): Promise<void> {
    if (on) await this.local.open('camera');
    else this.local.switchOff('camera');
  }

  async shareScreen(): Promise<void> {
    if (await this.local.shareScreen()) this.tell();
  }

  stopScreen(): void {
    this.local.stopScreen();
    this.tell();
  }

  /** Whether the other side takes tones and this one can send them. */
  get takesTones(): boolean {
    return this.snapshot().state.tones === true && this.link?.tones != null;
  }

  tone(key: string): void {
    if (this.takesTones) this.link?.tones?.insertDTMF(key, 120, 70);
  }

  /** The peer connection, to be measured; null while there is none. */
  peers(): MediaPeers | null {
    return this.link?.peers() ?? null;
  }

  /** The window goes: nothing is told, so that a page that is loaded anew may come back. */
  close(): void {
    if (this.snapshot().phase !== 'ended') this.finish('moved');
  }

  // Entering and coming back

  private async enter(command: 'call.invite' | 'call.accept' | 'call.resume', data: object): Promise<void> {
    const { socket } = this.options;
    this.enteredSession = socket.sessionCount;
    try {
      const ack = await socket.send<CallEntered>(command, data);
      if (this.snapshot().phase === 'ended') this.undo(ack.call);
      else this.onEntered(ack);
    } catch (error) {
      this.onRefused(error, command === 'call.invite' ? data : null);
    }
  }

  private onEntered(ack: CallEntered): void {
    this.store.patch({ call: ack.call, waiting: ack.waiting === true, offline: ack.offline === true });
    if (ack.call.state === 'ended') return this.finish(endOf(ack.call.reason), ack.call);
    this.entered = ack;
    // An invitation of somebody who invites us is an answer at once.
    if (ack.call.state === 'active') this.begin();
  }

  private onAccepted(call: Call): void {
    this.store.patch({ call });
    this.begin();
  }

  private begin(): void {
    this.step('enter');
    if (!isEntered(this.snapshot().phase) || !this.entered) return;
    if (this.link) return this.link.resumed();
    this.store.patch({ waiting: false, offline: false });
    this.link = new CallLink({
      entered: this.entered,
      relayOnly: this.options.relayOnly(),
      files: this.files,
      listener: {
        signal: (signal) => this.send(signal),
        connected: () => this.step('connected'),
        interrupted: () => this.step('interrupted'),
        failed: () => this.onNoPath(),
        remote: (remote) => this.store.patch({ remote: this.snapshot().phase === 'ended' ? null : remote }),
        state: (state) => this.store.patch({ state }),
        quality: (quality) => this.store.patch({ quality }),
        code: (code) => this.store.patch({ code }),
        bye: () => this.onBye(),
      },
    });
    const { microphone, camera, screen } = this.local.snapshot();
    const sent: [TrackSourceName, MediaStreamTrack | null][] = [
      ['microphone', microphone.track],
      ['camera', camera.track],
      ['screen', screen?.video ?? null],
      ['screen_audio', screen?.audio ?? null],
    ];
    for (const [source, track] of sent) this.link.set(source, track);
    this.tell();
    for (const signal of this.early.splice(0)) this.link.signal(signal);
  }

  private onRefused(error: unknown, invite: object | null): void {
    if (this.snapshot().phase === 'ended') return;
    const code = error instanceof SocketError ? error.code : 'internal';
    if (code === 'connection_lost' || code === 'timeout') {
      // The next session of the socket comes back to it; an invitation under its own id makes no second call.
      if (invite) this.again = () => void this.enter('call.invite', invite);
      return;
    }
    const current = error instanceof SocketError ? (error.current as Call | undefined) : undefined;
    if (current && current.id === this.id) return this.finish(current.state === 'ended' ? endOf(current.reason) : 'elsewhere', current);
    this.store.patch({ refusal: code });
    this.finish('refused');
  }

  private onSocketState(): void {
    const { socket } = this.options;
    const { phase } = this.snapshot();
    if (socket.state !== 'open' || socket.sessionCount === this.enteredSession) return;
    const again = this.again;
    this.again = null;
    if (again && phase === 'outgoing') again();
    else if (this.id && phase !== 'incoming' && phase !== 'ended') void this.enter('call.resume', { call_id: this.id });
  }

  /** Somebody hung up before the server had answered. */
  private undo(call: Call): void {
    if (call.state === 'ended') return;
    this.tellForSure(call.state === 'ringing' ? 'call.cancel' : 'call.hangup', { call_id: call.id });
  }

  // What the other side and the server say

  private onRinging({ call, waiting, offline }: CallChanged): void {
    this.store.patch({ call, waiting: waiting === true, offline: offline === true });
  }

  private onSignal(signal: CallSignal): void {
    if (this.link) this.link.signal(signal);
    else this.early.push(signal);
  }

  private onOver({ call, reason }: CallChanged): void {
    this.finish(endOf(reason || call.reason), call);
  }

  private onBye(): void {
    if (this.snapshot().phase === 'ended') return;
    if (this.id) this.tellForSure('call.hangup', { call_id: this.id });
    this.finish('hangup');
  }

  private onNoPath(): void {
    if (this.snapshot().phase === 'ended') return;
    const reason = this.snapshot().since === null ? 'failed' : 'lost';
    if (this.id) this.tellForSure('call.hangup', { call_id: this.id, reason });
    this.finish(reason);
  }

  // Oneself

  private openDevices(media: CallMedia): void {
    void (media === 'video' ? this.local.openAll() : this.local.open('microphone'));
  }

  private onLocalTrack(source: TrackSourceName, track: MediaStreamTrack | null): void {
    if (source === 'microphone' && track) track.enabled = !this.snapshot().muted;
    this.link?.set(source, track);
    this.tell();
  }

  /** Shows the other side what this one does. */
  private tell(): void {
    const { microphone, camera, screen } = this.local.snapshot();
    const state: CallState = {
      muted: this.snapshot().muted || microphone.track === null,
      video_on: camera.track !== null,
      sharing: screen !== null,
    };
    this.link?.tell(state);
  }

  private send(signal: Omit<CallSignal, 'call_id'>): void {
    // What a lost connection swallows is told again by the link when the place was taken back.
    if (this.id) this.options.socket.send('call.signal', { call_id: this.id, ...signal }).catch(() => undefined);
  }

  /** For what ends something: also after the connection has come back. */
  private tellForSure(type: string, data: object): void {
    const { socket } = this.options;
    const tell = async () => {
      for (;;) {
        try {
          await socket.whenOpen();
          return await socket.send(type, data);
        } catch (error) {
          const code = error instanceof SocketError ? error.code : '';
          // Signed out, or the server knows of it already.
          if ((code !== 'connection_lost' && code !== 'timeout') || socket.state === 'closed') return undefined;
        }
      }
    };
    void tell();
  }

  /** Answers whether the event meant something. */
  private step(event: CallEvent): boolean {
    const { phase } = this.snapshot();
    const next = nextPhase(phase, event);
    this.store.patch({ phase: next, since: next === 'active' ? (this.snapshot().since ?? Date.now()) : this.snapshot().since });
    return next !== phase;
  }

  private finish(end: CallEnd, call?: Call): void {
    if (this.snapshot().phase === 'ended') return;
    for (const off of this.offs.splice(0)) off();
    const { link } = this;
    this.link = null;
    // What was said last leaves before its channel goes.
    if (link) setTimeout(() => link.close(), end === 'hangup' ? BYE_MS : 0);
    this.local.close();
    this.store.patch({ phase: nextPhase(this.snapshot().phase, 'end'), end, remote: null, ...(call ? { call } : {}) });
  }
}

function endOf(reason: CallReason | undefined): CallEnd {
  return reason || 'hangup';
}
