import { expect, test } from 'vitest';
import type { Message } from '@/api/wire.gen';
import type { Row } from '@/components/stream/rows';
import { lin } from '@/testing/entries';
import { markOf, together } from './groups';

const row = (at: string, mine = false, part: Partial<Message> = {}): Row<Message> => ({
  kind: 'entry',
  key: at,
  id: at,
  at,
  mine,
  entry: { author: lin, created_at: at, ...part } as Message,
});

test('what one person writes within a minute stands together', () => {
  expect(together(row('2026-03-02T08:00:01Z'), row('2026-03-02T08:00:59Z'))).toBe(true);
  expect(together(row('2026-03-02T08:00:59Z'), row('2026-03-02T08:01:00Z'))).toBe(false);
  expect(together(row('2026-03-02T08:00:01Z'), row('2026-03-02T08:00:02Z', true))).toBe(false);
  expect(together(row('2026-03-02T08:00:01Z'), row('2026-03-02T08:00:02Z', false, { call: { id: 'x' } as Message['call'] }))).toBe(false);
  expect(together(undefined, row('2026-03-02T08:00:02Z'))).toBe(false);
});

test('marks tell how far a message got, or nothing where they are off', () => {
  expect(markOf('3', '3', '5')).toBe('read');
  expect(markOf('4', '3', '5')).toBe('delivered');
  expect(markOf('6', '3', '5')).toBe('sent');
  expect(markOf('6', null, '6')).toBe('delivered');
  expect(markOf('6', null, null)).toBeNull();
});
