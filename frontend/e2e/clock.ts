import type { BrowserContext } from '@playwright/test';

declare global {
  interface Window {
    /** What the tests put below the app: the machine's true clock, and every peer connection of the page. */
    harness: { now: () => number; peers: RTCPeerConnection[] };
  }
}

/**
 * Makes every page of a context believe that it is `offsetMs` later than it is, and run `ppm` parts in a million fast, as a
 * computer with a wrong clock does: Date, performance.now and the stamps of frame callbacks move together. `harness.now()`
 * stays true.
 */
export async function shiftClock(context: BrowserContext, offsetMs: number, ppm = 0): Promise<void> {
  await context.addInitScript(install, { offsetMs, ppm });
}

function install({ offsetMs, ppm }: { offsetMs: number; ppm: number }): void {
  const trueNow = performance.now.bind(performance);
  const origin = performance.timeOrigin;
  window.harness = { now: () => origin + trueNow(), peers: [] };
  capturePeers();
  if (offsetMs !== 0 || ppm !== 0) shift();

  function capturePeers(): void {
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.harness.peers.push(this);
      }
    };
  }

  function shift(): void {
    // The page seems to have opened 100 s earlier, so that performance.now() never runs below zero.
    const head = 100_000;
    const NativeDate = Date;
    const dateNow = NativeDate.now.bind(NativeDate);
    const shifted = (stamp: number) => stamp * (1 + ppm * 1e-6) + head + offsetMs;
    const wall = () => dateNow() + trueNow() * ppm * 1e-6 + offsetMs;
    performance.now = () => shifted(trueNow());
    Object.defineProperty(performance, 'timeOrigin', { value: origin - head });
    window.Date = new Proxy(NativeDate, {
      construct: (target, args, newTarget) =>
        Reflect.construct(target, args.length ? args : [wall()], newTarget) as Date,
      apply: (target) => new target(wall()).toString(),
      get: (target, key, receiver) => (key === 'now' ? () => Math.floor(wall()) : (Reflect.get(target, key, receiver) as unknown)),
    });
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => frame((stamp) => callback(shifted(stamp)));
    const videoFrame = HTMLVideoElement.prototype.requestVideoFrameCallback;
    HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
      return videoFrame.call(this, (stamp, frameData) =>
        callback(shifted(stamp), {
          ...frameData,
          presentationTime: shifted(frameData.presentationTime),
          expectedDisplayTime: shifted(frameData.expectedDisplayTime),
        }),
      );
    };
  }
}
