import { type Correction, type FollowController, type FollowSample, median } from './controller';

const SAMPLE_MS = 250;
const MEDIAN_OF = 5;
const WARM_UP_MS = 500;
/** Rate steps by the size of the error, seconds. A quarter is on YouTube's own menu and brings 0.8 s back in 4 s. */
const FINE = [
  { above: 0.5, step: 0.25 },
  { above: 0.3, step: 0.1 },
  { above: 0.04, step: 0.05 },
];
const MENU = [{ above: 0.08, step: 0.25 }];
const JUMP_S = 1;
const JUMP_ONLY_S = 0.3;
const JUMP_EVERY_MS = 10_000;
const BLIND_MS = 600;
const REFUSED_AFTER_MS = 700;
const SLOPE_MS = 2_000;
const RATES = { min: 0.25, max: 2 };

/** Which rates the player takes: steps of 0.05, only the menu's steps of 0.25, or none. Found out while playing. */
export type RateSupport = 'fine' | 'menu' | 'none';

interface Burst {
  rate: number;
  step: number;
  startedAt: number;
  startedFrom: number;
  until: number;
}

/**
 * Follows a player whose position comes late and in steps and whose rates are few: runs a little faster or slower for
 * exactly as long as the error needs, then looks away until the player's reports have caught up. Callable at any pace; it
 * samples four times a second.
 */
export class YouTubeController implements FollowController {
  rates: RateSupport = 'fine';
  private errors: number[] = [];
  private lastSample = -Infinity;
  private lastStep = -Infinity;
  private playingSince: number | null = null;
  private blindUntil = 0;
  private lastJump = -Infinity;
  private burst: Burst | null = null;
  private weakBursts = 0;
  private unsettled = false;

  jumped(now: number): void {
    this.unsettled = true;
    this.look(now, 0);
    this.playingSince = null;
  }

  step(sample: FollowSample): Correction {
    const { now, target, position, base, playing } = sample;
    const elapsed = now - this.lastStep;
    this.lastStep = now;
    if (!playing) {
      this.look(now, 0);
      this.playingSince = null;
      return { rate: base };
    }
    this.playingSince ??= now;
    if (this.burst) return this.continueBurst(this.burst, sample, elapsed);
    if (now - this.playingSince < WARM_UP_MS || now < this.blindUntil) return { rate: base };

    if (now - this.lastSample >= SAMPLE_MS) {
      this.lastSample = now;
      this.errors = [...this.errors, target - position].slice(-MEDIAN_OF);
    }
    if (this.errors.length < MEDIAN_OF) return { rate: base };
    const error = median(this.errors);
    const settled = this.unsettled ? { settled: error } : {};
    this.unsettled = false;
    return { ...this.correct(error, sample, elapsed), ...settled };
  }

  private correct(error: number, { now, position, base }: FollowSample, elapsed: number): Correction {
    const size = Math.abs(error);
    const step = this.stepFor(size);
    const rate = Math.round((base + Math.sign(error) * step) * 100) / 100;
    const reachable = this.rates !== 'none' && rate >= RATES.min && rate <= RATES.max;
    if (size > (reachable ? JUMP_S : JUMP_ONLY_S) && now - this.lastJump >= JUMP_EVERY_MS) {
      this.lastJump = now;
      this.jumped(now);
      return { rate: base, jump: true };
    }
    // Where timers are throttled a burst could end far too late: then none.
    const exact = step * (elapsed / 1000) <= size / 2;
    if (step === 0 || !reachable || !exact) return { rate: base };
    this.burst = { rate, step, startedAt: now, startedFrom: position, until: now + (size / step) * 1000 };
    return { rate };
  }

  private stepFor(size: number): number {
    const steps = { fine: FINE, menu: MENU, none: [] }[this.rates];
    return steps.find(({ above }) => size > above)?.step ?? 0;
  }

  private continueBurst(burst: Burst, { now, position, base, actualRate }: FollowSample, elapsed: number): Correction {
    if (now - burst.startedAt > REFUSED_AFTER_MS && Math.abs(actualRate - burst.rate) > burst.step / 2) {
      this.degrade();
      this.look(now, BLIND_MS);
      return { rate: base };
    }
    // The step nearest to the end ends it.
    if (now + elapsed / 2 < burst.until) return { rate: burst.rate };
    this.judge(burst, (position - burst.startedFrom) / ((now - burst.startedAt) / 1000), now, base);
    this.look(now, BLIND_MS);
    return { rate: base };
  }

  /** Some players report a rate and do not run at it: two long bursts in a row without effect count as a refusal. */
  private judge(burst: Burst, slope: number, now: number, base: number): void {
    if (now - burst.startedAt < SLOPE_MS) return;
    const gained = (slope - base) / (burst.rate - base);
    this.weakBursts = gained < 0.4 ? this.weakBursts + 1 : 0;
    if (this.weakBursts >= 2) this.degrade();
  }

  private degrade(): void {
    this.rates = this.rates === 'fine' ? 'menu' : 'none';
    this.weakBursts = 0;
  }

  private look(now: number, after: number): void {
    this.burst = null;
    this.errors = [];
    this.blindUntil = now + after;
  }
}
