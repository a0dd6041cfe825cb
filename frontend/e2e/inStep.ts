import { expect } from '@playwright/test';
import { percentile, readFrames, skews } from './barcode';
import { note } from './fixtures';
import type { Person } from './people';

/** How far two players may be apart, in milliseconds, on a machine that does other things too. */
const skewBar = 150;
/** The time in which everybody must have come into step. */
const settled = 25_000;

/** Everybody comes into step with the first, and the picture shows it for four seconds on end. */
export async function expectStep(people: Person[]): Promise<void> {
  let worst = Number.NaN;
  await expect(async () => (worst = await measure(people, 4_000))).toPass({ timeout: settled, intervals: [0] });
  note(`p95 of the skew of ${people.length} players`, worst, 'ms');
}

async function measure(people: Person[], ms: number): Promise<number> {
  const [first = [], ...others] = await Promise.all(people.map((person) => readFrames(person.page, ms)));
  const worst = Math.max(...others.map((other) => percentile(skews(first, other), 95)));
  expect(worst, 'p95 of the skew in ms').toBeLessThanOrEqual(skewBar);
  return worst;
}
