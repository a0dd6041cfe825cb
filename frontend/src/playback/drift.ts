import { clamp } from './controller';

const EVERY_MS = 10_000;
const KEEP_MS = 600_000;
const ENOUGH_MS = 180_000;
const MAX_RATE = 300e-6;

/** How fast two clocks run apart, from offsets seen over minutes. Crystals differ by up to about 100 parts in a million. */
export class DriftEstimate {
  private points: { at: number; offset: number }[] = [];
  /** Milliseconds that the offset grows per millisecond; 0 until three minutes were seen. */
  rate = 0;

  add(at: number, offset: number): void {
    const last = this.points.at(-1);
    if (last && at - last.at < EVERY_MS) return;
    this.points = this.points.filter((point) => at - point.at <= KEEP_MS);
    this.points.push({ at, offset });
    const first = this.points[0];
    if (first && at - first.at >= ENOUGH_MS) this.rate = clamp(slope(this.points), -MAX_RATE, MAX_RATE);
  }

  clear(): void {
    this.points = [];
    this.rate = 0;
  }
}

/** Least squares. */
function slope(points: { at: number; offset: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(points.map((p) => p.at));
  const offset = mean(points.map((p) => p.offset));
  const spread = points.reduce((sum, p) => sum + (p.at - at) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, p) => sum + (p.at - at) * (p.offset - offset), 0) / spread;
}
