import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Channel, Post } from '../src/api/wire.gen';
import { expect, note, test } from './fixtures';
import type { Person } from './people';

/** How many posts the long channel has; LECTERN_STREAM_POSTS=50000 for the length that is promised. */
const LONG = Number(process.env.LECTERN_STREAM_POSTS ?? 2_000);

const row = (page: Page, text: string) => page.locator('[data-row]').filter({ hasText: text });
const stream = (page: Page) => page.getByTestId('stream');

async function fill(person: Person, channel: Channel, count: number, body = (n: number) => `entry ${n} `): Promise<Post[]> {
  const posts: Post[] = [];
  for (let n = 0; n < count; n++) posts.push(await person.write(channel, body(n)));
  return posts;
}

/** Remembers what the eye rests on in the middle of the stream; answers how far it is from there now, in pixels. */
async function rest(page: Page): Promise<void> {
  await stream(page).evaluate((scroller) => {
    const box = scroller.getBoundingClientRect();
    const eye = [...scroller.querySelectorAll('[data-row] article')].find((one) => one.getBoundingClientRect().top > box.top + 4);
    Object.assign(window, { eye, at: (eye?.getBoundingClientRect().top ?? 0) - box.top });
  });
}

async function moved(page: Page): Promise<number> {
  return await stream(page).evaluate((scroller) => {
    const { eye, at } = window as unknown as { eye: Element; at: number };
    return Math.abs(eye.getBoundingClientRect().top - scroller.getBoundingClientRect().top - at);
  });
}

const frames = (page: Page) => page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

test('what one reads stays put: history in front, a late picture, a keyboard, another font', async ({ cast }) => {
  const ada = await cast.person('Ada', { viewport: { width: 390, height: 760 } });
  const channel = await ada.createChannel('Anchors');
  const posts = await fill(ada, channel, 40);
  const picture = await ada.upload('late.png', 'image/png', await readFile(new URL('../public/icon-512.png', import.meta.url)));
  await ada.post(`/channels/${channel.id}/posts`, { body: 'with a picture', file_ids: [picture.id] });
  await fill(ada, channel, 8, (n) => `after ${n} `);
  const shifts: Record<string, number> = {};

  let page: Page | null = null;
  await test.step('older posts come in front', async () => {
    page = await ada.open(`/channels/${channel.id}`);
    await expect(row(page, 'after 7')).toBeVisible();
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route('**/posts?*before=*', async (route) => {
      await held;
      await route.continue();
    });
    const answered = page.waitForResponse(/before=/);
    await stream(page).evaluate((scroller) => scroller.scrollTo(0, 20));
    await frames(page);
    await rest(page);
    release();
    await answered;
    await expect(row(page, 'entry 6 ')).toHaveCount(1);
    await frames(page);
    shifts['older posts in front'] = await moved(page);
  });

  await test.step('a picture above comes late', async () => {
    const shown = page as unknown as Page;
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => (release = done));
    await shown.route('**/files/*/*', async (route) => {
      await held;
      await route.continue();
    });
    await shown.goto(`/channels/${channel.id}?post=${posts[39]?.id}`);
    await expect(row(shown, 'entry 39 ')).toBeInViewport();
    // The row of the picture is just above the edge.
    await row(shown, 'with a picture').evaluate((element) => {
      const scroller = element.closest('[data-testid=stream]') as HTMLElement;
      scroller.scrollTop += element.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top - 30;
    });
    await frames(shown);
    await rest(shown);
    release();
    await shown.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[data-testid=stream] img')].every((image) => image.complete));
    await frames(shown);
    shifts['a late picture'] = await moved(shown);
  });

  await test.step('the keyboard of a phone opens and closes', async () => {
    const shown = page as unknown as Page;
    await rest(shown);
    await shown.setViewportSize({ width: 390, height: 420 });
    await frames(shown);
    shifts['a keyboard opens'] = await moved(shown);
    await shown.setViewportSize({ width: 390, height: 760 });
    await frames(shown);
    shifts['and closes'] = await moved(shown);
  });

  await test.step('a font arrives that is larger', async () => {
    const shown = page as unknown as Page;
    // A row begins at the upper edge: every line in view grows, so only the first can stay.
    await row(shown, 'entry 30 ').locator('article').evaluate((element) => {
      const scroller = element.closest('[data-testid=stream]') as HTMLElement;
      scroller.scrollTop += element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 6;
    });
    await frames(shown);
    await rest(shown);
    await shown.addStyleTag({ content: '[data-testid=stream] * { line-height: 2 !important; letter-spacing: .06em }' });
    await frames(shown);
    shifts['another font'] = await moved(shown);
  });

  for (const [what, by] of Object.entries(shifts)) note(`${what} moves what one reads by`, by, 'px');
  for (const [what, by] of Object.entries(shifts)) expect(by, what).toBeLessThanOrEqual(2);
});

test('the divider stays put while one reads; jumping to the latest counts; one’s own sending jumps', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const lin = await cast.person('林怡君');
  const channel = await ada.createChannel('Reading');
  await ada.invite(channel, lin);
  await fill(ada, channel, 12, (n) => `old ${n} `);
  const page = await lin.open(`/channels/${channel.id}`);
  await expect.poll(async () => (await lin.get<Channel>(`/channels/${channel.id}`)).unread_count).toBe(0);
  await lin.open('/settings');
  await fill(ada, channel, 3, (n) => `new ${n} `);
  await lin.open(`/channels/${channel.id}`);

  const divider = page.locator('[data-divider]');
  await expect(row(page, 'new 0').locator('[data-divider]')).toBeVisible();
  await expect.poll(async () => (await lin.get<Channel>(`/channels/${channel.id}`)).unread_count).toBe(0);
  await expect(divider).toHaveCount(1);

  await test.step('away from the end nothing is read, and what comes is counted', async () => {
    await stream(page).evaluate((scroller) => scroller.scrollTo(0, 0));
    await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
    await fill(ada, channel, 2, (n) => `later ${n} `);
    await expect(page.getByRole('button', { name: '2 new below' })).toBeVisible();
    expect((await lin.get<Channel>(`/channels/${channel.id}`)).unread_count).toBe(2);
    await expect(row(page, 'new 0').locator('[data-divider]')).toHaveCount(1);
    await page.getByRole('button', { name: '2 new below' }).click();
    await expect(row(page, 'later 1')).toBeInViewport();
    await expect.poll(async () => (await lin.get<Channel>(`/channels/${channel.id}`)).unread_count).toBe(0);
    await expect(row(page, 'new 0').locator('[data-divider]')).toHaveCount(1);
  });

  await test.step('what one sends is in view', async () => {
    await stream(page).evaluate((scroller) => scroller.scrollTo(0, 0));
    const composer = page.getByRole('main').getByRole('textbox').first();
    await composer.fill('mine');
    await composer.press('Enter');
    await expect(row(page, 'mine')).toBeInViewport();
  });
});

test('the list is one stop of the keyboard: arrows, Home, End, Enter', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Keys');
  await fill(ada, channel, 5);
  const page = await ada.open(`/channels/${channel.id}`);
  await expect(row(page, 'entry 4')).toBeVisible();
  await page.getByRole('main').getByRole('textbox').first().focus();
  await page.keyboard.press('Shift+Tab');
  await expect(row(page, 'entry 4')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(row(page, 'entry 3')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(row(page, 'entry 0')).toBeFocused();
  await expect(row(page, 'entry 0')).toHaveAttribute('aria-posinset', '1');
  await page.keyboard.press('End');
  await expect(row(page, 'entry 4')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy link' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(row(page, 'entry 4')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('textbox').first()).toBeFocused();
  expect(await page.evaluate(() => document.activeElement?.closest('[data-row]') ?? null)).toBeNull();
});

test('a long channel opens, scrolls and shows a post of long ago', async ({ cast }) => {
  test.setTimeout(600_000);
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Long');
  const started = Date.now();
  const ids: string[] = [];
  await Promise.all(
    Array.from({ length: 24 }, async (_, worker) => {
      for (let n = worker; n < LONG; n += 24) ids[n] = (await ada.write(channel, `**entry ${n}** about \`something\`\n\n- one\n- two`)).id;
    }),
  );
  note(`writing ${LONG} posts takes`, (Date.now() - started) / 1000, 's');

  const page = await ada.open('/settings');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  const opened = Date.now();
  await page.getByRole('link', { name: 'Long' }).click();
  await expect(page.locator('[data-row]').last()).toBeVisible();
  note('the channel shows after', Date.now() - opened, 'ms');

  await page.evaluate(() => ((window as unknown as { tasks: number[] }).tasks.length = 0));
  await stream(page).hover();
  for (let n = 0; n < 120; n++) {
    await page.mouse.wheel(0, -700);
    await frames(page);
  }
  const loaded = await page.locator('[data-row]').count();
  expect(loaded).toBeLessThanOrEqual(201);
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  note('rows in the page after scrolling back', loaded, 'rows');
  note('tasks over 50 ms while scrolling', tasks.length, 'tasks');
  note('tasks over 100 ms while scrolling', tasks.filter((task) => task > 100).length, 'tasks');
  note('the longest task while scrolling', Math.max(0, ...tasks), 'ms');

  const middle = Math.floor(LONG / 2);
  await page.goto(`/channels/${channel.id}?post=${ids[middle]}`);
  await expect(page.locator(`[data-id="${ids[middle]}"]`)).toBeInViewport();
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toHaveCount(0);
});
