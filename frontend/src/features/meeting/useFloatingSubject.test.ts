import { expect, test } from 'vitest';
import { person as participant } from '@/testing/meeting';
import { floatingSubject } from './useFloatingSubject';
import type { Person } from './usePeople';

const track = {} as MediaStreamTrack;
const person = (id: string, pictures: Partial<Pick<Person, 'camera' | 'screen'>> = { camera: track }): Person => ({
  participant: participant(id),
  self: false,
  camera: null,
  screen: null,
  screenSound: false,
  paused: { camera: false, screen: false },
  quality: null,
  ...pictures,
});

const people = [person('ann'), person('bob'), person('eve', { camera: track, screen: track }), person('dan', {})];
const shown = (others: Person[], attention: Partial<Parameters<typeof floatingSubject>[1]>) => {
  const subject = floatingSubject(others, { pin: null, spotlight: '', speaker: null, ...attention });
  return subject && `${subject.participantId} ${subject.source}`;
};

test('a pin comes before a screen, a screen before the teacher’s choice, that before whoever speaks', () => {
  const pin = { kind: 'camera', id: 'ann' } as const;
  expect(shown(people, { pin, spotlight: 'bob', speaker: 'bob' })).toBe('ann camera');
  expect(shown(people, { spotlight: 'bob', speaker: 'ann' })).toBe('eve screen');
  const withoutScreen = people.slice(0, 2);
  expect(shown(withoutScreen, { spotlight: 'bob', speaker: 'ann' })).toBe('bob camera');
  expect(shown(withoutScreen, { speaker: 'bob' })).toBe('bob camera');
  expect(shown(withoutScreen, {})).toBe('ann camera');
});

test('who has no picture is passed over', () => {
  expect(shown([...people.slice(0, 1), person('dan', {})], { spotlight: 'dan', speaker: 'dan' })).toBe('ann camera');
  expect(shown([person('dan', {})], { speaker: 'dan' })).toBeNull();
});
