import { clamp, type Correction, type FollowController, type FollowSample, median, SeekLatency } from './controller';

const START_S = 0.035;
const STOP_S = 0.01;
const GAIN = 0.6;
const MAX_TRIM = 0.08;
const SEEK_S = 0.4;
const COOL_DOWN_MS = 300;
const SEEKS = { count: 2, withinMs: 30_000 };
const MEDIAN_OF = 3;

/**
 * Follows with fine rates, for a player that takes any. Called ten times a second. Correction starts above 35 ms and goes
 * on until 10 ms, since a single threshold would leave everyone just under it.
 */
export class Html5Controller implements FollowController {
  private errors: number[] = [];
  private correcting = false;
  private blindUntil = 0;
  private seeks: number[] = [];
  private readonly latency = new SeekLatency(0.08);

  get seekLead(): number {
    return this.latency.seconds;
  }

  jumped(now: number): void {
    this.latency.seekStarted();
    this.settle(now);
  }

  step({ now, target, position, base, playing }: FollowSample): Correction {
    if (!playing) this.settle(now);
    if (now < this.blindUntil) return { rate: base };

    this.errors = [...this.errors, target - position].slice(-MEDIAN_OF);
    const error = median(this.errors);
    if (this.errors.length === MEDIAN_OF) {
      this.latency.settled(error, base);
      if (Math.abs(error) > SEEK_S && this.maySeek(now)) return this.seek(now, target, base);
      this.correcting = Math.abs(error) > (this.correcting ? STOP_S : START_S);
    }
    return { rate: this.correcting ? base * (1 + clamp(GAIN * error, -MAX_TRIM, MAX_TRIM)) : base };
  }

  private maySeek(now: number): boolean {
    this.seeks = this.seeks.filter((at) => now - at < SEEKS.withinMs);
    return this.seeks.length < SEEKS.count;
  }

  private seek(now: number, target: number, base: number): Correction {
    this.seeks.push(now);
    const seekTo = target + this.latency.seconds * base;
    this.jumped(now);
    return { rate: base, seekTo };
  }

  private settle(now: number): void {
    this.errors = [];
    this.correcting = false;
    this.blindUntil = now + COOL_DOWN_MS;
  }
}
