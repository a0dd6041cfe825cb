import { expect, test } from 'vitest';
import { AdWatch } from './adWatch';

const showing = (now: number, more: object = {}) => ({ now, videoId: 'video', duration: 600, position: 100 + now / 1000, rate: 1, ...more });

test('another id is an advertisement', () => {
  const watch = new AdWatch('video');
  expect(watch.showsAd(showing(0, { videoId: 'soap' }))).toBe(true);
  expect(watch.showsAd(showing(250))).toBe(false);
});

test('a length shorter than the video’s is an advertisement; the longest seen is the video’s', () => {
  const watch = new AdWatch('video');
  expect(watch.showsAd(showing(0))).toBe(false);
  expect(watch.showsAd(showing(250, { duration: 15 }))).toBe(true);
  expect(watch.showsAd(showing(500))).toBe(false);
  const first = new AdWatch('video');
  expect(first.showsAd(showing(0, { duration: 15 }))).toBe(false);
  expect(first.showsAd(showing(250, { duration: 600 }))).toBe(false);
});

test('playing without getting anywhere is an advertisement; a slow rate, a pause and a jump back are not', () => {
  const stuck = new AdWatch('video');
  const seen = [0, 500, 1_000, 1_500, 2_000].map((now) => stuck.showsAd(showing(now, { position: 100 })));
  expect(seen).toEqual([false, false, false, true, true]);
  const slow = new AdWatch('video');
  expect([0, 500, 1_000, 1_500, 2_000].some((now) => slow.showsAd(showing(now, { position: 100 + now / 4_000, rate: 0.25 })))).toBe(false);
  const back = new AdWatch('video');
  expect([0, 500, 1_000, 1_500].some((now) => back.showsAd(showing(now, { position: 100 - now })))).toBe(false);
  const paused = new AdWatch('video');
  paused.showsAd(showing(0, { position: 100 }));
  paused.interrupted();
  expect(paused.showsAd(showing(2_000, { position: 100 }))).toBe(false);
});
