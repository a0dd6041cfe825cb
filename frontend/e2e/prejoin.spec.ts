import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { expectMedia } from './media';
import { join, participant, tile } from './people';

declare global {
  interface Window {
    /** Stories about devices that cannot be had: the name of the error that getUserMedia answers for this kind. */
    refused: { audio?: string; video?: string };
    /** Which outputs a sound was played on. */
    playedOn: string[];
  }
}

/** A stub of what a person or a system does to getUserMedia; the rest is the browser's own. */
async function refusing(page: Page, refused: Window['refused']): Promise<void> {
  await page.addInitScript((refused) => {
    window.refused = refused;
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (constraints = {}) => {
      const name = (constraints.audio && window.refused.audio) || (constraints.video && window.refused.video);
      return name ? Promise.reject(new DOMException('stub', name)) : open(constraints);
    };
  }, refused);
}

test('before a meeting: picture, level, a test of the speaker, and devices that are remembered', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await hao.context.addInitScript(() => {
    window.playedOn = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      if (this instanceof HTMLAudioElement) window.playedOn.push(this.sinkId);
      return play.call(this);
    };
  });
  const page = await hao.open(`/meeting/${meeting.id}`);

  await test.step('one sees and hears oneself', async () => {
    const picture = page.getByRole('region', { name: 'Your camera' }).locator('video');
    await expect.poll(() => picture.evaluate((video) => (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames)).toBeGreaterThan(5);
    const level = async () => Number(await page.getByRole('meter', { name: 'Microphone level' }).getAttribute('aria-valuenow'));
    await expect.poll(level, { message: 'the level of the fake microphone, which beeps', intervals: [50] }).toBeGreaterThan(10);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  await test.step('the test sound comes from the chosen output', async () => {
    const speaker = page.getByLabel('Speaker', { exact: true });
    const id = (await speaker.locator('option').last().getAttribute('value')) ?? '';
    await speaker.selectOption(id);
    await page.getByRole('button', { name: 'Play a test sound' }).click();
    await expect.poll(() => page.evaluate(() => window.playedOn)).toContain(id);
  });

  await test.step('what was chosen is there again after a reload', async () => {
    const microphone = page.getByLabel('Microphone', { exact: true });
    const name = (await microphone.locator('option').last().textContent()) ?? '';
    await microphone.selectOption({ label: name });
    await page.getByRole('switch', { name: 'Always join with my microphone off' }).check({ force: true });
    await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible();
    await page.reload();
    await expect(microphone.locator('option:checked')).toHaveText(name);
    await expect(page.getByRole('switch', { name: 'Always join with my microphone off' })).toBeChecked();
  });

  await test.step('joins with the microphone off', async () => {
    await join(teacher, meeting);
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible();
    await expect(tile(teacher.page, hao.name).getByText('Microphone off')).toBeVisible();
    await page.getByRole('button', { name: 'Unmute' }).click();
    await expectMedia(teacher.page, await participant(teacher.page, hao.name));
  });
});

test('what keeps a device away has a sentence of its own and a retry; one may listen without any', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Chemistry');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  const page = await hao.open('/');
  await refusing(page, { audio: 'NotAllowedError', video: 'NotFoundError' });
  await page.goto(`/meeting/${meeting.id}`);

  await expect(page.getByText('Lectern may not use the microphone. Allow it through the icon in the address bar')).toBeVisible();
  await expect(page.getByText('No camera was found. Plug one in')).toBeVisible();
  await expect(page.getByText('You can join without a microphone or camera')).toBeVisible();
  await page.evaluate(() => (window.refused = { audio: 'NotReadableError' }));
  await page.getByRole('alert').filter({ hasText: 'microphone' }).getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Another program is using the microphone.')).toBeVisible();
  await page.getByRole('alert').filter({ hasText: 'camera' }).getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('No camera was found.')).toBeHidden();
  await expect(page.getByRole('region', { name: 'Your camera' }).locator('video')).toBeVisible();

  await page.getByRole('button', { name: 'Turn camera off' }).click();
  await page.getByRole('button', { name: 'Join now' }).click();
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  await expectMedia(page, await participant(page, teacher.name));
  await page.evaluate(() => (window.refused = {}));
  await page.getByRole('button', { name: 'Unmute' }).click();
  await expectMedia(teacher.page, await participant(teacher.page, hao.name), { picture: false });
});
