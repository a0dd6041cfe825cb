import { expect, test } from 'vitest';
import { type CallEvent, type CallPhase, isEntered, isRinging, nextPhase } from './callMachine';

const events: CallEvent[] = ['invite', 'ring', 'enter', 'connected', 'interrupted', 'end'];

/** Every event in every phase; a dash: it means nothing there. */
const table: [CallPhase, ...(CallPhase | '-')[]][] = [
  //                 invite      ring        enter         connected interrupted     end
  ['idle', /*     */ 'outgoing', 'incoming', 'connecting', '-', /**/ '-', /*       */ 'ended'],
  ['outgoing', /* */ '-', /*  */ '-', /*  */ 'connecting', '-', /**/ '-', /*       */ 'ended'],
  ['incoming', /* */ '-', /*  */ '-', /*  */ 'connecting', '-', /**/ '-', /*       */ 'ended'],
  ['connecting', /**/ '-', /* */ '-', /*  */ '-', /*    */ 'active', '-', /*       */ 'ended'],
  ['active', /*   */ '-', /*  */ '-', /*  */ '-', /*    */ '-', /**/ 'reconnecting', 'ended'],
  ['reconnecting', '-', /*    */ '-', /*  */ '-', /*    */ 'active', '-', /*       */ 'ended'],
  ['ended', /*    */ '-', /*  */ '-', /*  */ '-', /*    */ '-', /**/ '-', /*       */ '-'],
];

test.each(table.flatMap(([phase, ...nexts]) => nexts.map((next, place) => [phase, events[place] ?? 'end', next === '-' ? phase : next] as const)))(
  '%s, %s: %s',
  (phase, event, next) => {
    expect(nextPhase(phase, event)).toBe(next);
  },
);

test('a call is at most one of ringing, entered and ended', () => {
  for (const [phase] of table) expect([isRinging(phase), isEntered(phase), phase === 'ended'].filter(Boolean).length).toBeLessThanOrEqual(1);
});
