import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeSocket } from '@/testing/fakeSocket';
import { FLOAT_MS, Reactions } from './reactions';

let socket: FakeSocket;
let reactions: Reactions;
beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  reactions = new Reactions({ socket, meetingId: 'm' });
});
afterEach(() => {
  reactions.close();
  vi.useRealTimers();
});
const come = (emoji: string, meeting_id = 'm') => socket.emit('meeting.reaction', { meeting_id, participant_id: 'p', emoji });
const up = () => reactions.snapshot().floating.map(({ emoji }) => emoji);

test('a reaction is in the air for a while', () => {
  come('👏');
  vi.advanceTimersByTime(FLOAT_MS - 1);
  come('🎉');
  expect(up()).toEqual(['👏', '🎉']);
  vi.advanceTimersByTime(1);
  expect(up()).toEqual(['🎉']);
  vi.advanceTimersByTime(FLOAT_MS);
  expect(up()).toEqual([]);
});

test('another meeting is none of its business', () => {
  come('👏', 'other');
  expect(up()).toEqual([]);
});

test('an applause of a whole school does not grow without end', () => {
  for (let n = 0; n < 500; n++) come('👏');
  expect(up()).toHaveLength(60);
  vi.advanceTimersByTime(FLOAT_MS);
  expect(up()).toEqual([]);
});

test('a closed one listens no more and has no timer left', () => {
  come('👏');
  reactions.close();
  expect(socket.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
