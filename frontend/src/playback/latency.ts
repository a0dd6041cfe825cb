import { clamp } from './controller';

/** A delay of this device, learned while it is used; milliseconds. */
export class Latency {
  /** `max` bounds it; `up` and `down` are the parts of a longer and of a shorter observation that are believed. */
  constructor(
    public ms: number,
    private readonly max: number,
    private readonly up = 0.5,
    private readonly down = 0.5,
  ) {}

  /** It took `ms` this time. */
  observe(ms: number): void {
    this.correct(ms - this.ms);
  }

  /** It took that much longer (or, negative, shorter) than assumed. */
  correct(byMs: number): void {
    this.ms = clamp(this.ms + (byMs > 0 ? this.up : this.down) * byMs, 0, this.max);
  }

  /** It took at most as long as assumed, nobody knows how much less. */
  fitted(): void {
    this.ms *= 0.97;
  }
}
