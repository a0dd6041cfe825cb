import { expect, test } from 'vitest';
import { clockTime } from '@/components/clockTime';
import { parseClockTime } from './time';

test('seconds read as a clock', () => {
  expect([0, 7.9, 187, 3723, -4].map(clockTime)).toEqual(['0:00', '0:07', '3:07', '1:02:03', '0:00']);
});

test('a clock reads as seconds', () => {
  expect(['90', '1:30', '01:02:03', ' 3:07 ', '0:05.5', '125:00'].map(parseClockTime)).toEqual([90, 90, 3723, 187, 5.5, 7500]);
});

test('what is no time is refused', () => {
  expect(['', 'soon', '1:75', '1:2:3:4', '-5', '1:61:00'].map(parseClockTime)).toEqual([null, null, null, null, null, null]);
});
