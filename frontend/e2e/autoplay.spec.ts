import type { Page } from '@playwright/test';
import { chromium } from './browser';
import { expect, test } from './fixtures';
import { join } from './people';

// The browser as people have it: no sound before a gesture in the page.
test.use({ launchOptions: chromium({ autoplay: false }) });

test('without a gesture the video plays silently and offers a tap for sound', async ({ cast, film }) => {
  const teacher = await cast.person('Ms Lin');
  const student = await cast.person('Hao');
  const channel = await teacher.createChannel('Music');
  await teacher.invite(channel, student);
  const meeting = await teacher.startMeeting(channel);
  const stage = await join(teacher, meeting, { camera: false, microphone: false });
  await stage.getByRole('button', { name: 'Watch a video' }).click();
  await stage.getByRole('dialog').locator('input[type="file"]').setInputFiles(film);
  await expect(stage.getByRole('dialog')).toBeHidden({ timeout: 20_000 });
  await stage.getByRole('region', { name: 'Watch together' }).getByRole('button', { name: 'Play', exact: true }).click();

  // A page that records may play as it likes, so this student has refused camera and microphone and only listens.
  await student.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  // Whatever Playwright evaluates or locates counts as a gesture for the browser; only bare commands do not.
  const seat = await student.open('about:blank');
  const bare = await bareHands(seat);
  await seat.goto(`/meeting/${meeting.id}`);
  await bare.until('document.querySelector(`button[data-autofocus]`)?.click() ?? document.querySelector(`video[data-testid="watch-video"]`) !== null');
  const video = 'document.querySelector(`video[data-testid="watch-video"]`)';
  await bare.until(`${video}.currentTime > 1 && !${video}.paused && ${video}.muted`);
  expect(await bare.evaluate('navigator.userActivation.hasBeenActive'), 'invalid run: the page was touched').toBe(false);

  await seat.getByRole('button', { name: 'Tap for sound' }).click();
  await expect(seat.getByRole('button', { name: 'Tap for sound' })).toBeHidden();
  await bare.until(`!${video}.muted && !${video}.paused`);
});

/** Evaluates in a page without the gesture that Playwright's own evaluation gives. */
async function bareHands(page: Page) {
  const session = await page.context().newCDPSession(page);
  const evaluate = async (expression: string): Promise<unknown> =>
    (await session.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  const until = (expression: string) => expect.poll(() => evaluate(expression), { message: expression, timeout: 15_000 }).toBe(true);
  return { evaluate, until };
}
