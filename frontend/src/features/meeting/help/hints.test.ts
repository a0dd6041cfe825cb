import { expect, test } from 'vitest';
import { nextHint } from './hints';

const student = { teacher: false, grouped: false, keyboard: true };

test('one hint after the other, each once', () => {
  const seen: string[] = [];
  for (let hint = nextHint(student, seen); hint; hint = nextHint(student, seen)) seen.push(hint);
  expect(seen).toEqual(['hand', 'talk', 'keys']);
});

test('a group’s room has its own, also for who knows the others', () => {
  expect(nextHint({ ...student, grouped: true }, ['hand', 'talk', 'keys'])).toBe('breakout');
});

test('without a keyboard nothing is said of keys', () => {
  expect(nextHint({ ...student, keyboard: false }, ['hand'])).toBeUndefined();
  expect(nextHint({ teacher: true, grouped: false, keyboard: false }, ['people', 'groups'])).toBeUndefined();
});

test('who wants none gets none', () => {
  expect(nextHint(student, ['off'])).toBeUndefined();
});
