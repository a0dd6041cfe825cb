import type { BrowserContext, Page } from '@playwright/test';
import type { Shown } from './barcode';

/** A frame that a page showed, and how many its decoder had decoded by then. */
export interface Recorded extends Shown {
  decoded: number;
}

/** What the app thought of the server's clock: by how much it was wrong, in milliseconds. */
export interface ClockError {
  at: number;
  error: number;
}

declare global {
  interface Window {
    recorded: { frames: Recorded[]; clock: ClockError[]; loadedAt: number };
    /** Stops the film for so many milliseconds, as a starved decoder would, whatever the app orders meanwhile. */
    stall: (ms: number) => void;
  }
}

/** Writes down every frame of the watched film from the first on, in every page of a context. After shiftClock. */
export async function recordFrames(context: BrowserContext): Promise<void> {
  await context.addInitScript(record);
}

function record(): void {
  const recorded: Window['recorded'] = { frames: [], clock: [], loadedAt: 0 };
  window.recorded = recorded;
  const canvas = document.createElement('canvas');
  canvas.width = 16;
  canvas.height = 3;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.imageSmoothingEnabled = false;

  // The film's rows are 60 high and its cells 20 wide: one pixel of the small canvas is the middle of one cell.
  const read = (video: HTMLVideoElement): number | null => {
    context.drawImage(video, 0, 0, 16, 3);
    const { data } = context.getImageData(0, 0, 16, 2);
    let frame = 0;
    for (let bit = 0; bit < 16; bit++) {
      const white = (data[bit * 4] ?? 0) > 127;
      if (white === (data[(16 + bit) * 4] ?? 0) > 127) return null;
      frame = frame * 2 + (white ? 1 : 0);
    }
    return frame;
  };
  const follow = (video: HTMLVideoElement) => {
    const onFrame = () => {
      const at = window.harness.now();
      const frame = read(video);
      if (frame !== null) recorded.frames.push({ at, frame, decoded: video.getVideoPlaybackQuality().totalVideoFrames });
      if (video.isConnected) video.requestVideoFrameCallback(onFrame);
      else known.delete(video);
    };
    video.requestVideoFrameCallback(onFrame);
  };
  const known = new Set<HTMLVideoElement>();
  setInterval(() => {
    const video = document.querySelector<HTMLVideoElement>('video[data-testid="watch-video"]');
    if (!video || known.has(video)) return;
    known.add(video);
    follow(video);
  }, 20);

  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('lectern.clock')) {
      const { offset } = (entry as PerformanceMark).detail as { offset: number };
      recorded.clock.push({ at: window.harness.now(), error: offset - (window.harness.now() - performance.now()) });
    }
  }).observe({ type: 'mark' });
  window.addEventListener('load', () => (recorded.loadedAt = window.harness.now()));

  const play = HTMLMediaElement.prototype.play;
  window.stall = (ms) => {
    const video = document.querySelector<HTMLVideoElement>('video[data-testid="watch-video"]');
    if (!video) throw new Error('no film');
    const until = window.harness.now() + ms;
    video.pause();
    video.play = () => new Promise((moves) => setTimeout(() => moves(play.call(video)), until - window.harness.now()));
    setTimeout(() => (video.play = play), ms);
    void video.play();
  };
}

/** What a page has shown since a true time, and forgets nothing. */
export async function framesOf(page: Page, since = 0): Promise<Recorded[]> {
  return await page.evaluate((since) => window.recorded.frames.filter(({ at }) => at >= since), since);
}
