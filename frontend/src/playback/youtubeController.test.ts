import { expect, test } from 'vitest';
import { simulate, worstAfter } from '@/testing/simulatedPlayer';
import { YouTubeController } from './youtubeController';

const menu = (rate: number) => (Math.abs((rate * 4) % 1) < 1e-9 ? rate : 1);

test.each([0.8, -0.8, 0.2, -0.2, 0.08])('an error of %s s is gone by rate alone', (startOffset) => {
  const run = simulate(new YouTubeController(), 20, { startOffset });
  expect(run.jumps).toEqual([]);
  expect(worstAfter(run, 16_000)).toBeLessThan(0.05);
});

test('uses 0.05 below 300 ms and 0.10 above', () => {
  const small = simulate(new YouTubeController(), 4, { startOffset: 0.2 });
  expect(new Set(small.samples.map((s) => s.rate))).toEqual(new Set([1, 0.95]));
  const large = simulate(new YouTubeController(), 4, { startOffset: -0.45 });
  expect(new Set(large.samples.map((s) => s.rate))).toEqual(new Set([1, 1.1]));
});

test('says nothing in the first 500 ms of playing and below 40 ms', () => {
  const run = simulate(new YouTubeController(), 10, { startOffset: 0.035 });
  expect(run.samples.every((s) => s.rate === 1)).toBe(true);
  const early = simulate(new YouTubeController(), 0.5, { startOffset: 0.9 });
  expect(early.samples.every((s) => s.rate === 1)).toBe(true);
});

test('looks away for 600 ms after a burst', () => {
  const run = simulate(new YouTubeController(), 8, { startOffset: 0.2, noise: 0.005 });
  const end = run.samples.findIndex((s, i) => s.rate === 1 && run.samples[i - 1]?.rate === 0.95);
  expect(run.samples.slice(end, end + 6).every((s) => s.rate === 1)).toBe(true);
});

test('above a second it lands anew, at most once in 10 s', () => {
  const run = simulate(new YouTubeController(), 30, { startOffset: -4, landsOff: () => -0.2 });
  expect(run.jumps).toHaveLength(1);
  expect(worstAfter(run, 12_000)).toBeLessThan(0.05);
  const stuck = simulate(new YouTubeController(), 25, { startOffset: -9, accept: () => 0 });
  expect(stuck.jumps.length).toBeGreaterThan(1);
  for (const [i, at] of stuck.jumps.entries()) expect(at - (stuck.jumps[i - 1] ?? -Infinity)).toBeGreaterThanOrEqual(10_000);
});

test('brings 800 ms back within 6 s by a rate of YouTube’s own menu', () => {
  const run = simulate(new YouTubeController(), 10, { startOffset: -0.8 });
  expect(run.jumps).toEqual([]);
  expect(Math.max(...run.samples.map((s) => s.rate))).toBe(1.25);
  expect(worstAfter(run, 6_000)).toBeLessThan(0.08);
});

test('lands anew where the class already plays at the highest rate', () => {
  const run = simulate(new YouTubeController(), 10, { startOffset: -0.6, base: 2 });
  expect(run.jumps).toHaveLength(1);
});

test('with throttled timers no burst overshoots', () => {
  const run = simulate(new YouTubeController(), 300, { startOffset: -0.2, every: 10_000 });
  expect(run.samples.every(({ rate }) => rate === 1)).toBe(true);
});

test('a player with the menu’s rates only gets bursts of 0.25', () => {
  const controller = new YouTubeController();
  const run = simulate(controller, 20, { startOffset: 0.4, accept: menu });
  expect(controller.rates).toBe('menu');
  expect(worstAfter(run, 15_000)).toBeLessThan(0.13);
});

test('a player that takes no rate at all is only sought', () => {
  const controller = new YouTubeController();
  const run = simulate(controller, 40, { startOffset: 0.6, accept: () => 1 });
  expect(controller.rates).toBe('none');
  expect(run.jumps.length).toBeGreaterThanOrEqual(1);
  expect(worstAfter(run, 30_000)).toBeLessThan(0.3);
});

test('a player that reports a rate without running at it is found out', () => {
  const controller = new YouTubeController();
  let asked = 1;
  for (let now = 0; now < 60_000; now += 100) {
    const position = 100 + now / 1000;
    asked = controller.step({ now, target: position + 0.25, position, base: 1, playing: true, actualRate: asked }).rate;
  }
  expect(controller.rates).not.toBe('fine');
});
