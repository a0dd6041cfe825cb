import type { ClockPong } from '@/api/wire.gen';

/** Stamps of one exchange in milliseconds: t0 and t3 on the own clock (sent, received), t1 and t2 on the server's (in, out). */
export interface ClockSample extends ClockPong {
  t3: number;
}

const WINDOW_MS = 45_000;
const BURST = { count: 24, everyMs: 120 };
const SETTLING = { count: 30, everyMs: 1_000 };
const STEADY_MS = 5_000;
const GAP_MS = 2_000;

/**
 * The offset between two clocks. Queueing only ever adds delay, so the fastest passage of each direction, taken on its
 * own, is nearer to the truth than the fastest round trip.
 */
export class OffsetEstimate {
  private samples: ClockSample[] = [];
  /** Server clock minus own clock in milliseconds; null before the first sample. */
  offset: number | null = null;
  /** Fastest way there plus fastest way back, in milliseconds. */
  rtt = 0;

  add(sample: ClockSample): void {
    this.samples = this.samples.filter((s) => sample.t3 - s.t3 <= WINDOW_MS);
    this.samples.push(sample);
    const there = Math.min(...this.samples.map((s) => s.t1 - s.t0));
    const back = Math.min(...this.samples.map((s) => s.t3 - s.t2));
    this.offset = (there - back) / 2;
    this.rtt = Math.max(0, there + back);
  }

  clear(): void {
    this.samples = [];
  }
}

export type Ping = (t0: number) => Promise<{ data: ClockPong; receivedAt: number }>;

/** The server's clock as seen from here, on the base of performance.now(). */
export class ServerClock {
  private readonly estimate = new OffsetEstimate();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sent = 0;
  private round = 0;
  private stale = false;
  private lastTick = { own: 0, wall: 0 };
  private running = false;

  constructor(private readonly ping: Ping) {}

  /** Milliseconds of the server's clock now; null while nothing was measured. */
  now(): number | null {
    return this.estimate.offset === null ? null : performance.now() + this.estimate.offset;
  }

  get rtt(): number {
    return this.estimate.rtt;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    document.addEventListener('visibilitychange', this.onVisibility);
    this.burst(false);
  }

  /** Measures again from the start. Forget when the server may be another one: old samples go with the first new one. */
  burst(forget: boolean): void {
    if (!this.running) return;
    this.sent = 0;
    if (forget) {
      this.round += 1;
      this.stale = true;
    }
    this.lastTick = { own: performance.now(), wall: Date.now() };
    clearTimeout(this.timer);
    this.tick();
  }

  stop(): void {
    this.running = false;
    this.round += 1;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onVisibility);
  }

  private readonly onVisibility = () => {
    if (document.visibilityState === 'visible') this.burst(false);
  };

  private tick(): void {
    void this.measure();
    this.sent += 1;
    const wait = this.sent < BURST.count ? BURST.everyMs : this.sent < BURST.count + SETTLING.count ? SETTLING.everyMs : STEADY_MS;
    this.timer = setTimeout(() => this.wake(wait), wait);
  }

  /** A timer that comes far too late means the machine slept; its monotonic clock may have stood still meanwhile. */
  private wake(expected: number): void {
    const now = { own: performance.now(), wall: Date.now() };
    const own = now.own - this.lastTick.own;
    const wall = now.wall - this.lastTick.wall;
    this.lastTick = now;
    if (Math.max(own, wall) > expected + GAP_MS) this.burst(Math.abs(wall - own) > GAP_MS);
    else this.tick();
  }

  private async measure(): Promise<void> {
    const round = this.round;
    try {
      const { data, receivedAt } = await this.ping(performance.now());
      if (round !== this.round) return;
      if (this.stale) this.estimate.clear();
      this.stale = false;
      this.estimate.add({ ...data, t3: receivedAt });
    } catch {
      // The socket is away; the session starts a new burst when it is back.
    }
  }
}
