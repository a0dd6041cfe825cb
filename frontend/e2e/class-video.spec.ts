import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { makeBarcodeVideo, readFrame, watchVideo } from './barcode';
import { expect, test } from './fixtures';
import { join } from './people';
import { stubYouTube } from './youtubeStub';

const fps = 30;

test('a lesson around a video: list, stop-point, question, "I am lost", browsing and recall', async ({ cast, film }, info) => {
  test.setTimeout(180_000);
  const teacher = await cast.person('Ms Lin', { clockOffset: -40_000 });
  const hao = await cast.person('Hao', { clockOffset: 55_000 });
  const mei = await cast.person('Mei', { viewport: { width: 390, height: 844 } });
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, hao, mei);
  const meeting = await teacher.startMeeting(channel);
  const stage = await join(teacher, meeting, { camera: false, microphone: false });
  const seat = await join(hao, meeting, { camera: false, microphone: false });
  const phone = await join(mei, meeting, { camera: false, microphone: false });
  const panel = stage.getByRole('region', { name: 'Lesson panel' });
  const short = info.outputPath('short.mp4');
  await makeBarcodeVideo(short, 8);

  await test.step('the teacher makes a list of two files and puts them in order by keyboard', async () => {
    await stage.getByRole('button', { name: 'Watch a video' }).click();
    await stage.getByRole('dialog', { name: 'Load video' }).getByRole('button', { name: 'Open the list' }).click();
    await panel.locator('input[type="file"]').setInputFiles([film, short]);
    await expect(panel.getByRole('button', { name: /^Play .* for the class$/ })).toHaveCount(2, { timeout: 20_000 });
    if ((await titles(panel))[0] !== 'short.mp4') {
      await panel.getByRole('button', { name: 'Move short.mp4' }).focus();
      await stage.keyboard.press('ArrowUp');
    }
    await expect.poll(() => titles(panel)).toEqual(['short.mp4', 'film.mp4']);
    await panel.getByRole('switch', { name: 'Play the next one by itself' }).check();
  });

  await test.step('and by dragging', async () => {
    const [grip, other] = [panel.getByRole('button', { name: 'Move film.mp4' }), panel.getByRole('button', { name: 'Move short.mp4' })];
    const above = await other.boundingBox();
    await grip.hover();
    await stage.mouse.down();
    await stage.mouse.move(above?.x ?? 0, (above?.y ?? 0) - 4, { steps: 5 });
    await stage.mouse.up();
    await expect.poll(() => titles(panel)).toEqual(['film.mp4', 'short.mp4']);
    await grip.press('ArrowDown');
    await expect.poll(() => titles(panel)).toEqual(['short.mp4', 'film.mp4']);
  });

  await test.step('what is removed comes back where it was', async () => {
    await panel.getByRole('button', { name: 'More for short.mp4' }).click();
    await stage.getByRole('menuitem', { name: 'Remove' }).click();
    await expect.poll(() => titles(panel)).toEqual(['film.mp4']);
    await stage.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => titles(panel)).toEqual(['short.mp4', 'film.mp4']);
  });

  await test.step('the end of the first starts the second for everybody', async () => {
    await panel.getByRole('button', { name: 'Play short.mp4 for the class' }).click();
    for (const page of [seat, phone]) await expect(controls(page).getByRole('heading', { name: 'short.mp4' })).toBeVisible();
    for (const page of [stage, seat, phone]) {
      await expect(controls(page).getByRole('heading', { name: 'film.mp4' })).toBeVisible({ timeout: 25_000 });
      await expect.poll(() => readFrame(page).catch(() => 0)).toBeGreaterThan(fps / 2);
    }
    await expect(panel.getByRole('listitem').filter({ hasText: 'film.mp4' })).toHaveAttribute('aria-current', 'true');
  });

  await test.step('a stop-point pauses everybody there and asks', async () => {
    await stage.getByRole('button', { name: 'Pause', exact: true }).click();
    await panel.getByRole('tab', { name: 'Stops' }).click();
    await panel.getByRole('button', { name: 'Stop here and ask' }).click();
    await panel.getByRole('textbox', { name: 'At' }).fill('0:20');
    await panel.getByRole('textbox', { name: 'Question' }).fill('Why does the ball fall?');
    await panel.getByRole('button', { name: 'Offer choices' }).click();
    await panel.getByRole('textbox', { name: 'Choice A' }).fill('Gravity');
    await panel.getByRole('textbox', { name: 'Choice B' }).fill('Magic');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(panel.locator('li').getByText('Why does the ball fall?')).toBeVisible();
    await controls(stage).getByRole('slider', { name: 'Position' }).fill('18');
    await controls(stage).getByRole('button', { name: 'Play', exact: true }).click();
    for (const page of [seat, phone]) await expect(controls(page).getByRole('heading', { name: 'Why does the ball fall?' })).toBeVisible({ timeout: 15_000 });
    const apart = async () => Math.max(...(await Promise.all([stage, seat, phone].map((page) => readFrame(page)))).map((frame) => Math.abs(frame - 20 * fps)));
    await expect.poll(apart).toBeLessThanOrEqual(1);
  });

  await test.step('answers are counted for all and seen by the teacher; nothing covers the phone', async () => {
    await seat.getByRole('button', { name: 'Gravity' }).click();
    await expect(seat.getByRole('button', { name: 'Gravity' })).toHaveAttribute('aria-pressed', 'true');
    await phone.getByRole('button', { name: 'Magic' }).click();
    for (const page of [stage, seat, phone]) await expect(controls(page).getByText('2 have answered')).toBeVisible();
    const board = controls(stage).getByRole('list', { name: 'Answers' });
    await expect(board.getByRole('listitem').filter({ hasText: 'Gravity' })).toContainText('1');
    await expect(board.getByRole('listitem').filter({ hasText: 'Magic' })).toHaveAttribute('title', 'Mei');
    await expectOpenPicture(phone);
    await expectNoSidewaysScroll(phone);
    for (const page of [stage, phone]) await expectAccessible(page);
    await controls(stage).getByRole('button', { name: 'Go on' }).click();
    await expect(controls(phone).getByRole('heading', { name: 'Why does the ball fall?' })).toBeHidden();
    await expect.poll(() => readFrame(phone)).toBeGreaterThan(20.5 * fps);
  });

  await test.step('a question keeps its moment, and the teacher takes the class there', async () => {
    await seat.getByRole('button', { name: 'Ask', exact: true }).click();
    const asked = await readFrame(seat);
    await seat.getByRole('textbox', { name: /^Your question about/ }).fill('What is a ball?');
    await seat.keyboard.press('Enter');
    await panel.getByRole('tab', { name: /^Questions/ }).click();
    const row = panel.getByRole('listitem').filter({ hasText: 'What is a ball?' });
    await expect(row).toContainText('Hao');
    await controls(stage).getByRole('slider', { name: 'Position' }).fill('50');
    await expect.poll(() => readFrame(phone)).toBeGreaterThanOrEqual(50 * fps);
    await controls(stage).getByRole('button', { name: 'Pause', exact: true }).click();
    await row.getByRole('button', { name: /^Take the class to/ }).click();
    await expect.poll(() => readFrame(phone)).toBeLessThan(asked + fps);
    expect(Math.abs((await readFrame(phone)) - asked)).toBeLessThanOrEqual(fps);
    await phone.getByRole('button', { name: 'Lesson panel' }).click();
    await phone.getByRole('tab', { name: /^Questions/ }).click();
    await expect(phone.getByText('What is a ball?')).toBeVisible();
    await expectOpenPicture(phone);
    await phone.getByRole('button', { name: 'Close the lesson panel' }).click();
  });

  await test.step('"I am lost" makes a hill over the track, without a name', async () => {
    await expect(controls(stage).getByTestId('lost-curve')).toHaveCount(0);
    for (const page of [seat, phone]) await page.getByRole('button', { name: 'I am lost' }).click();
    await expect(phone.getByRole('button', { name: 'Noted' })).toBeVisible();
    await expect(controls(stage).getByTestId('lost-curve')).toBeVisible();
    await panel.getByRole('tab', { name: 'Class' }).click();
    await expect(panel.getByText('2 taps')).toBeVisible();
  });

  await test.step('one device plays the sound of the room, the others there are silent', async () => {
    const silent = (page: Page) => page.locator(watchVideo).evaluate((video: HTMLVideoElement) => video.muted);
    await panel.getByRole('switch', { name: /^One device plays the sound/ }).check();
    await seat.getByRole('button', { name: 'I am in that room' }).click();
    await expect.poll(() => silent(seat)).toBe(true);
    expect([await silent(stage), await silent(phone)]).toEqual([false, false]);
    await panel.getByRole('switch', { name: /^One device plays the sound/ }).uncheck();
    await expect.poll(() => silent(seat)).toBe(false);
  });

  await test.step('a student looks around alone and is called back', async () => {
    await expect(phone.getByRole('button', { name: 'Look around' })).toHaveCount(0);
    await panel.getByRole('switch', { name: /^Students may browse freely/ }).check();
    await phone.getByRole('button', { name: 'Look around' }).click();
    await controls(phone).getByRole('slider', { name: 'Position' }).fill('40');
    await expect.poll(() => readFrame(phone)).toBe(40 * fps);
    await expect(controls(stage).getByLabel('The class')).toContainText('1 on their own');
    expect(await readFrame(seat)).toBeLessThan(30 * fps);
    await expectAccessible(phone);
    await expectNoSidewaysScroll(phone);
    await panel.getByRole('button', { name: 'Remind Mei' }).click();
    await expect(phone.getByText('Ms Lin asks you to follow along')).toBeVisible();
    await panel.getByRole('button', { name: 'Call everybody back' }).click();
    await expect(controls(phone).getByRole('slider', { name: 'Position' })).toHaveCount(0);
    await expect.poll(async () => (await readFrame(phone)) - (await readFrame(seat))).toBe(0);
  });

  await test.step('after class the teacher takes the answers along as a table', async () => {
    await teacher.post(`/meetings/${meeting.id}/end`);
    const page = await teacher.open(`/channels/${channel.id}`);
    await page.getByRole('button', { name: 'Polls and answers' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV: Questions in the video' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^answers-\d{4}-\d\d-\d\d\.csv$/);
    expect(await readFile(await file.path(), 'utf8')).toMatch(/film\.mp4,0:00:20,Why does the ball fall\?,Mei,Magic,/);
  });
});

test('two teachers: one list, one remote', async ({ cast, film }) => {
  test.setTimeout(120_000);
  const owner = await cast.person('Ms Lin');
  const assistant = await cast.person('Mr Wu');
  const student = await cast.person('Hao');
  const channel = await owner.createChannel('Chemistry');
  await owner.invite(channel, assistant, student);
  await owner.patch(`/channels/${channel.id}/members/${assistant.user.id}`, { role: 'assistant' });
  await stubYouTube(owner.context, { seed: 3, errors: { noEmbedding: 150 } });
  await stubYouTube(assistant.context, { seed: 4, errors: { noEmbedding: 150 } });
  const meeting = await owner.startMeeting(channel);
  const [a, b] = [await join(owner, meeting, { camera: false, microphone: false }), await join(assistant, meeting, { camera: false, microphone: false })];
  await join(student, meeting, { camera: false, microphone: false });
  const lists = [await openList(a), await openList(b)] as const;

  await test.step('both add at once and nothing is lost', async () => {
    await Promise.all(lists.map((list) => list.locator('input[type="file"]').setInputFiles(film)));
    await lists[0].getByRole('textbox', { name: 'YouTube link' }).fill('https://youtu.be/noEmbedding');
    await lists[0].getByRole('button', { name: 'Add', exact: true }).click();
    for (const list of lists) await expect.poll(async () => (await titles(list)).toSorted()).toEqual(['YouTube video', 'film.mp4', 'film.mp4']);
  });

  await test.step('YouTube is asked before class, and everybody sees what it said (stub)', async () => {
    for (const list of lists) await expect(list.getByText('Its owner allows it on YouTube only.')).toBeVisible({ timeout: 20_000 });
  });

  await test.step('a link that is none keeps what was written', async () => {
    const field = lists[0].getByRole('textbox', { name: 'YouTube link' });
    await field.fill('https://example.com/film');
    await lists[0].getByRole('button', { name: 'Add', exact: true }).click();
    await expect(lists[0].getByText('does not look like a link to a YouTube video')).toBeVisible();
    await expect(field).toHaveValue('https://example.com/film');
  });

  await test.step('who takes the remote drives alone, until handing it over', async () => {
    await lists[0].getByRole('button', { name: 'Play film.mp4 for the class' }).first().click();
    await expect(b.locator(watchVideo)).toBeVisible();
    await lists[0].getByRole('tab', { name: 'Class' }).click();
    await lists[0].getByRole('button', { name: 'Take it' }).click();
    await expect(controls(b).getByText('Ms Lin has the remote.')).toBeVisible();
    await expect(controls(b).getByRole('button', { name: 'Pause', exact: true })).toHaveCount(0);
    await lists[0].getByRole('combobox', { name: 'Hand over to…' }).selectOption('Mr Wu');
    await expect(controls(a).getByText('Mr Wu has the remote.')).toBeVisible();
    await controls(b).getByRole('button', { name: 'Pause', exact: true }).click();
    await expect.poll(() => a.locator(watchVideo).evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
  });

  await test.step('keys: K plays, digits jump, a full stop goes on by one picture, M beside the video is the microphone', async () => {
    await b.keyboard.press('5');
    await expect.poll(() => readFrame(b)).toBe(30 * fps);
    await b.keyboard.press('.');
    await expect.poll(() => readFrame(b)).toBe(30 * fps + 1);
    await expect.poll(() => readFrame(a)).toBe(30 * fps + 1);
    await b.keyboard.press('k');
    await expect.poll(() => readFrame(a)).toBeGreaterThan(31 * fps);
    await b.keyboard.press('k');
    await controls(b).getByRole('slider', { name: 'Position' }).focus();
    await b.keyboard.press('m');
    await expect(controls(b).getByRole('button', { name: 'Sound on for me' })).toBeVisible();
    await b.keyboard.press('t');
    await expect(b.getByRole('list', { name: 'Participants' })).toBeHidden();
  });
});

function controls(page: Page) {
  return page.getByRole('region', { name: 'Watch together' });
}

async function openList(page: Page) {
  await page.getByRole('button', { name: 'Watch a video' }).click();
  await page.getByRole('dialog', { name: 'Load video' }).getByRole('button', { name: 'Open the list' }).click();
  return page.getByRole('region', { name: 'Lesson panel' });
}

/** The playlist as it is shown, from the top. */
async function titles(panel: ReturnType<typeof controls>): Promise<string[]> {
  const names = await panel.getByRole('button', { name: /^Play .* for the class$/ }).evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  return names.map((name) => name.replace(/^Play (.*) for the class$/, '$1'));
}

/** The picture is on the screen as a whole, and nothing lies over it. */
async function expectOpenPicture(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.locator(watchVideo).evaluate((video) => {
        const { left, top, right, bottom, width, height } = video.getBoundingClientRect();
        const points = [0.05, 0.5, 0.95].flatMap((x) => [0.05, 0.5, 0.95].map((y) => [left + x * width, top + y * height] as const));
        return top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight && points.every(([x, y]) => document.elementFromPoint(x, y) === video);
      }),
    )
    .toBe(true);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
