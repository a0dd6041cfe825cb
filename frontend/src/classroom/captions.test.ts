import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingCaptionShown, MeetingJoined } from '@/api/wire.gen';
import { FakeTrack } from '@/testing/fakePeers';
import { FakeSocket } from '@/testing/fakeSocket';
import { installFakeSpeech } from '@/testing/fakeSpeech';
import { Captions, LINE_MS } from './captions';

let socket: FakeSocket;
let captions: Captions;
let microphone: MediaStreamTrack;

function make(): Captions {
  return new Captions({ socket, meetingId: 'm' });
}

function joined(wanted: boolean, captioned = false): void {
  captions.joined({ participant_id: 'me', captions_wanted: wanted, participants: [{ participant_id: 'me', captioned }] } as MeetingJoined);
}

/** A person who has consented, speaks, and is read. */
function speaking(): void {
  joined(true);
  captions.write(true);
  captions.hear(microphone);
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const sent = () => socket.sent.filter(({ type }) => type === 'meeting.caption').map(({ data }) => data);
const line = (number: number, text: string, more: Partial<MeetingCaptionShown> = {}) =>
  socket.emit('meeting.caption', { meeting_id: 'm', participant_id: 'hao', room_id: '', line: number, text, final: false, lang: 'zh-TW', ...more });
const shown = () => captions.snapshot().lines.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  installFakeSpeech();
  socket = new FakeSocket();
  microphone = new FakeTrack('audio') as unknown as MediaStreamTrack;
  captions = make();
});

afterEach(async () => {
  captions.close();
  await settle();
  expect(socket.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  localStorage.clear();
  vi.useRealTimers();
});

test('nobody’s speech is recognised without their consent, a reader, and an open microphone', async () => {
  joined(true);
  captions.hear(microphone);
  await settle();
  expect(window.spoken.listening()).toBeNull();
  captions.write(true);
  await settle();
  expect(window.spoken.listening()).toBe('en-US');
  expect(captions.snapshot().writing).toBe(true);
  captions.hear(null);
  expect(window.spoken.listening()).toBeNull();
  captions.hear(microphone);
  socket.emit('meeting.captions_wanted', { meeting_id: 'm', wanted: false });
  await settle();
  expect(window.spoken.listening()).toBeNull();
});

test('a phrase is sent as it grows and when it is over; numbers go on after the browser began anew', async () => {
  speaking();
  await settle();
  window.spoken.say('good');
  window.spoken.say('good morning');
  window.spoken.pause();
  window.spoken.silence();
  await vi.advanceTimersByTimeAsync(1_000);
  window.spoken.say('class');
  expect(sent()).toEqual([
    { line: 1, text: 'good', final: false, lang: 'en-US' },
    { line: 1, text: 'good morning', final: true, lang: 'en-US' },
    { line: 2, text: 'class', final: false, lang: 'en-US' },
  ]);
});

test('what was said before the microphone was switched off still comes', async () => {
  speaking();
  await settle();
  window.spoken.say('one more');
  captions.hear(null);
  expect(sent().at(-1)).toEqual({ line: 1, text: 'one more', final: true, lang: 'en-US' });
  captions.hear(microphone);
  await settle();
  window.spoken.say('and another');
  expect(sent().at(-1)).toMatchObject({ text: 'and another', final: false });
  expect((sent().at(-1) as { line: number }).line).toBeGreaterThan(1);
});

test('the others know who is written down, and a refused permission takes it back', async () => {
  speaking();
  await settle();
  expect(socket.last('meeting.state_update')).toEqual({ captioned: true });
  window.spoken.fail('not-allowed');
  expect(captions.snapshot().problem).toBe('denied');
  expect(socket.last('meeting.state_update')).toEqual({ captioned: false });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(window.spoken.listening()).toBeNull();
  captions.write(true);
  await settle();
  expect(window.spoken.listening()).toBe('en-US');
});

test('a service out of reach is asked again, ever more rarely, until it answers', async () => {
  speaking();
  await settle();
  let starts = 0;
  for (let second = 0; second < 60; second++) {
    if (window.spoken.listening()) {
      starts += 1;
      window.spoken.fail('network');
    }
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(starts).toBeGreaterThan(4);
  expect(starts).toBeLessThan(12);
  expect(captions.snapshot().problem).toBe('network');
  await vi.advanceTimersByTimeAsync(20_000);
  window.spoken.say('back');
  expect(captions.snapshot().problem).toBeNull();
});

test('another language is listened for at once and remembered', async () => {
  speaking();
  captions.speak('zh-TW');
  await settle();
  expect(window.spoken.listening()).toBe('zh-TW');
  captions.close();
  captions = make();
  expect(captions.snapshot()).toMatchObject({ lang: 'zh-TW', write: true, read: false });
});

test('who reads says so on each entry; lines are renewed, and fade', async () => {
  joined(false);
  line(1, 'not asked for');
  expect(shown()).toEqual([]);
  captions.show(true);
  expect(socket.last('meeting.captions')).toEqual({ on: true });
  joined(false);
  expect(socket.sent.filter(({ type }) => type === 'meeting.captions')).toHaveLength(2);
  line(1, '大家');
  line(1, '大家好', { final: true });
  line(1, 'hello', { participant_id: 'mei' });
  line(1, 'elsewhere', { meeting_id: 'other' });
  expect(shown()).toEqual(['大家好', 'hello']);
  await vi.advanceTimersByTimeAsync(LINE_MS);
  expect(shown()).toEqual([]);
});

test('only the last lines stay', () => {
  joined(false);
  captions.show(true);
  for (let number = 1; number <= 20; number++) line(number, `${number}`);
  expect(shown()).toEqual(['15', '16', '17', '18', '19', '20']);
});

test('a browser without recognition says so and writes nothing', () => {
  captions.close();
  Object.assign(window, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined });
  captions = make();
  expect(captions.snapshot().able).toBe(false);
  speaking();
  expect(socket.last('meeting.state_update')).toEqual({ captioned: false });
  expect(captions.snapshot().writing).toBe(false);
});
