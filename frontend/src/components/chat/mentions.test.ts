import { expect, test } from 'vitest';
import type { Profile } from '@/api/wire.gen';
import { decodeMentions, encodeMentions, matchNames, namesOf, queryAt } from './mentions';

const person = (id: string, name: string): Profile => ({ id, name, avatar_url: null, presence: 'online' });
const people = [person('1', '林怡君'), person('2', '林怡'), person('3', 'Ann'), person('4', 'Anna Bell'), person('5', '王小明'), person('6', '王小明')];
const named = namesOf({ people: new Map(people.map((p) => [p.id, p])), all: true }, '所有人');

test('a name in the text becomes a mention; the longest one wins', () => {
  expect(encodeMentions('請@林怡君看，@林怡 也看', named)).toBe('請@[林怡君](user:1)看，@[林怡](user:2) 也看');
  expect(encodeMentions('@Anna Bell, @Ann!', named)).toBe('@[Anna Bell](user:4), @[Ann](user:3)!');
  expect(encodeMentions('@所有人注意', named)).toBe('@[all](all)注意');
});

test('addresses, parts of words and code hold no mention', () => {
  for (const text of ['ada@Ann', '@Annette', '`@Ann`', '```\n@Ann\n```', '@@Ann', '@Nobody']) expect(encodeMentions(text, named)).toBe(text);
});

test('namesakes are told apart', () => {
  expect(named.filter((one) => one.label.startsWith('王小明'))).toEqual([
    { id: '5', label: '王小明' },
    { id: '6', label: '王小明 (2)' },
  ]);
  expect(encodeMentions('@王小明 (2) 和 @王小明', named)).toBe('@[王小明 (2)](user:6) 和 @[王小明](user:5)');
});

test('there and back is the same, also for who has left or is called otherwise now', () => {
  for (const body of ['請@[林怡君](user:1)看 `@[x](user:1)`', '@[Long gone](user:99) @[all](all)']) {
    const { text, named: known } = decodeMentions(body, named);
    expect(text).not.toContain('](user:9');
    expect(encodeMentions(text, known)).toBe(body);
  }
  expect(decodeMentions('@[Maiden name](user:3)', named).text).toBe('@Ann');
});

test('what one types after @ or : is looked for', () => {
  expect(queryAt('請@怡', 3)).toEqual({ kind: 'mention', from: 1, text: '怡' });
  expect(queryAt('a@b', 3)).toBeNull();
  expect(queryAt('hello :smi', 10)).toEqual({ kind: 'emoji', from: 6, text: 'smi' });
  expect(queryAt('at 10:30', 8)).toBeNull();
  expect(queryAt(':笑', 2)).toEqual({ kind: 'emoji', from: 0, text: '笑' });
  expect(queryAt('`@An', 4)).toBeNull();
});

test('any part of a Chinese name finds it, the beginning first', () => {
  expect(matchNames(named, '怡君').map((one) => one.id)).toEqual(['1']);
  expect(matchNames(named, '怡').map((one) => one.id)).toEqual(['1', '2']);
  expect(matchNames(named, 'bell').map((one) => one.id)).toEqual(['4']);
  expect(matchNames(named, 'ａｎ').map((one) => one.id)).toEqual(['3', '4']);
  expect(matchNames(named, 'x')).toEqual([]);
});
