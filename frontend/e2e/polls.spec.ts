import AxeBuilder from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Comment, List } from '../src/api/wire.gen';
import { expect, test } from './fixtures';
import { join, type Person } from './people';

const devices = { camera: false, microphone: false };

test('a teacher asks, the class votes, all see the result, and it stays in the chat', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 } });
  const mei = await cast.person('Mei', { locale: 'zh-TW' });
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  for (const person of [teacher, hao]) await join(person, meeting, devices);
  await joinInChinese(mei, meeting.id);
  await teacher.page.getByRole('button', { name: 'Polls', exact: true }).click();
  const panel = teacher.page.getByRole('region', { name: 'Polls' });

  await test.step('the editor says what is missing, and keeps what was written while it is closed', async () => {
    await panel.getByRole('textbox', { name: 'Question' }).fill('What falls faster?');
    await panel.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(panel.getByRole('alert')).toHaveText('A poll needs at least two answers.');
    await panel.getByRole('textbox', { name: 'Answer A' }).fill('A feather');
    await panel.getByRole('textbox', { name: 'Answer B' }).fill('A feather');
    await expect(panel.getByRole('alert')).toHaveText('Two answers are the same.');
    await panel.getByRole('textbox', { name: 'Answer B' }).fill('A hammer');
    await panel.getByRole('button', { name: 'Close polls' }).click();
    await teacher.page.getByRole('button', { name: 'Polls', exact: true }).click();
    await expect(panel.getByRole('textbox', { name: 'Answer B' })).toHaveValue('A hammer');
    await panel.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(panel.getByRole('heading', { name: 'What falls faster?' })).toBeVisible();
  });

  await test.step('a student votes by name, sees the result live, and may choose again', async () => {
    const card = hao.page.getByRole('region', { name: 'Poll', exact: true });
    await card.getByRole('radio', { name: 'A feather' }).check();
    await card.getByRole('button', { name: 'Vote' }).click();
    await expect(card.getByText('1 person has voted')).toBeVisible();
    await expect(card.getByRole('listitem').filter({ hasText: 'A feather' })).toContainText('1 · 100%');
    await expectAccessible(hao.page);
    await card.getByRole('button', { name: 'Change my vote' }).click();
    await card.getByRole('radio', { name: 'A hammer' }).check();
    await card.getByRole('button', { name: 'Vote' }).click();
    await expect(card.getByRole('listitem').filter({ hasText: 'A hammer' })).toContainText('Your vote');
    expect(await hao.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  await test.step('in Chinese too; the teacher sees who chose what', async () => {
    const card = mei.page.getByRole('region', { name: '投票', exact: true });
    await card.getByRole('radio', { name: 'A feather' }).check();
    await card.getByRole('button', { name: '投票', exact: true }).click();
    await expect(panel.getByText('2 people have voted')).toBeVisible();
    await panel.getByText('Who chose what').click();
    await expect(panel.getByRole('definition')).toHaveText(['Mei', 'Hao']);
    await expectAccessible(teacher.page);
  });

  await test.step('a reload finds one’s vote; the teacher’s finds everybody’s', async () => {
    await mei.page.reload();
    await expect(mei.page.getByRole('button', { name: '離開', exact: true })).toBeVisible();
    await expect(mei.page.getByRole('region', { name: '投票', exact: true })).toHaveCount(0);
    await teacher.page.reload();
    await teacher.page.getByRole('button', { name: 'Polls', exact: true }).click();
    await panel.getByText('Who chose what').click();
    await expect(panel.getByRole('definition')).toHaveText(['Mei', 'Hao']);
  });

  await test.step('its end shows everybody the result and writes it into the chat', async () => {
    await panel.getByRole('button', { name: 'End poll' }).click();
    const card = mei.page.getByRole('region', { name: '投票', exact: true });
    await expect(card.getByText('已結束')).toBeVisible();
    await card.getByRole('button', { name: '收起投票' }).click();
    await expect(card).toHaveCount(0);
    const post = await teacher.post<{ id: string }>(`/meetings/${meeting.id}/post`);
    const { items } = await teacher.get<List<Comment>>(`/posts/${post.id}/comments`);
    expect(items.map(({ body }) => body).join()).toMatch(/What falls faster\?[^]*A feather[^]*1[^]*A hammer[^]*1/);
  });

  await test.step('several answers, in secret, and the result only at the end', async () => {
    await panel.getByRole('button', { name: 'Ask the class' }).click();
    await panel.getByRole('textbox', { name: 'Question' }).fill('What was hard?');
    await panel.getByRole('button', { name: 'A–D' }).click();
    await panel.getByRole('switch', { name: 'Several answers may be chosen' }).check();
    await panel.getByRole('switch', { name: /^Anonymous/ }).check();
    await panel.getByRole('switch', { name: /^Students see the result/ }).uncheck();
    await panel.getByRole('button', { name: 'Ask', exact: true }).click();
    const card = hao.page.getByRole('region', { name: 'Poll', exact: true });
    await expect(card.getByText('Anonymous: nobody learns what you chose. Your vote cannot be changed.')).toBeVisible();
    await card.getByRole('checkbox', { name: 'A' }).check();
    await card.getByRole('checkbox', { name: 'C' }).check();
    await card.getByRole('button', { name: 'Vote' }).click();
    await expect(card).toHaveCount(0);
    const secret = panel.getByRole('listitem').filter({ has: teacher.page.getByRole('heading', { name: 'What was hard?' }) });
    await expect(secret.getByText('1 person has voted')).toBeVisible();
    await expect(secret.getByText('Who chose what')).toHaveCount(0);
    await secret.getByRole('button', { name: 'End poll' }).click();
    await expect(card.getByRole('listitem').filter({ hasText: 'C' }).first()).toContainText('1 · 100%');
    await expect(card.getByText('Your vote')).toHaveCount(0);
  });

  await test.step('after class the teacher finds both again, in the channel, and takes a table along', async () => {
    await teacher.post(`/meetings/${meeting.id}/end`);
    const page = await teacher.open(`/channels/${channel.id}`);
    await expect(page.getByText('1 person voted, anonymously')).toBeVisible(); // the last of the page to come
    await page.getByRole('button', { name: 'Polls and answers' }).click();
    const dialog = page.getByRole('dialog', { name: 'Polls and answers' });
    const asked = (question: string) => dialog.getByRole('listitem').filter({ has: page.getByRole('heading', { name: question }) });
    await expect(asked('What falls faster?')).toContainText('2 people voted');
    await asked('What falls faster?').getByText('Who chose what').click();
    await expect(dialog.getByRole('definition')).toHaveText(['Mei', 'Hao']);
    await expect(asked('What was hard?')).toContainText('Anonymous');
    await expect(asked('What was hard?').getByText('Who chose what')).toHaveCount(0);
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const saved = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download CSV' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^polls-\d{4}-\d\d-\d\d\.csv$/);
    expect(await readFile(await file.path(), 'utf8')).toMatch(/What falls faster\?,yes,A feather,1,50,2,Mei/);
    const student = await hao.open(`/channels/${channel.id}`);
    await expect(student.getByRole('button', { name: 'My attendance' })).toBeVisible();
    await expect(student.getByRole('button', { name: 'Polls and answers' })).toHaveCount(0);
  });
});

/** The page before a meeting, by its Chinese words. */
async function joinInChinese(person: Person, meetingId: string): Promise<Page> {
  const page = await person.open(`/meeting/${meetingId}`);
  await page.getByRole('button', { name: '立即加入' }).click();
  await expect(page.getByRole('button', { name: '離開', exact: true })).toBeVisible();
  return page;
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
