import type { FollowController } from '@/playback/controller';

interface Conditions {
  /** Where the player starts relative to the target, seconds. */
  startOffset: number;
  /** How long the picture stands while the player lands anew, milliseconds. */
  landMs?: number;
  /** By how much it lands off the target, seconds. */
  landsOff?: () => number;
  base?: number;
  /** Milliseconds between two steps of the controller. */
  every?: number;
  /** Reads of the position are off by up to this many seconds. */
  noise?: number;
  /** What the player makes of a rate that it is asked for. */
  accept?: (rate: number) => number;
  /** Own clock against the timeline's: 1.0001 runs 100 ppm fast. */
  drift?: number;
}

export interface Sample {
  at: number;
  /** Target minus true position, seconds. */
  error: number;
  rate: number;
}

export interface Run {
  samples: Sample[];
  jumps: number[];
}

/** Lets a controller drive a player for tests, in virtual time with a resolution of 10 ms. */
export function simulate(controller: FollowController, seconds: number, conditions: Conditions): Run {
  const { startOffset, landMs = 120, landsOff = () => 0, base = 1, every = 100, noise = 0, accept = (rate) => rate, drift = 1 } = conditions;
  const STEP = 10;
  let position = 100 + startOffset;
  let rate = base;
  let busyUntil = 0;
  let flip = 1;
  const run: Run = { samples: [], jumps: [] };
  const step = (now: number, target: number, playing: boolean) => {
    flip = -flip;
    const correction = controller.step({ now, target, position: position + flip * noise, base, playing, actualRate: rate });
    rate = accept(correction.rate);
    if (correction.jump) {
      position = target + (landMs / 1000) * base + landsOff();
      busyUntil = now + landMs;
      run.jumps.push(now);
    }
    run.samples.push({ at: now, error: target - position, rate });
  };
  for (let now = 0; now < seconds * 1000; now += STEP) {
    const target = 100 + (now / 1000) * base;
    const playing = now >= busyUntil;
    if (now % every === 0) step(now, target, playing);
    if (playing) position += (STEP / 1000) * rate * drift;
  }
  return run;
}

/** The largest error from a moment on, seconds. */
export function worstAfter(run: Run, ms: number): number {
  return Math.max(...run.samples.filter((s) => s.at >= ms).map((s) => Math.abs(s.error)));
}
