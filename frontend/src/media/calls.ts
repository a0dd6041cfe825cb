import type { ActiveCall, Call, CallChanged, CallMedia, Profile } from '@/api/wire.gen';
import { type CallEnd } from './callMachine';
import { CallSession, type CallSocket } from './callSession';
import type { LocalNotice } from './localMedia';
import { Store } from './store';

export interface CallsSnapshot {
  /** This window's call, also when it is over, until it was put away. */
  current: CallSession | null;
  /** Those that ring here, the oldest first. */
  ringing: CallSession[];
  /** A call of this person in another window of this browser, or one whose window is gone ("free"). */
  other: OtherCall | null;
}

export interface OtherCall {
  call: Call;
  place: 'free' | 'here';
}

export type CallsNotice = LocalNotice | { kind: 'elsewhere'; user: Profile } | { kind: 'already'; user: Profile };

export interface CallsOptions {
  socket: CallSocket;
  /** Of the person whose window this is. */
  myId: string;
  /** The calls of this person that have not ended. */
  active: () => Promise<ActiveCall[]>;
  relayOnly: () => boolean;
  onNotice: (notice: CallsNotice) => void;
}

/** What windows of one browser tell each other: this call goes on here, or does no more. */
type WindowMessage = { call: Call; on: boolean };

const CHANNEL = 'lectern.calls';

/** All calls of one window: at most one that is spoken in, and those that ring beside it. */
export class Calls {
  private readonly store = new Store<CallsSnapshot>({ current: null, ringing: [], other: null });
  private readonly windows = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;
  private readonly offs: (() => void)[];
  /** The call that other windows were told of. */
  private told: Call | null = null;
  private seenSession = 0;

  constructor(private readonly options: CallsOptions) {
    const { socket } = options;
    this.offs = [socket.on('call.ringing', (changed) => this.onRinging(changed)), socket.onState(() => this.onSocketState())];
    if (this.windows) this.windows.onmessage = ({ data }: MessageEvent<WindowMessage>) => this.onWindow(data);
    this.onSocketState();
  }

  readonly snapshot = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Calls somebody, or answers when they are calling already. */
  call(user: Profile, media: CallMedia): void {
    const { current, ringing } = this.snapshot();
    const calling = ringing.find((session) => session.snapshot().user.id === user.id);
    if (calling) return this.accept(calling, media);
    if (isLive(current)) {
      if (current.snapshot().user.id !== user.id) this.options.onNotice({ kind: 'already', user: current.snapshot().user });
      return;
    }
    const session = this.session(user);
    this.store.patch({ current: session, other: null });
    void session.invite(media);
  }

  /** Answers a call that rings; one that goes on ends. */
  accept(session: CallSession, media: CallMedia): void {
    const { current, ringing } = this.snapshot();
    if (isLive(current)) current.hangup();
    this.store.patch({ current: session, ringing: ringing.filter((other) => other !== session), other: null });
    void session.accept(media);
  }

  /** Goes on with a call that another window has or had. */
  resume({ call }: OtherCall, media: CallMedia = 'audio'): void {
    if (isLive(this.snapshot().current)) return;
    const session = this.session(call.caller.id === this.options.myId ? call.callee : call.caller);
    this.store.patch({ current: session, other: null });
    void session.resume(call, media);
  }

  /** Ends a call whose window is gone, without going back to it. */
  endOther(): void {
    const { other } = this.snapshot();
    this.store.patch({ other: null });
    if (other) this.options.socket.send('call.hangup', { call_id: other.call.id }).catch(() => undefined);
  }

  /** Puts a call that is over away. */
  dismiss(): void {
    if (!isLive(this.snapshot().current)) this.store.patch({ current: null });
  }

  close(): void {
    for (const off of this.offs.splice(0)) off();
    const { current, ringing } = this.snapshot();
    for (const session of [current, ...ringing]) session?.close();
    this.windows?.close();
  }

  private session(user: Profile): CallSession {
    const { socket, relayOnly, onNotice } = this.options;
    const session: CallSession = new CallSession({ socket, user, relayOnly, onNotice });
    let phase = session.snapshot().phase;
    const off = session.subscribe(() => {
      const now = session.snapshot();
      if (now.phase === phase) return;
      phase = now.phase;
      if (session === this.snapshot().current) this.tellWindows(session);
      if (phase !== 'ended') return;
      off();
      this.onOver(session, now.end);
    });
    return session;
  }

  private onRinging(changed: CallChanged): void {
    const { current, ringing } = this.snapshot();
    const { call } = changed;
    if (call.callee.id !== this.options.myId) return;
    if ([current, ...ringing].some((session) => session?.id === call.id)) return;
    // We are calling them, too: the server makes one call of the two.
    if (current?.snapshot().phase === 'outgoing' && current.snapshot().user.id === call.caller.id) return;
    const session = this.session(call.caller);
    session.ring(changed);
    this.store.patch({ ringing: [...ringing, session] });
  }

  private onOver(session: CallSession, end: CallEnd | null): void {
    const { ringing } = this.snapshot();
    if (!ringing.includes(session)) return;
    this.store.patch({ ringing: ringing.filter((other) => other !== session) });
    if (end === 'elsewhere') this.options.onNotice({ kind: 'elsewhere', user: session.snapshot().user });
  }

  private onSocketState(): void {
    const { socket, active } = this.options;
    if (socket.state !== 'open' || socket.sessionCount === this.seenSession) return;
    this.seenSession = socket.sessionCount;
    if (isLive(this.snapshot().current)) return;
    active().then(
      (calls) => {
        const found = calls.find(({ place }) => place === 'free' || place === 'here');
        if (found && !isLive(this.snapshot().current)) this.store.patch({ other: { call: found, place: found.place === 'free' ? 'free' : 'here' } });
      },
      () => undefined, // it is only an offer
    );
  }

  private tellWindows(session: CallSession): void {
    const { phase, call } = session.snapshot();
    const on = phase !== 'ended';
    if (call && (on || this.told)) this.windows?.postMessage({ call, on } satisfies WindowMessage);
    this.told = on ? call : null;
  }

  private onWindow({ call, on }: WindowMessage): void {
    if (isLive(this.snapshot().current)) return;
    const { other } = this.snapshot();
    if (on) this.store.patch({ other: { call, place: 'here' } });
    else if (other?.call.id === call.id) this.store.patch({ other: null });
  }
}

function isLive(session: CallSession | null): session is CallSession {
  return session !== null && session.snapshot().phase !== 'ended';
}
