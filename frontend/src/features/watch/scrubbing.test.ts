import { expect, test } from 'vitest';
import { bands, layMarks, type Mark, markNear, percentOf } from './scrubbing';

const mark = (id: string, at: number, kind: Mark['kind'] = 'question'): Mark => ({ id, at, kind, text: id });

test('marks stand where they belong, in order', () => {
  expect(layMarks([mark('b', 50), mark('a', 25)], 100, 1000).map(({ id, percent }) => [id, percent])).toEqual([
    ['a', 25],
    ['b', 50],
  ]);
});

test('marks of a kind that would overlap are drawn as one', () => {
  const crowd = [mark('a', 10), mark('b', 10.2), mark('c', 10.4), mark('stop', 10.1, 'stop'), mark('far', 60)];
  expect(layMarks(crowd, 100, 1000).map(({ id, count }) => [id, count])).toEqual([
    ['a', 1],
    ['stop', 1],
    ['b', 2],
    ['far', 1],
  ]);
});

test('what lies past the end, or on a video of unknown length, is not drawn', () => {
  expect(layMarks([mark('a', 101)], 100, 1000)).toEqual([]);
  expect(layMarks([mark('a', 1)], 0, 1000)).toEqual([]);
});

test('the pointer takes the nearest mark within reach', () => {
  const marks = [mark('a', 10), mark('b', 11)];
  expect(markNear(marks, 10.6, 100, 1000)?.id).toBe('b');
  expect(markNear(marks, 12, 100, 1000)).toBeUndefined();
  expect(markNear([], 12, 100, 1000)).toBeUndefined();
});

test('loaded ranges are cut to the video', () => {
  expect(bands([[-5, 50], [80, 200], [300, 400]], 100)).toEqual([
    { from: 0, width: 50 },
    { from: 80, width: 20 },
  ]);
  expect(percentOf(5, 0)).toBe(0);
});
