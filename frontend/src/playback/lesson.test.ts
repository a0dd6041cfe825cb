import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Comment, PlaybackQuestion, PlaybackState, Post } from '@/api/wire.gen';
import { SocketError } from '@/realtime/socket';
import { FakeSocket } from '@/testing/fakeSocket';
import { Lesson } from './lesson';

let socket: FakeSocket;
let lesson: Lesson;

const moment = { key: 'file:f', t: 7 };

function state(more: Partial<PlaybackState> = {}): PlaybackState {
  return {
    playlist: { channel_id: 'c', v: 1, entries: [], current_id: '', auto_next: false },
    settings: { free_browsing: false, remote: '', room_sound: '' },
    question: null,
    my_answer: null,
    comments: [],
    post_id: null,
    markers: [],
    answers: null,
    lost: [],
    ...more,
  };
}

function question(more: Partial<PlaybackQuestion> = {}): PlaybackQuestion {
  return { meeting_id: 'm', id: 'q1', marker_id: 'k', key: 'file:f', t: 20, question: 'Why?', choices: [], open: true, answered: 0, asked_at: '', ...more };
}

function comment(id: string, more: Partial<Comment> = {}): Comment {
  return { id, post_id: 'p', body: id, moment, ...more } as Comment;
}

beforeEach(() => {
  socket = new FakeSocket();
  lesson = new Lesson({ socket, meetingId: 'm' });
  lesson.joined(state());
});

afterEach(() => lesson.close());

test('a new question forgets the answer to the last one; a counted one keeps it', async () => {
  socket.answer('playback.answer', () => ({ question_id: 'q1', choice: 1 }));
  socket.emit('playback.question', question());
  await lesson.answer({ choice: 1 });
  socket.emit('playback.question', question({ answered: 3 }));
  expect(lesson.snapshot()).toMatchObject({ question: { answered: 3 }, myAnswer: { choice: 1 } });
  socket.emit('playback.question', question({ id: 'q2' }));
  expect(lesson.snapshot()).toMatchObject({ question: { id: 'q2' }, myAnswer: null });
  socket.emit('playback.answers', { meeting_id: 'm', question_id: 'q1', counts: [], answers: [] });
  expect(lesson.snapshot().answers).toBeNull();
});

test('only comments with a moment on the meeting’s own post are the lesson’s, each once', () => {
  socket.emit('comment.created', comment('too early'));
  socket.emit('post.created', { id: 'p', meeting_id: 'm' } as Post);
  socket.emit('comment.created', comment('a'));
  socket.emit('comment.created', comment('a'));
  socket.emit('comment.created', comment('of another post', { post_id: 'x' }));
  socket.emit('comment.updated', comment('a', { body: 'edited' }));
  expect(lesson.snapshot().comments.map(({ body }) => body)).toEqual(['edited']);
  socket.emit('comment.deleted', { id: 'a', channel_id: 'c', post_id: 'p' });
  expect(lesson.snapshot().comments).toEqual([]);
});

test('one’s own question makes the post known and shows at once', async () => {
  socket.answer('playback.comment', () => comment('mine'));
  await lesson.ask('mine', moment, 'client');
  socket.emit('comment.created', comment('mine'));
  socket.emit('comment.created', comment('another'));
  expect(lesson.snapshot().comments.map(({ id }) => id)).toEqual(['mine', 'another']);
  expect(socket.last('playback.comment')).toEqual({ body: 'mine', client_id: 'client', key: 'file:f', pos: 7 });
});

test('what a player found out is told once, and again when it did not arrive', async () => {
  lesson.report('file:f', { duration: 60 });
  lesson.report('file:f', { duration: 60 });
  expect(socket.types()).toEqual(['playback.report']);
  socket.answer('playback.report', () => {
    throw new SocketError('connection_lost', 'gone');
  });
  lesson.report('file:f', { duration: 61 });
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  lesson.report('file:f', { duration: 61 });
  expect(socket.types()).toHaveLength(3);
});

test('stop-points and curves of one item leave those of others alone', () => {
  const marker = (id: string, key: string) => ({ id, key, t: 1, question: id, choices: [] });
  lesson.joined(state({ markers: [marker('a', 'k1'), marker('b', 'k2')], lost: [{ meeting_id: 'm', key: 'k2', bucket_s: 5, buckets: [] }] }));
  socket.emit('playback.markers', { channel_id: 'c', key: 'k1', markers: [marker('c', 'k1')] });
  socket.emit('playback.lost', { meeting_id: 'm', key: 'k1', bucket_s: 5, buckets: [{ t: 0, n: 1 }] });
  socket.emit('playback.lost', { meeting_id: 'another', key: 'k3', bucket_s: 5, buckets: [] });
  expect(lesson.snapshot().markers.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(lesson.snapshot().lost.map(({ key }) => key)).toEqual(['k2', 'k1']);
});

test('closing leaves nothing listening', () => {
  lesson.close();
  expect(socket.listeners).toBe(0);
});
