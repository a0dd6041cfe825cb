import { expect, test } from 'vitest';
import { simulate, worstAfter } from '@/testing/simulatedPlayer';
import { Html5Controller } from './html5Controller';

test.each([0.3, -0.3, 0.05, -0.05])('an error of %s s is gone within 6 s by rate alone', (startOffset) => {
  const run = simulate(new Html5Controller(), 12, { startOffset });
  expect(run.jumps).toEqual([]);
  expect(worstAfter(run, 6_000)).toBeLessThan(0.035);
});

test('errors below 35 ms are left alone', () => {
  const run = simulate(new Html5Controller(), 5, { startOffset: 0.03 });
  expect(run.samples.every((s) => s.rate === 1)).toBe(true);
});

test('once begun, correction goes on below 35 ms and returns to exactly the base rate', () => {
  const run = simulate(new Html5Controller(), 12, { startOffset: 0.2, base: 1.25 });
  const last = run.samples.at(-1);
  expect(Math.abs(last?.error ?? 1)).toBeLessThan(0.012);
  expect(last?.rate).toBe(1.25);
});

test('the rate never leaves the base by more than 8 %', () => {
  const run = simulate(new Html5Controller(), 5, { startOffset: 0.39 });
  expect(Math.max(...run.samples.map((s) => Math.abs(s.rate - 1)))).toBeLessThanOrEqual(0.08 + 1e-9);
});

test('above 400 ms it lands anew, once', () => {
  const run = simulate(new Html5Controller(), 8, { startOffset: -3 });
  expect(run.jumps).toHaveLength(1);
  expect(worstAfter(run, 2_000)).toBeLessThan(0.035);
});

test('lands at most twice in 30 s, even when no landing succeeds', () => {
  const missing = simulate(new Html5Controller(), 29, { startOffset: -5, landsOff: () => -2 });
  expect(missing.jumps).toHaveLength(2);
  const stuck = simulate(new Html5Controller(), 29, { startOffset: -5, accept: () => 0 });
  expect(stuck.jumps).toHaveLength(2);
});

test('tells the first error that it judged after a jump, once', () => {
  const controller = new Html5Controller();
  controller.jumped(0);
  const settled = Array.from({ length: 20 }, (_, i) =>
    controller.step({ now: i * 100, target: 10 + i / 10, position: 9.9 + i / 10, base: 1, playing: true, actualRate: 1 }).settled,
  ).filter((error) => error !== undefined);
  expect(settled).toEqual([expect.closeTo(0.1, 5)]);
});

test('with throttled timers it never overshoots', () => {
  for (const every of [1_000, 60_000]) {
    const run = simulate(new Html5Controller(), 600, { startOffset: 0.3, every });
    expect(run.samples.every(({ error }) => error < 0.035 && error > -0.31)).toBe(true);
  }
});

test('waits 300 ms after a jump before it judges', () => {
  const controller = new Html5Controller();
  controller.jumped(0);
  for (let now = 0; now < 300; now += 100) {
    expect(controller.step({ now, target: 9, position: 0, base: 1, playing: true, actualRate: 1 })).toEqual({ rate: 1 });
  }
});

test('a clock 100 ppm off and noisy readings never leave the band', () => {
  const run = simulate(new Html5Controller(), 120, { startOffset: 0, drift: 1.0001, noise: 0.008 });
  expect(run.jumps).toEqual([]);
  expect(worstAfter(run, 0)).toBeLessThan(0.06);
});
