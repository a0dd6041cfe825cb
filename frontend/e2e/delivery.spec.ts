import type { Page } from '@playwright/test';
import type { List, Post } from '../src/api/wire.gen';
import { expect, note, test } from './fixtures';
import { workerKeeps } from './keeps';
import type { Person } from './people';
import { clear, SocketProxy } from './socketProxy';

/** Writes into the channel that is open and sends it. */
async function write(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('main').getByRole('textbox').first();
  await composer.fill(text);
  await composer.press('Enter');
}

const row = (page: Page, text: string) => page.locator('[data-row]').filter({ hasText: text });

async function bodies(person: Person, channelId: string): Promise<string[]> {
  const { items } = await person.get<List<Post>>(`/channels/${channelId}/posts?limit=100`);
  return items.map((post) => post.body).toReversed();
}

/** The texts of the rows on the page, in their order. */
const shown = (page: Page) => page.locator('[data-row]').evaluateAll((rows) => rows.map((one) => /\b(one|two|three|four|p\d+)\b/.exec((one as HTMLElement).innerText)?.[1] ?? ''));

test('what one writes is there at once, and the answer changes neither its row nor its place', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Physics');
  for (let n = 0; n < 12; n++) await ada.write(channel, `p${n}`);
  const page = await ada.open(`/channels/${channel.id}`);
  await expect(row(page, 'p11')).toBeVisible();

  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/api/v1/channels/*/posts', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  await page.evaluate(() => {
    const seen = window as unknown as { pressed: number; appeared: number };
    document.addEventListener('keydown', (event) => event.key === 'Enter' && (seen.pressed = event.timeStamp), true);
    new MutationObserver(() => {
      if (seen.appeared === undefined && document.querySelector('[data-row]:last-child')?.textContent?.includes('three')) seen.appeared = performance.now();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await write(page, 'three');
  await expect(row(page, 'three')).toBeVisible();
  note('a row appears after Enter', await page.evaluate(() => (window as unknown as { appeared: number; pressed: number }).appeared - (window as unknown as { pressed: number }).pressed), 'ms');

  const look = () =>
    page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
      return { top: rows.at(-1)?.getBoundingClientRect().top ?? 0, above: rows.at(-2)?.getBoundingClientRect().top ?? 0, id: rows.at(-1)?.dataset.id ?? null };
    });
  await page.evaluate(() => document.querySelector('[data-row]:last-child')?.setAttribute('data-same', ''));
  const before = await look();
  expect(before.id).toBeNull();
  release();
  await expect.poll(async () => (await look()).id).not.toBeNull();
  const after = await look();
  await expect(page.locator('[data-row][data-same]')).toContainText('three');
  note('the row moves with its answer by', Math.abs(after.top - before.top), 'px');
  note('the row above moves by', Math.abs(after.above - before.above), 'px');
  expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(2);
  expect(Math.abs(after.above - before.above)).toBeLessThanOrEqual(2);
});

test('what is written without a connection outlives a reload, keeps its order and comes once', async ({ cast, server }) => {
  const proxy = await SocketProxy.start(server.url, clear, 1);
  const ada = await cast.person('Ada', { url: proxy.url });
  const lin = await cast.person('林怡君');
  const channel = await ada.createChannel('Chemistry');
  await ada.invite(channel, lin);
  const there = await lin.open(`/channels/${channel.id}`);
  const page = await ada.open(`/channels/${channel.id}`);
  await write(page, 'one');
  await expect(row(there, 'one')).toBeVisible();
  await workerKeeps(page);

  await test.step('the network goes: nothing is lost, and it says so', async () => {
    await ada.context.setOffline(true);
    await expect(page.getByText('You are offline.', { exact: false }).first()).toBeVisible();
    await write(page, 'two');
    await write(page, 'three');
    await expect(page.getByText('Waiting for a connection').first()).toBeVisible();
  });

  await test.step('a reload opens what was seen last, with what still waits', async () => {
    await page.reload();
    await expect(row(page, 'one')).toBeVisible();
    await expect(row(page, 'two')).toBeVisible();
    await expect(row(page, 'three')).toBeVisible();
    await write(page, 'four');
    await expect(row(page, 'four')).toBeVisible();
  });

  await test.step('one is taken back', async () => {
    await row(page, 'three').getByRole('button', { name: 'Cancel' }).click();
    await expect(row(page, 'three')).toHaveCount(0);
  });

  await test.step('the network is back: everything arrives by itself', async () => {
    await ada.context.setOffline(false);
    await expect(row(there, 'four')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('Waiting for a connection')).toHaveCount(0);
    expect(await bodies(lin, channel.id)).toEqual(['one', 'two', 'four']);
    await expect.poll(() => shown(page)).toEqual(['one', 'two', 'four']);
    await expect.poll(() => shown(there)).toEqual(['one', 'two', 'four']);
  });
  await proxy.stop();
});

test('an answer that is lost makes no second row, ten minutes later either', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Biology');
  const page = await ada.open(`/channels/${channel.id}`);
  await expect(page.getByRole('main').getByRole('textbox').first()).toBeVisible();
  await page.clock.install();
  let lost = 0;
  let losing = true;
  await page.route('**/api/v1/channels/*/posts', async (route) => {
    if (route.request().method() !== 'POST' || !losing) return await route.continue();
    lost += 1;
    await route.fetch(); // the server has it
    await route.abort('connectionreset');
  });
  await write(page, 'one');
  await expect.poll(() => lost).toBeGreaterThan(0);
  for (let minute = 0; minute < 10; minute++) await page.clock.fastForward('01:00');
  await expect.poll(() => lost).toBeGreaterThan(3);
  losing = false;
  await page.clock.fastForward('02:00');
  await expect(page.getByText('Waiting for a connection')).toHaveCount(0);
  await expect(row(page, 'one')).toHaveCount(1);
  expect(await bodies(ada, channel.id)).toEqual(['one']);
});

test('two tabs send once; when the one that sends is closed the other goes on', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('History');
  const first = await ada.open(`/channels/${channel.id}`);
  const second = await ada.context.newPage();
  await second.goto(`/channels/${channel.id}`);
  await expect(second.getByRole('main').getByRole('textbox').first()).toBeVisible();
  await write(second, 'one');
  await expect(row(first, 'one')).toBeVisible();

  await ada.context.setOffline(true);
  await write(first, 'two');
  await expect(row(second, 'two')).toBeVisible();
  await write(second, 'three');
  await first.close();
  await ada.context.setOffline(false);
  await expect.poll(() => bodies(ada, channel.id), { timeout: 30_000 }).toEqual(['one', 'two', 'three']);
  await expect.poll(() => shown(second)).toEqual(['one', 'two', 'three']);
  await expect(second.getByText('Waiting for a connection')).toHaveCount(0);
});

test('after a sleep nothing is missing and nothing is double', async ({ cast, server }) => {
  const proxy = await SocketProxy.start(server.url, clear, 2);
  const sleeper = await cast.person('Sleepy', { url: proxy.url });
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Geography');
  await ada.invite(channel, sleeper);
  const posts: Post[] = [];
  for (let n = 0; n < 4; n++) posts.push(await ada.write(channel, `p${n}`));
  const page = await sleeper.open(`/channels/${channel.id}`);
  await expect(row(page, 'p3')).toBeVisible();

  proxy.freeze();
  for (let n = 4; n < 60; n++) posts.push(await ada.write(channel, `p${n}`));
  const [a, b, c] = posts as [Post, Post, Post];
  await ada.patch(`/posts/${a.id}`, { body: 'p0 changed' });
  await ada.remove(`/posts/${b.id}`);
  await ada.post(`/posts/${c.id}/comments`, { body: 'a remark' });
  proxy.thaw();
  await page.evaluate(() => window.dispatchEvent(new Event('online'))); // as a device that wakes up

  await expect(row(page, 'p59')).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('stream').evaluate((scroller) => scroller.scrollTo(0, 0));
  await expect(row(page, 'p0 changed')).toBeVisible();
  await expect(row(page, 'p2').first()).toContainText('a remark');
  const expected = ['p0', ...Array.from({ length: 58 }, (_, n) => `p${n + 2}`)];
  await expect.poll(() => shown(page)).toEqual(expected);
  await proxy.stop();
});
