import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Seats, seated } from './seats';

let seats: Seats;
const order = () => seats.snapshot().order.join('');

beforeEach(() => {
  seats = new Seats();
  seats.seat([...'abcdef'], null);
  seats.show([...'abc'], [], false);
});

afterEach(() => {
  seats.close();
  vi.useRealTimers();
});

test('those who come sit down at the end, those who go leave the others as they were', () => {
  expect(seated([...'abc'], [...'dcba'])).toEqual([...'abcd']);
  expect(seated([...'abc'], [...'ca'])).toEqual([...'ac']);
  const same = [...'abc'];
  expect(seated(same, [...'cab'])).toBe(same);
});

test('whoever speaks and can be seen moves nobody', () => {
  seats.hear(['b']);
  seats.hear(['c', 'a']);
  expect(order()).toBe('abcdef');
});

test('whoever speaks on a later page changes places with the one who has been silent longest', () => {
  seats.hear(['c']);
  seats.hear(['a']);
  seats.hear(['e']);
  expect(order()).toBe('aecdbf');
});

test('whoever speaks on the stage is seen already', () => {
  seats.show([...'abc'], ['e'], false);
  seats.hear(['e']);
  expect(order()).toBe('abcdef');
});

test('those who speak do not make way', () => {
  seats.hear(['a', 'b', 'c', 'f']);
  expect(order()).toBe('abcdef');
});

test('nobody moves under the pointer', () => {
  seats.touch(['c']);
  seats.hear(['d']);
  expect(order()).toBe('adcbef');
});

test('nobody moves while a later page is read, and then who still speaks comes forward', () => {
  seats.hold(true);
  seats.hear(['d']);
  seats.hear(['e']);
  expect(order()).toBe('abcdef');
  seats.hold(false);
  expect(order()).toBe('abedcf');
});

test('who goes up on the stage changes places with the one who comes down', () => {
  seats.hear(['a']);
  expect(seats.snapshot().speaker).toBe('a');
  seats.show([...'bcd'], ['a'], true);
  seats.hear(['c']);
  expect(seats.snapshot().speaker).toBe('c');
  // On the stage c has no seat beside it: the others see a where c was.
  expect(order()).toBe('cbadef');
});

test('who comes down from the stage stays in sight, even when the next one came from a later page', () => {
  seats.hear(['a']);
  seats.show([...'bcd'], ['a'], true);
  seats.hear(['f']);
  expect(seats.snapshot().speaker).toBe('f');
  const beside = seats.snapshot().order.filter((id) => id !== 'f');
  expect(beside.slice(0, 3)).toContain('a');
});

test('the stage waits while the pointer is over it', () => {
  seats.hear(['a']);
  seats.show([...'bcd'], ['a'], true);
  seats.touch(['a']);
  seats.hear(['c']);
  expect(seats.snapshot().speaker).toBe('a');
  seats.touch([]);
  expect(seats.snapshot().speaker).toBe('c');
});

test('a louder word does not take the stage from somebody who goes on speaking; a pause leaves the last one there', () => {
  seats.show([...'bcd'], ['a'], true);
  seats.hear(['a']);
  seats.hear(['b', 'a']);
  expect(seats.snapshot().speaker).toBe('a');
  seats.hear([]);
  expect(seats.snapshot().speaker).toBe('a');
  seats.hear(['b']);
  expect(seats.snapshot().speaker).toBe('b');
});

test('after a quiet minute the stage is the teacher’s again', () => {
  vi.useFakeTimers();
  seats.seat([...'abcdef'], 'e');
  seats.hear(['a']);
  seats.show([...'bcd'], ['a'], true);
  seats.hear([]);
  vi.advanceTimersByTime(59_000);
  seats.hear(['a']); // a word begins the minute anew
  seats.hear([]);
  vi.advanceTimersByTime(59_900);
  expect(seats.snapshot().speaker).toBe('a');
  vi.advanceTimersByTime(100);
  expect(seats.snapshot().speaker).toBe('e');
  // Who comes down stays in sight.
  expect(order()).toBe('ebcadf');
});

test('… but not under the pointer, and not while a later page is read; without a teacher the last one stays', () => {
  vi.useFakeTimers();
  seats.seat([...'abcdef'], 'e');
  seats.hear(['a']);
  seats.show([...'bcd'], ['a'], true);
  seats.touch(['a']);
  seats.hear([]);
  vi.advanceTimersByTime(60_000);
  expect(seats.snapshot().speaker).toBe('a');
  seats.touch([]);
  expect(seats.snapshot().speaker).toBe('e');

  seats.hear(['b']);
  seats.seat([...'abcdf'], null);
  seats.hear([]);
  vi.advanceTimersByTime(60_000);
  expect(seats.snapshot().speaker).toBe('b');
});

test('a speaker who leaves is nobody', () => {
  seats.hear(['a']);
  seats.seat([...'bcdef'], null);
  expect(seats.snapshot()).toEqual({ order: [...'bcdef'], speaker: null });
});
