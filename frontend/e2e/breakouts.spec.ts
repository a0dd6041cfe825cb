import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { expectMedia } from './media';
import { join, participant, tile } from './people';

test('a class works in groups and comes back', async ({ cast }) => {
  test.setTimeout(180_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 } });
  const mei = await cast.person('Mei');
  const yu = await cast.person('Yu');
  const late = await cast.person('Lee');
  const channel = await teacher.createChannel('Drama');
  await teacher.invite(channel, hao, mei, yu, late);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false });
  await join(hao, meeting, { camera: false, microphone: false });
  for (const person of [mei, yu]) await join(person, meeting, { camera: false });
  await teacher.page.getByRole('button', { name: 'Groups', exact: true }).click();
  const panel = teacher.page.getByRole('region', { name: 'Groups' }).filter({ has: teacher.page.getByRole('heading', { name: 'Groups', exact: true }) });
  const box = (name: string) => panel.getByRole('listitem', { name, exact: true });
  const inBox = (box: Locator) => box.getByRole('list').getByRole('listitem');

  await test.step('groups are planned by dragging, by keyboard, and for somebody who is not here yet', async () => {
    await expect(inBox(box('Stays in the main room'))).toHaveCount(3);
    await expect(panel.getByRole('switch', { name: /^Also place 1 student/ })).toBeVisible(); // comes with the channel's members, and moves what is below
    await drag(box('Stays in the main room').getByRole('button', { name: 'Move Hao' }), box('Group 1'));
    await expect(inBox(box('Group 1'))).toHaveText(['HMoveHao']);
    await panel.getByRole('switch', { name: /^Also place 1 student/ }).check();
    for (const name of ['Mei', 'Yu', 'Lee']) {
      await panel.getByRole('button', { name: `Move ${name}` }).focus();
      await teacher.page.keyboard.press('Enter');
      await teacher.page.getByRole('menuitem', { name: 'Group 2' }).focus();
      await teacher.page.keyboard.press('Enter');
      await expect(panel.getByText(`${name} is in Group 2 now`)).toHaveCount(1);
    }
    await panel.getByRole('textbox', { name: 'Name of group 1' }).fill('Foxes');
    await expect(inBox(box('Group 2'))).toHaveCount(3);
    await expectAccessible(teacher.page);
    await panel.getByRole('button', { name: 'Close groups' }).click();
    await teacher.page.getByRole('button', { name: 'Groups', exact: true }).click();
    await expect(inBox(box('Foxes'))).toHaveCount(1);
    await panel.getByRole('button', { name: 'Open 2 groups' }).click();
  });

  await test.step('everybody knows their room and its time, and hears only their group', async () => {
    await expect(bar(hao.page).getByText('Foxes')).toBeVisible();
    await expect(bar(hao.page).getByRole('timer')).toHaveText(/^9:\d\d left$/);
    for (const person of [mei, yu]) await expect(bar(person.page).getByText('Group 2')).toBeVisible();
    await expect(tile(mei.page, 'Yu')).toBeVisible();
    for (const other of ['Hao', 'Ms Lin']) await expect(tile(mei.page, other)).toHaveCount(0);
    await expectMedia(mei.page, await participant(mei.page, 'Yu'), { picture: false });
    await expectAccessible(hao.page);
    expect(await hao.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  await test.step('who comes late finds their group', async () => {
    await join(late, meeting, { camera: false, microphone: false });
    await expect(bar(late.page).getByText('Group 2')).toBeVisible();
    await expect(tile(late.page, 'Mei')).toBeVisible();
  });

  await test.step('a group calls the teacher, who visits it', async () => {
    await hao.page.getByLabel('Unmute').click();
    await bar(hao.page).getByRole('button', { name: 'Call the teacher' }).click();
    await expect(bar(teacher.page).getByText('Hao asks for you in Foxes')).toBeVisible();
    await bar(teacher.page).getByRole('button', { name: 'Visit Foxes' }).click();
    await expect(bar(teacher.page).getByText('Foxes', { exact: true })).toBeVisible();
    await expectMedia(hao.page, await participant(hao.page, 'Ms Lin'), { picture: false });
    await expectMedia(teacher.page, await participant(teacher.page, 'Hao'), { picture: false });
    await bar(teacher.page).getByRole('button', { name: 'Back to the main room' }).click();
    await expect(tile(hao.page, 'Ms Lin')).toHaveCount(0);
  });

  await test.step('the teacher writes and speaks to all groups', async () => {
    await panel.getByRole('textbox', { name: 'Message to all groups' }).fill('Five minutes left');
    await teacher.page.keyboard.press('Enter');
    await expect(panel.getByText('Sent to all groups.')).toBeVisible();
    for (const person of [hao, mei]) await expect(bar(person.page).getByText('Ms Lin Five minutes left')).toBeVisible();
    await bar(hao.page).getByRole('button', { name: 'Put the message away' }).click();
    await expect(hao.page.getByText('Five minutes left')).toHaveCount(0);
    await panel.getByRole('button', { name: 'Speak to all groups' }).click();
    await expect(bar(mei.page).getByText('Ms Lin speaks to all groups')).toBeVisible();
    await expectMedia(mei.page, await speakerId(mei.page), { picture: false });
    await panel.getByRole('button', { name: 'Stop speaking to all' }).click();
    await expect(bar(mei.page).getByText('Ms Lin speaks to all groups')).toHaveCount(0);
  });

  await test.step('people are moved, and a reload leads back into one’s group', async () => {
    await panel.getByRole('button', { name: 'Move Yu' }).click();
    await teacher.page.getByRole('menuitem', { name: 'Foxes' }).click();
    await expect(bar(yu.page).getByText('Foxes')).toBeVisible();
    await expectMedia(hao.page, await participant(hao.page, 'Yu'), { picture: false });
    await mei.page.reload();
    await expect(bar(mei.page).getByText('Group 2')).toBeVisible();
    await expect(tile(mei.page, 'Lee')).toBeVisible();
    await expect(tile(mei.page, 'Yu')).toHaveCount(0);
  });

  await test.step('everybody is called back with a countdown, may get more time, and is as before', async () => {
    await panel.getByRole('button', { name: 'Call everybody back' }).click();
    await teacher.page.getByRole('menuitem', { name: 'In 30 seconds' }).click();
    await expect(bar(hao.page).getByRole('timer')).toHaveText(/^Everybody returns in 0:[12]\d$/);
    await panel.getByRole('button', { name: 'Go on' }).click();
    await teacher.page.getByRole('menuitem', { name: '5 minutes more' }).click();
    await expect(bar(hao.page).getByRole('timer')).toHaveText(/^5:\d\d left$/);
    await panel.getByRole('button', { name: 'Call everybody back' }).click();
    await teacher.page.getByRole('menuitem', { name: 'Now' }).click();
    for (const person of [teacher, hao, mei, yu, late]) {
      await expect(bar(person.page)).toHaveCount(0);
      await expect(person.page.locator('[role="listitem"][data-participant-id]')).toHaveCount(5);
    }
    // Muted before the groups met, as he was.
    await expect(hao.page.getByLabel('Unmute')).toBeVisible();
    await expectMedia(hao.page, await participant(hao.page, 'Mei'), { picture: false });
  });

  await test.step('the next groups can be those of last time, or by chance', async () => {
    await panel.getByRole('button', { name: 'As last time' }).click();
    await expect(inBox(box('Foxes')).filter({ hasText: 'Hao' })).toHaveCount(1);
    await panel.getByRole('textbox', { name: 'Groups', exact: true }).fill('4');
    await panel.getByRole('button', { name: 'At random' }).click();
    for (const name of ['Foxes', 'Group 2', 'Group 3', 'Group 4']) await expect(inBox(box(name))).toHaveCount(1);
  });
});

function bar(page: Page): Locator {
  return page.getByRole('region', { name: 'Groups', exact: true }).filter({ hasNot: page.getByRole('heading', { name: 'Groups', exact: true }) });
}

/** As a hand with a mouse does. */
async function drag(what: Locator, where: Locator): Promise<void> {
  const { mouse } = what.page();
  await what.hover();
  await mouse.down();
  const to = await where.boundingBox();
  if (!to) throw new Error('nowhere to drag to');
  await mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 });
  await mouse.up();
}

/** The participant whose microphone is heard without a tile in this room. */
async function speakerId(page: Page): Promise<string> {
  const away = () =>
    page.evaluate(() => {
      const here = new Set([...document.querySelectorAll('[role="listitem"][data-participant-id]')].map((tile) => tile.getAttribute('data-participant-id')));
      return [...document.querySelectorAll('audio[data-source="microphone"]')].map((audio) => audio.getAttribute('data-participant-id')).find((id) => !here.has(id)) ?? '';
    });
  await expect.poll(away).not.toBe('');
  return await away();
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-mantine-shared-portal-node]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
