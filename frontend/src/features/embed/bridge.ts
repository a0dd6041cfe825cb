import type { MeetingPhase, MeetingSession } from '@/media/meetingSession';

/** What a page around a meeting's frame is told; docs/embed.md describes it. No names, no words, no pictures. */
export interface EmbedState {
  phase: MeetingPhase;
  muted: boolean;
  camera: boolean;
  screen: boolean;
  hand: boolean;
  /** People in the meeting, oneself included. */
  participants: number;
}

type Told = { type: 'ready'; version: 1 } | { type: 'state'; state: EmbedState } | { type: 'answer'; id: string | number; ok: boolean; error?: 'unknown_command' | 'invalid_input' | 'not_in_meeting' };

const switches: Record<string, (session: MeetingSession, on: boolean) => void> = {
  setMuted: (session, muted) => void session.setMuted(muted),
  setCamera: (session, on) => void session.setCamera(on),
  raiseHand: (session, raised) => session.raiseHand(raised),
};
const actions: Record<string, (session: MeetingSession) => void> = {
  join: (session) => session.join(),
  leave: (session) => session.leave(),
};

/** Lets the page around a frame drive the meeting in it and follow its state. Others than those allowed are not heard and told nothing. */
export class EmbedBridge {
  private session: MeetingSession | null = null;
  private offSession: (() => void) | null = null;
  /** The origin of the page around, once it is known and allowed. */
  private around: string | null;
  private last = '';

  constructor(
    private readonly origins: string[],
    private readonly frame: Window = window,
  ) {
    this.around = this.allowed(originAround(frame));
    frame.addEventListener('message', this.onMessage);
    this.tell({ type: 'ready', version: 1 });
  }

  /** The stay that is shown now; null for none. */
  attach(session: MeetingSession | null): void {
    this.offSession?.();
    const offs = session ? [session.subscribe(() => this.onState()), session.local.subscribe(() => this.onState())] : [];
    this.offSession = () => {
      for (const off of offs) off();
    };
    this.session = session;
    if (session) this.onState();
  }

  close(): void {
    this.attach(null);
    this.frame.removeEventListener('message', this.onMessage);
  }

  private readonly onMessage = ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== this.frame.parent || source === this.frame || this.allowed(origin) === null) return;
    const { target, type, value, id } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
    if (target !== 'lectern' || typeof type !== 'string') return;
    if (this.around !== origin) {
      this.around = origin;
      this.last = '';
    }
    const error = this.obey(type, value);
    if (typeof id === 'string' || typeof id === 'number') this.tell({ type: 'answer', id, ok: error === null, ...(error ? { error } : {}) });
  };

  private obey(type: string, value: unknown): 'unknown_command' | 'invalid_input' | 'not_in_meeting' | null {
    if (type === 'getState') {
      this.last = '';
      this.onState();
      return null;
    }
    const [turn, act] = [own(switches, type), own(actions, type)];
    if (!turn && !act) return 'unknown_command';
    if (turn && typeof value !== 'boolean') return 'invalid_input';
    if (!this.session) return 'not_in_meeting';
    turn?.(this.session, value === true);
    act?.(this.session);
    return null;
  }

  private onState(): void {
    if (!this.session) return;
    const { phase, muted, handRaised, participants } = this.session.snapshot();
    const { microphone, camera, screen } = this.session.local.snapshot();
    const state: EmbedState = {
      phase,
      muted: muted || microphone.track === null,
      camera: camera.track !== null,
      screen: screen !== null,
      hand: handRaised,
      participants: participants.length,
    };
    const text = JSON.stringify(state);
    if (text === this.last || this.around === null) return;
    this.last = text;
    this.tell({ type: 'state', state });
  }

  private tell(told: Told): void {
    if (this.around !== null) this.frame.parent.postMessage({ source: 'lectern', ...told }, this.around);
  }

  private allowed(origin: string | null): string | null {
    return origin !== null && (this.origins.includes(origin) || origin === this.frame.location.origin) ? origin : null;
  }
}

function own<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whose page this frame is in, as far as the browser says so before that page has spoken; null outside of frames. */
function originAround(frame: Window): string | null {
  if (frame.parent === frame) return null;
  const [nearest] = frame.location.ancestorOrigins ?? [];
  if (nearest) return nearest;
  try {
    return new URL(frame.document.referrer).origin;
  } catch {
    return null;
  }
}
