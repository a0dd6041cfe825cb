import type { Call } from '@/api/wire.gen';

export interface Outcome {
  tone: 'answered' | 'missed' | 'failed';
  /** A key of `history` in call.json, for a call without a length. */
  word: 'missedCall' | 'declinedCall' | 'cancelledCall' | 'unanswered' | 'busyCall' | 'notConnected';
  /** How long it lasted; null when it was not answered. */
  seconds: number | null;
}

/** What became of a call, seen from one side. */
export function outcomeOf(call: Call, outgoing: boolean): Outcome {
  if (call.answered_at) {
    const seconds = call.ended_at ? (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000 : null;
    if (call.reason !== 'failed') return { tone: 'answered', word: 'notConnected', seconds: seconds ?? 0 };
    return { tone: 'failed', word: 'notConnected', seconds: null };
  }
  if (call.reason === 'declined') return { tone: 'failed', word: 'declinedCall', seconds: null };
  if (!outgoing) return { tone: 'missed', word: 'missedCall', seconds: null };
  if (call.reason === 'busy') return { tone: 'failed', word: 'busyCall', seconds: null };
  return { tone: 'failed', word: call.reason === 'cancelled' ? 'cancelledCall' : 'unanswered', seconds: null };
}
