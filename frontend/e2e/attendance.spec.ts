import AxeBuilder from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import type { Attendance } from '../src/api/wire.gen';
import { expect, test } from './fixtures';
import { join, type Person, tile } from './people';

const silent = { camera: false, microphone: false };

test('after class the channel tells when it met; teachers see who was there, students themselves', async ({ cast }) => {
  test.setTimeout(120_000);
  const [teacher, hao, mei] = (await Promise.all(['Ms Lin', '王小明', 'Mei'].map((name) => cast.person(name)))) as [Person, Person, Person];
  const channel = await teacher.createChannel('Ethics');
  await teacher.invite(channel, hao, mei);

  await test.step('a student writes down their number', async () => {
    const page = await hao.open('/settings');
    await page.getByLabel('Student number').fill('B12345678');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Saved')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Student number')).toHaveValue('B12345678');
  });

  await test.step('the class meets; one leaves for a moment, one does not come', async () => {
    const meeting = await teacher.startMeeting(channel);
    await join(teacher, meeting, silent);
    await join(hao, meeting, silent);
    await hao.page.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(tile(teacher.page, hao.name)).toHaveCount(0);
    await hao.page.getByRole('button', { name: 'Rejoin' }).click();
    await hao.page.getByRole('button', { name: 'Join now' }).click();
    await expect(tile(teacher.page, hao.name)).toHaveCount(1);
    await teacher.page.getByRole('button', { name: 'Chat', exact: true }).click();
    await mei.open(`/channels/${channel.id}`);
    const live = mei.page.getByRole('article', { name: 'Post by Ms Lin' });
    await expect(live).toContainText('The class is meeting');
    await expect(live.getByRole('link', { name: 'Join' })).toHaveAttribute('href', `/meeting/${meeting.id}`);
    await teacher.page.getByRole('button', { name: 'End for all' }).click();
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click();
    await expect(live).toContainText('The class met');
    await expect(live).toContainText('2 people');

    const rows = await teacher.get<Attendance>(`/meetings/${meeting.id}/attendance`);
    expect(rows.items.map(({ user, student_number, intervals }) => [user.name, student_number, intervals.length])).toEqual([
      ['Ms Lin', '', 1],
      ['王小明', 'B12345678', 1], // the moment outside was none
    ]);
  });

  await test.step('the teacher sees who was there and who was not, and takes the table along', async () => {
    const page = await teacher.open(`/channels/${channel.id}`);
    await page.getByRole('button', { name: 'Attendance' }).click();
    const dialog = page.getByRole('dialog', { name: 'Attendance' });
    await expect(dialog.getByRole('row', { name: /王小明/ })).toContainText('B12345678');
    await expect(dialog.getByText('Not there: 1 student')).toBeVisible();
    await expect(dialog.getByText('Mei', { exact: true })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await dialog.getByLabel('Order').selectOption('By student number');
    await expect(dialog.getByRole('row').nth(1)).toContainText('王小明');
    const saved = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download CSV' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^attendance-\d{4}-\d\d-\d\d\.csv$/);
    const table = await readFile(await file.path());
    expect([...table.subarray(0, 3)], 'the mark by which Excel knows UTF-8').toEqual([0xef, 0xbb, 0xbf]);
    expect(table.toString()).toMatch(/王小明.*B12345678|B12345678.*王小明/);
  });

  await test.step('a student sees their own, and nobody else’s', async () => {
    const page = await hao.open(`/channels/${channel.id}`);
    const card = page.getByRole('article', { name: 'Post by Ms Lin' });
    await expect(card.getByRole('button', { name: 'Attendance', exact: true })).toBeHidden();
    await card.getByRole('button', { name: 'My attendance' }).click();
    await expect(page.getByRole('dialog', { name: 'My attendance' })).toContainText('You were there');
    await mei.page.getByRole('button', { name: 'My attendance' }).click();
    await expect(mei.page.getByRole('dialog')).toContainText('You were not in this lesson.');
  });

  await test.step('past lessons are listed, newest first', async () => {
    await teacher.startMeeting(channel);
    const page = await hao.open(`/channels/${channel.id}`);
    await page.getByRole('button', { name: 'Channel menu' }).click();
    await page.getByRole('menuitem', { name: 'Past lessons' }).click();
    const lessons = page.getByRole('dialog', { name: 'Past lessons' }).getByRole('listitem');
    await expect(lessons).toHaveCount(2);
    await expect(lessons.nth(0).getByRole('link', { name: 'Join' })).toBeVisible();
    await expect(lessons.nth(1)).toContainText('2 people');
    await lessons.nth(1).getByRole('button', { name: 'My attendance' }).click();
    await expect(page.getByRole('dialog', { name: 'My attendance' })).toContainText('You were there');
  });
});
