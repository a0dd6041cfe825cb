import { clamp, type Correction, type FollowController, type FollowSample, median } from './controller';

const START_S = 0.035;
const STOP_S = 0.01;
const GAIN = 0.6;
const MAX_TRIM = 0.08;
const JUMP_S = 0.4;
const COOL_DOWN_MS = 300;
const JUMPS = { count: 2, withinMs: 30_000 };
const MEDIAN_OF = 3;
const PUNCTUAL_MS = 250;

/**
 * Follows with fine rates, for a player that takes any. Called ten times a second. Correction starts above 35 ms and goes
 * on until 10 ms, since a single threshold would leave everyone just under it.
 */
export class Html5Controller implements FollowController {
  private errors: number[] = [];
  private correcting = false;
  private blindUntil = 0;
  private unsettled = false;
  private jumps: number[] = [];
  private lastStep = -Infinity;

  jumped(now: number): void {
    this.unsettled = true;
    this.settle(now);
  }

  step({ now, target, position, base, playing }: FollowSample): Correction {
    const elapsed = now - this.lastStep;
    this.lastStep = now;
    if (!playing) this.settle(now);
    if (now < this.blindUntil) return { rate: base };

    // After a pause of the timers, what was measured before it says nothing about now.
    const current = Array.from({ length: elapsed > PUNCTUAL_MS ? MEDIAN_OF : 1 }, () => target - position);
    this.errors = [...this.errors, ...current].slice(-MEDIAN_OF);
    if (this.errors.length < MEDIAN_OF) return { rate: base };
    const error = median(this.errors);
    const settled = this.unsettled ? { settled: error } : {};
    this.unsettled = false;
    if (Math.abs(error) > JUMP_S && this.mayJump(now)) {
      this.jumps.push(now);
      this.jumped(now);
      return { rate: base, jump: true, ...settled };
    }
    this.correcting = Math.abs(error) > (this.correcting ? STOP_S : START_S);
    return { rate: this.correcting ? base * (1 + this.trim(error, elapsed)) : base, ...settled };
  }

  /** Where timers are throttled the next step may be a minute away: the rate must not overshoot until then. */
  private trim(error: number, elapsed: number): number {
    const late = elapsed > PUNCTUAL_MS ? Math.abs(error) / (2 * (elapsed / 1000)) : MAX_TRIM;
    const limit = Math.min(MAX_TRIM, late);
    return clamp(GAIN * error, -limit, limit);
  }

  private mayJump(now: number): boolean {
    this.jumps = this.jumps.filter((at) => now - at < JUMPS.withinMs);
    return this.jumps.length < JUMPS.count;
  }

  private settle(now: number): void {
    this.errors = [];
    this.correcting = false;
    this.blindUntil = now + COOL_DOWN_MS;
  }
}
