import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { expectMedia } from './media';
import { join, newEmail, participant, signUp, tile } from './people';

test('students wait until a teacher admits them, and see why and for how long', async ({ cast }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  const mei = await cast.person('Mei');
  const yu = await cast.person('Yu');
  const channel = await teacher.createChannel('Biology');
  await teacher.invite(channel, hao, mei, yu);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  await teacher.page.getByRole('button', { name: 'People' }).click();
  await teacher.page.getByRole('switch', { name: 'Waiting room' }).click({ force: true });
  await expect(teacher.page.getByRole('switch', { name: 'Waiting room' })).toBeChecked();
  await teacher.page.getByRole('button', { name: 'Close people' }).click();

  await test.step('a student waits, with the devices as they were chosen', async () => {
    const page = await hao.open(`/meeting/${meeting.id}`);
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByRole('heading', { name: 'Waiting to be let in' })).toBeVisible();
    await expect(page.getByText('A teacher lets students in.')).toBeVisible();
    await expect(page.getByText('1 teacher is in the meeting and sees that you wait.')).toBeVisible();
    await expect(page.getByRole('timer')).toHaveText(/^0:0[2-9]$/);
    await expect(page.locator('video[data-source="camera"]')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  await test.step('the teacher admits', async () => {
    await expect(teacher.page.getByText('Hao would like to come in')).toBeVisible();
    await teacher.page.getByRole('button', { name: 'Admit', exact: true }).click();
    await expect(hao.page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
    await expectMedia(hao.page, await participant(hao.page, teacher.name));
    await expectMedia(teacher.page, await participant(teacher.page, hao.name));
  });

  await test.step('who was in comes back without waiting', async () => {
    await hao.page.reload();
    await expect(hao.page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  });

  await test.step('another is not admitted, and may ask again later', async () => {
    const page = await mei.open(`/meeting/${meeting.id}`);
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(teacher.page.getByText('Mei would like to come in')).toBeVisible();
    await teacher.page.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect(page.getByText('You were not let in')).toBeVisible();
    await expect(page.getByText(/You can ask again in (1 minute|\d+ seconds)\./)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Ask again' })).toBeDisabled();
    // A page opened anew does not come around the minute.
    await page.reload();
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByText(/You can ask again in \d+ seconds\./)).toBeVisible();
  });

  await test.step('one gives up; without a teacher that is said; the end ends the waiting', async () => {
    const page = await yu.open(`/meeting/${meeting.id}`);
    await page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByRole('heading', { name: 'Waiting to be let in' })).toBeVisible();
    await page.getByRole('button', { name: 'Stop waiting' }).click();
    await expect(page.getByText('You left the meeting')).toBeVisible();
    await expect(teacher.page.getByText('Yu would like to come in')).toBeHidden();
    await page.getByRole('button', { name: 'Rejoin' }).click();
    await page.getByRole('button', { name: 'Join now' }).click();
    await teacher.page.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(page.getByText('No teacher is there yet.')).toBeVisible();
    await teacher.page.getByRole('button', { name: 'Rejoin' }).click();
    await teacher.page.getByRole('button', { name: 'Join now' }).click();
    await expect(page.getByText('1 teacher is in the meeting')).toBeVisible();
    await teacher.page.getByRole('button', { name: 'End for all' }).click();
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click();
    await expect(page.getByText('The meeting has ended')).toBeVisible();
  });
});

test('somebody with the link and no account signs up, knocks and is let into the class', async ({ cast }) => {
  test.setTimeout(90_000);
  const teacher = await cast.person('Ms Lin');
  const channel = await teacher.createChannel('Open lesson');
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);
  const context = await cast.stranger();
  const page = await context.newPage();

  await page.goto(`/meeting/${meeting.id}`);
  await expect(page.getByText('Sign in or create an account, and you go on to the meeting.')).toBeVisible();
  await page.getByRole('link', { name: 'Create an account' }).click();
  await signUp(page, 'Guest Wu', newEmail());
  await expect(page.getByRole('heading', { name: 'Ask to be let in' })).toBeVisible();
  await expect(page.getByText('You are not in this class. Ms Lin or another teacher can let you in')).toBeVisible();
  await expect(page.getByText('Open lesson')).toBeVisible();
  await page.getByRole('button', { name: 'Ask to join' }).click();
  await expect(page.getByText('You are not in this class, so a teacher decides.')).toBeVisible();

  await expect(teacher.page.getByText('Guest Wu would like to come in')).toBeVisible();
  await expect(teacher.page.getByText('Not in this channel')).toBeVisible();
  await teacher.page.getByRole('button', { name: 'Admit', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  await expect(tile(teacher.page, 'Guest Wu')).toBeVisible();
  await expectMedia(page, await participant(page, teacher.name));
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('link', { name: 'Back to the channel' }).click();
  await expect(page.getByRole('heading', { name: 'Open lesson' })).toBeVisible();
});

test('a link to no meeting says so, signed in or not', async ({ cast }) => {
  const hao = await cast.person('Hao');
  const page = await hao.open('/meeting/019f8a51-0000-7000-8000-000000000000');
  await expect(page.getByText('There is no such meeting')).toBeVisible();
});
