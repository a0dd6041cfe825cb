import { expect, test } from 'vitest';
import type { Call, CallReason } from '@/api/wire.gen';
import { outcomeOf } from './outcome';
import { wantsSound } from './useRing';

const someone = { id: 'x', name: 'X', avatar_url: null, presence: 'online' as const };
const call = (reason: CallReason, answered: boolean, ended = true): Call => ({
  id: 'c',
  conversation_id: 'v',
  caller: someone,
  callee: someone,
  media: 'audio',
  state: 'ended',
  reason,
  created_at: '2026-01-01T00:00:00Z',
  answered_at: answered ? '2026-01-01T00:00:05Z' : null,
  ended_at: ended ? '2026-01-01T00:01:10Z' : null,
});

test.each([
  ['hangup', true, true, 'answered', 65],
  ['lost', true, false, 'answered', 65],
  ['failed', true, true, 'failed', null],
  ['declined', false, false, 'failed', null],
  ['no_answer', false, false, 'missed', null],
  ['cancelled', false, false, 'missed', null],
  ['cancelled', false, true, 'failed', null],
  ['busy', false, true, 'failed', null],
] as const)('%s, answered %s, outgoing %s: %s', (reason, answered, outgoing, tone, seconds) => {
  expect(outcomeOf(call(reason, answered), outgoing)).toMatchObject({ tone, seconds });
});

test('one that goes on has no length yet', () => {
  expect(outcomeOf(call('', true, false), true)).toEqual({ tone: 'answered', word: 'running', seconds: null });
});

test('do not disturb and switched-off sounds ring silently', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(wantsSound({ sounds: true, dnd: false, dnd_until: null }, now)).toBe(true);
  expect(wantsSound({ sounds: false, dnd: false, dnd_until: null }, now)).toBe(false);
  expect(wantsSound({ sounds: true, dnd: true, dnd_until: null }, now)).toBe(false);
  expect(wantsSound({ sounds: true, dnd: true, dnd_until: '2026-01-01T01:00:00Z' }, now)).toBe(false);
  expect(wantsSound({ sounds: true, dnd: true, dnd_until: '2025-12-31T23:00:00Z' }, now)).toBe(true);
});
