import { expect, note, test } from './fixtures';
import { expectMedia } from './media';
import { join, participant, tile } from './people';
import { pictureWidth, receivedBytes, sent, setHidden, timeToPicture } from './streams';

/** Three layers at the least cost: 240, 480 and 960 pixels wide. */
const webcam = { width: 960, height: 540, frameRate: 15 };
const noCamera = { camera: false, microphone: false };

test('everybody gets the layer that fits the tile, and what nobody watches is not sent', async ({ cast }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin', { camera: webcam });
  const hao = await cast.person('Hao');
  const mei = await cast.person('Mei', { viewport: { width: 320, height: 300 } });
  const channel = await teacher.createChannel('Geometry');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  for (const student of [hao, mei]) await join(student, meeting, noCamera);
  const camera = await participant(hao.page, teacher.name);
  const active = async () => (await sent(teacher.page)).filter((layer) => layer.active).map((layer) => layer.rid);

  await test.step('a large tile gets the large layer, a thumbnail a small one', async () => {
    // A busy machine may shrink all layers, hence no absolute sizes.
    const times = async () => (await pictureWidth(hao.page, camera)) / (await pictureWidth(mei.page, camera));
    await expect.poll(times, { message: 'how many times wider', timeout: 20_000 }).toBeGreaterThan(1.9);
    await expectMedia(mei.page, camera, { sound: false });
  });

  await test.step('a tile that becomes small gets less, in the same element', async () => {
    const element = await tile(hao.page, teacher.name).locator('video').elementHandle();
    const before = await pictureWidth(hao.page, camera);
    await hao.page.setViewportSize({ width: 320, height: 300 });
    await expect.poll(() => pictureWidth(hao.page, camera), { timeout: 20_000 }).toBeLessThan(before / 1.9);
    await expect.poll(active, { message: 'layers that are sent' }).not.toContain('f');
    expect(await tile(hao.page, teacher.name).locator('video').evaluate((now, before) => now === before, element)).toBe(true);
  });

  await test.step('when nobody looks, nothing is encoded', async () => {
    await setHidden(hao.page, true);
    await setHidden(mei.page, true);
    await expect.poll(active, { message: 'layers that are sent' }).toEqual([]);
    const before = await receivedBytes(hao.page, camera, 'camera');
    await expectMedia(hao.page, camera, { picture: false });
    expect(await receivedBytes(hao.page, camera, 'camera')).toBe(before);
  });

  await test.step('when somebody looks again, there is a picture', async () => {
    const first = await timeToPicture(hao.page, camera);
    note('paused layer is back after', first, 'ms');
    expect(first).toBeLessThan(3_000);
    await setHidden(mei.page, false);
    await expectMedia(mei.page, camera, { sound: false });
    await expectMedia(hao.page, camera, { sound: false });
  });
});

test('a muted microphone sends nothing to anybody, and the numbers can be looked at', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Silence');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  await join(hao, meeting, noCamera);
  const voice = await participant(hao.page, teacher.name);
  await expectMedia(hao.page, voice);

  await teacher.page.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(tile(hao.page, teacher.name).getByText('Microphone off')).toBeVisible();
  const before = await receivedBytes(hao.page, voice, 'microphone');
  await expectMedia(hao.page, voice, { sound: false });
  expect(await receivedBytes(hao.page, voice, 'microphone')).toBe(before);

  await teacher.page.getByRole('button', { name: 'Unmute' }).click();
  await expectMedia(hao.page, voice);

  await hao.page.keyboard.press('d');
  const numbers = hao.page.getByRole('region', { name: 'Connection details' });
  await expect(numbers.getByText('Ms Lin, camera')).toBeVisible();
  await expect(numbers.getByText(/VP8 · \d+×\d+ · \d+ fps · \d+ kbit\/s/).first()).toBeVisible();
  await numbers.getByRole('button', { name: 'Copy as text' }).click();
  await expect(numbers.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await hao.page.evaluate(() => navigator.clipboard.readText())).toMatch(/received Ms Lin, camera: VP8/);
  await hao.page.keyboard.press('Escape');
  await expect(numbers).toBeHidden();
});
