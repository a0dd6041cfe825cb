import { readFile } from 'node:fs/promises';
import { readFrame, watchVideo } from './barcode';
import { expect, test } from './fixtures';
import { expectStep } from './inStep';
import { join, type Person } from './people';
import { command } from './socket';
import { clear, SocketProxy } from './socketProxy';

test('the class goes on through a reload, a lost network and a restart of the server', async ({ cast, server, film }) => {
  test.setTimeout(150_000);
  const line = await SocketProxy.start(server.url, clear, 1);
  const teacher = await cast.person('Ms Lin', { clockOffset: 80_000, clockDrift: 90, url: line.url });
  const student = await cast.person('Hao', { clockOffset: -70_000, clockDrift: -90 });
  const channel = await teacher.createChannel('Trouble');
  await teacher.invite(channel, student);
  const meeting = await teacher.startMeeting(channel);
  for (const person of [teacher, student]) await join(person, meeting, { camera: false, microphone: false });
  const { id } = await teacher.upload('film.mp4', 'video/mp4', await readFile(film));
  const order = { meeting_id: meeting.id, id: crypto.randomUUID(), base_v: 0, op: 'load', item: { kind: 'file', file_id: id } };
  await command(teacher, 'playback.command', order);
  const stage = (person: Person) => person.page.getByRole('region', { name: 'Watch together' });
  await stage(teacher).getByRole('button', { name: 'Play', exact: true }).click();

  await test.step('the teacher reloads', async () => {
    await expectStep([student, teacher]);
    await teacher.page.reload();
    await expect(teacher.page.locator(watchVideo)).toBeVisible({ timeout: 15_000 });
    await expectStep([student, teacher]);
  });

  await test.step('the teacher has no network for a while; the student goes on', async () => {
    line.freeze();
    const before = await readFrame(student.page);
    await expect.poll(() => readFrame(student.page)).toBeGreaterThan(before + 60);
    line.thaw();
    await expectStep([student, teacher]);
  });

  await test.step('the server restarts in the middle', async () => {
    const before = await readFrame(student.page);
    await server.restart();
    await expect(teacher.page.getByText('Connection lost')).toBeHidden({ timeout: 20_000 });
    await expectStep([student, teacher]);
    expect(await readFrame(student.page)).toBeGreaterThan(before + 60);
  });

  await test.step('and the teacher still drives', async () => {
    await expect(async () => {
      await stage(teacher).getByRole('button', { name: 'Pause', exact: true }).click({ timeout: 1_000 });
    }).toPass();
    await expect
      .poll(async () => new Set(await Promise.all([teacher, student, teacher, student].map(({ page }) => readFrame(page)))).size)
      .toBe(1);
  });
  await line.stop();
});
