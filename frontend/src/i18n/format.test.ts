import { expect, test } from 'vitest';
import { formatsFor } from './format';

const now = () => new Date('2026-03-02T08:00:00.000Z');

test.each([
  ['2026-03-02T07:59:30.000Z', 'now'],
  ['2026-03-02T08:00:05.000Z', 'now'], // the server's clock is a little ahead
  ['2026-03-02T07:57:00.000Z', '3 minutes ago'],
  ['2026-03-01T08:00:00.000Z', 'yesterday'],
  ['2025-12-25T08:00:00.000Z', '2 months ago'],
])('%s is %s', (iso, words) => {
  expect(formatsFor('en', now).ago(iso)).toBe(words);
});

test('a time to wait is rounded up', () => {
  expect(formatsFor('en').duration(45)).toBe('45 seconds');
  expect(formatsFor('en').duration(61)).toBe('2 minutes');
  expect(formatsFor('zh-TW').duration(300)).toBe('5 分鐘');
});
