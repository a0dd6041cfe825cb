import { chromium as launcher } from '@playwright/test';
import { chromium } from './browser';
import { acquaint, answer, call, expectConnected, expectMore, history, path, relayOnly, stage, test } from './calls';
import { plugIn, smallCamera } from './camera';
import { shiftClock } from './clock';
import { expect, note } from './fixtures';
import { Line } from './netem';
import { type Person, register } from './people';
import { clear, SocketProxy } from './socketProxy';

const direct = /^(host|srflx|prflx)$/;

async function speaking(mei: Person, hao: Person, media: 'voice' | 'video' = 'video'): Promise<void> {
  await acquaint(mei, hao);
  await hao.open('/calls');
  await call(mei, hao, media);
  await answer(hao.page, mei, media === 'video' ? 'Answer with video' : 'Answer');
  await expectConnected(mei.page, hao.page);
}

async function bothWays(mei: Person, hao: Person, timeout = 30_000): Promise<void> {
  for (const { page } of [mei, hao]) {
    await expectMore(page, 'camera', timeout);
    await expectMore(page, 'microphone', timeout);
  }
}

test('the direct path is taken where there is one, although the relay offers itself', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await speaking(mei, hao);
  await bothWays(mei, hao);
  for (const { page } of [mei, hao]) {
    const { local, remote } = await path(page);
    expect(local).toMatch(direct);
    expect(remote).toMatch(direct);
    const servers = await page.evaluate(() => window.harness.peers.at(-1)?.getConfiguration().iceServers?.flatMap(({ urls }) => urls));
    expect(servers?.filter((url) => url.startsWith('turn:'))).not.toEqual([]);
  }
});

test('through the relay alone', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await relayOnly(mei);
  await relayOnly(hao);
  await speaking(mei, hao);
  await bothWays(mei, hao);
  for (const { page } of [mei, hao]) expect((await path(page)).local).toBe('relay');
});

test('where UDP is blocked, through the relay over TCP', async ({ cast, server }) => {
  const mei = await cast.person('Mei');
  const options = chromium();
  const closed = await launcher.launch({ ...options, args: [...(options.args ?? []), '--webrtc-ip-handling-policy=disable_non_proxied_udp'] });
  try {
    const context = await closed.newContext({ baseURL: server.url, locale: 'en-GB', permissions: ['camera', 'microphone'] });
    await shiftClock(context, 0);
    await plugIn(context, smallCamera);
    const hao = await register(context, 'Hao', 'en');
    await speaking(mei, hao);
    await bothWays(mei, hao);
    expect(await path(hao.page)).toMatchObject({ local: 'relay', relayProtocol: 'tcp' });
  } finally {
    await closed.close();
  }
});

/** Puts somebody behind a line: they reach the relay through it, and nobody else; their socket goes through the proxy. */
async function behind(person: Person, relayPort: number): Promise<Line> {
  const line = await Line.open(relayPort);
  await relayOnly(person);
  const page = await person.open('/calls');
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => socket.send(String(message).replace(/"turns?:[^"?]*\?transport=tcp"/g, '"turn:127.0.0.1:9?transport=tcp"').replace(/"(turn|stun):[^":]*:\d+/g, `"$1:${line.address}`)));
  });
  await page.reload();
  return line;
}

test('ten seconds without a network: the call returns with sound and pictures', async ({ cast, server }) => {
  test.setTimeout(120_000);
  const proxy = await SocketProxy.start(server.url, clear, 1);
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao', { url: proxy.url });
  const line = await behind(hao, server.relayPort);
  await speaking(mei, hao);
  await bothWays(mei, hao);

  const start = Date.now();
  proxy.freeze();
  await line.set({ up: { loss: 1 }, down: { loss: 1 } });
  for (const { page } of [mei, hao]) await expect(page.getByText('Connection lost. Looking for another way…')).toBeVisible({ timeout: 15_000 });
  await expect.poll(() => Date.now() - start, { timeout: 15_000, message: 'ten seconds are over' }).toBeGreaterThan(10_000);
  proxy.thaw();
  await line.set({});
  const back = Date.now();
  await expectConnected(mei.page, hao.page);
  await bothWays(mei, hao);
  note('sound and pictures after ten seconds without a network', Date.now() - back, 'ms');
  await hao.page.getByRole('button', { name: 'Hang up' }).click();
  await expect(stage(mei.page, hao)).toBeHidden();
  await line.cut();
  await proxy.stop();
});

test('half a minute without a network ends it, and both are told', async ({ cast, server }) => {
  test.setTimeout(120_000);
  const proxy = await SocketProxy.start(server.url, clear, 1);
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao', { url: proxy.url });
  const line = await behind(hao, server.relayPort);
  await speaking(mei, hao, 'voice');
  proxy.freeze();
  await line.set({ up: { loss: 1 }, down: { loss: 1 } });
  const start = Date.now();
  for (const { page } of [mei, hao]) await expect(page.getByText('The connection was lost for too long')).toBeVisible({ timeout: 60_000 });
  note('both told of a lost connection after', Date.now() - start, 'ms');
  await line.cut();
  await proxy.stop();
});

test('another network: the same call over a new path', async ({ cast, server }) => {
  test.setTimeout(90_000);
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await relayOnly(hao);
  await speaking(mei, hao);
  await bothWays(mei, hao);
  const credentials = () => hao.page.evaluate(() => /a=ice-ufrag:(\S+)/.exec(window.harness.peers.at(-1)?.localDescription?.sdp ?? '')?.[1]);
  const before = await credentials();
  await hao.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect.poll(credentials).not.toBe(before);
  await bothWays(mei, hao);
  expect(await hao.page.evaluate(() => window.harness.peers.length)).toBe(1);
  expect(server.relayPort).toBeGreaterThan(0);
});

test('the server restarts in the middle: the voices go on, and hanging up still ends it for both', async ({ cast, server }) => {
  test.setTimeout(90_000);
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await speaking(mei, hao);
  await bothWays(mei, hao);
  const restarted = server.restart();
  await expectMore(hao.page, 'microphone');
  await expect(mei.page.getByText('The server is not reachable; the call goes on.')).toBeVisible();
  await bothWays(mei, hao);
  await restarted;
  await expectConnected(mei.page, hao.page);
  await bothWays(mei, hao);
  await mei.page.getByRole('button', { name: 'Hang up' }).click();
  await expect(stage(hao.page, mei)).toBeHidden();
  await expect(history(hao.page).filter({ hasText: 'Mei' })).toContainText(/video · \d+:\d\d/, { timeout: 15_000 });
});

test('a page that is loaded anew may return to its call; a closed tab ends it', async ({ cast }) => {
  test.setTimeout(90_000);
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await speaking(mei, hao);
  await bothWays(mei, hao);

  await test.step('a reload', async () => {
    await hao.page.reload();
    await expect(hao.page.getByText('You were in a call with Mei.')).toBeVisible();
    await hao.page.getByRole('button', { name: 'Return to the call' }).click();
    await expectConnected(hao.page, mei.page);
    await expectMore(hao.page, 'camera');
    await expectMore(mei.page, 'microphone');
  });

  await test.step('a second window says where the call is, and may take it over', async () => {
    const second = await hao.context.newPage();
    await second.goto('/calls');
    await expect(second.getByText('Your call with Mei is in another window.')).toBeVisible();
    await second.getByRole('button', { name: 'Continue here' }).click();
    await expectConnected(second, mei.page);
    await expectMore(second, 'camera');
    await expect(stage(hao.page, mei)).toBeHidden();
    await expect(hao.page.getByText('Your call with Mei is in another window.')).toBeVisible();
    await second.close();
  });

  await test.step('the window is closed', async () => {
    const start = Date.now();
    await expect(stage(mei.page, hao)).toBeHidden({ timeout: 30_000 });
    note('closed tab: the call is over after', Date.now() - start, 'ms');
  });
});
