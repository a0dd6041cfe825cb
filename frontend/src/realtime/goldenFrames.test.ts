import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Lobby, MeetingAnnouncement, MeetingCalled, MeetingJoined, MeetingPoll, MeetingReaction, MeetingStateChanged, PollResult, Waiting } from '@/api/wire.gen';
import { BreakoutRooms } from '@/classroom/breakouts';
import { Classroom } from '@/classroom/classroom';
import { Polls } from '@/classroom/polls';
import { Reactions } from '@/classroom/reactions';
import { FakeSocket } from '@/testing/fakeSocket';
import { eventNames, type EventName } from './events';
import { type Frame, parseFrame } from './frames';

// The examples of the protocol, which the server's tests write and compare.
const folder = '../ws/testdata';
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ name: file.slice(0, -'.json'.length), text: readFileSync(`${folder}/${file}`, 'utf8') }));

function frame(name: string): Frame {
  const parsed = parseFrame(examples.find((example) => example.name === name)?.text);
  if (parsed === null) throw new Error(`no frame ${name}`);
  return parsed;
}

function data<T>(name: string): T {
  const found = frame(name);
  if (found.kind === 'error') throw new Error(name);
  return found.data as T;
}

describe('the examples of the protocol', () => {
  it('has an example of every event that the app knows, and knows every example', () => {
    const events = examples.filter(({ name }) => name.startsWith('event.')).map(({ name }) => name.slice('event.'.length));
    expect(events.sort()).toEqual([...eventNames].sort());
  });

  it.each(examples.filter(({ name }) => !name.startsWith('command.')))('reads $name', ({ name, text }) => {
    const parsed = parseFrame(text);
    expect(parsed?.kind).toBe(name.split('.')[0]);
    if (parsed?.kind === 'event') expect(`event.${parsed.type}`).toBe(name);
  });

  it('says why one waits', () => {
    const refused = frame('error.waiting');
    expect(refused).toMatchObject({ kind: 'error', error: { code: 'waiting', status: 403 } });
    const current = refused.kind === 'error' ? (refused.error.current as Waiting) : null;
    expect(current).toMatchObject({ reason: 'lobby', teachers: 1 });
  });

  it('brings what happens in a room to its parts', () => {
    const socket = new FakeSocket();
    const ack = data<MeetingJoined>('ack.meeting.join');
    const options = { socket, meetingId: data<MeetingStateChanged>('event.meeting.state').meeting_id };
    const classroom = new Classroom(options);
    const [reactions, rooms, polls] = [new Reactions(options), new BreakoutRooms(options), new Polls(options)];
    classroom.joined(ack);
    polls.joined(ack);
    expect(classroom.snapshot()).toMatchObject({ state: ack.state, lobby: ack.lobby, postId: ack.post_id });
    expect(ack.state.breakouts?.rooms[0]?.name).toBe('第一組');
    expect(polls.snapshot().polls).toEqual(ack.polls);

    const heard: EventName[] = ['meeting.state', 'meeting.lobby', 'meeting.called', 'meeting.reaction', 'meeting.broadcast', 'meeting.poll', 'meeting.poll_result'];
    for (const name of heard) socket.emit(name, data(`event.${name}`));
    expect(classroom.snapshot().state).toEqual(data<MeetingStateChanged>('event.meeting.state').state);
    expect(classroom.snapshot().lobby).toEqual(data<Lobby>('event.meeting.lobby').waiting);
    expect(classroom.snapshot().called).toEqual(data<MeetingCalled>('event.meeting.called'));
    expect(reactions.snapshot().floating).toMatchObject([data<MeetingReaction>('event.meeting.reaction')]);
    expect(rooms.snapshot().announcement).toMatchObject(data<MeetingAnnouncement>('event.meeting.broadcast'));
    const { poll } = data<MeetingPoll>('event.meeting.poll');
    expect(polls.snapshot().polls[0]).toMatchObject({ id: poll.id, results: poll.results, voted: poll.voted });
    expect(polls.snapshot().results[poll.id]).toEqual(data<PollResult>('event.meeting.poll_result'));
    for (const part of [classroom, reactions, rooms, polls]) part.close();
  });
});
