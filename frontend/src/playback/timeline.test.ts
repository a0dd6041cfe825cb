import { expect, test } from 'vitest';
import type { Timeline } from '@/api/wire.gen';
import { positionAt, sameItem, supersedes } from './timeline';

const base: Timeline = { meeting_id: 'm', epoch: 1, v: 5, item: { kind: 'file', file_id: 'f' }, playing: true, pos: 10, rate: 1.5, at: 1_000 };

test('a newer version of the same epoch and any newer epoch replace; nothing else does', () => {
  expect(supersedes(base, null)).toBe(true);
  expect(supersedes({ ...base, v: 6 }, base)).toBe(true);
  expect(supersedes({ ...base, v: 5 }, base)).toBe(false);
  expect(supersedes({ ...base, v: 4 }, base)).toBe(false);
  expect(supersedes({ ...base, epoch: 2, v: 1 }, base)).toBe(true);
  expect(supersedes({ ...base, epoch: 0, v: 9 }, base)).toBe(false);
});

test('the position moves with the rate while playing, and only from `at` on', () => {
  expect(positionAt(base, 3_000)).toBe(13);
  expect(positionAt(base, 500)).toBe(10);
  expect(positionAt({ ...base, playing: false }, 9_000)).toBe(10);
});

test('the position never passes the end, nor the place where the server will stop', () => {
  expect(positionAt(base, 1e6, 60)).toBe(60);
  expect(positionAt({ ...base, until: 20 }, 1e6, 60)).toBe(20);
  expect(positionAt({ ...base, playing: false, pos: 40, until: 20 }, 1e6, 60)).toBe(40);
});

test('an item is the same by its file or video, whatever its address', () => {
  expect(sameItem(base.item, { kind: 'file', file_id: 'f', url: '/new' })).toBe(true);
  expect(sameItem(base.item, { kind: 'youtube', video_id: 'f' })).toBe(false);
  expect(sameItem(base.item, null)).toBe(false);
  expect(sameItem(null, undefined)).toBe(true);
});
