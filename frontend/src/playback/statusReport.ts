import type { PlaybackStatus } from '@/api/wire.gen';

export type Status = Omit<PlaybackStatus, 'meeting_id'>;

const EVERY_MS = 2_000;
const NOTABLE_MS = 60;

/**
 * Tells the server how one follows: only on a change, at most every 2 s, and always the newest. That one became ready goes
 * at once, since a start may wait for it.
 */
export class StatusReport {
  private latest: Status | null = null;
  private sent: Status | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (status: Status) => void) {}

  update(status: Status): void {
    this.latest = status;
    const news = status.ready === true && (this.sent?.ready !== true || this.sent.v !== status.v);
    if (this.timer === undefined || news) this.flush();
  }

  /** What was sent may not have arrived: the next update goes out whatever it says. */
  again(): void {
    this.sent = null;
  }

  close(): void {
    clearTimeout(this.timer);
    this.latest = null;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.latest || !this.differs(this.latest)) return;
    this.sent = this.latest;
    this.timer = setTimeout(() => this.flush(), EVERY_MS);
    this.send(this.latest);
  }

  private differs({ v, state, err_ms, ready }: Status): boolean {
    const sent = this.sent;
    return !sent || sent.v !== v || sent.state !== state || sent.ready !== ready || Math.abs(sent.err_ms - err_ms) > NOTABLE_MS;
  }
}
