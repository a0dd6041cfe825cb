import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { Channel, Invite } from '../src/api/wire.gen';
import { expect, test } from './fixtures';

/** The names in a section of the side bar, from top to bottom. */
function section(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Navigation' }).getByRole('region', { name }).getByRole('link');
}

async function menu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Channel menu' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('one arranges the side bar by keyboard, and it stays so', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  for (const name of ['Algebra', 'Biology', 'Chemistry']) await teacher.createChannel(name);
  const page = await teacher.open('/');
  await expect(section(page, 'Channels')).toHaveText(['Algebra', 'Biology', 'Chemistry']);

  await test.step('a channel is picked up, moved and dropped with the keys, and a screen reader hears it', async () => {
    await page.getByRole('link', { name: 'Algebra' }).focus();
    await page.getByRole('button', { name: 'Move Algebra' }).focus();
    const said = page.locator('[id^=DndLiveRegion]', { hasText: 'Algebra' });
    await page.keyboard.press('Space');
    await expect(said).toHaveText(/at 1 of 3/);
    await page.keyboard.press('ArrowDown');
    await expect(said).toHaveText('Algebra is at 2 of 3.');
    await page.keyboard.press('Space');
    await expect(said).toHaveText('Algebra was dropped at 2 of 3.');
    await expect(section(page, 'Channels')).toHaveText(['Biology', 'Algebra', 'Chemistry']);
  });

  await test.step('the mouse does it too, and a drop is not a click', async () => {
    await page.getByRole('link', { name: 'Chemistry' }).hover();
    const where = page.url();
    await page.mouse.down();
    const target = await page.getByRole('link', { name: 'Biology' }).boundingBox();
    if (!target) throw new Error('Biology is not shown');
    await page.mouse.move(target.x + 40, target.y + 20, { steps: 6 });
    await page.mouse.move(target.x + 40, target.y + 4, { steps: 6 });
    await page.mouse.up();
    await expect(section(page, 'Channels')).toHaveText(['Chemistry', 'Biology', 'Algebra']);
    expect(page.url()).toBe(where);
  });

  await test.step('a favourite stands above the others', async () => {
    await page.getByRole('link', { name: 'Biology' }).hover();
    await page.getByRole('button', { name: 'Menu of Biology' }).click();
    await page.getByRole('menuitem', { name: 'Add to favourites' }).click();
    await expect(section(page, 'Favourites')).toHaveText(['Biology']);
  });

  await test.step('another window shows the same after a reload', async () => {
    await page.reload();
    await expect(section(page, 'Favourites')).toHaveText(['Biology']);
    await expect(section(page, 'Channels')).toHaveText(['Chemistry', 'Algebra']);
  });

  await test.step('Alt and the arrows walk through it', async () => {
    await page.getByRole('link', { name: 'Biology' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Biology' })).toBeVisible();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(page.getByRole('heading', { level: 1, name: 'Chemistry' })).toBeVisible();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(page.getByRole('heading', { level: 1, name: 'Biology' })).toBeVisible();
  });

  await test.step('a folded section keeps what is unread in sight', async () => {
    const student = await cast.person('Hao');
    const chemistry = (await teacher.get<{ items: Channel[] }>('/channels')).items.find((one) => one.name === 'Chemistry');
    if (!chemistry) throw new Error('no Chemistry');
    await teacher.invite(chemistry, student);
    await page.getByRole('button', { name: 'Channels', exact: true }).click();
    await expect(section(page, 'Channels')).toHaveCount(0);
    await student.write(chemistry, 'Is there school today?');
    await expect(section(page, 'Channels')).toHaveText([/Chemistry/]);
    await page.keyboard.press('Alt+Shift+ArrowDown');
    await expect(page.getByRole('heading', { level: 1, name: 'Chemistry' })).toBeVisible();
  });

  const { violations } = await new AxeBuilder({ page }).include('nav').analyze();
  expect(violations).toEqual([]);
});

test('each role sees what it may do, and announcements are for teachers', async ({ cast }) => {
  const [teacher, assistant, student] = [await cast.person('Ms Lin'), await cast.person('Tess'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, assistant, student);
  await teacher.makeAssistant(channel, assistant);
  const [theirs, his] = [await teacher.open(`/channels/${channel.id}`), await student.open(`/channels/${channel.id}`)];

  const items = async (page: Page) => {
    await page.getByRole('button', { name: 'Channel menu' }).click();
    await expect(page.getByRole('menuitem').first()).toBeVisible();
    const names = await page.getByRole('menuitem').allInnerTexts();
    await page.keyboard.press('Escape');
    return names;
  };
  expect(await items(theirs)).toEqual(expect.arrayContaining(['Edit channel', 'Hand over channel', 'Archive channel', 'Delete channel']));
  expect(await items(await assistant.open(`/channels/${channel.id}`))).toEqual(expect.arrayContaining(['Edit channel', 'Leave channel']));
  const forStudents = await items(his);
  for (const item of ['Edit channel', 'Hand over channel', 'Archive channel', 'Delete channel']) expect(forStudents).not.toContain(item);

  await test.step('announcements only: a student reads why there is no field, and still comments', async () => {
    await menu(theirs, 'Edit channel');
    await theirs.getByRole('switch', { name: 'Announcements only' }).check({ force: true });
    await theirs.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(his.getByText('Only teachers post here. You can comment on every post.')).toBeVisible();
    await expect(his.getByRole('textbox', { name: 'Write to Linear Algebra' })).toBeHidden();
    await theirs.getByRole('textbox', { name: 'Write to Linear Algebra' }).fill('The exam is on Friday.');
    await theirs.keyboard.press('Enter');
    await his.getByRole('button', { name: 'Comment', exact: true }).click();
    await his.getByRole('textbox', { name: 'Write a comment' }).fill('Which room?');
    await his.keyboard.press('Enter');
    await expect(theirs.getByText('Which room?')).toBeVisible();
  });

  await test.step('an archived channel is read, not written; reopening brings the field back', async () => {
    await menu(theirs, 'Archive channel');
    await theirs.getByRole('dialog').getByRole('button', { name: 'Archive channel' }).click();
    await expect(his.getByText(/Archived since/)).toBeVisible();
    await expect(his.getByRole('button', { name: 'Comment', exact: true })).toBeHidden();
    await expect(section(his, 'Channels')).toHaveCount(0);
    await expect(theirs.getByText('This channel is archived.')).toBeVisible();
    await theirs.getByRole('main').getByRole('button', { name: 'Reopen channel' }).click();
    await expect(theirs.getByRole('textbox', { name: 'Write to Linear Algebra' })).toBeVisible();
    await expect(section(his, 'Channels')).toHaveText([/Linear Algebra/]);
  });

  await test.step('the channel is handed over by name', async () => {
    await menu(theirs, 'Hand over channel');
    const dialog = theirs.getByRole('dialog', { name: 'Hand over channel' });
    await dialog.getByRole('combobox', { name: 'New owner' }).click();
    await theirs.getByRole('option', { name: 'Tess' }).click();
    await dialog.getByRole('button', { name: 'Hand over to Tess' }).click();
    await expect(theirs.getByText('Tess owns the channel now.')).toBeVisible();
    expect(await items(theirs)).not.toContain('Delete channel');
    expect(await items(assistant.page)).toContain('Delete channel');
  });

  await test.step('a student leaves, and it is gone from their side bar', async () => {
    await menu(his, 'Leave channel');
    await his.getByRole('dialog').getByRole('button', { name: 'Leave channel' }).click();
    await expect(his.getByRole('heading', { name: 'Welcome, Hao' })).toBeVisible();
    await expect(theirs.getByRole('complementary', { name: 'People' }).getByRole('button', { name: 'Profile of Hao' })).toBeHidden();
  });
});

test('an invite ends: by its limit, by its day, by being replaced', async ({ cast }) => {
  const [teacher, first, second] = [await cast.person('Ms Lin'), await cast.person('Hao'), await cast.person('Mei')];
  const channel = await teacher.createChannel('Linear Algebra');
  const page = await teacher.open(`/channels/${channel.id}`);
  await page.getByRole('complementary', { name: 'People' }).getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite to Linear Algebra' });
  await dialog.getByRole('combobox', { name: 'Most uses' }).click();
  await page.getByRole('option', { name: '1', exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Expires' }).click();
  await page.getByRole('option', { name: 'In 7 days' }).click();
  await dialog.getByRole('button', { name: 'Create invite link' }).click();
  await expect(dialog.getByText(/used 0 of 1 · until/)).toBeVisible();
  const [invite] = (await teacher.get<{ items: Invite[] }>(`/channels/${channel.id}/invites`)).items;
  if (!invite) throw new Error('no invite');

  await test.step('one use is one use', async () => {
    await (await first.open(`/join/${invite.code}`)).getByRole('button', { name: 'Join the channel' }).click();
    await expect(first.page.getByRole('heading', { level: 1, name: 'Linear Algebra' })).toBeVisible();
    await second.open(`/join/${invite.code}`);
    await expect(second.page.getByText('This invite does not work any more')).toBeVisible();
  });

  await test.step('replacing ends the old link and makes a new one', async () => {
    await dialog.getByRole('button', { name: 'Replace all links' }).click();
    await page.getByRole('dialog', { name: 'Replace all links' }).getByRole('button', { name: 'Replace all links' }).click();
    await expect(dialog.getByText(invite.code)).toBeHidden();
    const [fresh] = (await teacher.get<{ items: Invite[] }>(`/channels/${channel.id}/invites`)).items;
    if (!fresh) throw new Error('no new invite');
    await second.open(`/join/${fresh.code}`);
    await second.page.getByRole('button', { name: 'Join the channel' }).click();
    await expect(second.page.getByRole('heading', { level: 1, name: 'Linear Algebra' })).toBeVisible();
  });
});

test('what one writes reaches the other, and so does every change, within a second', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao')];
  const channel = await teacher.createChannel('Linear Algebra');
  await teacher.invite(channel, student);
  const [theirs, his] = [await teacher.open(`/channels/${channel.id}`), await student.open(`/channels/${channel.id}`)];
  const within = { timeout: 1000 };

  await his.getByRole('textbox', { name: 'Write to Linear Algebra' }).fill('Chapter free');
  await his.keyboard.press('Enter');
  await expect(theirs.getByText('Chapter free')).toBeVisible();
  const mine = his.getByRole('article', { name: 'Post by Hao' });

  await test.step('an edit', async () => {
    await mine.getByRole('button', { name: 'More actions' }).first().click();
    await his.getByRole('menuitem', { name: 'Edit' }).click();
    await his.getByRole('textbox', { name: 'Edit the text' }).fill('Chapter three');
    await his.keyboard.press('Enter');
    await expect(theirs.getByText('Chapter three')).toBeVisible(within);
    await expect(theirs.getByText('edited')).toBeVisible(within);
  });

  await test.step('a pin, from the teacher, that the student finds again', async () => {
    const card = theirs.getByRole('article', { name: 'Post by Hao' });
    await card.getByRole('button', { name: 'More actions' }).first().click();
    await theirs.getByRole('menuitem', { name: 'Pin' }).click();
    await expect(mine.getByText('Pinned')).toBeVisible(within);
    await menu(his, 'Pinned posts');
    await expect(his.getByRole('dialog', { name: 'Pinned posts' }).getByText('Chapter three')).toBeVisible();
    await his.keyboard.press('Escape');
  });

  await test.step('a link leads to exactly that comment', async () => {
    await his.getByRole('button', { name: 'Comment', exact: true }).first().click();
    await his.getByRole('textbox', { name: 'Write a comment' }).fill('and four');
    await his.keyboard.press('Enter');
    const comment = theirs.getByRole('group', { name: 'Comment by Hao' });
    await comment.getByRole('button', { name: 'More actions' }).click();
    await theirs.getByRole('menuitem', { name: 'Copy link' }).click();
    const link = await theirs.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/\?post=.+&comment=/);
    await theirs.goto(link);
    await expect(theirs.locator('li[data-marked]', { hasText: 'and four' })).toBeFocused();
  });

  await test.step('a deletion', async () => {
    await mine.getByRole('button', { name: 'More actions' }).first().click();
    await his.getByRole('menuitem', { name: 'Delete' }).click();
    await his.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(mine).toBeHidden();
    await expect(theirs.getByText('Chapter three')).toBeHidden(within);
  });
});

test('a post waits for its time', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Linear Algebra');
  const page = await teacher.open(`/channels/${channel.id}`);
  await page.getByRole('textbox', { name: 'Write to Linear Algebra' }).fill('Homework of next week');
  await page.getByRole('button', { name: 'Post later' }).click();
  await page.getByLabel('When').fill('2026-01-01T08:00');
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText(/minute|future/i).first()).toBeVisible();
  const inTwoDays = new Date(Date.now() + 48 * 3600_000);
  await page.getByLabel('When').fill(`${inTwoDays.toISOString().slice(0, 10)}T08:00`);
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText(/It will be posted/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Write to Linear Algebra' })).toHaveValue('');
  await expect(page.getByRole('article')).toHaveCount(0);

  await menu(page, 'Scheduled posts');
  const dialog = page.getByRole('dialog', { name: 'Scheduled posts' });
  await dialog.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Homework of the week after');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Homework of the week after')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel post' }).click();
  await expect(dialog.getByText('Nothing is scheduled')).toBeVisible();
});
