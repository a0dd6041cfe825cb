import { expect, note, test } from './fixtures';
import { workerKeeps } from './keeps';

test('Lectern can be installed: a manifest with icons that exist, and a worker', async ({ cast, server }) => {
  const ada = await cast.person('Ada');
  const page = await ada.open('/');
  const manifest = (await (await ada.context.request.get('/manifest.webmanifest')).json()) as { icons: { src: string; sizes: string; purpose: string; type: string }[]; display: string };
  expect(manifest.display).toBe('standalone');
  expect(manifest.icons.map((icon) => icon.purpose)).toContain('maskable');
  for (const { src, type } of manifest.icons) {
    const icon = await ada.context.request.get(src);
    expect(icon.headers()['content-type']).toContain(type);
  }
  const worker = await fetch(`${server.url}/worker.js`);
  expect(worker.headers.get('cache-control')).toBe('no-cache');
  await page.evaluate(() => navigator.serviceWorker.ready);
});

test('the worker keeps the app and nothing of anybody', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Private');
  const file = await ada.upload('notes.txt', 'text/plain', Buffer.from('0123456789'));
  await ada.post(`/channels/${channel.id}/posts`, { body: 'secret', file_ids: [file.id] });
  const page = await ada.open(`/channels/${channel.id}`);
  await expect(page.getByText('secret')).toBeVisible();
  await workerKeeps(page);
  await page.reload();
  await expect(page.getByText('secret')).toBeVisible();

  await test.step('a part of a file is still a part', async () => {
    const part = await page.evaluate(async (url) => {
      const answer = await fetch(url, { headers: { Range: 'bytes=2-4' } });
      return [answer.status, await answer.text()];
    }, file.url);
    expect(part).toEqual([206, '234']);
  });

  await test.step('no answer of the API lies in a cache', async () => {
    const kept = await page.evaluate(async () => {
      const urls: string[] = [];
      let size = 0;
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          urls.push(new URL(request.url).pathname);
          size += (await (await cache.match(request))?.blob())?.size ?? 0;
        }
      }
      return { urls, size };
    });
    expect(kept.urls.filter((path) => /^\/(api|ws|swagger|metrics)/.test(path))).toEqual([]);
    expect(kept.urls).toContain('/index.html');
    note('files kept for times without a connection', kept.urls.length, 'files');
    note('their size, unpacked', kept.size / 1000, 'kB');
  });

  await test.step('the server’s own pages are the server’s', async () => {
    await page.goto('/swagger/index.html');
    await expect(page).toHaveTitle(/Swagger|Lectern/);
    expect(await page.evaluate(() => document.getElementById('root'))).toBeNull();
  });
});

test('without a connection one’s channels open; after signing out nothing of them is left', async ({ cast }) => {
  const ada = await cast.person('Ada');
  const channel = await ada.createChannel('Botany');
  await ada.write(channel, 'Leaves are green.');
  const page = await ada.open(`/channels/${channel.id}`);
  await expect(page.getByText('Leaves are green.')).toBeVisible();
  await workerKeeps(page);

  await ada.context.setOffline(true);
  await page.goto('/');
  await expect(page.getByText('You are offline.', { exact: false }).first()).toBeVisible();
  await page.getByRole('link', { name: 'Botany' }).first().click();
  await expect(page.getByText('Leaves are green.')).toBeVisible();

  await ada.context.setOffline(false);
  await expect(page.getByText('You are offline.', { exact: false })).toHaveCount(0, { timeout: 20_000 });
  await page.getByRole('button', { name: 'Account of Ada' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  await ada.context.setOffline(true);
  await page.reload();
  await expect(page.getByText('Botany')).toHaveCount(0);
  await expect(page.getByLabel('Email')).toBeVisible();
});
