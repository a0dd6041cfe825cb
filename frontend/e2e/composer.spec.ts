import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { Notifications } from '../src/api/wire.gen';
import { expect, test } from './fixtures';
import { compose } from './ime';
import { picture } from './pictures';

const composer = (page: Page): Locator => page.getByRole('main').getByRole('textbox').last();

test('a Chinese name is completed by any part of it while an input method composes, and becomes a mention', async ({ cast }) => {
  const teacher = await cast.person('王老師', { locale: 'zh-TW' });
  const student = await cast.person('林怡君', { locale: 'zh-TW' });
  const namesake = await cast.person('陳怡安', { locale: 'zh-TW' });
  const channel = await teacher.createChannel('國文');
  await teacher.invite(channel, student, namesake);
  const page = await teacher.open(`/channels/${channel.id}`);
  const keyboard = await teacher.context.newCDPSession(page);
  const box = composer(page);
  const names = page.getByRole('listbox', { name: '可提及的人' });

  await box.click();
  await page.keyboard.type('請@');
  await expect(names.getByRole('option')).toHaveText([/^所有人/, /林怡君$/, /陳怡安$/]);

  // While the reading of 怡 is composed nothing is offered, chosen or sent.
  await keyboard.send('Input.imeSetComposition', { text: 'ㄧˊ', selectionStart: 2, selectionEnd: 2 });
  await expect(names).toBeHidden();
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  await keyboard.send('Input.insertText', { text: '怡' });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  await expect(box).toHaveValue('請@怡');
  await expect(names.getByRole('option')).toHaveText([/林怡君$/, /陳怡安$/]);
  await expect(page.getByRole('article')).toHaveCount(0);

  await compose(keyboard, 'ㄐㄩㄣ', '君');
  await expect(names.getByRole('option')).toHaveText([/林怡君$/]);
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('請@林怡君 ');
  await expect(page.getByRole('article')).toHaveCount(0);
  await page.keyboard.type('看第三章');
  await page.keyboard.press('Enter');

  const post = page.getByRole('article').first();
  await expect(post).toContainText('請@林怡君 看第三章');
  await expect(post.getByRole('button', { name: /林怡君/ })).toBeVisible();
  const { items } = await teacher.get<{ items: { body: string }[] }>(`/channels/${channel.id}/posts`);
  expect(items[0]?.body).toBe(`請@[林怡君](user:${student.user.id}) 看第三章`);
});

test('marks by keys, emoji by name, a preview; tables, code and formulas as the class sees them', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Algebra');
  const page = await teacher.open(`/channels/${channel.id}`);
  const box = composer(page);

  await box.fill('so important');
  await box.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(3, 12));
  await page.keyboard.press('Control+b');
  await expect(box).toHaveValue('so **important**');
  await page.keyboard.press('End');
  await page.keyboard.type(' :tada');
  await expect(page.getByRole('option').first()).toContainText('🎉');
  await page.keyboard.press('Tab');
  await expect(box).toHaveValue('so **important** 🎉 ');

  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('region', { name: 'Preview' }).locator('strong')).toHaveText('important');
  await page.getByRole('button', { name: 'Preview' }).click();
  await box.press('Enter');
  await expect(page.getByRole('article').locator('strong')).toHaveText('important');

  await teacher.write(channel, 'The area is $\\pi r^2$, it costs $5 or $10.\n\n$$\n\\sum_{k=1}^n k = \\frac{n(n+1)}{2}\n$$\n\n```python\ndef area(r):\n    return 3.14 * r ** 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] read\n- [ ] write');
  const post = page.getByRole('article').nth(1);
  await expect(post.locator('.katex-html')).toHaveCount(2);
  await expect(post).toContainText('it costs $5 or $10.');
  await expect(post.locator('.hljs-keyword').first()).toHaveText('def');
  await expect(post.getByRole('table')).toBeVisible();
  await expect(post.getByRole('checkbox')).toHaveCount(2);
  // The letters of a formula are drawn with KaTeX's own fonts, from our own server.
  await expect.poll(() => page.evaluate(() => [...document.fonts].filter((font) => font.family.startsWith('KaTeX') && font.status === 'loaded').length)).toBeGreaterThan(0);
});

test('emoji are picked from all there are, in one’s own language', async ({ cast }) => {
  const student = await cast.person('浩', { locale: 'zh-TW' });
  const channel = await student.createChannel('國文');
  const page = await student.open(`/channels/${channel.id}`);
  await page.getByRole('button', { name: '表情符號' }).last().click();
  const picker = page.getByRole('dialog', { name: '表情符號' });
  await picker.getByRole('searchbox').fill('企鵝');
  await picker.getByRole('gridcell').first().click();
  await expect(composer(page)).toHaveValue('🐧');
  await composer(page).press('Enter');
  await page.getByRole('article').hover();
  await page.getByRole('article').getByRole('button', { name: '表情回應' }).click();
  await page.getByRole('button', { name: '用 🐧 回應' }).click();
  await expect(page.getByRole('button', { name: '🐧：浩' })).toBeVisible();
});

test('files come by button, paste and drop; pictures are looked at with the keyboard', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Biology');
  const page = await teacher.open(`/channels/${channel.id}`);
  const box = composer(page);
  const files = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /Remove|Cancel/ }) });

  await page.getByTestId('file-input').first().setInputFiles({ name: 'leaf.png', mimeType: 'image/png', buffer: picture(640, 400, [60, 140, 70]) });
  await paste(box, 'root.png', picture(500, 700, [140, 100, 60]));
  await drop(page.getByRole('list', { name: 'Posts' }).or(page.getByText('A quiet start')).first(), 'evil.html', Buffer.from('<script>document.title="owned"</script>'));
  await expect(files).toHaveCount(3);
  await page.getByRole('button', { name: 'Remove evil.html' }).click();
  await expect(files).toHaveCount(2);
  await drop(page.getByText('A quiet start'), 'page.html', Buffer.from('<script>document.title="owned"</script>'));
  await page.getByRole('button', { name: 'Send', exact: true }).click();

  const post = page.getByRole('article');
  await expect(post.getByRole('button', { name: /Open picture/ })).toHaveCount(2);
  await test.step('what a browser would run is only downloaded', async () => {
    const link = post.getByRole('link', { name: 'Download page.html' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('page.html');
    const answer = await teacher.context.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
    expect(answer.headers()['content-disposition']).toContain('attachment');
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
  });

  await post.getByRole('button', { name: 'Open picture leaf.png' }).focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Picture leaf.png' });
  await expect(viewer.getByRole('status')).toHaveText('1 of 2');
  await page.keyboard.press('ArrowRight');
  const second = page.getByRole('dialog', { name: 'Picture root.png' });
  await expect(second.getByRole('img')).toHaveJSProperty('complete', true);
  const width = async () => (await second.getByRole('img').boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('+');
  await expect.poll(width).toBeGreaterThan(before * 1.3);
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(second).toBeHidden();
  await expect(post.getByRole('button', { name: 'Open picture leaf.png' })).toBeFocused();
});

async function paste(field: Locator, name: string, bytes: Buffer): Promise<void> {
  await field.evaluate(
    (element, { name, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    { name, bytes: [...bytes] },
  );
}

async function drop(target: Locator, name: string, bytes: Buffer): Promise<void> {
  const page = target.page();
  const data = await page.evaluateHandle(
    ({ name, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    { name, bytes: [...bytes] },
  );
  await target.dispatchEvent('dragenter', { dataTransfer: data });
  await expect(page.getByText('Drop files to attach them')).toBeVisible();
  await target.dispatchEvent('drop', { dataTransfer: data });
  await expect(page.getByText('Drop files to attach them')).toBeHidden();
}

test('the composer and what it writes are accessible', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const mei = await cast.person('Mei');
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, hao, mei);
  await teacher.write(channel, `@[Hao](user:${hao.user.id}) see\n\n\`\`\`js\nconst a = 1;\n\`\`\`\n\n$$\nE = mc^2\n$$`);
  const page = await teacher.open(`/channels/${channel.id}`);
  await expect(page.locator('.katex-html')).toHaveCount(1);
  await composer(page).click();
  await page.keyboard.type('@H');
  await expect(page.getByRole('option')).toHaveText([/Hao$/]);
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
});

test('a large upload goes on where it stopped: after a lost connection, and after a reload', { tag: '@long' }, async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Film');
  const page = await teacher.open(`/channels/${channel.id}`);
  const bytes = Buffer.alloc(6 << 20, 'lectern ');
  const sent: { method: string; offset: number }[] = [];
  page.context().on('request', (request) => {
    if (!request.url().includes('/api/v1/uploads')) return;
    sent.push({ method: request.method(), offset: Number(request.headers()['upload-offset'] ?? -1) });
  });
  const network = await teacher.context.newCDPSession(page);
  const slow = (bytesPerSecond: number, offline = false) =>
    network.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });
  await network.send('Network.enable');
  await slow(1 << 20);

  await page.getByTestId('file-input').first().setInputFiles({ name: 'film.bin', mimeType: 'application/octet-stream', buffer: bytes });
  const bar = page.getByRole('progressbar', { name: 'Uploading film.bin' });
  const done = () => bar.getAttribute('aria-valuenow').then(Number);
  await expect.poll(done).toBeGreaterThan(30);
  await slow(0, true);
  await expect(page.getByText(/Waiting for a connection/).last()).toBeVisible();
  const before = sent.length;
  await slow(1 << 20);
  await expect.poll(() => sent.slice(before).find(({ method }) => method === 'PATCH')?.offset ?? 0).toBeGreaterThan(0);

  await test.step('a reload loses neither the file nor what is there already', async () => {
    const before = sent.length;
    await page.reload();
    await slow(8 << 20);
    await expect(page.getByText('film.bin')).toBeVisible();
    await expect.poll(() => sent.slice(before).find(({ method }) => method === 'PATCH')?.offset ?? 0).toBeGreaterThan(0);
    expect(sent.slice(before).some(({ method }) => method === 'POST')).toBe(false);
    await expect(bar).toBeHidden({ timeout: 30_000 });
  });

  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const link = page.getByRole('article').getByRole('link', { name: 'Download film.bin' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(await readFile(await download.path())).toEqual(bytes);
});

test('an upload that is given up is forgotten by the server, too', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Film');
  const page = await teacher.open(`/channels/${channel.id}`);
  const methods: string[] = [];
  page.on('request', (request) => void (request.url().includes('/api/v1/uploads') && methods.push(request.method())));
  const network = await teacher.context.newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 128 << 10 });
  await page.getByTestId('file-input').first().setInputFiles({ name: 'other.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2 << 20) });
  await expect.poll(() => methods).toContain('PATCH');
  await page.getByRole('button', { name: 'Cancel upload of other.bin' }).click();
  await expect(page.getByText('other.bin')).toBeHidden();
  await expect.poll(() => methods).toContain('DELETE');
});

test('an edit that adds a mention tells the person, once', async ({ cast }) => {
  const teacher = await cast.person('王老師', { locale: 'zh-TW' });
  const student = await cast.person('林怡君', { locale: 'zh-TW' });
  const channel = await teacher.createChannel('國文');
  await teacher.invite(channel, student);
  await teacher.write(channel, '明天小考');
  const page = await teacher.open(`/channels/${channel.id}`);
  const mentions = async () => (await student.get<Notifications>('/notifications')).items.filter(({ kind }) => kind === 'mention').length;
  const post = page.getByRole('article');
  const edit = async () => {
    await post.hover();
    await post.getByRole('button', { name: '更多動作' }).click();
    await page.getByRole('menuitem', { name: '編輯' }).click();
    return page.getByRole('textbox', { name: '編輯內容' });
  };

  const editor = await edit();
  await editor.press('End');
  await page.keyboard.type('，@君');
  await expect(page.getByRole('option')).toHaveText([/林怡君$/]);
  await page.keyboard.press('Enter');
  await expect(editor).toHaveValue('明天小考，@林怡君 ');
  await page.keyboard.press('Enter');
  await expect(post.getByRole('button', { name: /林怡君/ })).toBeVisible();
  await expect.poll(mentions).toBe(1);

  const again = await edit();
  await expect(again).toHaveValue('明天小考，@林怡君');
  await again.fill('後天小考，@林怡君');
  await again.press('Enter');
  await expect(post).toContainText('後天小考，@林怡君');
  expect(await mentions()).toBe(1);
});
