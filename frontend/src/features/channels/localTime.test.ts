import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput, tomorrowAt } from './localTime';

test('a moment goes through the field and comes back to the minute', () => {
  const date = new Date(2026, 0, 5, 7, 3);
  expect(toLocalInput(date)).toBe('2026-01-05T07:03');
  expect(fromLocalInput('2026-01-05T07:03')).toEqual(date);
  expect(fromLocalInput('')).toBeNull();
});

test('tomorrow may be next month', () => {
  expect(tomorrowAt(8, new Date(2026, 0, 31, 23, 59))).toEqual(new Date(2026, 1, 1, 8));
});
