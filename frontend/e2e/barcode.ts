import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from '@playwright/test';

const width = 320;
const height = 180;
const fps = 30;
const cell = width / 16;
const rowHeight = 60;

/** One frame that a page showed: `at` in milliseconds of the machine's true clock. */
export interface Shown {
  at: number;
  frame: number;
}

/**
 * Writes an MP4 whose every frame carries its own number: sixteen black or white cells, most significant first, and below
 * them the same cells inverted, so that a torn or wrongly read frame is noticed. H.264 and a quiet tone, index in front.
 */
export async function makeBarcodeVideo(path: string, seconds: number): Promise<void> {
  const encoder = spawn(
    'ffmpeg',
    [
      ...['-loglevel', 'error', '-y'],
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'],
      ...['-f', 'lavfi', '-t', String(seconds), '-i', 'sine=frequency=330:sample_rate=48000'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '15', '-bf', '0', '-threads', '2'],
      ...['-c:a', 'aac', '-b:a', '64k', '-filter:a', 'volume=0.05', '-shortest', '-movflags', '+faststart', path],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let complaint = '';
  encoder.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = once(encoder, 'close') as Promise<[number]>;
  for (let frame = 0; frame < seconds * fps; frame++) {
    if (!encoder.stdin.write(draw(frame))) await once(encoder.stdin, 'drain');
  }
  encoder.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg: ${complaint}`);
}

function draw(frame: number): Buffer {
  const picture = Buffer.alloc(width * height, 128);
  for (let bit = 0; bit < 16; bit++) {
    const white = ((frame >> (15 - bit)) & 1) === 1;
    for (let y = 0; y < 2 * rowHeight; y++) {
      const shade = white === y < rowHeight ? 255 : 0;
      picture.fill(shade, y * width + bit * cell, y * width + (bit + 1) * cell);
    }
  }
  return picture;
}

/** Reads every frame that the page's watched video shows for `ms`; throws "invalid run" when too few were shown. */
export async function readFrames(page: Page, ms: number, minFps = 25): Promise<Shown[]> {
  const { shown, torn, decodedFps } = await page.evaluate(watch, { ms, selector: watchVideo, width, height, cell, rowHeight });
  if (decodedFps < minFps) throw new Error(`invalid run: ${decodedFps.toFixed(1)} decoded frames a second, ${minFps} needed`);
  const enough = (ms / 1000) * 10;
  if (shown.length < enough) throw new Error(`invalid run: ${shown.length} frames read in ${ms} ms, ${enough} needed`);
  if (torn > shown.length / 10) throw new Error(`invalid run: ${torn} of ${shown.length} frames were not readable`);
  return shown;
}

/** The number of the frame that the page's watched video shows now, moving or not. */
export async function readFrame(page: Page): Promise<number> {
  return await page.evaluate(readNow, { selector: watchVideo, width, height, cell, rowHeight });
}

export const watchVideo = 'video[data-testid="watch-video"]';

interface Geometry {
  selector: string;
  width: number;
  height: number;
  cell: number;
  rowHeight: number;
}

/** Runs in the page. */
async function watch({ ms, selector, width, height, cell, rowHeight }: Geometry & { ms: number }) {
  const video = document.querySelector<HTMLVideoElement>(selector);
  if (!video) throw new Error(`invalid run: no ${selector}`);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  const shown: { at: number; frame: number }[] = [];
  let torn = 0;
  const startFrames = video.getVideoPlaybackQuality().totalVideoFrames;
  const start = window.harness.now();
  await new Promise<void>((done) => {
    const giveUp = setTimeout(done, ms + 1000);
    const onFrame = () => {
      const at = window.harness.now();
      context.drawImage(video, 0, 0, width, height);
      const row = (y: number) => context.getImageData(0, y, width, 1).data;
      const [upper, lower] = [row(rowHeight / 2), row(rowHeight * 1.5)];
      let frame = 0;
      let readable = true;
      for (let bit = 0; bit < 16; bit++) {
        const x = (bit * cell + cell / 2) * 4;
        const white = (upper[x] ?? 0) > 127;
        if (white === (lower[x] ?? 0) > 127) readable = false;
        frame = frame * 2 + (white ? 1 : 0);
      }
      if (readable) shown.push({ at, frame });
      else torn++;
      if (at - start >= ms) {
        clearTimeout(giveUp);
        done();
      } else video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  });
  const elapsed = (window.harness.now() - start) / 1000;
  return { shown, torn, decodedFps: (video.getVideoPlaybackQuality().totalVideoFrames - startFrames) / elapsed };
}

/** Runs in the page. */
function readNow({ selector, width, height, cell, rowHeight }: Geometry): number {
  const video = document.querySelector<HTMLVideoElement>(selector);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!video || !context) throw new Error(`no ${selector}`);
  context.drawImage(video, 0, 0, width, height);
  const pixels = context.getImageData(0, rowHeight / 2, width, 1).data;
  let frame = 0;
  for (let bit = 0; bit < 16; bit++) frame = frame * 2 + ((pixels[(bit * cell + cell / 2) * 4] ?? 0) > 127 ? 1 : 0);
  return frame;
}

/** The media position, in seconds, at a true time, between the two frames shown around it; null outside of what was seen. */
export function positionAt(shown: Shown[], at: number): number | null {
  const next = shown.findIndex((sample) => sample.at >= at);
  const [a, b] = [shown[next - 1], shown[next]];
  if (!a || !b || b.at - a.at > 200) return null;
  return (a.frame + ((b.frame - a.frame) * (at - a.at)) / (b.at - a.at)) / fps;
}

/** How far the second is behind the first, in milliseconds, at each frame of the first; throws when they hardly overlap. */
export function skews(first: Shown[], second: Shown[]): number[] {
  const found = first.flatMap(({ at, frame }) => {
    const other = positionAt(second, at);
    return other === null ? [] : [(frame / fps - other) * 1000];
  });
  if (found.length < first.length / 2) throw new Error(`invalid run: ${found.length} of ${first.length} frames to compare`);
  return found;
}

/** The p-th percentile (0–100) of the sizes of values. */
export function percentile(values: number[], p: number): number {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}
