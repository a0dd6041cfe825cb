import { watchVideo } from './barcode';
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

  const seat = await join(student, meeting, { camera: false, microphone: false });
  await expect(seat.locator(watchVideo)).toBeVisible();
  await seat.reload();
  const video = seat.locator(watchVideo);
  const state = () => video.evaluate(({ muted, paused, currentTime }: HTMLVideoElement) => ({ muted, paused, currentTime }));
  await expect(video).toBeVisible();
  await expect.poll(() => state().then(({ paused }) => paused)).toBe(false);
  const before = (await state()).currentTime;
  await expect.poll(() => state().then(({ currentTime }) => currentTime)).toBeGreaterThan(before + 0.5);
  expect((await state()).muted).toBe(true);

  await seat.getByRole('button', { name: 'Tap for sound' }).click();
  await expect(seat.getByRole('button', { name: 'Tap for sound' })).toBeHidden();
  await expect.poll(state).toMatchObject({ muted: false, paused: false });
});
