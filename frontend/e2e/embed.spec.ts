import { createServer, type Server as Site } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test as base } from './fixtures';
import { join, tile } from './people';
import { Server } from './server';

declare global {
  interface Window {
    heard: { type: string; id?: number; ok?: boolean; state?: Record<string, unknown> }[];
    tell(type: string, value?: unknown, id?: number): void;
  }
}

/** A school's own page, on another origin, with a frame as docs/embed.md describes. */
class Portal {
  private constructor(
    private readonly site: Site,
    readonly url: string,
  ) {}

  static async open(): Promise<Portal> {
    const site = createServer((request, answer) => {
      const src = new URL(request.url ?? '/', 'http://portal').searchParams.get('src') ?? '';
      answer.setHeader('Content-Type', 'text/html; charset=utf-8');
      answer.end(`<!doctype html><title>Portal</title>
        <iframe src="${src}" title="Lesson" allow="camera; microphone; display-capture; autoplay; fullscreen" style="width: 1000px; height: 640px"></iframe>
        <script>
          window.heard = [];
          const lectern = new URL(${JSON.stringify(src)}).origin;
          addEventListener('message', ({ origin, data }) => origin === lectern && data?.source === 'lectern' && heard.push(data));
          window.tell = (type, value, id) => document.querySelector('iframe').contentWindow.postMessage({ target: 'lectern', type, value, id }, lectern);
        </script>`);
    });
    await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
    return new Portal(site, `http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  }

  around(src: string): string {
    return `${this.url}/?src=${encodeURIComponent(src)}`;
  }

  async close(): Promise<void> {
    this.site.closeAllConnections();
    await new Promise((closed) => this.site.close(closed));
  }
}

const test = base.extend<object, { portal: Portal; school: Server }>({
  portal: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const portal = await Portal.open();
      await provide(portal);
      await portal.close();
    },
    { scope: 'worker' },
  ],
  school: [
    async ({ portal }, provide) => {
      const school = await Server.start({ LECTERN_EMBED_ORIGINS: portal.url });
      await provide(school);
      await school.stop();
    },
    { scope: 'worker' },
  ],
});

const state = (page: Page) => page.evaluate(() => window.heard.findLast(({ type }) => type === 'state')?.state);

test('a lesson in a frame of the school’s own page: driven by messages, and its state told', async ({ cast, portal, school }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin', { url: school.url });
  const hao = await cast.person('Hao', { url: school.url });
  const channel = await teacher.createChannel('Portal');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  const page = await hao.open(portal.around(`${school.url}/embed/meeting/${meeting.id}`));
  const frame = page.frameLocator('iframe');

  await expect(frame.getByRole('button', { name: 'Join now' })).toBeVisible();
  await expect(frame.getByRole('link', { name: 'Back to the channel' })).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => window.heard[0]?.type)).toBe('ready');
  await expect.poll(() => state(page)).toMatchObject({ phase: 'preview', camera: true });

  await page.evaluate(() => window.tell('join', undefined, 1));
  await expect.poll(() => state(page)).toMatchObject({ phase: 'joined', muted: false, camera: true, hand: false, participants: 2 });
  await expect(frame.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  const video = frame.locator('[role="listitem"]').filter({ hasText: 'Ms Lin' }).locator('video');
  await expect.poll(() => video.evaluate((element) => (element as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames)).toBeGreaterThan(10);

  await page.evaluate(() => {
    window.tell('setMuted', true);
    window.tell('setCamera', false);
    window.tell('raiseHand', true, 2);
    window.tell('setMuted', 'loud', 3);
    window.tell('end', undefined, 4);
  });
  await expect.poll(() => state(page)).toMatchObject({ muted: true, camera: false, hand: true });
  await expect(tile(teacher.page, hao.name).getByText('Microphone off')).toBeVisible();
  await expect(tile(teacher.page, hao.name).getByText('Hand raised')).toBeVisible();
  const answers = await page.evaluate(() => window.heard.filter(({ type }) => type === 'answer').map(({ id, ok }) => [id, ok]));
  expect(answers).toEqual([
    [1, true],
    [2, true],
    [3, false],
    [4, false],
  ]);

  await frame.getByRole('button', { name: 'Lower hand' }).click();
  await expect.poll(() => state(page)).toMatchObject({ hand: false });
  await page.evaluate(() => window.tell('leave'));
  await expect.poll(() => state(page)).toMatchObject({ phase: 'left' });
  await expect(frame.getByText('You left the meeting')).toBeVisible();
  await expect(tile(teacher.page, hao.name)).toHaveCount(0);
});

test('a page that the operator has not named cannot show a lesson', async ({ cast, school }) => {
  const stranger = await Portal.open();
  const hao = await cast.person('Hao', { url: school.url });
  const page = await hao.open('about:blank');
  const refused: string[] = [];
  page.on('console', (message) => refused.push(message.text()));
  await page.goto(stranger.around(`${school.url}/embed/meeting/019f8a51-0000-7000-8000-000000000000`));
  await expect.poll(() => refused.join(' ')).toContain('frame-ancestors');
  await expect(page.frameLocator('iframe').getByRole('button')).toHaveCount(0);
  await stranger.close();
});
