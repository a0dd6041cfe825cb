import { expect, test } from 'vitest';
import { minutesUntilMorning } from './minutesUntilMorning';

test('tomorrow at eight, also late at night and at the end of a month', () => {
  expect(minutesUntilMorning(new Date(2026, 10, 30, 8, 0))).toBe(24 * 60);
  expect(minutesUntilMorning(new Date(2026, 11, 31, 23, 30))).toBe(8 * 60 + 30);
  expect(minutesUntilMorning(new Date(2026, 0, 1, 0, 30))).toBe(31 * 60 + 30);
});
