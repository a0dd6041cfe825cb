import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { makeBarcodeVideo, percentile, readFrame, readFrames, skews } from './barcode';
import { shiftClock } from './clock';
import { expectStubMoving, stubSkew, stubTruth, stubYouTube } from './youtubeStub';

/** The measurements of the other stories, measured: they must see an error that was put in on purpose. */

const origin = 'http://127.0.0.1:1';

/** A page of one element in a context of its own, without any server. */
async function bare(browser: Browser, body: string, clockOffset = 0, film?: Buffer): Promise<Page> {
  const context = await browser.newContext();
  await shiftClock(context, clockOffset);
  await stubYouTube(context, { errors: { goneAndLost: 100 } });
  await context.route(`${origin}/**`, async (route) => {
    if (route.request().url().endsWith('.mp4')) await route.fulfill({ contentType: 'video/mp4', body: film ?? Buffer.alloc(0) });
    else await route.fulfill({ contentType: 'text/html', body: `<!doctype html>${body}` });
  });
  const page = await context.newPage();
  await page.goto(origin);
  return page;
}

test('the barcode shows two videos that are 200 ms apart, whatever the clocks say', async ({ browser }) => {
  const dir = await mkdtemp(join(tmpdir(), 'lectern-barcode-'));
  await makeBarcodeVideo(join(dir, 'film.mp4'), 20);
  const film = await readFile(join(dir, 'film.mp4'));
  await rm(dir, { recursive: true });
  const body =
    '<video muted preload="auto" data-testid="watch-video"></video><script type="module">' +
    'document.querySelector("video").src = URL.createObjectURL(await (await fetch("film.mp4")).blob())</script>';
  const pages = [await bare(browser, body, -90_000, film), await bare(browser, body, 45_000, film)] as const;

  const seekTo = async (page: Page, seconds: number) => {
    await page.locator('video').evaluate((video: HTMLVideoElement, to) => (video.currentTime = to), seconds);
    await expect.poll(() => readFrame(page)).toBe(seconds * 30);
  };
  for (const page of pages) await expect.poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.readyState)).toBe(4);
  await seekTo(pages[0], 10);

  await expect(readFrames(pages[0], 500)).rejects.toThrow('invalid run');

  // Both start at one true instant, the second 200 ms of film behind.
  await Promise.all([seekTo(pages[0], 2.2), seekTo(pages[1], 2)]);
  const start = (await pages[0].evaluate(() => window.harness.now())) + 500;
  await Promise.all(
    pages.map((page) =>
      page.locator('video').evaluate(async (video: HTMLVideoElement, at) => {
        await new Promise((done) => setTimeout(done, at - window.harness.now()));
        await video.play();
      }, start),
    ),
  );
  const [ahead, behind] = await Promise.all(pages.map((page) => readFrames(page, 3000)));
  const found = skews(ahead ?? [], behind ?? []);
  expect(percentile(found, 50)).toBeGreaterThan(120);
  expect(percentile(found, 50)).toBeLessThan(280);

  const seen = await Promise.all(pages.map((page) => page.evaluate(() => Date.now() - performance.timeOrigin - performance.now())));
  for (const disagreement of seen) expect(Math.abs(disagreement)).toBeLessThan(50);
  const clocks = await Promise.all(pages.map((page) => page.evaluate(() => Date.now() - window.harness.now())));
  expect(clocks.map(Math.round)).toEqual([expect.closeTo(-90_000, -2), expect.closeTo(45_000, -2)]);
  for (const page of pages) await page.context().close();
});

test('the YouTube stub behaves as documented', async ({ browser }) => {
  const body = '<meta name="referrer" content="strict-origin-when-cross-origin"><div id="player"></div><script src="https://www.youtube.com/iframe_api"></script>';
  const page = await bare(browser, body);
  const events = await page.evaluateHandle(() => {
    const heard: string[] = [];
    const hear = (name: string) => ({ data }: { data: unknown }) => heard.push(`${name} ${String(data)}`);
    const names = ['onReady', 'onStateChange', 'onError', 'onPlaybackRateChange', 'onAutoplayBlocked'];
    const scope = window as unknown as { YT: { Player: new (id: string, options: object) => object }; player: object };
    scope.player = new scope.YT.Player('player', {
      videoId: 'aaaaaaaaaaa',
      events: Object.fromEntries(names.map((name) => [name, hear(name)])),
    });
    return heard;
  });
  const heard = (event: string) => expect.poll(() => events.jsonValue()).toContain(event);
  const order = (call: string) => page.evaluate(`player.${call}`);

  await heard('onReady null');
  await order('playVideo()');
  await heard('onStateChange 3');
  await heard('onStateChange 1');
  await expectStubMoving(page);
  const [shown, truth] = [Number(await order('getCurrentTime()')), await stubTruth(page)];
  expect(Math.abs(truth.position - shown)).toBeLessThan(0.2);
  expect(Math.abs(await stubSkew(page, page))).toBeLessThan(50);

  await order('setPlaybackRate(1.3)');
  await heard('onPlaybackRateChange 1.25');
  await order('loadVideoById("bbbbbbbbbbb", 30)');
  await heard('onPlaybackRateChange 1');
  await expectStubMoving(page);
  const loaded = await stubTruth(page);
  expect(loaded).toMatchObject({ videoId: 'bbbbbbbbbbb', rate: 1 });
  expect(loaded.position).toBeGreaterThanOrEqual(30);
  expect(loaded.position).toBeLessThan(32);

  await order('pauseVideo()');
  await heard('onStateChange 2');
  await order('seekTo(100, true)');
  await expect.poll(() => stubTruth(page)).toMatchObject({ position: 100, moving: false });

  await order('loadVideoById("goneAndLost")');
  await heard('onError 100');
  await page.context().close();
});
