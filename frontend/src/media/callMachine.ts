import type { CallReason } from '@/api/wire.gen';

/**
 * idle: nothing yet. outgoing: the other side is rung. incoming: this side is rung. connecting: answered, a path is looked
 * for. active: media flows. reconnecting: it did. ended is for good.
 */
export type CallPhase = 'idle' | 'outgoing' | 'incoming' | 'connecting' | 'active' | 'reconnecting' | 'ended';

/**
 * Why a call is over for this window: the server's reasons, "elsewhere" when another device answered, "moved" when it goes
 * on in another window, "refused" when the server would not have it.
 */
export type CallEnd = Exclude<CallReason, ''> | 'elsewhere' | 'moved' | 'refused';

/** What happens to a call: one asks for it, it rings here, both sides are in, media flows or does not, it is over. */
export type CallEvent = 'invite' | 'ring' | 'enter' | 'connected' | 'interrupted' | 'end';

const table: Record<CallPhase, Partial<Record<CallEvent, CallPhase>>> = {
  idle: { invite: 'outgoing', ring: 'incoming', enter: 'connecting', end: 'ended' },
  outgoing: { enter: 'connecting', end: 'ended' },
  incoming: { enter: 'connecting', end: 'ended' },
  connecting: { connected: 'active', end: 'ended' },
  active: { interrupted: 'reconnecting', end: 'ended' },
  reconnecting: { connected: 'active', end: 'ended' },
  ended: {},
};

/** The phase after an event; an event that means nothing in a phase leaves it as it is. */
export function nextPhase(phase: CallPhase, event: CallEvent): CallPhase {
  return table[phase][event] ?? phase;
}

/** Both sides are in. */
export function isEntered(phase: CallPhase): boolean {
  return phase === 'connecting' || phase === 'active' || phase === 'reconnecting';
}

export function isRinging(phase: CallPhase): boolean {
  return phase === 'outgoing' || phase === 'incoming';
}
