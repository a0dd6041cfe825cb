import { describe, expect, test } from 'vitest';
import type { Participant, Waiter } from '@/api/wire.gen';
import type { RemoteMedia } from '@/media/subscriber';
import { deedsFor, handQueue, heardScreen, listRows } from './peopleList';

const person = (name: string, more: Partial<Participant> = {}): Participant => ({
  participant_id: `p-${name}`,
  user: { id: name, name, avatar_url: null, presence: 'in_meeting' },
  role: 'student',
  muted: true,
  video_on: false,
  screen_sharing: false,
  hand_raised: false,
  hand_raised_at: null,
  may_speak: false,
  captioned: false,
  room_id: '',
  connection: 'connected',
  joined_at: '2026-03-02T01:00:00.000Z',
  ...more,
});
const hand = (minute: number) => ({ hand_raised: true, hand_raised_at: `2026-03-02T01:0${minute}:00.000Z` });
const waiter = (name: string): Waiter => ({ user: { id: name, name, avatar_url: null, presence: 'online' }, member: true, since: '2026-03-02T01:00:00.000Z' });

const lin = person('Ms Lin', { role: 'owner' });
const hao = person('Hao', hand(5));
const mei = person('Mei', hand(2));
const yu = person('Yu', { room_id: 'r1' });
const all = [hao, mei, yu, lin];
const everybody = { text: '', room: null };
const shown = (rows: ReturnType<typeof listRows>) => rows.map((row) => (row.kind === 'person' ? `${row.turn || ''}${row.person.user.name}` : row.kind === 'waiter' ? `?${row.waiter.user.name}` : `# ${row.kind} ${row.count}`));

test('hands stand in the order in which they went up', () => {
  expect(handQueue(all).map(({ user }) => user.name)).toEqual(['Mei', 'Hao']);
});

describe('the list', () => {
  test('has who knocks, the queue, then teachers and students by name', () => {
    expect(shown(listRows([waiter('Ann')], all, everybody, '', 'en'))).toEqual(['# waiting 1', '?Ann', '# hands 2', '1Mei', '2Hao', '# people 2', 'Ms Lin', 'Yu']);
  });
  test('keeps the place in the queue of somebody who was searched for', () => {
    expect(shown(listRows([waiter('Ann')], all, { text: ' hA', room: null }, '', 'en'))).toEqual(['# hands 1', '2Hao']);
  });
  test('shows one room', () => {
    expect(shown(listRows([], all, { text: '', room: 'r1' }, '', 'en'))).toEqual(['# people 1', 'Yu']);
    expect(shown(listRows([], all, { text: '', room: '' }, '', 'en'))).toEqual(['# hands 2', '1Mei', '2Hao', '# people 1', 'Ms Lin']);
  });
  test('has hands of other rooms behind those of one’s own, whom one can call on', () => {
    const away = person('Zoe', { room_id: 'r1', ...hand(1) });
    expect(shown(listRows([], [...all, away], everybody, '', 'en')).slice(0, 4)).toEqual(['# hands 3', '1Mei', '2Hao', 'Zoe']);
    expect(shown(listRows([], [...all, away], everybody, 'r1', 'en')).slice(0, 4)).toEqual(['# hands 3', '1Zoe', 'Mei', 'Hao']);
    expect(listRows([], [away], everybody, '', 'en')[0]).toMatchObject({ kind: 'hands', next: false });
  });
  test('sorts Chinese names as the language does', () => {
    const names = ['王小明', '丁一', '陳美'].map((name) => person(name));
    expect(shown(listRows([], names, everybody, '', 'zh-TW'))).toEqual(['# people 3', '丁一', '王小明', '陳美']);
  });
});

describe('what may be done', () => {
  const done = (deeds: Record<string, boolean>) => Object.keys(deeds).filter((name) => deeds[name]);
  const open = { muted: false, ...hand(1) };
  test.each([
    ['a student with a student', person('a', open), 'student', false, []],
    ['a student with oneself', person('a', open), 'student', true, []],
    ['an assistant with a student', person('a', open), 'assistant', false, ['mute', 'callOn', 'lowerHand', 'spotlight', 'remove']],
    ['an assistant with the owner', person('a', { ...open, role: 'owner' }), 'assistant', false, ['mute', 'lowerHand', 'spotlight']],
    ['an owner with a student', person('a', open), 'owner', false, ['mute', 'callOn', 'lowerHand', 'spotlight', 'makeAssistant', 'remove']],
    ['an owner with an assistant', person('a', { role: 'assistant' }), 'owner', false, ['spotlight', 'makeStudent', 'remove']],
    ['an owner with oneself', person('a', { ...open, role: 'owner' }), 'owner', true, ['spotlight']],
    ['an assistant with a hand in another room', person('a', { ...open, room_id: 'r1' }), 'assistant', false, ['mute', 'lowerHand', 'spotlight', 'remove']],
    ['with one who has the word already', person('a', { may_speak: true, muted: false }), 'assistant', false, ['mute', 'spotlight', 'remove']],
  ] as const)('by %s', (_, who, by, self, expected) => expect(done(deedsFor(who, by, '', self))).toEqual(expected));
});

describe('who is heard through a shared screen', () => {
  const media = (source: RemoteMedia['source'], { participant_id: participantId }: Participant, muted = false) => ({ source, participantId, muted }) as RemoteMedia;
  test('is a student, the one asked for', () => {
    const remote = [media('microphone', hao), media('screen', hao), media('screen_audio', mei)];
    expect(heardScreen({ participants: all, remote })).toBe(mei);
    expect(heardScreen({ participants: all, remote }, mei.participant_id)).toBe(mei);
    expect(heardScreen({ participants: all, remote }, hao.participant_id)).toBeUndefined();
  });
  test('is not a teacher, and nobody whose screen is silent', () => {
    expect(heardScreen({ participants: all, remote: [media('screen_audio', lin), media('screen_audio', yu, true)] })).toBeUndefined();
  });
});
