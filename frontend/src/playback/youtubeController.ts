import { type Correction, type FollowController, type FollowSample, median, SeekLatency } from './controller';

const SAMPLE_MS = 250;
const MEDIAN_OF = 5;
const WARM_UP_MS = 500;
const SMALL = { above: 0.04, step: 0.05 };
const LARGE = { above: 0.3, step: 0.1 };
const COARSE = { above: 0.12, step: 0.25 };
const SEEK_S = 1;
const SEEK_ONLY_S = 0.3;
const SEEK_EVERY_MS = 10_000;
const BLIND_MS = 600;
const REFUSED_AFTER_MS = 700;
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
  private playingSince: number | null = null;
  private blindUntil = 0;
  private lastSeek = -Infinity;
  private burst: Burst | null = null;
  private weakBursts = 0;
  private readonly latency = new SeekLatency(0.3);

  get seekLead(): number {
    return this.latency.seconds;
  }

  jumped(now: number): void {
    this.latency.seekStarted();
    this.look(now, 0);
    this.playingSince = null;
  }

  step(sample: FollowSample): Correction {
    const { now, target, position, base, playing } = sample;
    if (!playing) {
      this.look(now, 0);
      this.playingSince = null;
      return { rate: base };
    }
    this.playingSince ??= now;
    if (this.burst) return this.continueBurst(this.burst, sample);
    if (now - this.playingSince < WARM_UP_MS || now < this.blindUntil) return { rate: base };

    if (now - this.lastSample >= SAMPLE_MS) {
      this.lastSample = now;
      this.errors = [...this.errors, target - position].slice(-MEDIAN_OF);
    }
    if (this.errors.length < MEDIAN_OF) return { rate: base };
    const error = median(this.errors);
    this.latency.settled(error, base);
    return this.correct(error, sample);
  }

  private correct(error: number, { now, target, position, base }: FollowSample): Correction {
    const size = Math.abs(error);
    if (size > (this.rates === 'none' ? SEEK_ONLY_S : SEEK_S) && now - this.lastSeek >= SEEK_EVERY_MS) {
      this.lastSeek = now;
      const seekTo = target + this.latency.seconds * base;
      this.jumped(now);
      return { rate: base, seekTo };
    }
    const step = this.stepFor(size);
    const rate = Math.round((base + Math.sign(error) * step) * 100) / 100;
    if (step === 0 || rate < RATES.min || rate > RATES.max) return { rate: base };
    this.burst = { rate, step, startedAt: now, startedFrom: position, until: now + (size / step) * 1000 };
    return { rate };
  }

  private stepFor(size: number): number {
    if (this.rates === 'none') return 0;
    if (this.rates === 'menu') return size > COARSE.above ? COARSE.step : 0;
    return size > LARGE.above ? LARGE.step : size > SMALL.above ? SMALL.step : 0;
  }

  private continueBurst(burst: Burst, { now, position, base, actualRate }: FollowSample): Correction {
    if (now - burst.startedAt > REFUSED_AFTER_MS && Math.abs(actualRate - burst.rate) > burst.step / 2) {
      this.degrade();
      this.look(now, BLIND_MS);
      return { rate: base };
    }
    if (now < burst.until) return { rate: burst.rate };
    this.judge(burst, (position - burst.startedFrom) / ((now - burst.startedAt) / 1000), now, base);
    this.look(now, BLIND_MS);
    return { rate: base };
  }

  /** Some players report a rate and do not run at it: two long bursts in a row without effect count as a refusal. */
  private judge(burst: Burst, slope: number, now: number, base: number): void {
    if (now - burst.startedAt < 2_000) return;
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
