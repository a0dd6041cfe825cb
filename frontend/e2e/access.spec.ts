import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Conversation } from '../src/api/wire.gen';
import { expect, test } from './fixtures';
import { join, newEmail, password } from './people';
import { Server } from './server';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the main pages pass axe in ${colorScheme}`, async ({ cast }) => {
    const door = await (await cast.stranger({ colorScheme })).newPage();
    await door.goto('/login');
    await expect(door.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(door, 'sign-in');

    const teacher = await cast.person('Ms Lin', { colorScheme });
    const channel = await teacher.createChannel('Accessibility');
    await teacher.write(channel, 'Welcome, with a [link](https://example.org) and `code`.');
    const page = await teacher.open(`/channels/${channel.id}`);
    await expect(page.getByText('Welcome, with a')).toBeVisible();
    await expectAccessible(page, 'channel');

    const meeting = await teacher.startMeeting(channel);
    await teacher.open(`/meeting/${meeting.id}`);
    await expect(page.getByRole('button', { name: 'Join now' })).toBeEnabled();
    await expectAccessible(page, 'pre-join');
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
    await expectAccessible(page, 'room');
  });
}

/** Resolves when no colour is on its way to another one. */
async function fadesOver(): Promise<void> {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished));
}

test('settings, a conversation and the administrator’s pages pass axe in light and dark', { tag: '@long' }, async ({ cast }) => {
  const school = await Server.start();
  try {
    const principal = await cast.person('Principal', { url: school.url });
    const other = await cast.person('Chen', { url: school.url });
    await principal.invite(await principal.createChannel('Staff'), other);
    const conversation = await principal.post<Conversation>('/conversations', { user_id: other.user.id });
    for (const [path, shown] of [
      ['/settings', 'Profile'],
      [`/conversations/${conversation.id}`, 'Chen'],
      ...['people', 'server'].map((tab) => [`/admin/${tab}`, 'Administration'] as const),
    ] as const) {
      const page = await principal.open(path);
      await expect(page.getByRole('heading', { name: shown }).first()).toBeVisible();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
        await page.evaluate(fadesOver);
        await expectAccessible(page, `${path} in ${colorScheme}`);
      }
    }
  } finally {
    await school.stop();
  }
});

test('on a phone the room and its video are for fingers, upright and sideways', async ({ cast, film }) => {
  const teacher = await cast.person('Ms Lin', { viewport: { width: 390, height: 844 }, touch: true });
  const channel = await teacher.createChannel('By phone');
  const page = await join(teacher, await teacher.startMeeting(channel), { camera: false });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Watch a video' }).click();
  await page.locator('input[type="file"]').setInputFiles(film);
  const play = page.getByRole('button', { name: 'Play', exact: true });
  await expect(play).toBeVisible({ timeout: 30_000 });
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 844, height: 390 },
    { width: 667, height: 375 },
  ]) {
    await page.setViewportSize(viewport);
    for (const name of ['Play', 'Full screen', 'Mute', 'People', 'More', 'Leave', 'End for all']) {
      await expect(page.getByRole('button', { name, exact: true }), `${name} at ${viewport.width} px`).toBeInViewport({ ratio: 1 });
    }
    await expectNoSideways(page);
    expect(await tooSmall(page)).toEqual([]);
  }
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
  expect(await tooSmall(page)).toEqual([]);
});

test('everything is reachable on a phone, 390 px wide', async ({ cast }) => {
  const viewport = { width: 390, height: 844 };
  const teacher = await cast.person('A teacher with a rather long name, Ph.D.', { viewport });
  const channel = await teacher.createChannel('A channel whose name does not fit on any phone at all, ever');
  await teacher.write(channel, `${'longword'.repeat(30)} and a table:\n\n| a | b |\n|---|---|\n| ${'wide'.repeat(20)} | 2 |`);
  const page = await teacher.open('/');
  await expect(page.getByRole('button', { name: 'Open navigation' })).toBeVisible();
  await expectNoSideways(page);

  await teacher.open(`/channels/${channel.id}`);
  await expect(page.getByRole('textbox').first()).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Start meeting' })).toBeInViewport();
  await expectNoSideways(page);

  await join(teacher, await teacher.startMeeting(channel));
  for (const name of ['Mute', 'Turn camera off', 'Leave']) {
    // On a busy machine a hint at a weak connection offers the second of them, too.
    await expect(page.getByRole('button', { name, exact: true }).last()).toBeInViewport({ ratio: 1 });
  }
  await expectNoSideways(page);
});

test('the keyboard alone leads from the sign-in to a post', async ({ cast }) => {
  const context = await cast.stranger();
  const page = await context.newPage();
  const email = newEmail();
  await context.request.post('/api/v1/auth/register', { data: { email, password, name: 'Keys', locale: 'en' } });
  await context.clearCookies();

  await page.goto('/login');
  await expect(page.getByLabel('Email')).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Welcome, Keys' })).toBeVisible();
  await tabTo(page, 'Create a channel');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'By keyboard' })).toBeVisible();

  await tabTo(page, 'Write to By keyboard');
  await page.keyboard.type('No mouse was needed.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').getByText('No mouse was needed.')).toBeVisible();
});

test('a meeting with the keyboard alone, and a screen reader hears who comes, asks and goes', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const mei = await cast.person('Mei');
  const channel = await teacher.createChannel('Without a mouse');
  await teacher.invite(channel, mei);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false, microphone: false });
  const page = await mei.open(`/channels/${channel.id}`);
  const { keyboard } = page;
  const heard = teacher.page.getByRole('status');

  await test.step('in: from the channel through the device check', async () => {
    await tabTo(page, 'Join');
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Join now' })).toBeEnabled();
    await tabTo(page, 'Join now');
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
    await expect(heard.filter({ hasText: 'Mei joined' })).toHaveCount(1);
  });

  await test.step('microphone, camera and hand: by their keys', async () => {
    await keyboard.press('m');
    await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible();
    await keyboard.press('v');
    await expect(page.getByRole('button', { name: 'Turn camera on' })).toBeVisible();
    await keyboard.press('h');
    await expect(page.getByRole('button', { name: 'Lower hand' })).toBeVisible();
    await expect(heard.filter({ hasText: 'Mei raised a hand' })).toHaveCount(1);
  });

  await test.step('every other control is a stop of the Tab key', async () => {
    for (const name of ['Lower hand', 'React', 'Polls', 'Chat', 'People', 'More', 'Leave']) await tabTo(page, name);
  });

  await test.step('a line in the chat, where letters are letters', async () => {
    await tabTo(page, 'Chat');
    await keyboard.press('Enter');
    const field = page.getByRole('region', { name: 'Chat' }).getByRole('textbox');
    await expect(field).toBeVisible();
    await tabTo(page, (await field.getAttribute('aria-label')) ?? '');
    await keyboard.type('him, mv?');
    await keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Chat' }).getByText('him, mv?')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Lower hand' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible();
  });

  await test.step('out', async () => {
    await tabTo(page, 'Leave');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'You left the meeting' })).toBeVisible();
    await expect(heard.filter({ hasText: 'Mei left' })).toHaveCount(1);
  });
});

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  const grave = violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' … ')}`);
  expect(grave, `axe on ${what}`).toEqual([]);
}

/** What can be pressed and is less than 44 px high. */
async function tooSmall(page: Page): Promise<string[]> {
  return await page.getByRole('button').or(page.getByRole('combobox')).evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
      .map((element) => `${element.getAttribute('aria-label') ?? element.textContent}: ${element.getBoundingClientRect().height} px`),
  );
}

async function expectNoSideways(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'px that the page is wider than the screen').toBeLessThanOrEqual(0);
}

/** Presses Tab until the focus is on the control of that name, and no more often than a patient person would. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === document.body) return '';
      const labels = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement ? [...(focused.labels ?? [])] : [];
      return [focused?.getAttribute('aria-label'), ...labels.map((each) => each.textContent), focused?.textContent].join('\n');
    });
    if (label.includes(name)) return;
  }
  throw new Error(`40 presses of Tab did not reach “${name}”`);
}
