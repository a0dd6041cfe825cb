import type { ClockPong } from '@/api/wire.gen';
import { DriftEstimate } from './drift';

/** Stamps of one exchange in milliseconds: t0 and t3 on the own clock (sent, received), t1 and t2 on the server's (in, out). */
export interface ClockSample extends ClockPong {
  t3: number;
}

const WINDOW_MS = 45_000;
const BURST = { count: 24, everyMs: 120 };
const SETTLING = { count: 30, everyMs: 1_000 };
const STEADY_MS = 5_000;
const GAP_MS = 2_000;
const LOOK_MS = 1_000;
/**
 * A line whose round trips scatter more than this is asked more: nine samples in the window would not find its floor, and
 * those of the burst held each other up.
 */
const JITTERY_MS = 15;
const JITTERY = { count: 40, everyMs: 250 };

/**
 * The offset between two clocks. Queueing only ever adds delay, so the fastest passage of each direction, taken on its
 * own, is nearer to the truth than the fastest round trip. Samples are carried to the newest moment by the drift, once that
 * is known.
 */
export class OffsetEstimate {
  private samples: ClockSample[] = [];
  private readonly drift = new DriftEstimate();
  private offset: number | null = null;
  private at = 0;
  /** Median round trip in milliseconds: what a message takes, not what it could take. */
  rtt = 0;
  /** How much round trips scatter: the median over the fastest, in milliseconds. */
  jitter = 0;

  /** Server clock minus own clock in milliseconds at a time of the own clock; null before the first sample. */
  offsetAt(own: number): number | null {
    return this.offset === null ? null : this.offset + this.drift.rate * (own - this.at);
  }

  add(sample: ClockSample): void {
    this.samples = this.samples.filter((s) => sample.t3 - s.t3 <= WINDOW_MS);
    this.samples.push(sample);
    const rate = this.drift.rate;
    const there = Math.min(...this.samples.map((s) => s.t1 - s.t0 + rate * (sample.t3 - s.t0)));
    const back = Math.min(...this.samples.map((s) => s.t3 - s.t2 - rate * (sample.t3 - s.t3)));
    this.offset = (there - back) / 2;
    this.at = sample.t3;
    const trips = this.samples.map((s) => s.t3 - s.t0 - (s.t2 - s.t1)).sort((a, b) => a - b);
    this.rtt = Math.max(0, trips[Math.floor(trips.length / 2)] ?? 0);
    this.jitter = this.rtt - Math.max(0, trips[0] ?? 0);
    this.drift.add(sample.t3, this.offset);
  }

  clear(): void {
    this.samples = [];
    this.drift.clear();
  }
}

export type Ping = (t0: number) => Promise<{ data: ClockPong; receivedAt: number }>;

/** The server's clock as seen from here, on the base of performance.now(). */
export class ServerClock {
  private readonly estimate = new OffsetEstimate();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private sent = 0;
  private round = 0;
  private stale = false;
  private lastLook = { own: 0, wall: 0 };

  constructor(private readonly ping: Ping) {}

  /** Milliseconds of the server's clock now; null while nothing was measured. */
  now(): number | null {
    const own = performance.now();
    const offset = this.estimate.offsetAt(own);
    return offset === null ? null : own + offset;
  }

  /** What a message takes there and back, milliseconds. */
  get rtt(): number {
    return this.estimate.rtt;
  }

  start(): void {
    if (this.watch !== undefined) return;
    document.addEventListener('visibilitychange', this.onVisibility);
    this.lastLook = { own: performance.now(), wall: Date.now() };
    this.watch = setInterval(() => this.look(), LOOK_MS);
    this.burst(false);
  }

  /** Measures again from the start. Forget when one of the clocks may have jumped: old samples go with the first new one. */
  burst(forget: boolean): void {
    if (this.watch === undefined) return;
    this.sent = 0;
    if (forget) {
      this.round += 1;
      this.stale = true;
    }
    clearTimeout(this.timer);
    this.tick();
  }

  stop(): void {
    clearInterval(this.watch);
    clearTimeout(this.timer);
    this.watch = undefined;
    this.round += 1;
    document.removeEventListener('visibilitychange', this.onVisibility);
  }

  private readonly onVisibility = () => {
    if (document.visibilityState === 'visible') this.burst(false);
  };

  /**
   * Looks whether the machine slept: this comes far too late then, and the monotonic clock may have stood still meanwhile.
   * A wall clock that was set to another time looks the same and costs only a burst.
   */
  private look(): void {
    const now = { own: performance.now(), wall: Date.now() };
    const own = now.own - this.lastLook.own;
    const wall = now.wall - this.lastLook.wall;
    this.lastLook = now;
    if (Math.abs(wall - own) > GAP_MS) this.burst(true);
    else if (own > LOOK_MS + GAP_MS) this.burst(false);
  }

  private tick(): void {
    void this.measure();
    this.sent += 1;
    this.timer = setTimeout(() => this.tick(), this.pause());
  }

  private pause(): number {
    const settling = this.sent - BURST.count;
    if (settling < 0) return BURST.everyMs;
    if (this.estimate.jitter > JITTERY_MS) return settling < JITTERY.count ? JITTERY.everyMs : SETTLING.everyMs;
    return settling < SETTLING.count ? SETTLING.everyMs : STEADY_MS;
  }

  private async measure(): Promise<void> {
    const round = this.round;
    try {
      const { data, receivedAt } = await this.ping(performance.now());
      if (round !== this.round) return;
      if (this.stale) this.estimate.clear();
      this.stale = false;
      this.estimate.add({ ...data, t3: receivedAt });
      this.mark(receivedAt);
    } catch {
      // The socket is away; the session starts a new burst when it is back.
    }
  }

  /** Shows the estimate in the browser's performance tools, where the measurements read it too. */
  private mark(own: number): void {
    performance.clearMarks('lectern.clock');
    performance.mark('lectern.clock', { detail: { offset: this.estimate.offsetAt(own), rtt: this.rtt } });
  }
}
