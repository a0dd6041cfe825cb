import { readFile } from 'node:fs/promises';
import { readFrame, watchVideo } from './barcode';
import { expect, test } from './fixtures';
import { expectStep } from './inStep';
import { join, type Person } from './people';
import { command } from './socket';

const fps = 30;

test('the teacher plays an uploaded video and the class follows', async ({ cast, film }) => {
  test.setTimeout(120_000);
  // Each computer's clock is wrong in its own way; without a common clock they would be minutes apart.
  const teacher = await cast.person('Ms Lin', { clockOffset: -90_000 });
  const student = await cast.person('Hao', { clockOffset: 75_000 });
  const late = await cast.person('Mei', { clockOffset: 31_000 });
  const channel = await teacher.createChannel('Film studies');
  await teacher.invite(channel, student, late);
  const meeting = await teacher.startMeeting(channel);
  const stage = await join(teacher, meeting, { camera: false, microphone: false });
  const seat = await join(student, meeting, { camera: false, microphone: false });

  await test.step('the teacher uploads and plays', async () => {
    await stage.getByRole('button', { name: 'Watch a video' }).click();
    const dialog = stage.getByRole('dialog', { name: 'Load video' });
    await dialog.locator('input[type="file"]').setInputFiles(film);
    await expect(dialog).toBeHidden({ timeout: 20_000 });
    await expect(seat.getByRole('region', { name: 'Watch together' })).toBeVisible();
    await expect(seat.locator(watchVideo)).toBeVisible();
    await controls(teacher).getByRole('button', { name: 'Play', exact: true }).click();
  });

  await test.step('both pictures run in step', async () => {
    await expectStep([teacher, student]);
  });

  await test.step('a student has no controls and is refused when making the command by hand', async () => {
    const seen = controls(student);
    for (const name of ['Play', 'Pause', 'Stop the video', 'Forward 10 seconds']) {
      await expect(seen.getByRole('button', { name, exact: true })).toHaveCount(0);
    }
    await expect(seen.getByRole('slider', { name: 'Position' })).toHaveCount(0);
    const answer = await command(student, 'playback.command', {
      meeting_id: meeting.id,
      id: crypto.randomUUID(),
      base_v: 99,
      op: 'pause',
    });
    expect(answer).toMatchObject({ type: 'error', error: { code: 'forbidden', status: 403 } });
  });

  await test.step('a late joiner lands on the right second', async () => {
    await join(late, meeting, { camera: false, microphone: false });
    await expect(late.page.locator(watchVideo)).toBeVisible();
    await expectStep([teacher, student, late]);
  });

  await test.step('a seek reaches all', async () => {
    await controls(teacher).getByRole('slider', { name: 'Position' }).fill('40');
    for (const person of [teacher, student, late]) {
      await expect.poll(() => readFrame(person.page), { message: `${person.name} is behind second 40` }).toBeGreaterThanOrEqual(40 * fps);
    }
    await expectStep([teacher, student, late]);
  });

  await test.step('a pause stops all on the same frame', async () => {
    await controls(teacher).getByRole('button', { name: 'Pause', exact: true }).click();
    await expect
      .poll(async () => {
        const first = await Promise.all([teacher, student, late].map((person) => readFrame(person.page)));
        const second = await Promise.all([teacher, student, late].map((person) => readFrame(person.page)));
        return new Set([...first, ...second]).size;
      })
      .toBe(1);
    for (const person of [teacher, student, late]) {
      expect(await person.page.locator(watchVideo).evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
    }
  });

  await test.step('what was uploaded is what the class loads', async () => {
    const source = await student.page.locator(watchVideo).evaluate((video: HTMLVideoElement) => video.currentSrc);
    const loaded = await student.context.request.get(source);
    expect(await loaded.body()).toEqual(await readFile(film));
  });
});

function controls(person: Person) {
  return person.page.getByRole('region', { name: 'Watch together' });
}
