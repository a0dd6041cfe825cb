import { describe, expect, test } from 'vitest';
import { post } from '@/testing/entries';
import { append, dropEntry, mergeEntry, prepend, type Stream, toggleReaction, WINDOW } from './entries';
import type { Post } from './wire.gen';

const window = (ids: string, part: Partial<Stream<Post>> = {}): Stream<Post> => ({
  items: [...ids].map((id) => post(id)),
  older: null,
  newer: null,
  gone: [],
  ...part,
});
const ids = (stream: Stream<Post>) => stream.items.map((item) => item.id).join('');

describe('an entry goes where its id belongs', () => {
  test('once, in order', () => {
    const stream = window('ad');
    for (const id of 'cbcbe') mergeEntry(stream, post(id));
    expect(ids(stream)).toBe('abcde');
  });

  test('not before a window that has more before it, nor behind one that has more behind it', () => {
    const stream = window('cd', { older: 'c', newer: 'd' });
    mergeEntry(stream, post('a'));
    mergeEntry(stream, post('e'));
    expect(ids(stream)).toBe('cd');
    stream.newer = null;
    mergeEntry(stream, post('e'));
    expect(ids(stream)).toBe('cde');
  });

  test('a late answer does not undo an edit', () => {
    const stream = window('a');
    mergeEntry(stream, post('a', { body: 'second', edited_at: '2026-03-02T08:00:02.000Z' }));
    mergeEntry(stream, post('a', { body: 'first', edited_at: '2026-03-02T08:00:01.000Z' }));
    mergeEntry(stream, post('a', { body: 'never edited' }));
    expect(stream.items[0]?.body).toBe('second');
  });

  test('a late answer does not bring back what was deleted', () => {
    const stream = window('ab', { older: 'a' });
    dropEntry(stream, 'b');
    dropEntry(stream, '9');
    mergeEntry(stream, post('b'));
    prepend(stream, [post('8'), post('9')], null);
    expect(ids(stream)).toBe('8a');
  });
});

describe('pages', () => {
  const many = (from: number, count: number) => Array.from({ length: count }, (_, n) => post(String(from + n).padStart(6, '0')));

  test('going back lets go of the newest, coming forward of the oldest', () => {
    const stream: Stream<Post> = { items: many(1000, WINDOW), older: '001000', newer: null, gone: [] };
    prepend(stream, many(970, 30), '000970');
    expect(stream.items).toHaveLength(WINDOW);
    expect(stream.items[0]?.id).toBe('000970');
    expect(stream.newer).toBe(stream.items.at(-1)?.id);
    append(stream, many(970 + WINDOW, 30), null);
    expect(stream.items).toHaveLength(WINDOW);
    expect(stream.newer).toBeNull();
    expect(stream.older).toBe('001000');
    expect(stream.items[0]?.id).toBe('001000');
  });

  test('what both sides know comes once', () => {
    const stream = window('abc', { newer: 'c' });
    append(stream, [post('b'), post('c'), post('d')], null);
    expect(ids(stream)).toBe('abcd');
  });
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
