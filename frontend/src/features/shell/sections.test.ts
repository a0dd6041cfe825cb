import { expect, test } from 'vitest';
import type { Channel, Conversation } from '@/api/wire.gen';
import { byActivity, channelSections, isUnread, orderAfter, stepFrom } from './sections';

function channel(id: string, position: number, more: Partial<Channel> = {}): Channel {
  return { id, name: id, position, favourite: false, archived_at: null, unread_count: 0, mention_count: 0, level: 'mentions', ...more } as Channel;
}

const channels = [channel('c', 2), channel('a', 0), channel('f', 3, { favourite: true }), channel('b', 1), channel('old', 4, { archived_at: '2026-01-01T00:00:00.000Z' })];

test('channels stand in their own order, favourites and archived ones apart', () => {
  const { favourites, others, archived } = channelSections(channels);
  expect(favourites.map((one) => one.id)).toEqual(['f']);
  expect(others.map((one) => one.id)).toEqual(['a', 'b', 'c']);
  expect(archived.map((one) => one.id)).toEqual(['old']);
});

test('a moved channel takes the place of the one it was dropped on', () => {
  expect(orderAfter(channels, 'a', 'c')).toEqual(['f', 'b', 'c', 'a', 'old']);
  expect(orderAfter(channels, 'c', 'a')).toEqual(['f', 'c', 'a', 'b', 'old']);
});

test('a channel does not move into another section', () => {
  expect(orderAfter(channels, 'a', 'f')).toEqual(['f', 'a', 'b', 'c', 'old']);
});

test('a muted channel is unread only when it mentions one', () => {
  expect(isUnread(channel('a', 0, { unread_count: 3 }))).toBe(true);
  expect(isUnread(channel('a', 0, { unread_count: 3, level: 'none' }))).toBe(false);
  expect(isUnread(channel('a', 0, { unread_count: 3, mention_count: 1, level: 'none' }))).toBe(true);
});

test('conversations go by their last message, or their beginning', () => {
  const quiet = { id: 'quiet', created_at: '2026-02-01T00:00:00.000Z', last_message: null } as Conversation;
  const old = { id: 'old', created_at: '2026-01-01T00:00:00.000Z', last_message: { created_at: '2026-01-02T00:00:00.000Z' } } as Conversation;
  const busy = { id: 'busy', created_at: '2025-01-01T00:00:00.000Z', last_message: { created_at: '2026-03-01T00:00:00.000Z' } } as Conversation;
  expect(byActivity([quiet, old, busy]).map((one) => one.id)).toEqual(['busy', 'quiet', 'old']);
});

test('a step goes round, from outside to an end, and over what is read when asked', () => {
  const places = [
    { path: '/1', unread: false },
    { path: '/2', unread: true },
    { path: '/3', unread: false },
  ];
  expect(stepFrom(places, '/1', 1, false)).toBe('/2');
  expect(stepFrom(places, '/1', -1, false)).toBe('/3');
  expect(stepFrom(places, '/settings', 1, false)).toBe('/1');
  expect(stepFrom(places, '/settings', -1, false)).toBe('/3');
  expect(stepFrom(places, '/3', 1, true)).toBe('/2');
  expect(stepFrom(places, '/2', 1, true)).toBeNull();
  expect(stepFrom([], '/', 1, false)).toBeNull();
});
