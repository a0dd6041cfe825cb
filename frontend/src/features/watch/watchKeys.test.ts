import { expect, test } from 'vitest';
import { actionOf, rateStep } from './watchKeys';

const teacher = { near: false, drives: true, spaceTalks: false };
const student = { near: false, drives: false, spaceTalks: true };

test('a teacher drives from anywhere in the room', () => {
  expect(actionOf(' ', teacher)).toEqual({ kind: 'toggle' });
  expect(actionOf('K', teacher)).toEqual({ kind: 'toggle' });
  expect(actionOf('j', teacher)).toEqual({ kind: 'jump', by: -10 });
  expect(actionOf('ArrowRight', teacher)).toEqual({ kind: 'jump', by: 5 });
  expect(actionOf('7', teacher)).toEqual({ kind: 'part', part: 0.7 });
  expect(actionOf('.', teacher)).toEqual({ kind: 'frame', by: 1 });
});

test('Shift with N and P goes through the list; the plain letters mean nothing', () => {
  expect(actionOf('N', teacher)).toEqual({ kind: 'next' });
  expect(actionOf('n', teacher)).toBeNull();
});

test('M outside of the video is the microphone, inside it is the sound', () => {
  expect(actionOf('m', teacher)).toBeNull();
  expect(actionOf('m', { ...teacher, near: true })).toEqual({ kind: 'mute' });
});

test('a student switches only what is their own', () => {
  expect([' ', 'k', 'j', '5', ',', 'N'].map((key) => actionOf(key, { ...student, near: true }))).toEqual(Array(6).fill(null));
  expect(actionOf('f', student)).toEqual({ kind: 'fullscreen' });
  expect(actionOf('c', student)).toEqual({ kind: 'captions' });
  expect(actionOf('ArrowUp', { ...student, near: true })).toEqual({ kind: 'volume', by: 0.05 });
});

test('a student on their own drives, but Space beside the video still opens the microphone', () => {
  const free = { ...student, drives: true };
  expect(actionOf('l', free)).toEqual({ kind: 'jump', by: 10 });
  expect(actionOf(' ', free)).toBeNull();
  expect(actionOf(' ', { ...free, near: true })).toEqual({ kind: 'toggle' });
});

test('speed goes through the menu and stops at its ends', () => {
  expect([rateStep(1, 1), rateStep(2, 1), rateStep(0.25, -1), rateStep(1.1, -1)]).toEqual([1.25, 2, 0.25, 1]);
});
