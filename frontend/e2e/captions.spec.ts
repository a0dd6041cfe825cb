import type { Locator, Page } from '@playwright/test';
import { installFakeSpeech } from '../src/testing/fakeSpeech';
import { anotherDevice } from './calls';
import { expect, test } from './fixtures';
import { join } from './people';

test('what is said is written down by the speakers’ browsers, for those who read it (stub of the recogniser)', async ({ cast }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 } });
  const mei = await cast.person('Mei', { locale: 'zh-TW' });
  for (const { context } of [teacher, mei]) await context.addInitScript(installFakeSpeech);
  await hao.context.addInitScript(() => Object.assign(window, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined }));
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false });
  await join(hao, meeting, { camera: false, microphone: false });
  await mei.open(`/meeting/${meeting.id}`);
  await mei.page.getByRole('button', { name: '立即加入' }).click();
  await expect(mei.page.getByRole('button', { name: '離開', exact: true })).toBeVisible();
  const shown = captions(hao.page);
  const listening = () => teacher.page.evaluate(() => window.spoken.listening());
  const say = (page: Page, words: string) => page.evaluate((said) => window.spoken.say(said), words);

  await test.step('somebody wants to read: the speaker is asked, and told who may process the sound', async () => {
    await openDialog(hao.page, 'More', 'Captions…');
    await expect(hao.page.getByText('This browser cannot write down speech.')).toBeVisible();
    await hao.page.getByRole('switch', { name: 'Show captions to me' }).check();
    await hao.page.keyboard.press('Escape');
    await expect(shown).toContainText('Nobody’s browser here writes down speech yet');
    const offer = teacher.page.getByRole('status', { name: 'Captions' });
    await expect(offer).toContainText('Its maker may process the sound on its own servers');
    expect(await listening()).toBeNull();
    await offer.getByRole('button', { name: 'Write it down' }).click();
    await expect.poll(listening).toBe('en-US');
    await expect(shown).toContainText('Waiting for somebody to speak');
  });

  await test.step('a line grows until it is over; nobody else is shown it', async () => {
    await say(teacher.page, 'good');
    await expect(shown).toContainText('Ms Lin good');
    await say(teacher.page, 'good morning class');
    await teacher.page.evaluate(() => window.spoken.pause());
    await expect(shown).toContainText('Ms Lin good morning class');
    await expect(shown.getByText('good', { exact: true })).toHaveCount(0);
    await expect(captions(mei.page)).toHaveCount(0);
    expect(await hao.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  await test.step('another speaks Chinese', async () => {
    await mei.page.getByRole('button', { name: '轉成文字' }).click();
    await expect.poll(() => mei.page.evaluate(() => window.spoken.listening())).toBe('zh-TW');
    await say(mei.page, '老師早安');
    await expect(shown.locator('[lang="zh-TW"]')).toHaveText('老師早安');
    await expect(shown).toContainText('Mei 老師早安');
  });

  await test.step('lines go after a while', async () => {
    await expect(shown).not.toContainText('good morning class', { timeout: 12_000 });
  });

  await test.step('a muted microphone is not listened to', async () => {
    await teacher.page.getByRole('button', { name: 'Mute', exact: true }).click();
    await expect.poll(listening).toBeNull();
    await teacher.page.getByRole('button', { name: 'Unmute' }).click();
    await expect.poll(listening).toBe('en-US');
  });

  await test.step('after reloads the reader still reads, and the speaker is not asked again', async () => {
    await hao.page.reload();
    await expect(shown).toBeVisible();
    await teacher.page.reload();
    await expect(teacher.page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
    await expect.poll(listening).toBe('en-US');
    await expect(teacher.page.getByText('Your browser writes down what you say for captions.')).toBeVisible();
    await say(teacher.page, 'once more');
    await expect(shown).toContainText('once more');
  });

  await test.step('without a reader nobody’s speech is recognised', async () => {
    await shown.getByRole('button', { name: 'Hide captions' }).click();
    await expect(shown).toHaveCount(0);
    await expect.poll(listening).toBeNull();
  });
});

test('hints come once, and help is a key away', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin', { newcomer: true });
  const channel = await teacher.createChannel('Physics');
  const meeting = await teacher.startMeeting(channel);
  const page = await join(teacher, meeting, { camera: false, microphone: false });
  const hint = page.getByRole('complementary', { name: 'Good to know' });
  for (const words of ['“People” shows raised hands', '“Groups” splits the class', 'Press ? at any time']) {
    await expect(hint).toContainText(words);
    await hint.getByRole('button', { name: 'Got it' }).click();
  }
  await expect(hint).toHaveCount(0);
  const there = await join(await anotherDevice(cast, teacher), meeting, { camera: false, microphone: false });
  await there.getByRole('button', { name: 'People' }).click();
  await expect(there.getByRole('switch', { name: 'Waiting room' })).toBeVisible();
  await expect(there.getByRole('complementary', { name: 'Good to know' })).toHaveCount(0);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help and shortcuts' });
  await help.getByText('Nobody hears me').click();
  await expect(help.getByText('Is the microphone in the bar crossed out?')).toBeVisible();
  await expect(help.getByText('Hold to talk while muted')).toBeVisible();
});

function captions(page: Page): Locator {
  return page.getByRole('region', { name: /^(Captions|字幕)$/ });
}

async function openDialog(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
