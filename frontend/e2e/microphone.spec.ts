import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Page } from '@playwright/test';
import { chromium } from './browser';
import { expect, note, test } from './fixtures';
import { expectMedia, received } from './media';
import { join, participant } from './people';
import { seeded } from './random';

/** A microphone in a loud room: five seconds of white noise at about -20 dB, again and again. */
const noise = joinPath(mkdtempSync(joinPath(tmpdir(), 'lectern-noise-')), 'noise.wav');
writeFileSync(noise, whiteNoise(5));
const options = chromium();
test.use({ launchOptions: { ...options, args: [...(options.args ?? []), `--use-file-for-fake-audio-capture=${noise}`] } });

/** The usual level of one's own microphone, from 0 to 100 (60 dB). */
async function level(page: Page): Promise<number> {
  return await page.getByRole('meter', { name: 'Microphone level' }).evaluate(async (meter) => {
    const values: number[] = [];
    for (let n = 0; n < 40; n++) {
      await new Promise((next) => setTimeout(next, 50));
      values.push(Number(meter.getAttribute('aria-valuenow')));
    }
    return values.sort((a, b) => a - b)[20] ?? 0;
  });
}

test('RNNoise takes the noise of a room out of a microphone, under the content policy; the choice is remembered', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Noise');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  const page = await hao.open(`/meeting/${meeting.id}`);
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.getByText('Sound and picture').click();
  const suppression = page.getByLabel('Noise suppression', { exact: true });
  await page.getByRole('switch', { name: 'Automatic volume' }).uncheck({ force: true });

  await suppression.selectOption({ label: 'Off' });
  const loud = await level(page);
  await suppression.selectOption({ label: 'Strong (RNNoise)' });
  let quiet = loud;
  await expect.poll(async () => (quiet = await level(page)), { message: 'the level with RNNoise', timeout: 15_000 }).toBeLessThan(loud - 12);
  note('level of the noise, of 100 (60 dB)', loud, '');
  note('level of the noise with RNNoise', quiet, '');
  expect(errors).toEqual([]);

  await page.reload();
  await page.getByText('Sound and picture').click();
  await expect(suppression.locator('option:checked')).toHaveText('Strong (RNNoise)');
  await join(teacher, meeting, { camera: false });
  await page.getByRole('button', { name: 'Join now' }).click();
  await expect(page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
  await expect(page.getByText('RNNoise could not be started')).toHaveCount(0);
  const id = await participant(teacher.page, hao.name);
  await expect.poll(async () => (await received(teacher.page, id)).framesDecoded).toBeGreaterThan(0);
});

test('who talks while muted is told so, and one click is enough; until then nobody hears anything', async ({ cast }) => {
  test.setTimeout(60_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Muted');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false });
  await join(hao, meeting, { camera: false });
  const id = await participant(teacher.page, hao.name);
  await expectMedia(teacher.page, id, { picture: false });
  await hao.page.getByRole('button', { name: 'Mute', exact: true }).click();
  const toast = hao.page.getByRole('alert').filter({ hasText: 'You are talking, but your microphone is off.' });
  await expect(toast).toBeVisible();
  const before = await received(teacher.page, id);
  await expect(toast).toBeVisible();
  expect((await received(teacher.page, id)).audioEnergy - before.audioEnergy, 'what the others hear meanwhile').toBeLessThan(1e-6);
  await toast.getByRole('button', { name: 'Unmute' }).click();
  await expect(hao.page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
  await expectMedia(teacher.page, id, { picture: false });
  await expect(toast).toBeHidden();
});

test('music goes out in stereo with more bits, speech as before', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Music');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false, microphone: false });
  await join(hao, meeting, { camera: false });
  const id = await participant(teacher.page, hao.name);
  await expectMedia(teacher.page, id, { picture: false });
  const sent = () =>
    hao.page.evaluate(async () => {
      const [publisher] = window.harness.peers.filter((peer) => peer.connectionState !== 'closed');
      const sender = publisher?.getSenders().find(({ track }) => track?.kind === 'audio');
      const reports = [...((await sender?.getStats())?.values() ?? [])];
      const bytes = reports.find(({ type }) => type === 'outbound-rtp')?.bytesSent ?? 0;
      return { bytes: bytes as number, at: performance.now(), limit: sender?.getParameters().encodings[0]?.maxBitrate, stereo: publisher?.remoteDescription?.sdp.includes('stereo=1') };
    });
  const rate = async () => {
    const [from, to] = [await sent(), await new Promise<Awaited<ReturnType<typeof sent>>>((done) => setTimeout(() => void sent().then(done), 2_000))];
    return (8 * (to.bytes - from.bytes)) / ((to.at - from.at) / 1000);
  };
  expect(await sent()).toMatchObject({ limit: 40_000, stereo: false });
  const speech = await rate();

  await hao.page.getByRole('button', { name: 'More' }).click();
  await hao.page.getByRole('menuitem', { name: 'Devices' }).click();
  await hao.page.getByRole('switch', { name: 'Music mode' }).check({ force: true });
  await expect.poll(sent).toMatchObject({ limit: 128_000, stereo: true });
  let music = 0;
  await expect.poll(async () => (music = await rate()), { timeout: 15_000 }).toBeGreaterThan(1.5 * speech);
  note('speech', speech / 1000, 'kbit/s');
  note('music', music / 1000, 'kbit/s');
  await expectMedia(teacher.page, id, { picture: false });

  await hao.page.getByRole('switch', { name: 'Music mode' }).uncheck({ force: true });
  await expect.poll(sent).toMatchObject({ limit: 40_000, stereo: false });
  await expectMedia(teacher.page, id, { picture: false });
});

/** A WAV file in stereo, with another noise on each side. */
function whiteNoise(seconds: number): Buffer {
  const [rate, channels] = [48_000, 2];
  const random = seeded(7);
  const samples = Buffer.alloc(rate * seconds * channels * 2);
  for (let at = 0; at < samples.length; at += 2) samples.writeInt16LE(Math.round((random() * 2 - 1) * 6_000), at);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
