import type { LostCurve } from '@/api/wire.gen';

/** The viewBox of the curve. */
export const CURVE = { width: 1000, height: 100 };
/** One tap alone is a small hill, not a summit. */
const LEAST_PEAK = 4;

/** An area along the video as an SVG path: high where many were lost. "" where nobody was. */
export function curvePath({ buckets, bucket_s: size }: Pick<LostCurve, 'buckets' | 'bucket_s'>, length: number): string {
  const within = buckets.filter(({ t, n }) => t <= length && n > 0).toSorted((a, b) => a.t - b.t);
  if (length <= 0 || within.length === 0) return '';
  const peak = Math.max(LEAST_PEAK, ...within.map(({ n }) => n));
  const x = (seconds: number) => round((Math.min(length, Math.max(0, seconds)) / length) * CURVE.width);
  const y = (n: number) => round(CURVE.height * (1 - n / peak));
  const counts = new Map(within.map(({ t, n }) => [t, n]));
  let path = '';
  let last = -Infinity;
  for (const { t, n } of within) {
    // A hill begins one bucket before its first tap; between neighbours the line goes straight on.
    if (t - last > size) path += `M${x(t - size / 2)},${CURVE.height}`;
    path += `L${x(t + size / 2)},${y(n)}`;
    if (!counts.has(t + size)) path += `L${x(t + 1.5 * size)},${CURVE.height}Z`;
    last = t;
  }
  return path;
}

/** Where most were lost, the worst first. */
export function worstMoments({ buckets }: Pick<LostCurve, 'buckets'>, count: number): { t: number; n: number }[] {
  return buckets.toSorted((a, b) => b.n - a.n || a.t - b.t).slice(0, count);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
