import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MeetingJoined, Poll } from '@/api/wire.gen';
import { FakeSocket } from '@/testing/fakeSocket';
import { Polls } from './polls';

let socket: FakeSocket;
let polls: Polls;

function poll(more: Partial<Poll> = {}): Poll {
  return {
    id: 'p',
    meeting_id: 'm',
    author: { id: 'u', name: 'Ms Lin', avatar_url: null, presence: 'online' },
    question: 'Ready?',
    options: ['Yes', 'No'],
    multiple: false,
    anonymous: false,
    live: true,
    open: true,
    voted: 0,
    results: null,
    my_choices: null,
    i_voted: false,
    created_at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

const asked = (more: Partial<Poll> = {}, meeting = 'm') => socket.emit('meeting.poll', { meeting_id: meeting, poll: poll(more) });
const joined = (...known: Poll[]) => polls.joined({ polls: known } as MeetingJoined);

beforeEach(() => {
  socket = new FakeSocket();
  polls = new Polls({ socket, meetingId: 'm' });
});

afterEach(() => {
  polls.close();
  expect(socket.listeners).toBe(0);
});

test('a poll that is asked lies over the room until it is put away, and its end shows the result', () => {
  asked();
  expect(polls.snapshot().card).toBe('p');
  polls.putAway();
  asked({ voted: 3 });
  expect(polls.snapshot().card).toBeNull();
  asked({ open: false, voted: 3, results: [2, 1] });
  expect(polls.snapshot().card).toBe('p');
});

test('one’s own vote outlives the events, which say nothing of it', async () => {
  asked();
  socket.answer('meeting.poll_vote', () => poll({ voted: 1, results: [1, 0], my_choices: [0], i_voted: true }));
  await polls.vote('p', [0]);
  expect(socket.last('meeting.poll_vote')).toEqual({ poll_id: 'p', choices: [0] });
  asked({ voted: 2, results: [2, 0] });
  expect(polls.snapshot().polls).toMatchObject([{ voted: 2, my_choices: [0], i_voted: true }]);
  expect(polls.snapshot().card).toBe('p');
});

test('a vote whose result is not live puts the card away', async () => {
  asked({ live: false });
  socket.answer('meeting.poll_vote', () => poll({ live: false, voted: 1, i_voted: true }));
  await polls.vote('p', [0]);
  expect(polls.snapshot().card).toBeNull();
});

test('who comes late finds the open poll; who comes back is not asked again', () => {
  joined(poll({ id: 'new' }), poll({ id: 'old', open: false }));
  expect(polls.snapshot().card).toBe('new');
  polls.putAway();
  joined(poll({ id: 'new' }), poll({ id: 'old', open: false }));
  expect(polls.snapshot().card).toBeNull();
  joined(poll({ id: 'newer' }), poll({ id: 'new' }));
  expect(polls.snapshot().card).toBe('newer');
});

test('somebody who voted before a reload is not asked again', () => {
  joined(poll({ i_voted: true, my_choices: [1] }));
  expect(polls.snapshot().card).toBeNull();
});

test('polls of other meetings are not ours; newer ones come first', () => {
  asked({}, 'another');
  asked({ id: 'one' });
  asked({ id: 'two' });
  expect(polls.snapshot().polls.map(({ id }) => id)).toEqual(['two', 'one']);
});

test('a draft keeps its id until it was asked, so that a retry asks once', async () => {
  polls.change({ question: 'Ready?' });
  const { draft } = polls.snapshot();
  socket.answer('meeting.poll_open', () => {
    throw new Error('lost');
  });
  await expect(polls.ask(draft)).rejects.toThrow();
  expect(polls.snapshot().draft).toMatchObject({ id: draft.id, question: 'Ready?' });
  socket.answer('meeting.poll_open', () => ({}));
  await polls.ask(draft);
  expect(polls.snapshot().draft.id).not.toBe(draft.id);
  expect(polls.snapshot().draft.question).toBe('');
});
