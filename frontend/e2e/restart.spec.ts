import { expect, note, test } from './fixtures';
import { received } from './media';
import { join, participant, tile, type Person } from './people';

/** Until everybody is back after a restart of the server; milliseconds from the moment it answers again. */
const backBar = 10_000;

test('the server restarts in the middle of a lesson: everybody is back within 10 s, as they were', async ({ cast, server }) => {
  test.setTimeout(150_000);
  const people = await Promise.all(['Ms Lin', 'Hao', 'Mei'].map((name) => cast.person(name)));
  const [teacher, hao, mei] = people as [Person, Person, Person];
  const channel = await teacher.createChannel('Restart');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  await join(hao, meeting, { microphone: false });
  await join(mei, meeting, { camera: false });
  await mei.page.getByRole('button', { name: 'Raise hand' }).click();
  await expect(tile(teacher.page, mei.name).getByText('Hand raised')).toBeVisible();
  const ids = new Map<string, string>();
  for (const { name } of people) ids.set(name, await participant(teacher.page, name));

  // Only what comes by new connections counts.
  for (const { page } of people) await page.evaluate(() => (window.harness.peers.length = 0));
  const restarted = server.restart();
  await expect(hao.page.getByText('The server is restarting.')).toBeVisible();
  await restarted;
  const start = Date.now();
  const missing = async () => {
    const all: string[] = [];
    for (const here of people) {
      for (const there of people.filter((other) => other !== here)) {
        const { framesDecoded, audioEnergy } = await received(here.page, ids.get(there.name) ?? '');
        if (there !== mei && framesDecoded <= 5) all.push(`${here.name} does not see ${there.name}`);
        if (there !== hao && audioEnergy === 0) all.push(`${here.name} does not hear ${there.name}`);
      }
    }
    return all;
  };
  await expect.poll(missing, { timeout: 30_000, intervals: [200] }).toEqual([]);
  const took = Date.now() - start;
  note('everybody sees and hears everybody after a restart', took, 'ms');

  await test.step('as they were: muted, camera off, hand up, roles; in the same places, and nobody twice', async () => {
    for (const { page } of people) {
      await expect(page.locator('[role="listitem"][data-participant-id]')).toHaveCount(3);
      for (const { name } of people) expect(await participant(page, name), name).toBe(ids.get(name));
      await expect(tile(page, hao.name).getByText('Microphone off')).toBeVisible();
      await expect(tile(page, mei.name).getByText('Hand raised')).toBeVisible();
    }
    await expect(hao.page.getByRole('button', { name: 'Unmute' })).toBeVisible();
    await expect(mei.page.getByRole('button', { name: 'Turn camera on' })).toBeVisible();
    await expect(mei.page.getByRole('button', { name: 'Lower hand' })).toBeVisible();
    await expect(teacher.page.getByRole('button', { name: 'End for all' })).toBeVisible();
    await expect(hao.page.getByRole('button', { name: 'End for all' })).toHaveCount(0);
  });
  expect(took, 'ms until everybody is back').toBeLessThanOrEqual(backBar);
});
