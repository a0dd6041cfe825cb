import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import type { Conversation, Message } from '../src/api/wire.gen';
import { expect, test } from './fixtures';
import type { Person } from './people';

/** What the page asked the system to show, in place of the system: a headless browser shows nothing. */
interface Shown {
  title: string;
  body: string;
  tag: string;
}

/** Allows pop-ups in all pages of a context and keeps them, so that a story can count and press them. */
async function catchPopUps(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const shown: unknown[] = [];
    class Caught extends EventTarget {
      static permission = 'granted';
      static requestPermission = () => Promise.resolve('granted');
      onclick: (() => void) | null = null;
      onclose: (() => void) | null = null;
      constructor(
        readonly title: string,
        readonly options: { body: string; tag: string },
      ) {
        super();
        shown.push(this);
      }
      close() {
        this.onclose?.();
      }
    }
    Object.assign(window, { Notification: Caught, shownPopUps: shown });
  });
}

function popUps(page: Page): Promise<Shown[]> {
  return page.evaluate(() => (window as unknown as { shownPopUps: { title: string; options: Shown }[] }).shownPopUps.map(({ title, options }) => ({ title, body: options.body, tag: options.tag })));
}

async function pressPopUp(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { shownPopUps: { onclick: () => void }[] }).shownPopUps.at(-1)?.onclick());
}

/** Whether somebody looks at a window; headless windows all believe that they are looked at. */
async function look(page: Page, at: boolean): Promise<void> {
  await page.evaluate((focused) => {
    document.hasFocus = () => focused;
    window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
  }, at);
}

async function say(from: Person, conversation: Conversation, body: string): Promise<Message> {
  return await from.post<Message>(`/conversations/${conversation.id}/messages`, { body, client_id: crypto.randomUUID() });
}

test('the bell tells what concerns one, and leads to the exact place', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, student);
  const post = await teacher.write(channel, 'Who can solve 3.2?');
  for (let n = 0; n < 40; n++) await teacher.write(channel, `Example ${n}`);
  const page = await teacher.open('/settings');
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible();

  await student.post(`/posts/${post.id}/comments`, { body: `I can, @[Ms Lin](user:${teacher.user.id})!` });
  await expect(page.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible();
  await expect(page).toHaveTitle('(1) Settings · Lectern');
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', '/icon-unread.svg');
  await expect(page.getByRole('link', { name: 'Linear Algebra' }).getByText('1 mention')).toBeAttached();

  await page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
  const list = page.getByRole('dialog', { name: 'Notifications' });
  await expect(list.getByRole('heading', { name: 'Today' })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);
  await list.getByRole('button', { name: /Hao mentioned you in Linear Algebra/ }).click();
  await expect(page).toHaveURL(new RegExp(`/channels/${channel.id}\\?post=${post.id}&comment=`));
  await expect(page.locator('li[data-marked]', { hasText: 'I can, @Ms Lin!' })).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible();
  await expect(page).toHaveTitle('Linear Algebra · Lectern');
});

test('the level of a channel decides, and all can be read at once', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, student);
  const page = await teacher.open('/settings');
  const choose = async (level: string) => {
    await page.getByRole('link', { name: 'Linear Algebra' }).hover();
    await page.getByRole('button', { name: 'Menu of Linear Algebra' }).click();
    await page.getByRole('menuitemradio', { name: level }).click();
    await expect(page.getByRole('menuitemradio', { name: level })).toHaveAttribute('aria-checked', 'true');
    await page.keyboard.press('Escape');
  };

  await student.write(channel, 'one'); // by itself only what names one
  await choose('Everything');
  await student.write(channel, 'two');
  await expect(page.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible();
  await choose('Nothing');
  await expect(page.getByRole('link', { name: 'Linear Algebra' }).getByLabel('Muted')).toBeVisible();
  await student.write(channel, 'three');
  await choose('Everything');
  await student.write(channel, 'four');
  await expect(page.getByRole('button', { name: 'Notifications, 2 unread' })).toBeVisible();

  await page.getByRole('button', { name: 'Notifications, 2 unread' }).click();
  const list = page.getByRole('dialog', { name: 'Notifications' });
  await expect(list.getByRole('listitem')).toHaveText([/four/, /two/]);
  await list.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible();
});

test('of two tabs one notifies, a click opens the exact message, and nothing pops up over what one looks at', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, student);
  const conversation = await student.post<Conversation>('/conversations', { user_id: teacher.user.id });
  await catchPopUps(teacher.context);
  const one = await teacher.open('/settings');
  const two = await teacher.context.newPage();
  await two.goto(`/channels/${channel.id}`);
  const bells = [one, two].map((page) => page.getByRole('button', { name: /^Notifications/ }));
  for (const bell of bells) await expect(bell).toBeVisible();
  const counts = async () => (await Promise.all([one, two].map(popUps))).map((shown) => shown.length);
  for (const page of [one, two]) await look(page, false);

  const message = await say(student, conversation, 'Can we talk tomorrow?');
  for (const page of [one, two]) await expect(page.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible();
  await expect.poll(async () => (await counts()).sort()).toEqual([0, 1]);
  const speaker = (await popUps(one)).length === 1 ? one : two;
  const other = speaker === one ? two : one;
  expect((await popUps(speaker))[0]).toMatchObject({ title: 'Hao sent you a message', body: 'Can we talk tomorrow?' });

  await test.step('a click opens the message', async () => {
    await pressPopUp(speaker);
    await expect(speaker).toHaveURL(new RegExp(`/conversations/${conversation.id}\\?message=${message.id}`));
    await expect(speaker.getByRole('main').getByText('Can we talk tomorrow?')).toBeVisible();
    for (const page of [one, two]) await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible();
  });

  await test.step('the other tab shows the conversation to somebody who looks at it: silence', async () => {
    await look(speaker, false);
    await other.goto(`/conversations/${conversation.id}`);
    await expect(other.getByRole('main').getByText('Can we talk tomorrow?')).toBeVisible();
    await look(other, true);
    await say(student, conversation, 'At ten?');
    await expect(other.getByRole('main').getByText('At ten?')).toBeVisible();
    await expect(speaker.getByRole('main').getByText('At ten?')).toBeVisible();
    // What comes later for another place pops up; by then the silent one would have.
    await student.post(`/channels/${channel.id}/posts`, { body: `@[Ms Lin](user:${teacher.user.id}) look here` });
    await expect.poll(async () => (await popUps(speaker)).map((shown) => shown.body)).toEqual(['Can we talk tomorrow?', expect.stringContaining('look here')]);
  });

  await test.step('when the tab that spoke is closed, the other one does', async () => {
    await speaker.close();
    await other.goto('/settings');
    await expect(other.getByRole('button', { name: /^Notifications/ })).toBeVisible();
    await look(other, false);
    await expect.poll(() => other.evaluate(async () => (await navigator.locks.query()).held?.filter((lock) => lock.name === 'lectern.speaker').length)).toBe(1);
    await say(student, conversation, 'Still there?');
    await expect.poll(async () => (await popUps(other)).map((shown) => shown.body)).toEqual(['Still there?']);
  });
});

test('do not disturb keeps quiet and says so to others', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, student);
  const conversation = await student.post<Conversation>('/conversations', { user_id: teacher.user.id });
  await catchPopUps(teacher.context);
  const page = await teacher.open('/settings');
  const his = await student.open(`/channels/${channel.id}`);
  const seen = his.getByRole('complementary', { name: 'People' }).getByRole('button', { name: 'Profile of Ms Lin' });
  await expect(seen.getByText('Online')).toBeAttached();
  await look(page, false);

  await page.getByRole('button', { name: 'Account of Ms Lin' }).click();
  await page.getByRole('menuitem', { name: 'Do not disturb' }).hover();
  await page.getByRole('menuitem', { name: 'For an hour' }).click();
  await expect(page.getByRole('button', { name: 'Account of Ms Lin' })).toContainText('Do not disturb');
  await expect(seen.getByText('Do not disturb')).toBeAttached();

  await say(student, conversation, 'Hello?');
  await expect(page.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible();
  await page.getByRole('button', { name: 'Account of Ms Lin' }).click();
  await expect(page.getByText(/Do not disturb until/)).toBeVisible();
  await page.getByRole('menuitem', { name: 'Turn off' }).click();
  await expect(seen.getByText('Online')).toBeAttached();
  await say(student, conversation, 'And now?');
  await expect.poll(() => popUps(page)).toMatchObject([{ body: 'And now?' }]);
});

test('settings say what this browser can do, and are clean', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const page = await teacher.open('/settings#notifications');
  const section = page.getByRole('region', { name: 'Notifications and privacy' });
  await section.getByRole('switch', { name: 'Sounds' }).uncheck({ force: true });
  await page.reload();
  await expect(section.getByRole('switch', { name: 'Sounds' })).not.toBeChecked();
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
});
