import { expect, test } from 'vitest';
import type { Found } from '@/api/wire.gen';
import { cut, dayBefore, fromParams, grouped, isEmpty, lastOperator, parseDay, toParams, toRequest, unfinished, withValue, without } from './query';

test('an operator is completed only while it is being typed', () => {
  expect(unfinished('from:')).toEqual({ op: 'from', typed: '', start: 0 });
  expect(unfinished('homework from:ha')).toEqual({ op: 'from', typed: 'ha', start: 9 });
  expect(unfinished('in:Linear Algebra')).toEqual({ op: 'in', typed: 'Linear Algebra', start: 0 });
  expect(unfinished('作業 from：王')).toEqual({ op: 'from', typed: '王', start: 3 });
  expect(unfinished('FROM:x')?.op).toBe('from');
  expect(unfinished('begin:x')).toBeNull();
  expect(unfinished('homework')).toBeNull();
});

test('a chosen value leaves the text and replaces an earlier one', () => {
  expect(withValue({ text: 'homework from:ha' }, 'from', 'u1')).toEqual({ text: 'homework ', from: 'u1' });
  expect(withValue({ text: 'in:al', from: 'u1', in: 'c0' }, 'in', 'c1')).toEqual({ text: '', from: 'u1', in: 'c1' });
  expect(without({ text: 'a', in: 'c1' }, 'in')).toEqual({ text: 'a' });
  expect(lastOperator({ text: '', from: 'u', before: '2026-01-01' })).toBe('before');
  expect(lastOperator({ text: '' })).toBeNull();
});

test('days are those of the calendar', () => {
  expect(dayBefore(new Date(2026, 2, 1, 0, 5), 1)).toBe('2026-02-28');
  expect(parseDay('2026/3/5')).toBe('2026-03-05');
  expect(parseDay('2026-02-30')).toBeNull();
  expect(parseDay('last week')).toBeNull();
});

test('a query survives the address bar', () => {
  const query = { text: '上海', from: 'u1', in: 'c1', has: 'file', before: '2026-03-05' };
  expect(fromParams(toParams(query))).toEqual(query);
  expect(fromParams(new URLSearchParams('q=a&before=nonsense&has=everything'))).toEqual({ text: 'a' });
  expect(isEmpty(fromParams(new URLSearchParams()))).toBe(true);
});

test('the server is asked from local midnight', () => {
  expect(toRequest({ text: ' a ', before: '2026-03-05' })).toMatchObject({ q: 'a', before: new Date(2026, 2, 5).toISOString() });
});

test('matches are marked once, and only inside of the text', () => {
  expect(cut('我家在上海東邊', [[3, 2]])).toEqual([
    { text: '我家在', match: false },
    { text: '上海', match: true },
    { text: '東邊', match: false },
  ]);
  expect(cut('aba', [[2, 1], [0, 1], [0, 2], [2, 9]])).toEqual([
    { text: 'a', match: true },
    { text: 'b', match: false },
    { text: 'a', match: true },
  ]);
  expect(cut('', [[0, 1]])).toEqual([]);
});

test('what was found stands by kind, as the server ranked it', () => {
  const found = ['message', 'post', 'channel', 'comment'].map((kind, n) => ({ kind, id: String(n) }) as Found);
  expect(grouped(found).map(({ name, items }) => [name, items.map((one) => one.id)])).toEqual([
    ['channels', ['2']],
    ['entries', ['1', '3']],
    ['messages', ['0']],
  ]);
});
