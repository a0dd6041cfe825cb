import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingCaption } from '@/api/wire.gen';
import { EVERY_MS, LineSender } from './captionLines';

let told: string[];
let sender: LineSender;

const say = (line: number, text: string, final = false) => sender.send({ line, text, final, lang: 'en-US' });

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  sender = new LineSender((caption: MeetingCaption) => told.push(`${caption.line} ${caption.text}${caption.final ? '.' : ''}`));
});

afterEach(() => {
  sender.close();
  vi.useRealTimers();
});

test('a line that grows is sent now and then, its end at once', () => {
  say(1, 'a');
  say(1, 'a b');
  say(1, 'a b c');
  expect(told).toEqual(['1 a']);
  vi.advanceTimersByTime(EVERY_MS);
  expect(told).toEqual(['1 a', '1 a b c']);
  say(1, 'a b c d');
  say(1, 'A b c d', true);
  expect(told).toEqual(['1 a', '1 a b c', '1 A b c d.']);
  vi.advanceTimersByTime(10 * EVERY_MS);
  expect(told).toHaveLength(3);
});

test('what was waiting of one line is not lost to the next', () => {
  say(1, 'a');
  say(1, 'a b');
  say(2, 'c');
  expect(told).toEqual(['1 a', '1 a b', '2 c']);
});

test('of a speech without a pause the last 500 characters are sent, none of them cut in two', () => {
  say(1, '😀'.repeat(600), true);
  expect([...(told[0] ?? '').slice(2, -1)]).toEqual(Array.from({ length: 500 }, () => '😀'));
});
