import type { PlaybackSettingsChanged } from '../../src/api/wire.gen';
import { stallStub } from '../youtubeStub';
import { Bots } from './bots';
import { expect, now, test, wait } from './classroom';
import { measure } from './goals';
import { film, stub } from './samples';
import { clockErrors, lastFrame, lateJoins, movedAt, seeks, stalls, starts, steady } from './steps';

// Every row of the goal table. Waiting is what a measurement does; no figure decides whether a test passes.

test('html5', async ({ classroom }) => {
  const room = await classroom({ line: 'clear', kind: 'file' });
  await room.press('Play');
  await wait(8_000);
  await measure('HTML5 pair skew, steady', { p50: 25, p95: 60 }, () => steady(room, 15_000, film), 500);
  await measure('play command → moving frame on every client', { max: 450 }, () => starts(room, 8), 8);
  const stall = () => stalls(room, film, ({ page }) => page.evaluate(() => window.stall(800)));
  await measure('HTML5: back under 80 ms after a stall of 800 ms', { max: 6_000 }, stall, 3);
});

test('html5 impaired', async ({ classroom }) => {
  const room = await classroom({ line: 'impaired', kind: 'file' });
  await room.press('Play');
  await wait(30_000);
  await measure('HTML5 pair skew, steady, impaired', { p50: 30, p95: 80 }, () => steady(room, 20_000, film), 500);
  await measure('clock error, impaired, just after joining', { p95: 30 }, () => clockErrors(room, 3_000, 8_000), 20);
  await measure('clock error, impaired', { p95: 15 }, () => clockErrors(room, 30_000, Infinity), 20);
  await measure('play command → moving frame on every client, impaired', { p95: 800 }, () => starts(room, 8), 8);
});

test('late joiner', async ({ classroom }) => {
  const room = await classroom({ line: 'clear', kind: 'file', count: 3 });
  await room.press('Play');
  await wait(6_000);
  await measure('HTML5 late joiner within 100 ms of the class', { max: 1_500 }, () => lateJoins(room, film, 4), 4);
});

for (const rates of ['fine', 'menu'] as const) {
  test(`youtube ${rates}`, async ({ classroom }) => {
    const name = rates === 'fine' ? 'YouTube (stub)' : 'YouTube (stub, menu rates only)';
    const room = await classroom({ line: 'clear', kind: 'youtube', rates });
    await wait(2_000);
    await room.press('Play');
    await wait(15_000);
    await measure(`${name} pair skew, steady`, { p50: 60, p95: 150 }, () => steady(room, 15_000, stub), 500);
    await measure(`${name} pair skew, 5 s after a seek`, { p50: 80, p95: 200 }, () => seeks(room, 4), 500);
    const stall = () => stalls(room, stub, ({ page }) => stallStub(page, 800));
    await measure(`${name}: back under 80 ms after a stall of 800 ms`, { max: 6_000 }, stall, 3);
    await measure(`${name} late joiner within 100 ms of the class`, { max: 5_000 }, () => lateJoins(room, stub, 3), 3);
  });
}

test('readiness', async ({ classroom, cast }) => {
  const room = await classroom({ line: 'clear', kind: 'file', count: 2 });
  const others = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => cast.person(`Bot ${i}`, { url: room.proxy.url })));
  await room.teacher.invite(room.channel, ...others);
  await Bots.join(others, room.meetingId, room.proxy.url, (i) => i > 0);
  const rounds = async () => {
    const found: number[] = [];
    for (let i = 0; i < 4; i++) {
      await room.load();
      await wait(1_500);
      const held = await Promise.all(room.people.map(lastFrame));
      const pressed = await room.press('Play');
      await wait(5_000);
      found.push(Math.max(...(await Promise.all(room.people.map((person, i) => movedAt(person, pressed, held[i]))))) - pressed);
      await room.press('Pause');
    }
    return found;
  };
  await measure('one of eight never ready: play → moving frame', { max: 3_200 }, rounds, 4);
});

test('teacher drops', async ({ classroom, cast }) => {
  const room = await classroom({ line: 'clear', kind: 'file', count: 2 });
  const [holder, witness] = [await cast.person('Holder', { url: room.proxy.url }), await cast.person('Witness')];
  await room.teacher.invite(room.channel, holder, witness);
  await room.teacher.makeAssistant(room.channel, holder);
  const line = await room.secondLine();
  const holders = await Bots.join([holder], room.meetingId, line.url, () => true);
  const witnesses = await Bots.join([witness], room.meetingId, room.proxy.url, () => true);
  await room.press('Play');
  await wait(6_000);
  await holders.command(0, 'playback.remote', { op: 'take' });
  const gone = await now(room.teacher);
  line.freeze();
  const heir = async () => {
    const events = await witnesses.heard(0, 'playback.settings');
    return events.find(({ data }) => (data as PlaybackSettingsChanged).settings.remote === room.teacher.user.id)?.at;
  };
  await expect.poll(heir, { timeout: 20_000 }).toBeTruthy();
  await measure('teacher drops: hand-over', { max: 11_000 }, async () => [((await heir()) ?? Infinity) - gone]);
  await measure('teacher drops: pair skew meanwhile', { p50: 25, p95: 60 }, () => steady(room, 5_000, film), 100);
});
