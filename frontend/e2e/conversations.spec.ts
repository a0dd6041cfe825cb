import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { Conversation, Message } from '../src/api/wire.gen';
import { type Cast, expect, test } from './fixtures';
import { compose } from './ime';
import type { Person } from './people';

const composer = (page: Page): Locator => page.getByRole('main').getByRole('textbox').last();
const messages = (page: Page): Locator => page.getByRole('main').getByRole('article');

/** Two people of one class, and the conversation between them. */
async function two(cast: Cast, locale: 'en' | 'zh-TW' = 'zh-TW'): Promise<{ mei: Person; hao: Person; id: string }> {
  const mei = await cast.person('林美玲', { locale });
  const hao = await cast.person('陳浩', { locale });
  const channel = await mei.createChannel('國文');
  await mei.invite(channel, hao);
  const { id } = await mei.post<Conversation>('/conversations', { user_id: hao.user.id });
  return { mei, hao, id };
}

test('two people write to each other in Chinese, with an input method', async ({ cast }) => {
  const { mei, hao, id } = await two(cast);
  const here = await mei.open(`/conversations/${id}`);
  const there = await hao.open(`/conversations/${id}`);
  await expect(here.getByRole('heading', { name: '跟 陳浩 打聲招呼' })).toBeVisible();
  await expect(here.locator('header').getByText('在線上', { exact: true }).last()).toBeVisible();
  const keyboard = await mei.context.newCDPSession(here);

  await test.step('Enter picks the word and sends nothing; the next one sends', async () => {
    await composer(here).click();
    await compose(keyboard, 'ㄋㄧˇㄏㄠˇ', '你好');
    await expect(composer(here)).toHaveValue('你好');
    await expect(messages(here)).toHaveCount(0);
    await expect(there.getByText('林美玲 正在輸入…')).toBeVisible();
    await here.keyboard.press('Enter');
    await expect(messages(here).getByText('你好')).toBeVisible();
    await expect(messages(there).getByText('你好')).toBeVisible();
    await expect(composer(here)).toHaveValue('');
    await expect(there.getByText('林美玲 正在輸入…')).toBeHidden();
  });

  await test.step('the other one reads it, and it says so', async () => {
    await there.bringToFront();
    await composer(there).click();
    await expect(messages(here).getByText('已讀')).toBeAttached();
  });

  await test.step('an answer quotes, and the quote leads back', async () => {
    await messages(there).first().hover();
    await messages(there).first().getByRole('button', { name: '回覆' }).click();
    await expect(there.getByText('回覆 林美玲')).toBeVisible();
    await there.reload();
    await expect(there.getByText('回覆 林美玲')).toBeVisible(); // the draft knows what it answers
    await composer(there).fill('**早安**');
    await composer(there).press('Enter');
    await expect(there.getByText('回覆 林美玲')).toBeHidden();
    const answer = messages(here).nth(1);
    await expect(answer.locator('strong', { hasText: '早安' })).toBeVisible();
    await answer.getByRole('link', { name: /顯示所回覆的 林美玲 的訊息/ }).click();
    await expect(here).toHaveURL(/\?message=/);
    await expect(here.getByRole('listitem').filter({ hasText: '你好' }).first()).toBeFocused();
  });

  await test.step('a reaction, an edit by arrow up and a deletion are there within a second', async () => {
    await messages(here).nth(1).hover();
    await messages(here).nth(1).getByRole('button', { name: '表情回應' }).click();
    await here.getByRole('button', { name: '用 👍 回應' }).click();
    await expect(messages(there).nth(1).getByRole('button', { name: '👍：林美玲' })).toBeVisible({ timeout: 1000 });

    await composer(here).click();
    await here.keyboard.press('ArrowUp');
    const editor = here.getByRole('textbox', { name: '編輯內容' });
    await expect(editor).toBeFocused();
    await editor.fill('你好嗎？');
    await editor.press('Enter');
    await expect(messages(there).first()).toContainText('你好嗎？', { timeout: 1000 });
    await expect(messages(there).first()).toContainText('已編輯');
    await expect(composer(here)).toBeFocused();

    await messages(there).nth(1).hover();
    await messages(there).nth(1).getByRole('button', { name: '更多動作' }).click();
    await there.getByRole('menuitem', { name: '刪除' }).click();
    await there.getByRole('dialog').getByRole('button', { name: '刪除' }).click();
    await expect(messages(here)).toHaveCount(1, { timeout: 1000 });
  });
});

test('a link opens at the exact message, far back', async ({ cast }) => {
  const { mei, hao, id } = await two(cast, 'en');
  const first = await mei.post<Message>(`/conversations/${id}/messages`, { body: 'The very first one' });
  for (let n = 0; n < 80; n++) await hao.post(`/conversations/${id}/messages`, { body: `Line ${n}` });
  const page = await mei.open(`/conversations/${id}?message=${first.id}`);
  await expect(page.getByText('The very first one')).toBeInViewport();
  await page.getByRole('button', { name: /latest|new below/ }).click();
  await expect(page.getByText('Line 79')).toBeInViewport();
});

test('presence follows two windows: somebody is there until the last one is closed', async ({ cast }) => {
  const { mei, hao, id } = await two(cast, 'en');
  const page = await mei.open(`/conversations/${id}`);
  const status = page.getByRole('main').getByRole('banner').or(page.locator('header')).last();
  await expect(status).toContainText('Offline');
  const [one, other] = [await hao.context.newPage(), await hao.context.newPage()];
  await one.goto('/');
  await other.goto('/');
  await expect(status).toContainText('Online');
  await one.close();
  await expect(status).toContainText('Online');
  await other.close();
  await expect(status).toContainText('Offline');
});

test('typing is told, and fades', async ({ cast }) => {
  const { mei, hao, id } = await two(cast, 'en');
  const here = await mei.open(`/conversations/${id}`);
  const there = await hao.open(`/conversations/${id}`);
  let sent = 0;
  here.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (sent += String(payload).includes('"typing"') ? 1 : 0)));
  await here.reload();
  await composer(here).click();
  await here.keyboard.type('a long thought', { delay: 20 });
  await expect(there.getByText('林美玲 is typing…')).toBeVisible();
  expect(sent).toBe(1); // once in three seconds, however fast one types
  await expect(there.getByText('林美玲 is typing…')).toBeHidden({ timeout: 9000 });
});

test('a voice note is spoken, listened to, sent, and played by the other', async ({ cast }) => {
  const { mei, hao, id } = await two(cast, 'en');
  const here = await mei.open(`/conversations/${id}`);
  const there = await hao.open(`/conversations/${id}`);
  await here.getByRole('button', { name: 'Record a voice note' }).click();
  await expect(here.getByRole('timer', { name: 'Recording' })).toHaveText(/0:0[2-9]/);
  await expect.poll(() => here.getByRole('meter').getAttribute('aria-valuenow').then(Number)).toBeGreaterThan(5);
  await here.getByRole('button', { name: 'Stop recording' }).click();
  await expect(here.getByRole('group', { name: 'Voice note' })).toBeVisible();
  await here.getByRole('button', { name: 'Send the voice note' }).click();

  const note = messages(there).getByRole('group', { name: 'Voice note' });
  await note.getByRole('button', { name: 'Play the voice note' }).click();
  const audio = note.locator('audio');
  await expect.poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime)).toBeGreaterThan(0.3);
  await note.getByRole('button', { name: 'Speed 1×' }).click();
  await expect(audio).toHaveJSProperty('playbackRate', 1.5);
  const { items } = await hao.get<{ items: Message[] }>(`/conversations/${id}/messages`);
  expect(items[0]?.files[0]).toMatchObject({ voice: true });

  await test.step('Escape throws a recording away, and the microphone is let go', async () => {
    await here.getByRole('button', { name: 'Record a voice note' }).click();
    await expect(here.getByRole('timer')).toBeVisible();
    await here.keyboard.press('Escape');
    await expect(composer(here)).toBeFocused();
    await expect(messages(here)).toHaveCount(1);
  });
});

test('a microphone that is refused is told in words', async ({ cast }) => {
  const { mei, id } = await two(cast, 'zh-TW');
  const page = await mei.open(`/conversations/${id}`);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: '錄製語音訊息' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '麥克風被封鎖' })).toBeVisible();
});

test('notes to oneself, and a draft that waits', async ({ cast }) => {
  const mei = await cast.person('林美玲', { locale: 'zh-TW' });
  const { id } = await mei.post<Conversation>('/conversations', { user_id: mei.user.id });
  const page = await mei.open(`/conversations/${id}`);
  await expect(page.getByRole('heading', { level: 1, name: '給自己的筆記' })).toBeVisible();
  await composer(page).fill('記得買粉筆');
  await page.reload();
  await expect(composer(page)).toHaveValue('記得買粉筆');
  await composer(page).press('Enter');
  await expect(messages(page).getByText('記得買粉筆')).toBeVisible();
  await expect(composer(page)).toHaveValue('');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a conversation is accessible, ${colorScheme}`, async ({ cast }) => {
    const mei = await cast.person('Mei', { colorScheme });
    const hao = await cast.person('Hao');
    const channel = await mei.createChannel('Physics');
    await mei.invite(channel, hao);
    const { id } = await mei.post<Conversation>('/conversations', { user_id: hao.user.id });
    const question = await hao.post<Message>(`/conversations/${id}/messages`, { body: 'Is $E = mc^2$ right?' });
    await mei.post(`/conversations/${id}/messages`, { body: 'Yes, see `energy()`:\n\n```js\nconst e = m * c ** 2;\n```', reply_to: question.id });
    const page = await mei.open(`/conversations/${id}`);
    await expect(page.locator('.katex-html')).toHaveCount(1);
    await messages(page).first().hover();
    expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Record a voice note' }).click();
    await expect(page.getByRole('timer')).toBeVisible();
    expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
  });
}
