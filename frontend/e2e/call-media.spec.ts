import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { acquaint, answer, call, card, expectConnected, expectMore, receivedOf, ringing, shareTabs, stage, test } from './calls';
import { expect, note } from './fixtures';
import type { Person } from './people';

async function speaking(mei: Person, hao: Person, media: 'voice' | 'video' = 'voice'): Promise<void> {
  await acquaint(mei, hao);
  await hao.open('/calls');
  await call(mei, hao, media);
  await answer(hao.page, mei, media === 'video' ? 'Answer with video' : 'Answer');
  await expectConnected(mei.page, hao.page);
}

test('a voice call becomes a video call; a screen with its sound comes beside the camera; devices change in the middle', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await shareTabs(mei);
  await speaking(mei, hao);
  await expectMore(hao.page, 'microphone');
  await expect.poll(() => receivedOf(hao.page, 'camera')).toBe(0);
  const negotiations = await mei.page.evaluate(() => window.harness.peers.at(-1)?.localDescription?.sdp);

  await test.step('voice → video, both ways, without a negotiation', async () => {
    for (const { page } of [mei, hao]) await page.getByRole('button', { name: 'Turn camera on' }).click();
    await expectMore(hao.page, 'camera');
    await expectMore(mei.page, 'camera');
    expect(await mei.page.evaluate(() => window.harness.peers.at(-1)?.localDescription?.sdp)).toBe(negotiations);
  });

  await test.step('the screen and its sound, beside the camera', async () => {
    await mei.page.getByRole('button', { name: 'Share screen' }).click();
    await expect(mei.page.getByText('You are sharing your screen (with sound)')).toBeVisible();
    await expect(hao.page.getByRole('group', { name: 'Mei’s screen' })).toBeVisible();
    for (const source of ['screen', 'screen_audio', 'camera', 'microphone'] as const) await expectMore(hao.page, source);
    await mei.page.getByRole('button', { name: 'Stop sharing' }).click();
    await expect(hao.page.getByRole('group', { name: 'Mei’s screen' })).toBeHidden();
    await expectMore(hao.page, 'camera');
  });

  await test.step('another microphone', async () => {
    await mei.page.getByRole('button', { name: 'More', exact: true }).click();
    await mei.page.getByRole('menuitem', { name: 'Devices' }).click();
    const select = mei.page.getByRole('dialog').getByLabel('Microphone');
    const before = await select.inputValue();
    const others = await select.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    const other = others.find((value) => value !== before) ?? '';
    await select.selectOption(other);
    const used = () => mei.page.evaluate(() => window.harness.peers.at(-1)?.getTransceivers()[0]?.sender.track?.getSettings().deviceId);
    await expect.poll(used).toBe(other);
    await mei.page.keyboard.press('Escape');
    await expectMore(hao.page, 'microphone');
  });

  await test.step('a device that is unplugged is replaced', async () => {
    await mei.page.evaluate(() => {
      const sender = window.harness.peers.at(-1)?.getTransceivers()[1]?.sender;
      sender?.track?.stop();
      sender?.track?.dispatchEvent(new Event('ended'));
    });
    await expect(mei.page.getByText(/^Now using /)).toBeVisible();
    await expectMore(hao.page, 'camera');
  });
});

test('speech is sent in mono with FEC and silence unsent, doubled where both can; a screen’s sound in stereo', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await speaking(mei, hao);
  const sdp = (await mei.page.evaluate(() => window.harness.peers.at(-1)?.remoteDescription?.sdp)) ?? '';
  const [, speech = '', , , music = ''] = sdp.split(/^(?=m=)/m);
  const opus = (lines: string) => /^a=fmtp:111 (.*?)\r?$/m.exec(lines)?.[1]?.split(';');
  expect(opus(speech)).toEqual(expect.arrayContaining(['useinbandfec=1', 'usedtx=1', 'stereo=0']));
  expect(opus(music)).toEqual(expect.arrayContaining(['useinbandfec=1', 'usedtx=0', 'stereo=1', 'sprop-stereo=1']));
  // Opus alone has at most 100 bytes in each of 50 packets a second (40 kbit/s); statistics name the codec within, not RED.
  const packet = () =>
    mei.page.evaluate(async () => {
      const reports = [...((await window.harness.peers.at(-1)?.getTransceivers()[0]?.sender.getStats())?.values() ?? [])];
      const { bytesSent = 0, packetsSent = 1 } = reports.find(({ type }) => type === 'outbound-rtp') ?? {};
      return bytesSent / packetsSent;
    });
  await expect.poll(packet).toBeGreaterThan(105);
  const preference = await mei.page.evaluate(() => window.harness.peers.at(-1)?.getTransceivers().map(({ sender }) => sender.getParameters().degradationPreference));
  expect(preference?.slice(1, 3)).toEqual(['maintain-framerate', 'maintain-resolution']);
});

test('both see the same pictures to compare, what goes over the wire, and files that arrive whole', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await speaking(mei, hao, 'video');

  await test.step('the code', async () => {
    const codes: string[] = [];
    for (const { page } of [mei, hao]) {
      await page.getByRole('button', { name: 'Verify' }).click();
      const items = page.getByTestId('call-code').getByRole('listitem');
      await expect(items).toHaveCount(4);
      codes.push((await items.allTextContents()).join(' '));
      await page.keyboard.press('Escape');
    }
    expect(codes[0]).not.toBe('');
    expect(codes[0]).toBe(codes[1]);
  });

  await test.step('statistics', async () => {
    await mei.page.getByRole('button', { name: 'More', exact: true }).click();
    await mei.page.getByRole('menuitem', { name: 'Connection details' }).click();
    const panel = mei.page.getByRole('region', { name: 'Connection details' });
    await expect(panel).toContainText(/Connected · \d+ ms · .*→.*udp/);
    await expect(panel).toContainText(/VP8 · \d+×\d+ · \d+ fps · [\d.]+ [kM]bit\/s/);
    await expect(panel).toContainText(/lost/);
    await panel.getByRole('button', { name: 'Close connection details' }).click();
    await expect(mei.page.getByRole('img', { name: /connection$/ })).toBeVisible();
  });

  await test.step('20 MB', async () => {
    const buffer = randomBytes(20_000_000);
    const path = test.info().outputPath('期中報告.bin');
    await writeFile(path, buffer);
    const hash = createHash('sha256').update(buffer).digest('hex');
    for (const { page } of [mei, hao]) await page.getByRole('button', { name: 'Send a file' }).click();
    const start = Date.now();
    await mei.page.getByTestId('call-file').setInputFiles(path);
    await expect(hao.page.getByText('Mei wants to send you 期中報告.bin (20 MB)')).toBeVisible();
    await hao.page.getByRole('button', { name: 'Accept' }).click();
    await expect(hao.page.getByText('Arrived whole · 20 MB')).toBeVisible({ timeout: 30_000 });
    note('20 MB accepted and checked after', Date.now() - start, 'ms');
    await expect(mei.page.getByText('Arrived whole · 20 MB')).toBeVisible();
    const saving = hao.page.waitForEvent('download');
    await hao.page.getByRole('button', { name: 'Save' }).click();
    const saved = await (await saving).path();
    expect(createHash('sha256').update(await readFile(saved)).digest('hex')).toBe(hash);
    await expectMore(hao.page, 'camera');
  });

  await test.step('one that is declined, and one that is too large', async () => {
    await hao.page.getByTestId('call-file').setInputFiles({ name: 'no.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
    await mei.page.getByRole('button', { name: 'Decline' }).click();
    await expect(hao.page.getByRole('listitem').filter({ hasText: 'no.txt' })).toContainText('Cancelled');
  });
});

test('the keypad appears for a peer that takes tones, and for nobody else', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  // Another program at the other end, that says it takes tones.
  await hao.context.addInitScript(() => {
    const send: (this: RTCDataChannel, data: never) => void = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      send.call(this, (typeof data === 'string' ? data.replace('"muted":', '"tones":true,"muted":') : data) as never);
    };
  });
  await speaking(mei, hao);
  const menu = async (person: Person) => {
    await person.page.getByRole('button', { name: 'More', exact: true }).click();
    return person.page.getByRole('menuitem', { name: 'Dial pad' });
  };
  await expect(await menu(hao)).toHaveCount(0);
  await (await menu(mei)).click();
  const played = mei.page.evaluate(
    () =>
      new Promise<string>((done) => {
        const dtmf = window.harness.peers.at(-1)?.getTransceivers()[0]?.sender.dtmf;
        dtmf?.addEventListener('tonechange', (event) => done(event.tone));
      }),
  );
  await mei.page.getByRole('region', { name: 'Dial pad' }).getByRole('button', { name: '5' }).click();
  expect(await played).toBe('5');
});

test('ringing and the call by keyboard alone, and before axe', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await acquaint(mei, hao);
  await hao.open('/calls');
  await card(mei, hao);
  await mei.page.getByRole('button', { name: 'Video call with Hao' }).focus();
  await mei.page.keyboard.press('Enter');
  await expect(ringing(hao.page, mei)).toBeVisible();
  await expect(ringing(hao.page, mei).getByRole('button', { name: 'Answer with video' })).toBeFocused();
  await Promise.all([expectAccessible(mei.page, 'calling'), expectAccessible(hao.page, 'ringing')]);
  await hao.page.keyboard.press('Enter');
  await expectConnected(mei.page, hao.page);
  await expectAccessible(mei.page, 'the call');
  await expectAccessible(hao.page, 'the call on a phone');

  await mei.page.keyboard.press('m');
  await expect(hao.page.getByText('Mei’s microphone is off')).toBeVisible();
  await mei.page.keyboard.press('v');
  await expect(mei.page.getByRole('button', { name: 'Turn camera on' })).toBeVisible();
  await mei.page.keyboard.press('s');
  await expect(hao.page.getByRole('group', { name: 'Mei’s screen' })).toBeVisible();
  await mei.page.keyboard.press('s');
  await mei.page.getByRole('button', { name: 'Hang up' }).focus();
  await mei.page.keyboard.press('Enter');
  await expect(stage(hao.page, mei)).toBeHidden();
});

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  const grave = violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' … ')}`);
  expect(grave, `axe on ${what}`).toEqual([]);
}
