import { expect, test } from 'vitest';
import { post } from '@/testing/entries';
import { refreshStream, toggleReaction } from './entries';

const stream = (ids: string, older: string | null = null) => ({ items: [...ids].map((id) => post(id)), older });
const ids = (s: { items: { id: string }[] }) => s.items.map((item) => item.id).join('');

test('a refresh that overlaps keeps what is older', () => {
  const after = refreshStream(stream('bcde', 'b'), stream('def', 'd'));
  expect(ids(after)).toBe('bcdef');
  expect(after.older).toBe('b');
});

test('a refresh takes over deletions and edits of what it covers', () => {
  expect(ids(refreshStream(stream('bcde', 'b'), stream('ce', 'c')))).toBe('bce');
});

test('a refresh that does not reach back replaces everything', () => {
  const after = refreshStream(stream('abc', 'a'), stream('ghi', 'g'));
  expect(ids(after)).toBe('ghi');
  expect(after.older).toBe('g');
});

test('what arrived after a lost connection does not hide the gap before it', () => {
  const after = refreshStream({ ...stream('abci'), gapAfter: 'c' }, stream('ghi', 'g'));
  expect(ids(after)).toBe('ghi');
  expect(after.gapAfter).toBeUndefined();
});

test('what arrived while the page was on its way stays', () => {
  expect(ids(refreshStream(stream('abcz'), stream('abc')))).toBe('abcz');
});

test('a page with the beginning on it is the whole truth', () => {
  expect(ids(refreshStream(stream('bc', 'b'), stream('cd')))).toBe('cd');
});

test('an emoji appears with its first person and goes with the last', () => {
  const reactions = [{ emoji: '👍', user_ids: ['x'] }];
  toggleReaction(reactions, '🎉', 'me', true);
  toggleReaction(reactions, '👍', 'me', true);
  toggleReaction(reactions, '👍', 'me', true);
  expect(reactions).toEqual([
    { emoji: '👍', user_ids: ['x', 'me'] },
    { emoji: '🎉', user_ids: ['me'] },
  ]);
  toggleReaction(reactions, '🎉', 'me', false);
  expect(reactions).toEqual([{ emoji: '👍', user_ids: ['x', 'me'] }]);
});
