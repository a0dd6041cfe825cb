import { beforeEach, expect, test } from 'vitest';
import type { MeetingJoined, MeetingState, Post } from '@/api/wire.gen';
import { FakeSocket } from '@/testing/fakeSocket';
import { Classroom } from './classroom';

const calm: MeetingState = { spotlight: '', broadcasting: '', breakouts: null };
const ack = (more: Partial<MeetingJoined>) => ({ state: calm, lobby: [], post_id: null, ...more }) as unknown as MeetingJoined;
const hao = { user: { id: 'hao', name: 'Hao', avatar_url: null, presence: 'online' as const }, member: true, since: '2026-03-02T01:00:00.000Z' };

let socket: FakeSocket;
let room: Classroom;
beforeEach(() => {
  socket = new FakeSocket();
  room = new Classroom({ socket, meetingId: 'm' });
});

test('the entry and the events of this meeting say how it is', () => {
  room.joined(ack({ lobby: [hao], post_id: 'p' }));
  expect(room.snapshot()).toMatchObject({ lobby: [hao], postId: 'p' });
  socket.emit('meeting.state', { meeting_id: 'm', state: { ...calm, spotlight: 'x' } });
  socket.emit('meeting.state', { meeting_id: 'other', state: calm });
  socket.emit('meeting.lobby', { meeting_id: 'm', waiting: [] });
  expect(room.snapshot()).toMatchObject({ lobby: [], state: { spotlight: 'x' } });
});

test('the chat is where the post is, as long as it is there', () => {
  socket.emit('post.created', { id: 'other' } as Post);
  expect(room.snapshot().postId).toBeNull();
  socket.emit('post.created', { id: 'p', meeting_id: 'm' } as Post);
  expect(room.snapshot().postId).toBe('p');
  socket.emit('post.deleted', { id: 'p', channel_id: 'c' });
  expect(room.snapshot().postId).toBeNull();
  room.joined(ack({ post_id: 'p2' }));
  expect(room.snapshot().postId).toBe('p2');
});

test('what was seen of the chat does not become less', () => {
  room.sawChat('b');
  room.sawChat('a');
  expect(room.snapshot().chatSeen).toBe('b');
});

test('one or everybody is admitted and called on', async () => {
  await room.admit('hao');
  await room.admit();
  await room.callOn();
  await room.lowerHand('p-hao');
  await room.spotlight(null);
  expect(socket.sent).toEqual([
    { type: 'meeting.admit', data: { user_id: 'hao' } },
    { type: 'meeting.admit', data: {} },
    { type: 'meeting.call_on', data: {} },
    { type: 'meeting.lower_hand', data: { participant_id: 'p-hao' } },
    { type: 'meeting.spotlight', data: { participant_id: '' } },
  ]);
});
