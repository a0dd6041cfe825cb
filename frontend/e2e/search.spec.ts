import AxeBuilder from '@axe-core/playwright';
import type { Conversation } from '../src/api/wire.gen';
import { expect, test } from './fixtures';

test('上海 finds 我家在上海東邊, with the keyboard alone, and only for those who may read it', async ({ cast }) => {
  const [teacher, student, stranger] = [await cast.person('林老師', { locale: 'zh-TW' }), await cast.person('冠豪', { locale: 'zh-TW' }), await cast.person('Eve', { locale: 'zh-TW' })];
  const channel = await teacher.createChannel('地理');
  await teacher.invite(channel, student);
  for (let n = 1; n <= 40; n++) await teacher.write(channel, `第 ${n} 課的講義`);
  const post = await student.write(channel, '自我介紹：我家在上海東邊');
  for (let n = 41; n <= 80; n++) await teacher.write(channel, `第 ${n} 課的講義`);
  const other = await stranger.createChannel('別班');
  await stranger.write(other, '上海之旅');

  const page = await teacher.open('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: '搜尋' });
  await expect(dialog.getByRole('combobox', { name: '搜尋' })).toBeFocused();
  await expect(dialog.getByRole('option', { name: '地理' })).toBeVisible(); // where one may jump, before anything is typed

  await test.step('an input method composes, and its Enter takes nothing', async () => {
    const keyboard = await teacher.context.newCDPSession(page);
    await keyboard.send('Input.imeSetComposition', { text: 'ㄕㄤˋ', selectionStart: 3, selectionEnd: 3 });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    await expect(dialog).toBeVisible();
    await keyboard.send('Input.insertText', { text: '上海' });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  });

  const found = dialog.getByRole('option', { name: /我家在上海東邊/ });
  await expect(found).toHaveAttribute('aria-selected', 'true');
  await expect(found.locator('mark')).toHaveText('上海');
  await expect(dialog.getByText('上海之旅')).toHaveCount(0);
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);

  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/channels/${channel.id}\\?post=${post.id}`));
  await expect(page.locator(`[data-marked]`, { hasText: '我家在上海東邊' })).toBeInViewport();

  await test.step('the stranger finds only their own', async () => {
    await stranger.open('/search?q=上海');
    await expect(stranger.page.getByRole('link', { name: /上海之旅/ })).toBeVisible();
    await expect(stranger.page.getByText('我家在上海東邊')).toHaveCount(0);
  });
});

test('operators narrow a search, as chips', async ({ cast }) => {
  const [teacher, student] = [await cast.person('Ms Lin'), await cast.person('Hao Chen')];
  const [algebra, biology] = [await teacher.createChannel('Algebra'), await teacher.createChannel('Biology')];
  await teacher.invite(algebra, student);
  await teacher.invite(biology, student);
  await teacher.write(algebra, 'homework of algebra by the teacher');
  await student.write(algebra, 'homework of algebra by the student');
  await student.write(biology, 'homework of biology by the student');
  const file = await student.upload('homework.txt', 'text/plain', Buffer.from('1 + 1 = 2'));
  await student.post(`/channels/${algebra.id}/posts`, { body: 'homework with a sheet', file_ids: [file.id] });
  const conversation = await student.post<Conversation>('/conversations', { user_id: teacher.user.id });
  await student.post(`/conversations/${conversation.id}/messages`, { body: 'my homework is late', client_id: crypto.randomUUID() });

  const page = await teacher.open('/');
  await page.getByRole('button', { name: 'Search' }).click();
  const dialog = page.getByRole('dialog', { name: 'Search' });
  const options = dialog.getByRole('option');
  await page.keyboard.type('homework');
  await expect(options.filter({ hasText: 'by the teacher' })).toBeVisible();
  await expect(options.filter({ hasText: 'my homework is late' })).toBeVisible();
  await expect(options.filter({ hasText: 'homework.txt' })).toBeVisible();

  await page.keyboard.type(' from:hao');
  await expect(options.filter({ hasText: 'Hao Chen' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('from: Hao Chen')).toBeVisible();
  await expect(options.filter({ hasText: 'by the teacher' })).toHaveCount(0);
  await expect(options.filter({ hasText: 'biology by the student' })).toBeVisible();

  await page.keyboard.type('in:alg');
  await expect(options.filter({ hasText: 'Algebra' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(options.filter({ hasText: 'biology' })).toHaveCount(0);
  await expect(options.filter({ hasText: 'algebra by the student' })).toBeVisible();

  await page.keyboard.type('has:');
  await page.keyboard.press('Enter');
  await expect(options.filter({ hasText: 'algebra by the student' })).toHaveCount(0);
  await expect(options.filter({ hasText: 'homework with a sheet' })).toBeVisible();

  await test.step('Backspace takes the last one away', async () => {
    for (let n = 0; n < 'homework '.length; n++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await expect(dialog.getByText('has: a file')).toBeHidden();
    await expect(dialog.getByText('in: Algebra')).toBeVisible();
  });

  await test.step('all results have a page of their own, whose address holds the search', async () => {
    await page.keyboard.type('homework');
    await expect(options.filter({ hasText: 'algebra by the student' })).toBeVisible();
    await options.filter({ hasText: 'Show all results' }).click();
    await expect(page).toHaveURL(/\/search\?q=homework&from=.+&in=/);
    await page.reload();
    await expect(page.getByRole('main').getByText('from: Hao Chen')).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: /algebra by the student/ })).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: /by the teacher/ })).toHaveCount(0);
    await page.goto('/search?q=homework&before=2020-01-01');
    await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
    expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
  });

  await test.step('the last searches are offered again', async () => {
    await page.keyboard.press('Control+k');
    await expect(options.filter({ hasText: 'from: Hao Chen' }).first()).toBeVisible();
  });
});
