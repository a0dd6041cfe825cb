import type { Page } from '@playwright/test';
import { expect, note, test } from './fixtures';
import { expectMedia } from './media';
import { join, participant } from './people';
import { setHidden } from './streams';

declare global {
  interface Window {
    devices: {
      /** Device ids that were pulled out. */
      gone: Set<string>;
      open: MediaStreamTrack[];
      locks: number;
    };
  }
}

/** Stubs what only hands can do: pulling a plug and locking a phone. Opening, sending and playing stay the browser's own. */
async function withHands(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const hands = { gone: new Set<string>(), open: [] as MediaStreamTrack[], locks: 0 };
    window.devices = hands;
    const { mediaDevices } = navigator;
    const [open, list] = [mediaDevices.getUserMedia.bind(mediaDevices), mediaDevices.enumerateDevices.bind(mediaDevices)];
    mediaDevices.getUserMedia = async (constraints = {}) => {
      const wanted = constraints.audio || constraints.video;
      const id = typeof wanted === 'object' && typeof wanted.deviceId === 'object' && 'exact' in wanted.deviceId ? String(wanted.deviceId.exact) : '';
      if (hands.gone.has(id)) throw new DOMException('pulled out', 'OverconstrainedError');
      const stream = await open(constraints);
      hands.open.push(...stream.getTracks());
      return stream;
    };
    mediaDevices.enumerateDevices = async () => (await list()).filter(({ deviceId }) => !hands.gone.has(deviceId));
    // Headless browsers have no screen to keep on.
    const request = () => {
      hands.locks += 1;
      let held = true;
      const release = () => {
        if (held) hands.locks -= 1;
        held = false;
        return Promise.resolve();
      };
      document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void release());
      return Promise.resolve({ release });
    };
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
  });
}

test('a microphone that is pulled out falls back within 2 s without a negotiation, and the new one is named', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const channel = await teacher.createChannel('Plugs');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false });
  const page = await hao.open('/');
  await withHands(page);
  let offers = 0;
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (offers += String(payload).includes('"type":"meeting.offer"') ? 1 : 0)));
  await page.goto(`/meeting/${meeting.id}`);
  const microphone = page.getByLabel('Microphone', { exact: true });
  const chosen = await microphone.locator('option').last().getAttribute('value');
  await microphone.selectOption(chosen ?? '');
  await join(hao, meeting, { camera: false });
  const id = await participant(teacher.page, hao.name);
  await expectMedia(teacher.page, id, { picture: false });
  const before = offers;

  const start = Date.now();
  await page.evaluate((id) => {
    window.devices.gone.add(id);
    for (const track of window.devices.open) {
      if (track.kind !== 'audio' || track.readyState !== 'live' || track.getSettings().deviceId !== id) continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  }, chosen ?? '');
  await expect(page.getByText(/^Now using /).first()).toBeVisible();
  await expectMedia(teacher.page, id, { picture: false, timeout: 5_000 });
  const took = Date.now() - start;
  note('sound of the next microphone after', took, 'ms');
  expect(took, 'ms until the next microphone is heard').toBeLessThanOrEqual(2_000);
  expect(offers, 'offers').toBe(before);
});

test('a locked phone: the screen is kept on in the room, and after an unlock the camera is back within 5 s', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 } });
  const channel = await teacher.createChannel('Phones');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false });
  const page = await hao.open('/');
  await withHands(page);
  await join(hao, meeting);
  const id = await participant(teacher.page, hao.name);
  await expectMedia(teacher.page, id);
  await expect.poll(() => page.evaluate(() => window.devices.locks), { message: 'the screen stays on' }).toBe(1);

  await setHidden(page, true);
  await page.evaluate(() => {
    const { getUserMedia } = navigator.mediaDevices;
    const unlocked = new Promise<void>((done) => document.addEventListener('visibilitychange', () => done(), { once: true }));
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('locked', 'NotReadableError'));
    void unlocked.then(() => (navigator.mediaDevices.getUserMedia = getUserMedia));
    for (const track of window.devices.open) {
      if (track.kind !== 'video' || track.readyState !== 'live') continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await expect(page.getByText('The camera is gone.').first()).toBeVisible();
  const start = Date.now();
  await setHidden(page, false);
  await expectMedia(teacher.page, id, { timeout: 10_000 });
  const took = Date.now() - start;
  note('camera is back after an unlock', took, 'ms');
  expect(took, 'ms until the camera is back').toBeLessThanOrEqual(5_000);

  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect.poll(() => page.evaluate(() => window.devices.locks), { message: 'the screen may go dark' }).toBe(0);
});

test('a phone with two cameras: the bar has room for all of it, and the menu turns the camera around', async ({ cast }) => {
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 } });
  const channel = await hao.createChannel('Phones');
  const meeting = await hao.startMeeting(channel);
  const page = await hao.open('/');
  // A phone's cameras tell which way they look; the stand-in has none of that.
  await page.addInitScript(() => {
    const { getSettings } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.getSettings = function (this: MediaStreamTrack) {
      return this.kind === 'video' ? { ...getSettings.call(this), facingMode: 'user' } : getSettings.call(this);
    };
  });
  await join(hao, meeting);
  for (const button of await page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button').all()) await expect(button).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: 'Switch camera' })).toBeVisible();
});

test('a screen without sound is said at once', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Silent film');
  const meeting = await teacher.startMeeting(channel);
  const page = await join(teacher, meeting, { camera: false });
  // What is chosen in the browser's own picker without "Share tab audio".
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const share = mediaDevices.getDisplayMedia.bind(mediaDevices);
    mediaDevices.getDisplayMedia = (options) => share({ ...options, audio: false });
  });
  await page.getByRole('button', { name: 'Share screen' }).click();
  await expect(page.getByText('Your screen is shared without sound.').first()).toBeVisible();
});
