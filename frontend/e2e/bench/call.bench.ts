import { cpus } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { percentile } from '../barcode';
import { acquaint, answer, call, expectConnected, path, relayOnly, test } from '../calls';
import { expect } from '../fixtures';
import type { Person } from '../people';

/** Milliseconds from a drawn picture of the caller's camera to its display at the callee, at the median. */
const goal = 100;
const seconds = Number(process.env.SECONDS ?? 15);
const warmUp = 8;

interface Result {
  what: string;
  delays: number[];
  fps: number;
  size: string;
  pair: string;
  /** What kept the encoder from more. */
  limit: string;
}

const results: Result[] = [];

for (const { what, size, relay } of [
  { what: 'direct, 640×360', size: [640, 360], relay: false },
  { what: 'direct, 1280×720', size: [1280, 720], relay: false },
  { what: 'through the relay over UDP, 640×360', size: [640, 360], relay: true },
] as const) {
  test(what, async ({ cast }) => {
    const mei = await cast.person('Mei');
    const hao = await cast.person('Hao');
    await timecodeCamera(mei, size[0], size[1]);
    if (relay) await relayOnly(mei);
    await acquaint(mei, hao);
    await hao.open('/calls');
    await call(mei, hao, 'video');
    await answer(hao.page, mei, 'Answer by voice');
    await expectConnected(mei.page, hao.page);
    await read(hao.page, hao, mei, warmUp); // the encoder's rate rises first
    const { delays, width, height } = await read(hao.page, hao, mei, seconds);
    const { local, remote } = await path(hao.page);
    expect(delays.length, 'pictures that could be read').toBeGreaterThan(seconds * 10);
    results.push({ what, delays, fps: delays.length / seconds, size: `${width}×${height}`, pair: `${local} → ${remote}`, limit: await limitOf(mei.page) });
  });
}

test.afterAll(async () => {
  const rows = results.map(({ what, delays, fps, size, pair, limit }) => {
    const [p50, p95, p99] = [50, 95, 99].map((p) => percentile(delays, p).toFixed(0));
    return `| ${what} | ${p50} | ${p95} | ${p99} | ${delays.length} | ${fps.toFixed(1)} | ${size} | ${pair} | ${limit} |`;
  });
  const table = ['| call | p50 ms | p95 ms | p99 ms | pictures | per second | arrived as | pair | limited by |', '|---|---|---|---|---|---|---|---|---|', ...rows].join('\n');
  process.stdout.write(`\n${table}\n\ngoal: p50 ≤ ${goal} ms, 1:1 on one machine\n`);
  if (process.env.RECORD) await writeFile(resolve(import.meta.dirname, '../../../docs/benchmarks/calls.md'), page(table));
});

function page(table: string): string {
  const [cpu] = cpus();
  return `# Delay of a 1:1 call, glass to glass

\`make bench-call RECORD=1\` writes this page. One machine runs the server and both browsers, which also encode, decode and draw
without a graphics card: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}.

The caller's camera is a canvas that carries the time of its drawing in every picture, 30 times a second. The callee reads it
from the video element when the picture is shown (\`expectedDisplayTime\`); both pages share the machine's clock. So the delay
holds capture, encoding, pacing, network, jitter buffer, decoding and the wait for the screen; the first ${warmUp} s are not
counted. Goal: p50 ≤ ${goal} ms.

${table}
`;
}

/** What keeps a page's camera from being sent better. */
async function limitOf(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const reports = [...((await window.harness.peers.at(-1)?.getTransceivers()[1]?.sender.getStats())?.values() ?? [])];
    return String(reports.find(({ type }) => type === 'outbound-rtp')?.qualityLimitationReason);
  });
}

/** Gives a person a camera whose pictures carry the moment of their drawing: 16 bits of milliseconds, and the same inverted. */
async function timecodeCamera({ context }: Person, width: number, height: number): Promise<void> {
  await context.addInitScript(
    ([width, height]) => {
      const devices = navigator.mediaDevices;
      const open = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints = {}) => {
        const sound = constraints.audio ? await open({ audio: constraints.audio }) : new MediaStream();
        if (!constraints.video) return sound;
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const context = canvas.getContext('2d');
        if (!context) throw new Error('no canvas');
        const draw = () => {
          const time = Math.floor(window.harness.now()) & 0xffff;
          for (let bit = 0; bit < 16; bit++) {
            const white = ((time >> (15 - bit)) & 1) === 1;
            for (const row of [0, 1]) {
              context.fillStyle = white === (row === 0) ? '#fff' : '#000';
              context.fillRect((bit * width) / 16, (row * height) / 2, width / 16, height / 2);
            }
          }
        };
        draw();
        setInterval(draw, 1000 / 30);
        return new MediaStream([...sound.getAudioTracks(), ...canvas.captureStream(30).getVideoTracks()]);
      };
    },
    [width, height] as const,
  );
}

/** Reads the caller's picture for some seconds: how old each was when it was shown. */
async function read(page: Page, { name }: Person, caller: Person, seconds: number): Promise<{ delays: number[]; width: number; height: number }> {
  const video = page.locator(`[data-participant-id="${caller.user.id}"] video[data-source="camera"]`);
  await expect(video, `${caller.name}'s picture at ${name}`).toBeVisible();
  return await video.evaluate(
    (element, ms) =>
      new Promise((done) => {
        const video = element as HTMLVideoElement;
        const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 2 });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        const delays: number[] = [];
        const end = performance.now() + ms;
        const onFrame: VideoFrameRequestCallback = (_, { expectedDisplayTime }) => {
          // The middle of each cell; scaled down, a cell's pixels would run into each other.
          const { videoWidth: w, videoHeight: h } = video;
          for (let bit = 0; bit < 16; bit++) {
            for (const row of [0, 1]) context?.drawImage(video, ((bit + 0.4) * w) / 16, ((row + 0.4) * h) / 2, w / 80, h / 10, bit, row, 1, 1);
          }
          const data = context?.getImageData(0, 0, 16, 2).data ?? [];
          let time = 0;
          let whole = true;
          for (let bit = 0; bit < 16; bit++) {
            const white = (data[bit * 4] ?? 0) > 127;
            if (white === (data[(16 + bit) * 4] ?? 0) > 127) whole = false;
            time = time * 2 + (white ? 1 : 0);
          }
          const shown = Math.floor(performance.timeOrigin + expectedDisplayTime);
          const delay = (shown - time) & 0xffff;
          if (whole) delays.push(delay > 0x7fff ? delay - 0x10000 : delay);
          if (performance.now() >= end) done({ delays, width: w, height: h });
          else video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
      }),
    seconds * 1000,
  );
}
