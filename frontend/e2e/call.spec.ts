import type { Locator } from '@playwright/test';
import type { Call, List, Profile } from '../src/api/wire.gen';
import { acquaint, anotherDevice, answer, call, card, expectConnected, history, ringing, stage, test } from './calls';
import { expect } from './fixtures';
import { expectMedia } from './media';

test('a video call: it rings, both see and hear each other, one hangs up, and both find it in their history', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await acquaint(mei, hao);
  await hao.open('/calls');
  await call(mei, hao, 'video');
  await expect(stage(mei.page, hao).getByText('Ringing…')).toBeVisible();
  await answer(hao.page, mei, 'Answer with video');
  await expectConnected(mei.page, hao.page);
  await expectMedia(mei.page, hao.user.id);
  await expectMedia(hao.page, mei.user.id);

  await test.step('muted and without a picture, as the other side is shown', async () => {
    await hao.page.getByRole('button', { name: 'Mute', exact: true }).click();
    await expect(mei.page.getByText('Hao’s microphone is off')).toBeVisible();
    await hao.page.getByRole('button', { name: 'Turn camera off' }).click();
    await expect(mei.page.locator(`[data-participant-id="${hao.user.id}"] video[data-source="camera"]`)).toHaveCount(0);
    await hao.page.getByRole('button', { name: 'Turn camera on' }).click();
    await expectMedia(mei.page, hao.user.id, { sound: false });
  });

  await test.step('it goes on while one looks at other pages', async () => {
    await mei.page.getByRole('button', { name: 'Make the call small' }).click();
    await mei.page.getByRole('link', { name: 'Acquaintances' }).first().click();
    await expectMedia(mei.page, hao.user.id, { sound: false });
    await mei.page.getByRole('button', { name: 'Back to the call' }).click();
    await expect(stage(mei.page, hao)).toBeVisible();
  });

  await hao.page.getByRole('button', { name: 'Hang up' }).click();
  await expect(stage(mei.page, hao)).toBeHidden();
  await expect(stage(hao.page, mei)).toBeHidden();
  const row = history(hao.page).filter({ hasText: 'Mei' });
  await expect(row).toContainText(/Incoming · video · 0:\d\d/);
  await row.getByRole('button', { name: 'Call Mei', exact: true }).click();
  await expect(ringing(mei.page, hao)).toBeVisible();
  await ringing(mei.page, hao).getByRole('button', { name: 'Decline' }).click();
  await expect(hao.page.getByText('Mei declined')).toBeVisible();
});

test('every device rings; the first answer wins and the others hear of it', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  const phone = await anotherDevice(cast, hao);
  await acquaint(mei, hao);
  await hao.open('/calls');
  await phone.open('/calls');
  await call(mei, hao);
  await expect(ringing(hao.page, mei)).toBeVisible();
  await answer(phone.page, mei);
  await expect(hao.page.getByText('The call from Mei was answered on another device')).toBeVisible();
  await expect(ringing(hao.page, mei)).toBeHidden();
  await expectConnected(mei.page, phone.page);
  await expectMedia(phone.page, mei.user.id, { picture: false });
  await expectMedia(mei.page, hao.user.id, { picture: false });
});

test('declined, cancelled, not answered, nobody there', { tag: '@long' }, async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await acquaint(mei, hao);
  await hao.open('/calls');

  await test.step('declined', async () => {
    await call(mei, hao);
    await ringing(hao.page, mei).getByRole('button', { name: 'Decline' }).click();
    await expect(mei.page.getByText('Hao declined')).toBeVisible();
    await expect(ringing(hao.page, mei)).toBeHidden();
    await mei.page.getByRole('button', { name: 'Close', exact: true }).click();
  });

  await test.step('cancelled', async () => {
    await call(mei, hao, 'video');
    await expect(ringing(hao.page, mei)).toBeVisible();
    await mei.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(ringing(hao.page, mei)).toBeHidden();
    await expect(stage(mei.page, hao)).toBeHidden();
  });

  await test.step('not answered', async () => {
    await call(mei, hao);
    await expect(ringing(hao.page, mei)).toBeVisible();
    await expect(mei.page.getByText('Hao did not answer')).toBeVisible({ timeout: 30_000 });
    await expect(ringing(hao.page, mei)).toBeHidden();
    await mei.page.getByRole('button', { name: 'Close', exact: true }).click();
  });

  await test.step('nobody there', async () => {
    await hao.closeTab();
    await expect.poll(async () => (await mei.get<Profile>(`/users/${hao.user.id}`)).presence).toBe('offline');
    await call(mei, hao);
    await expect(mei.page.getByText('Hao is not online. It rings as soon as a device opens.')).toBeVisible();
    await hao.open('/calls');
    await expect(ringing(hao.page, mei)).toBeVisible();
    await mei.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(ringing(hao.page, mei)).toBeHidden();
  });

  await test.step('the history says so', async () => {
    await expect(history(hao.page).filter({ hasText: 'Incoming · voice · Missed' })).toHaveCount(2);
    await expect(history(hao.page).filter({ hasText: 'Incoming · voice · Declined' })).toHaveCount(1);
    await hao.page.getByRole('main').getByText('Missed', { exact: true }).click();
    await expect(history(hao.page).filter({ hasText: 'Missed' })).toHaveCount(3);
    await expect(history(hao.page).filter({ hasText: 'Declined' })).toHaveCount(0);
  });
});

test('somebody in a call hears of another one, may say that they are busy, or change over', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  const yu = await cast.person('Yu');
  await acquaint(mei, hao, yu);
  await hao.open('/calls');
  await call(mei, hao);
  await answer(hao.page, mei);
  await expectConnected(mei.page, hao.page);

  await call(yu, hao);
  await expect(yu.page.getByText('Hao is in another call and sees that you are calling')).toBeVisible();
  await expect(ringing(hao.page, yu).getByText('You are in another call. Answering ends it.')).toBeVisible();
  await ringing(hao.page, yu).getByRole('button', { name: 'Say that I am busy' }).click();
  await expect(yu.page.getByText('Hao is in another call', { exact: true })).toBeVisible();
  await expectConnected(mei.page, hao.page);

  await yu.page.getByRole('button', { name: 'Call again' }).click();
  await answer(hao.page, yu);
  await expect(stage(mei.page, hao)).toBeHidden();
  await expect(stage(hao.page, yu)).toBeVisible();
  await expectConnected(yu.page, hao.page);
  await expectMedia(yu.page, hao.user.id, { picture: false });
});

test('two who call each other at once are in one call', async ({ cast }) => {
  const mei = await cast.person('Mei');
  const hao = await cast.person('Hao');
  await acquaint(mei, hao);
  await card(mei, hao);
  await card(hao, mei);
  const press = (button: Locator) => button.evaluate((element: HTMLElement) => element.click());
  await Promise.all([
    press(mei.page.getByRole('button', { name: 'Call Hao', exact: true })),
    press(hao.page.getByRole('button', { name: 'Call Mei', exact: true })),
  ]);
  const settled = async () => {
    // Whoever was rung before their own call went out answers.
    for (const [here, there] of [
      [mei, hao],
      [hao, mei],
    ] as const) {
      if (await ringing(here.page, there).isVisible()) await answer(here.page, there);
    }
    for (const { page } of [mei, hao]) await expect(page.getByRole('timer')).toBeVisible({ timeout: 1_000 });
  };
  await expect(settled).toPass({ timeout: 20_000 });
  await expectMedia(mei.page, hao.user.id, { picture: false });
  await expectMedia(hao.page, mei.user.id, { picture: false });
  for (const person of [mei, hao]) expect((await person.get<List<Call>>('/calls')).items).toHaveLength(1);
});
