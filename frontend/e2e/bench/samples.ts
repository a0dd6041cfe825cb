import type { Person } from '../people';
import { framesOf } from '../recorder';
import { stubLog } from '../youtubeStub';

/** Where a player was (seconds) at a true time (milliseconds). */
export interface Sample {
  at: number;
  position: number;
}

/** A run that proves nothing: too few frames, a client missing. */
export class InvalidRun extends Error {}

/** What one kind of player really showed, told by something else than the app. */
export interface Witness {
  /** What moved between two true times, gaps included. */
  seen(person: Person, from: number, to: number): Promise<Sample[]>;
  /** The same of somebody who should have moved all the time; throws InvalidRun when the page showed too little to judge. */
  steady(person: Person, from: number, to: number): Promise<Sample[]>;
}

const FPS = 30;
const MIN_FPS = 25;
const STUB_EVERY_MS = 50;
const GAP_MS = 200;

/** The barcode in the film. */
export const film: Witness = {
  async seen(person, from, to) {
    const frames = await framesOf(person.page, from);
    return frames.filter(({ at }) => at <= to).map(({ at, frame }) => ({ at, position: frame / FPS }));
  },
  async steady(person, from, to) {
    const frames = (await framesOf(person.page, from)).filter(({ at }) => at <= to);
    const [first, last] = [frames[0], frames.at(-1)];
    if (!first || !last || last.at - first.at < (to - from) / 2) throw new InvalidRun(`${person.name} showed next to nothing`);
    const decoded = ((last.decoded - first.decoded) / (last.at - first.at)) * 1000;
    if (!(decoded >= MIN_FPS)) throw new InvalidRun(`${person.name} decoded ${decoded.toFixed(1)} frames/s, ${MIN_FPS} needed`);
    return frames.map(({ at, frame }) => ({ at, position: frame / FPS }));
  },
};

/** What the YouTube stub knows of itself. */
export const stub: Witness = {
  async seen(person, from, to) {
    return (await stubLog(person.page, from)).filter(({ at, moving }) => moving && at <= to);
  },
  async steady(person, from, to) {
    const samples = await stub.seen(person, from, to);
    const expected = (to - from) / STUB_EVERY_MS;
    if (samples.length < expected / 2) throw new InvalidRun(`${person.name}'s stub moved for ${samples.length} of ${expected.toFixed(0)} samples`);
    return samples;
  },
};

/** Between the two samples around a true time; null outside of what was seen. */
export function positionAt(samples: Sample[], at: number): number | null {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  const [a, b] = [samples[low - 1], samples[low]];
  if (!a || !b || b.at - a.at > GAP_MS) return null;
  return a.position + ((b.position - a.position) * (at - a.at)) / (b.at - a.at);
}

/** By how many milliseconds the second is behind the first, at each sample of the first. */
export function skews(first: Sample[], second: Sample[]): { at: number; ms: number }[] {
  return first.flatMap(({ at, position }) => {
    const other = positionAt(second, at);
    return other === null ? [] : [{ at, ms: (position - other) * 1000 }];
  });
}

/** The sizes of the skews of every pair. */
export function pairSkews(all: Sample[][]): number[] {
  return all.flatMap((first, i) =>
    all.slice(i + 1).flatMap((second) => {
      const found = skews(first, second);
      if (found.length < first.length / 2) throw new InvalidRun(`only ${found.length} of ${first.length} samples can be compared`);
      return found.map(({ ms }) => Math.abs(ms));
    }),
  );
}

/** When a player came within `ms` of a reference and stayed there for a second; null if it did not. */
export function backWithin(reference: Sample[], samples: Sample[], ms: number): number | null {
  let since: number | null = null;
  for (const { at, ms: skew } of skews(samples, reference)) {
    if (Math.abs(skew) > ms) since = null;
    else since ??= at;
    if (since !== null && at - since >= 1_000) return since;
  }
  return null;
}
