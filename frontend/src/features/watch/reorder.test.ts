import { expect, test } from 'vitest';
import { indexAt, moved } from './reorder';

const list = [...'abcd'].map((id) => ({ id }));
const order = (id: string, index: number) => moved(list, id, index).map((entry) => entry.id).join('');

test('an entry moves to an index, and not past the ends', () => {
  expect([order('a', 2), order('d', 0), order('b', 1), order('b', 9), order('c', -1)]).toEqual(['bcad', 'dabc', 'abcd', 'acdb', 'cabd']);
  expect(order('gone', 1)).toBe('abcd');
});

test('the pointer means the place between two rows', () => {
  expect([indexAt([10, 30, 50], 5), indexAt([10, 30, 50], 31), indexAt([10, 30, 50], 99), indexAt([], 4)]).toEqual([0, 2, 3, 0]);
});
