/** What a controller is told at each step: times in milliseconds of the own clock, positions in seconds. */
export interface FollowSample {
  now: number;
  target: number;
  position: number;
  /** The rate the class plays at. */
  base: number;
  /** Whether the picture moves; while it does not, nothing can be judged. */
  playing: boolean;
  /** The rate the player says it runs at. */
  actualRate: number;
}

/** What the player should do. */
export interface Correction {
  rate: number;
  /** Too far off for rates: land anew. */
  jump?: true;
  /** The first error that was judged since the player came to move, target minus position in seconds. */
  settled?: number;
}

/** Keeps one moving player on the timeline. Pure: no timers, no player. */
export interface FollowController {
  step(sample: FollowSample): Correction;
  /** Tells that the player was brought somewhere on purpose; what was measured before no longer counts. */
  jumped(now: number): void;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
