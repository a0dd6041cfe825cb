import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures';
import { signUp } from './people';

test('a class finds a home: register, channel, invite, post, comment, file', async ({ cast }) => {
  const [here, there] = [await cast.stranger(), await cast.stranger()];
  const teacher = await here.newPage();
  const student = await there.newPage();

  await test.step('the teacher registers and makes a channel', async () => {
    await teacher.goto('/');
    await teacher.getByRole('link', { name: 'Create an account' }).click();
    await signUp(teacher, 'Ms Lin');
    await teacher.getByRole('button', { name: 'Create a channel' }).first().click();
    const dialog = teacher.getByRole('dialog', { name: 'Create a channel' });
    await dialog.getByLabel('Name').fill('Linear Algebra');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(teacher.getByRole('heading', { name: 'Linear Algebra' })).toBeVisible();
  });

  const link = await test.step('the teacher makes an invite link', async () => {
    await teacher.getByRole('complementary', { name: 'People' }).getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = teacher.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create invite link' }).click();
    await dialog.getByRole('button', { name: 'Copy link' }).click();
    const link = await teacher.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain('/join/');
    await teacher.keyboard.press('Escape');
    return link;
  });

  await test.step('a student without an account follows it', async () => {
    await student.goto(link);
    await student.getByRole('link', { name: 'Create an account' }).click();
    await signUp(student, 'Hao');
    await student.getByRole('button', { name: 'Join the channel' }).click();
    await expect(student.getByRole('heading', { name: 'Linear Algebra' })).toBeVisible();
  });

  await test.step('a post is there at once, without a reload', async () => {
    await teacher.getByRole('textbox', { name: 'Write to Linear Algebra' }).fill('Please read **chapter 3**.');
    await teacher.keyboard.press('Enter');
    await expect(student.getByText('Please read chapter 3.')).toBeVisible();
    await expect(student.locator('strong', { hasText: 'chapter 3' })).toBeVisible();
  });

  await test.step('so is a comment', async () => {
    await student.getByRole('button', { name: 'Comment', exact: true }).first().click();
    await student.getByRole('textbox', { name: 'Write a comment' }).fill('All of it?');
    await student.keyboard.press('Enter');
    await expect(teacher.getByText('All of it?')).toBeVisible();
  });

  await test.step('a file arrives byte by byte', async () => {
    const homework = randomBytes(300_000);
    await student.getByTestId('file-input').last().setInputFiles({ name: '作業 1.bin', mimeType: 'application/octet-stream', buffer: homework });
    await expect(student.getByText('作業 1.bin')).toBeVisible();
    await student.getByRole('button', { name: 'Send' }).last().click();
    const [download] = await Promise.all([
      teacher.waitForEvent('download'),
      teacher.getByRole('link', { name: 'Download 作業 1.bin' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('作業 1.bin');
    expect(await readFile(await download.path())).toEqual(homework);
  });

  await test.step('a reload keeps everybody signed in', async () => {
    await student.reload();
    await expect(student.getByText('Please read chapter 3.')).toBeVisible();
    await expect(student.getByRole('button', { name: 'Account of Hao' })).toBeVisible();
  });
});

test('an input method never sends half a word', async ({ cast }) => {
  const student = await cast.person('浩', { locale: 'zh-TW' });
  const channel = await student.createChannel('國文');
  const page = await student.open(`/channels/${channel.id}`);
  const composer = page.getByRole('main').getByRole('textbox').first();
  await composer.click();
  const keyboard = await student.context.newCDPSession(page);

  // As Bopomofo does: Enter picks the word that is being composed, and only the next Enter sends.
  await keyboard.send('Input.imeSetComposition', { text: 'ㄋㄧˇ', selectionStart: 3, selectionEnd: 3 });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  await keyboard.send('Input.insertText', { text: '你好' });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  await expect(composer).toHaveValue('你好');
  await expect(page.getByRole('article')).toHaveCount(0);

  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').getByText('你好')).toBeVisible();
  await expect(composer).toHaveValue('');
});
