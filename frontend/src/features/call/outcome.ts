import type { Call } from '@/api/wire.gen';

export interface Outcome {
  tone: 'answered' | 'missed' | 'failed';
  /** A key of `history` in call.json, for a call without a length. */
  word: 'missedCall' | 'declinedCall' | 'cancelledCall' | 'unanswered' | 'busyCall' | 'notConnected' | 'running';
  /** How long it lasted; null when it was not answered. */
  seconds: number | null;
}

/** What became of a call, seen from one side. */
export function outcomeOf(call: Call, outgoing: boolean): Outcome {
  if (call.answered_at) {
    if (!call.ended_at) return { tone: 'answered', word: 'running', seconds: null };
    if (call.reason === 'failed') return { tone: 'failed', word: 'notConnected', seconds: null };
    return { tone: 'answered', word: 'running', seconds: (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000 };
  }
  if (call.reason === 'declined') return { tone: 'failed', word: 'declinedCall', seconds: null };
  if (!outgoing) return { tone: 'missed', word: 'missedCall', seconds: null };
  if (call.reason === 'busy') return { tone: 'failed', word: 'busyCall', seconds: null };
  return { tone: 'failed', word: call.reason === 'cancelled' ? 'cancelledCall' : 'unanswered', seconds: null };
}
