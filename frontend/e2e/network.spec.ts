import { expect, note, test } from './fixtures';
import { expectMedia } from './media';
import { behind, Line } from './netem';
import { join, participant, tile, type Person } from './people';
import { receivedBytes } from './streams';

/** Counts frames of the socket, by what they carry. */
async function counting(person: Person, pattern: RegExp): Promise<() => number> {
  let count = 0;
  const page = await person.open('/');
  page.on('websocket', (socket) => {
    const look = ({ payload }: { payload: string | Buffer }) => {
      if (pattern.test(String(payload))) count += 1;
    };
    socket.on('framesent', look);
    socket.on('framereceived', look);
  });
  return () => count;
}

test('another network: the lesson goes on for somebody who never left', async ({ cast, server }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Travel');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  let line = await Line.open(server.mediaPort);
  await behind(await hao.open('/'), () => line);
  const joins = await counting(hao, /"type":"meeting\.join"/);
  const gone = await counting(teacher, /participant_left/);
  await join(teacher, meeting);
  await join(hao, meeting);
  const [there, here] = [await participant(teacher.page, hao.name), await participant(hao.page, teacher.name)];
  const bothWays = async () => {
    await expectMedia(hao.page, here, { timeout: 30_000 });
    await expectMedia(teacher.page, there, { timeout: 30_000 });
  };
  await bothWays();

  const move = async () => {
    const old = line;
    line = await Line.open(server.mediaPort);
    await old.cut();
  };

  await test.step('the system tells of it: at once', async () => {
    await move();
    const start = Date.now();
    await hao.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await bothWays();
    note('sound and picture after a told change of network', Date.now() - start, 'ms');
  });

  await test.step('nobody tells: as soon as it is noticed, and the person sees why', async () => {
    await move();
    const start = Date.now();
    // It may stand there for a moment only, hence a look at every frame.
    const said = () => document.querySelector('[role="alert"]')?.textContent?.includes('interrupted') === true;
    await hao.page.waitForFunction(said, undefined, { polling: 'raf', timeout: 20_000 });
    await expect(hao.page.getByRole('alert').filter({ hasText: 'interrupted' })).toBeHidden({ timeout: 20_000 });
    await bothWays();
    note('sound and picture after a silent change of network', Date.now() - start, 'ms');
  });

  expect(joins(), 'entries').toBe(1);
  expect(gone(), 'departures').toBe(0);
  await expect(tile(teacher.page, hao.name)).toHaveCount(1);
  await line.cut();
});

test('at 300 kbit/s one person keeps the voice and the screen; the others notice nothing; all is back soon after', async ({ cast, server }) => {
  test.setTimeout(150_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const mei = await cast.person('Mei');
  const channel = await teacher.createChannel('Far away');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  const line = await Line.open(server.mediaPort);
  await behind(await hao.open('/'), () => line);
  for (const person of [teacher, hao, mei]) await join(person, meeting); // all with camera and microphone, as in a seminar
  await teacher.page.getByRole('button', { name: 'Share screen' }).click();
  const [atHao, atMei] = [await participant(hao.page, teacher.name), await participant(mei.page, teacher.name)];
  for (const [student, id] of [
    [hao, atHao],
    [mei, atMei],
  ] as const) {
    await expectMedia(student.page, id);
    await expect.poll(() => receivedBytes(student.page, id, 'screen')).toBeGreaterThan(0);
  }

  const paused = (student: Person) => tile(student.page, teacher.name).getByText('Paused: weak connection');
  await line.set({ down: { rate: 300_000 } });
  await expect(paused(hao)).toBeVisible({ timeout: 30_000 });
  const before = await receivedBytes(hao.page, atHao, 'screen');
  await expectMedia(hao.page, atHao, { picture: false });
  await expect.poll(() => receivedBytes(hao.page, atHao, 'screen'), { message: 'the screen goes on' }).toBeGreaterThan(before);
  await expectMedia(mei.page, atMei);
  await expect(paused(mei)).toBeHidden();

  await line.set({});
  const start = Date.now();
  await expect(paused(hao)).toBeHidden({ timeout: 30_000 });
  await expectMedia(hao.page, atHao);
  const took = Date.now() - start;
  note('camera is back after the limit has gone', took, 'ms');
  expect(took, 'ms until the camera is back').toBeLessThanOrEqual(10_000);
  await line.cut();
});
