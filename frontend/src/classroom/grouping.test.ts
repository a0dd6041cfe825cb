import { expect, test } from 'vitest';
import { seeded } from '@/testing/random';
import { again, assigned, dealt, type DraftGroup, MAX_GROUPS, planned, resized } from './grouping';

const nameOf = (number: number) => `Group ${number}`;
const people = (count: number) => Array.from({ length: count }, (_, index) => `user ${index}`);
const named = (groups: DraftGroup[]) => groups.map(({ name }) => name);

test.each([
  [1, 4],
  [2, 5],
  [7, 30],
  [10, 3],
  [50, 100],
])('%i groups of %i people: everybody once, and none has two more than another', (count, size) => {
  const groups = dealt(resized([], count, nameOf), people(size), seeded(count));
  expect(groups.flatMap(({ userIds }) => userIds).toSorted()).toEqual(people(size).toSorted());
  const sizes = groups.map(({ userIds }) => userIds.length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

test('dealing is by chance: over many deals everybody meets everybody', () => {
  const random = seeded(7);
  const met = new Set<string>();
  for (let deal = 0; deal < 60; deal++) {
    for (const { userIds } of dealt(resized([], 3, nameOf), people(6), random)) {
      for (const one of userIds) for (const other of userIds) if (one < other) met.add(`${one}+${other}`);
    }
  }
  expect(met.size).toBe(15);
});

test('more groups come empty; who was in one that goes is in none', () => {
  const two = dealt(resized([], 2, nameOf), people(4), seeded(1));
  const three = resized(two, 3, nameOf);
  expect(named(three)).toEqual(['Group 1', 'Group 2', 'Group 3']);
  expect(three[2]?.userIds).toEqual([]);
  expect(resized(three, 1, nameOf)).toEqual([two[0]]);
  expect(resized([], 500, nameOf)).toHaveLength(MAX_GROUPS);
});

test('somebody is in one group at a time, or in none', () => {
  const groups = assigned(resized([], 2, nameOf), 'hao', 'group-0');
  const moved = assigned(groups, 'hao', 'group-1');
  expect(moved.map(({ userIds }) => userIds)).toEqual([[], ['hao']]);
  expect(assigned(moved, 'hao', null).map(({ userIds }) => userIds)).toEqual([[], []]);
});

test('the last groups meet again, without those who are gone; a name that was emptied comes back', () => {
  const groups = again([{ name: 'Foxes', user_ids: ['hao', 'gone'] }, { name: 'Bears', user_ids: ['mei'] }], (id) => id !== 'gone');
  expect(groups.map(({ userIds }) => userIds)).toEqual([['hao'], ['mei']]);
  const [foxes, bears] = groups as [DraftGroup, DraftGroup];
  expect(planned([foxes, { ...bears, name: '  ' }], nameOf)).toEqual([
    { name: 'Foxes', user_ids: ['hao'] },
    { name: 'Group 2', user_ids: ['mei'] },
  ]);
});
