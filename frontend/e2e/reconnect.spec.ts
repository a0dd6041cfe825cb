import { expect, note, test } from './fixtures';
import { expectMedia } from './media';
import { behind, Line } from './netem';
import { join, participant, tile } from './people';
import { clear, SocketProxy } from './socketProxy';
import { receivedBytes } from './streams';

test('one connection is lost: the others see it, the person keeps a way out, comes back as they were; after half a minute "Rejoin"', async ({ cast, server }) => {
  test.setTimeout(180_000);
  const proxy = await SocketProxy.start(server.url, clear, 1);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao', { url: proxy.url });
  const channel = await teacher.createChannel('Weak Wi-Fi');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  const line = await Line.open(server.mediaPort);
  await behind(await hao.open('/'), () => line);
  await join(teacher, meeting);
  await join(hao, meeting, { microphone: false });
  await hao.page.getByRole('button', { name: 'Raise hand' }).click();
  await expect(tile(teacher.page, hao.name).getByText('Hand raised')).toBeVisible();
  const here = await participant(hao.page, teacher.name);
  await expectMedia(hao.page, here);

  await test.step('lost: said on both sides, with a working way out', async () => {
    await line.set({ up: { loss: 1 }, down: { loss: 1 } });
    proxy.cut();
    await expect(hao.page.getByText('The connection was lost. Reconnecting…')).toBeVisible({ timeout: 20_000 });
    await expect(hao.page.getByRole('button', { name: 'Leave', exact: true })).toBeEnabled();
    await expect(tile(teacher.page, hao.name).getByText('Reconnecting…')).toBeVisible({ timeout: 20_000 });
  });

  await test.step('back: same mute, hand and role, no ghost, bytes rise', async () => {
    await line.set({ up: {}, down: {} });
    proxy.thaw();
    await expect(hao.page.getByText('The connection was lost. Reconnecting…')).toBeHidden({ timeout: 20_000 });
    await expect(tile(teacher.page, hao.name)).toHaveCount(1);
    await expect(tile(teacher.page, hao.name).getByText('Hand raised')).toBeVisible();
    await expect(tile(teacher.page, hao.name).getByText('Microphone off')).toBeVisible();
    await expect(hao.page.getByRole('button', { name: 'Unmute' })).toBeVisible();
    await expect(hao.page.getByRole('button', { name: 'End for all' })).toHaveCount(0);
    for (const source of ['microphone', 'camera'] as const) {
      const before = await receivedBytes(hao.page, here, source);
      await expect.poll(() => receivedBytes(hao.page, here, source), { message: `${source} rises` }).toBeGreaterThan(before);
    }
    await expectMedia(teacher.page, await participant(teacher.page, hao.name), { sound: false });
  });

  await test.step('lost for good: half a minute later the choice is the person’s', async () => {
    await line.set({ up: { loss: 1 }, down: { loss: 1 } });
    proxy.cut();
    await expect(hao.page.getByText('The connection was lost. Reconnecting…')).toBeVisible({ timeout: 20_000 });
    const start = Date.now();
    await expect(hao.page.getByRole('button', { name: 'Rejoin' })).toBeVisible({ timeout: 45_000 });
    note('"Rejoin" is offered after', Date.now() - start, 'ms');
    await line.set({ up: {}, down: {} });
    proxy.thaw();
    await hao.page.getByRole('button', { name: 'Rejoin' }).click();
    await expect(hao.page.getByRole('button', { name: 'Unmute' })).toBeVisible({ timeout: 20_000 });
    await expect(hao.page.getByRole('button', { name: 'Lower hand' })).toBeVisible();
    await expect(tile(teacher.page, hao.name)).toHaveCount(1);
    await expectMedia(hao.page, await participant(hao.page, teacher.name));
  });
  await proxy.stop();
  await line.cut();
});
