import type { ParticipantQuality } from '@/api/wire.gen';

/** How well a connection carries sound and pictures. */
export type Quality = ParticipantQuality['quality'];

/** What a look at the connection found: loss from 0 to 1, the others in seconds; null where nothing is known. */
export interface PathReading {
  loss: number | null;
  roundTrip: number | null;
  jitter: number | null;
}

const ORDER: Quality[] = ['lost', 'poor', 'fair', 'good'];

/** From which values on a connection is fair, poor and lost (seconds and shares). */
const BARS: Record<keyof PathReading, [fair: number, poor: number, lost: number]> = {
  loss: [0.05, 0.1, 0.2],
  roundTrip: [0.5, 1, 2],
  jitter: [0.01, 0.02, 0.03],
};

/** Better readings in a row until the bars rise by one. */
const RISE_AFTER = 5;

function worst(reading: PathReading): Quality {
  const ranks = (Object.keys(BARS) as (keyof PathReading)[]).map((name) => {
    const value = reading[name];
    const passed = value === null ? 0 : BARS[name].filter((bar) => value >= bar).length;
    // Jitter spoils a voice, but nobody is cut off by it.
    return name === 'jitter' ? Math.max(1, 3 - passed) : 3 - passed;
  });
  return ORDER[Math.min(...ranks)] ?? 'good';
}

/** Quality bars from readings of once a second: they fall at once and rise slowly. */
export class QualityMeter {
  private better = 0;

  constructor(private current: Quality = 'good') {}

  read(reading: PathReading): Quality {
    const now = ORDER.indexOf(worst(reading));
    const shown = ORDER.indexOf(this.current);
    this.better = now > shown ? this.better + 1 : 0;
    if (now < shown) this.current = ORDER[now] ?? 'lost';
    else if (this.better >= RISE_AFTER) {
      this.better = 0;
      this.current = ORDER[shown + 1] ?? 'good';
    }
    return this.current;
  }
}
