import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSocket } from '@/testing/fakeSocket';
import { BreakoutRooms } from './breakouts';

let socket: FakeSocket;
let rooms: BreakoutRooms;

const by = { id: 'u', name: 'Ms Lin', avatar_url: null, presence: 'online' } as const;
const tell = (text: string, meeting = 'm') => socket.emit('meeting.broadcast', { meeting_id: meeting, by, text });

beforeEach(() => {
  socket = new FakeSocket();
  rooms = new BreakoutRooms({ socket, meetingId: 'm' });
});

afterEach(() => {
  rooms.close();
  expect(socket.listeners).toBe(0);
});

test('words to all stay until they are put away, and said twice they are news twice', () => {
  tell('Five minutes left');
  const first = rooms.snapshot().announcement;
  expect(first?.text).toBe('Five minutes left');
  tell('Five minutes left');
  expect(rooms.snapshot().announcement?.count).not.toBe(first?.count);
  tell('not for us', 'another');
  expect(rooms.snapshot().announcement?.text).toBe('Five minutes left');
  rooms.putAway();
  expect(rooms.snapshot().announcement).toBeNull();
});

test('with the rooms go the words to them', () => {
  tell('Back soon');
  const state = { spotlight: '', broadcasting: '', breakouts: { rooms: [], opened_at: '', ends_at: null, recalling: false } };
  socket.emit('meeting.state', { meeting_id: 'm', state });
  expect(rooms.snapshot().announcement).not.toBeNull();
  socket.emit('meeting.state', { meeting_id: 'm', state: { ...state, breakouts: null } });
  expect(rooms.snapshot().announcement).toBeNull();
});

test('a plan stays until it was carried out', async () => {
  const plan = [{ key: 'a', name: 'A', userIds: ['hao'] }];
  rooms.plan(plan);
  socket.answer('meeting.breakouts_open', () => {
    throw new Error('refused');
  });
  await expect(rooms.open([{ name: 'A', user_ids: ['hao'] }], 600)).rejects.toThrow();
  expect(rooms.snapshot().draft).toBe(plan);
  socket.answer('meeting.breakouts_open', () => ({}));
  await rooms.open([{ name: 'A', user_ids: ['hao'] }], 600);
  expect(socket.last('meeting.breakouts_open')).toEqual({ rooms: [{ name: 'A', user_ids: ['hao'] }], duration_s: 600 });
  expect(rooms.snapshot().draft).toBeNull();
});
