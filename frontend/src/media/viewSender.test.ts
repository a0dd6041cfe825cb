import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingView, Tile } from '@/api/wire.gen';
import { ViewSender } from './viewSender';

let ready: boolean;
let sent: MeetingView[];
let sender: ViewSender;

const tile = (id: string, width = 320): Tile => ({ participant_id: id, source: 'camera', width, height: 192 });

beforeEach(() => {
  vi.useFakeTimers();
  ready = true;
  sent = [];
  sender = new ViewSender(() => ready, (view) => sent.push(view));
});

afterEach(() => vi.useRealTimers());

test('a picture that comes into sight is asked for at once', () => {
  sender.set([tile('ann')]);
  vi.advanceTimersByTime(20);
  expect(sent).toEqual([{ tiles: [tile('ann')] }]);
});

test('sizes and what has gone wait until the screen stands still', () => {
  sender.set([tile('ann'), tile('bob')]);
  vi.advanceTimersByTime(20);
  for (let width = 320; width < 640; width += 16) {
    sender.set([tile('ann', width)]);
    vi.advanceTimersByTime(100);
  }
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(250);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual({ tiles: [tile('ann', 624)] });
});

test('the same view is not sent twice, but again to a server that does not know it', () => {
  sender.set([tile('ann')]);
  vi.advanceTimersByTime(300);
  sender.set([tile('ann')]);
  vi.advanceTimersByTime(300);
  expect(sent).toHaveLength(1);
  sender.again();
  expect(sent).toHaveLength(2);
});

test('nothing is sent outside a meeting; the last view goes out on entering', () => {
  ready = false;
  sender.set([tile('ann')]);
  vi.advanceTimersByTime(300);
  expect(sent).toEqual([]);
  ready = true;
  sender.again();
  expect(sent).toEqual([{ tiles: [tile('ann')] }]);
});

test('an empty view is a view: nobody looks', () => {
  sender.set([tile('ann')]);
  vi.advanceTimersByTime(300);
  sender.set([]);
  vi.advanceTimersByTime(300);
  expect(sent.at(-1)).toEqual({ tiles: [] });
});

test('at most a hundred tiles', () => {
  sender.set(Array.from({ length: 120 }, (_, n) => tile(String(n))));
  vi.advanceTimersByTime(300);
  expect(sent[0]?.tiles).toHaveLength(100);
});
