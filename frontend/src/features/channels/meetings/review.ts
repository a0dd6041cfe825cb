import type { LostCurve } from '@/api/wire.gen';

export interface LostMoment {
  key: string;
  /** Seconds into the video. */
  at: number;
  taps: number;
}

const SHOWN = 5;

/** The moments of all videos where most students were lost, the worst first. */
export function lostMoments(curves: LostCurve[]): LostMoment[] {
  return curves
    .flatMap(({ key, buckets }) => buckets.map(({ t: at, n: taps }) => ({ key, at, taps })))
    .toSorted((a, b) => b.taps - a.taps || a.at - b.at)
    .slice(0, SHOWN);
}
