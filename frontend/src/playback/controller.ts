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

/** What the player should do: run at this rate and, if seekTo is there, jump first. */
export interface Correction {
  rate: number;
  seekTo?: number;
}

/** Keeps one player on the timeline. Pure: no timers, no player. */
export interface FollowController {
  step(sample: FollowSample): Correction;
  /** Tells that somebody jumped on purpose (a new timeline); what was measured before no longer counts. */
  jumped(now: number): void;
  /** Seconds that a seek takes here, as learned so far; a jump aims that far ahead while playing. */
  readonly seekLead: number;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

const MAX_LEAD_S = 1.5;

/** Learns how long a seek takes from the error that is left after it. */
export class SeekLatency {
  private awaiting = false;

  constructor(public seconds: number) {}

  seekStarted(): void {
    this.awaiting = true;
  }

  /** The first settled error (target minus position, seconds) after a seek. */
  settled(error: number, base: number): void {
    if (!this.awaiting) return;
    this.awaiting = false;
    this.seconds = clamp(this.seconds + 0.5 * (error / base), 0, MAX_LEAD_S);
  }
}
