import { expect, type BrowserContext, type Frame, type Page } from '@playwright/test';
import { iframeAPI } from './youtube/api';
import { embeddedPlayer, type StubOptions, type StubTruth } from './youtube/embed';

/**
 * Answers YouTube's two addresses inside a browser context, since the tests have no internet: a stand-in written after the
 * documented IFrame Player API. What is measured with it says "stub", never "YouTube".
 */
export async function stubYouTube(context: BrowserContext, options: Partial<StubOptions> = {}): Promise<void> {
  const complete: StubOptions = { seed: 1, rates: 'menu', autoplay: 'allowed', errors: {}, duration: 600, ad: null, ...options };
  await context.route('https://www.youtube.com/iframe_api*', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `(${iframeAPI.toString()})()` }),
  );
  await context.route(/^https:\/\/www\.youtube(-nocookie)?\.com\/embed\//, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body:
        '<!doctype html><meta charset="utf-8"><title>stub</title>' +
        '<style>body{margin:0;background:#111;color:#eee;font:16px sans-serif;display:grid;place-items:center;height:100vh}</style>' +
        `<body><script>(${embeddedPlayer.toString()})(${JSON.stringify(complete)})</script>`,
    }),
  );
}

/** What the stub in a page really plays now. */
export async function stubTruth(page: Page): Promise<StubTruth> {
  return await stubFrame(page).evaluate(() => window.stubTruth());
}

/** What it has played since a true time, every 50 ms. */
export async function stubLog(page: Page, since: number): Promise<StubTruth[]> {
  return await stubFrame(page).evaluate((since) => window.stubLog.filter(({ at }) => at >= since), since);
}

/** Starves the stub of a page for so many milliseconds. */
export async function stallStub(page: Page, ms: number): Promise<void> {
  await stubFrame(page).evaluate((ms) => window.stubStall(ms), ms);
}

function stubFrame(page: Page): Frame {
  const frame = page.frames().find((candidate) => candidate.url().includes('/embed/'));
  if (!frame) throw new Error('invalid run: no YouTube stub in the page');
  return frame;
}

/** How far the second page's stub is behind the first's, in milliseconds, both carried to the same true time. */
export async function stubSkew(first: Page, second: Page): Promise<number> {
  const [a, b] = await Promise.all([stubTruth(first), stubTruth(second)]);
  if (!a.moving || !b.moving) throw new Error('invalid run: a stub does not move');
  return (a.position - b.position) * 1000 + (b.at - a.at) * b.rate;
}

/** Waits until the stub of a page moves. */
export async function expectStubMoving(page: Page): Promise<void> {
  await expect.poll(async () => await stubTruth(page).then((truth) => truth.moving, () => false), { message: 'stub moves' }).toBe(true);
}
