import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OffsetEstimate, type Ping, ServerClock } from './clock';

/** A small seeded generator, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const OFFSET = 5_000_000;
const NOW = 50_000;

function exchange(t0: number, there: number, back: number) {
  const t1 = t0 + there + OFFSET;
  return { t0, t1, t2: t1 + 0.2, t3: t0 + there + back + 0.2 };
}

test('takes the fastest passage of each direction, though no single round trip was fast', () => {
  const estimate = new OffsetEstimate();
  estimate.add(exchange(0, 20, 180));
  estimate.add(exchange(120, 190, 20));
  expect(estimate.offsetAt(NOW)).toBeCloseTo(OFFSET, 3);
  });

test('stays within 15 ms under jitter of 20 to 220 ms with slow outliers', () => {
  const random = seeded(7);
  const delay = () => 20 + random() * 200 + (random() < 0.05 ? 200 + random() * 300 : 0);
  const estimate = new OffsetEstimate();
  const errors: number[] = [];
  for (let i = 0; i < 54; i++) {
    estimate.add(exchange(i < 24 ? i * 120 : 2_880 + (i - 24) * 1_000, delay(), delay()));
    if (i >= 23) errors.push(Math.abs((estimate.offsetAt(0) ?? 0) - OFFSET));
  }
  errors.sort((a, b) => a - b);
  expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(15);
});

test('forgets what is older than 45 s, so that a drifting clock is followed', () => {
  const estimate = new OffsetEstimate();
  estimate.add(exchange(0, 1, 1));
  estimate.add({ ...exchange(50_000, 10, 10), t1: 50_010 + OFFSET + 30, t2: 50_010.2 + OFFSET + 30 });
  expect(estimate.offsetAt(NOW)).toBeCloseTo(OFFSET + 30, 3);
});

test('a clock that runs 100 ppm fast is known after minutes, so that samples of 45 s ago and the time between pings do no harm', () => {
  const random = seeded(3);
  const estimate = new OffsetEstimate();
  const offsetAt = (own: number) => OFFSET - own * 100e-6;
  for (let own = 0; own <= 600_000; own += 5_000) {
    const [there, back] = [2 + random() * 3, 2 + random() * 3];
    const t1 = own + there + offsetAt(own);
    estimate.add({ t0: own, t1, t2: t1, t3: own + there + back });
  }
  for (const later of [600_000, 605_000, 640_000]) {
    expect(Math.abs((estimate.offsetAt(later) ?? 0) - offsetAt(later))).toBeLessThan(1);
  }
});

test('a line that scatters is asked once a second for good', async () => {
  clock.start();
  latency = () => (asked.length % 5) * 40;
  await vi.advanceTimersByTimeAsync(60_000);
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked.length - before).toBe(20);
});

let asked: number[];
let latency = () => 0;
let offset: number;
const ping: Ping = (t0) => {
  asked.push(t0);
  const there = latency();
  return Promise.resolve({ data: { t0, t1: t0 + there + offset, t2: t0 + there + offset }, receivedAt: t0 + there });
};
let clock: ServerClock;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  offset = OFFSET;
  latency = () => 0;
  clock = new ServerClock(ping);
});

afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

test('asks 24 times at 120 ms, then each second for 30 s, then every 5 s', async () => {
  clock.start();
  await vi.advanceTimersByTimeAsync(23 * 120);
  expect(asked).toHaveLength(24);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toHaveLength(54);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveLength(58);
  clock.stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveLength(58);
});

test('knows nothing before the first answer, then follows the server', async () => {
  expect(clock.now()).toBeNull();
  clock.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(clock.now()).toBeCloseTo(performance.now() + OFFSET, 3);
});

test('a burst that forgets replaces the old offset with its first answer', async () => {
  clock.start();
  await vi.advanceTimersByTimeAsync(10_000);
  offset = 10;
  clock.burst(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(clock.now()).toBeCloseTo(performance.now() + 10, 3);
});

test('after a sleep it measures in a burst again', async () => {
  clock.start();
  await vi.advanceTimersByTimeAsync(60_000);
  const before = asked.length;
  vi.setSystemTime(Date.now() + 60_000); // the wall went on while timers stood still
  await vi.advanceTimersByTimeAsync(5_000 + 10 * 120);
  expect(asked.length - before).toBeGreaterThanOrEqual(10);
});

test('a new look at the page starts a burst', async () => {
  clock.start();
  await vi.advanceTimersByTimeAsync(60_000);
  const before = asked.length;
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(1_200);
  expect(asked.length - before).toBe(11);
});
