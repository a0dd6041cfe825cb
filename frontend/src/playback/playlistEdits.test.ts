import { expect, test } from 'vitest';
import type { Playlist } from '@/api/wire.gen';
import { applyEdit, editCommand, indexOf, placeAt } from './playlistEdits';

function list(ids: string, v = 1): Playlist {
  return {
    channel_id: 'c',
    v,
    entries: [...ids].map((id) => ({ id, item: { kind: 'file', file_id: id, title: id }, problem: '' })),
    current_id: '',
    auto_next: false,
  };
}

const order = ({ entries }: Playlist) => entries.map(({ id }) => id).join('');
const present = list('abcd');

test('a moved entry gets the place that was shown', () => {
  const place = placeAt(present.entries, 2, 'a');
  expect(order(applyEdit(present, { op: 'move', entryId: 'a', place }, 'e'))).toBe('bcad');
  expect(editCommand(present, { op: 'move', entryId: 'a', place }, 'e')).toMatchObject({ op: 'move', entry_id: 'a', to: 2, base_v: 1 });
});

test('to the beginning and to the end', () => {
  expect(order(applyEdit(present, { op: 'move', entryId: 'c', place: placeAt(present.entries, 0, 'c') }, 'e'))).toBe('cabd');
  expect(order(applyEdit(present, { op: 'move', entryId: 'a', place: placeAt(present.entries, 3, 'a') }, 'e'))).toBe('bcda');
});

test('a move keeps its meaning in a list that somebody else has changed', () => {
  const place = placeAt(present.entries, 2, 'a'); // between c and d
  expect(editCommand(list('xabcd', 2), { op: 'move', entryId: 'a', place }, 'e')).toMatchObject({ to: 3, base_v: 2 });
  expect(editCommand(list('abd', 2), { op: 'move', entryId: 'a', place }, 'e')).toMatchObject({ to: 1 });
  expect(editCommand(list('ab', 2), { op: 'move', entryId: 'a', place }, 'e')).toMatchObject({ to: 1 });
});

test('what somebody else removed needs no edit any more', () => {
  for (const edit of [{ op: 'remove', entryId: 'a' }, { op: 'rename', entryId: 'a', title: 't' }, { op: 'move', entryId: 'a', place: { after: 'b', before: null } }] as const) {
    expect(editCommand(list('bcd', 2), edit, 'e')).toBeNull();
    expect(order(applyEdit(list('bcd', 2), edit, 'e'))).toBe('bcd');
  }
});

test('an entry comes back where it was, also beside new neighbours', () => {
  const place = { after: 'a', before: 'c' };
  const add = { op: 'add', item: { kind: 'file', file_id: 'b' }, title: 'Bees', place } as const;
  expect(editCommand(list('acd'), add, 'e')).toMatchObject({ op: 'add', to: 1, title: 'Bees' });
  expect(editCommand(list('xcd'), add, 'e')).toMatchObject({ to: 1 });
  expect(applyEdit(list('acd'), add, 'e').entries[1]).toMatchObject({ id: 'pending:e', item: { title: 'Bees' } });
});

test('without a place an entry goes to the end', () => {
  expect(editCommand(present, { op: 'add', item: { kind: 'youtube', url: 'u' } }, 'e')).not.toHaveProperty('to');
  expect(indexOf([], { after: null, before: 'gone' })).toBe(0);
});
