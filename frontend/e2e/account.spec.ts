import { crc32, deflateSync } from 'node:zlib';
import type { BrowserContext, Page } from '@playwright/test';
import type { AdminUser, Channel, Invite, List } from '../src/api/wire.gen';
import { expect, test as base } from './fixtures';
import { Letterbox } from './letterbox';
import { newEmail, password, Person, signUp, tile } from './people';
import { Server } from './server';

interface WorkerFixtures {
  letters: Letterbox;
  /** Where the administrator signs in. */
  principal: { email: string };
}

/** A server with mail, whose first account is the principal's. */
const test = base.extend<object, WorkerFixtures>({
  letters: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const box = await Letterbox.open();
      await provide(box);
      await box.close();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ letters }, provide) => {
      const server = await Server.start(letters.settings);
      await provide(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  principal: [
    async ({ server }, provide) => {
      const email = newEmail();
      const body = JSON.stringify({ email, password, name: 'Principal', locale: 'en' });
      const headers = { 'Content-Type': 'application/json', Origin: server.url };
      const answer = await fetch(`${server.url}/api/v1/auth/register`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`no principal: ${await answer.text()}`);
      await provide({ email });
    },
    { scope: 'worker' },
  ],
});

test.beforeEach(({ principal }) => expect(principal.email).toContain('@'));

test('an address is verified by the link in a letter, then the invite is open', async ({ cast, letters, principal }) => {
  const office = await administrator(await cast.stranger(), principal.email);
  const channel = await office.createChannel('Biology');
  const { code } = await office.post<Invite>(`/channels/${channel.id}/invites`);

  const context = await cast.stranger();
  const page = await context.newPage();
  const email = newEmail();
  await page.goto(`/join/${code}`);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await signUp(page, 'New Student', email);
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
  await expect(page.getByText('Then you can join “Biology” here.')).toBeVisible();

  const letter = await context.newPage();
  await letter.goto(await letters.link(email, 'verify'));
  await expect(letter.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await letter.close();
  await page.bringToFront();
  await page.getByRole('button', { name: 'Join the channel' }).click({ timeout: 20_000 });
  await expect(page.getByRole('heading', { name: 'Biology' })).toBeVisible();
});

test('a forgotten password is replaced through a letter, once, and other devices are out', async ({ cast, letters }) => {
  const student = await cast.person('Forgetful');
  const elsewhere = await student.open('/settings');
  await expect(elsewhere.getByRole('heading', { name: 'Settings' })).toBeVisible();

  const page = await (await cast.stranger()).newPage();
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill(student.user.email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();

  const link = await letters.link(student.user.email, 'reset');
  await page.goto(link);
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await expect(page.getByText(/at least 8 characters/i).last()).toBeVisible();
  await page.getByLabel('New password').fill('another long passphrase');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password is changed' })).toBeVisible();

  await expectThrownOut(elsewhere);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(student.user.email);
  await page.getByLabel('Password', { exact: true }).fill('another long passphrase');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Account of Forgetful' })).toBeVisible();

  const again = await (await cast.stranger()).newPage();
  await again.goto(link);
  await again.getByLabel('New password').fill('a third long passphrase');
  await again.getByRole('button', { name: 'Save the new password' }).click();
  await expect(again.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
});

test('a device that is signed out from another one shows the sign-in page, and comes back to where it was', async ({ cast }) => {
  const student = await cast.person('Two Devices');
  const laptop = await student.open('/settings');
  const phone = await (await cast.stranger()).newPage();
  await signIn(phone, student.user.email);
  await expect(phone.getByRole('button', { name: 'Account of Two Devices' })).toBeVisible();

  await laptop.reload();
  await expect(laptop.getByText('This device', { exact: true })).toBeVisible();
  await phone.goto('/settings');
  await expect(phone.getByText('This device', { exact: true })).toBeVisible();
  await laptop.getByRole('button', { name: /^Sign out (?!all)/ }).click();
  await expectThrownOut(phone);
  await expect(laptop.getByRole('button', { name: /^Sign out (?!all)/ })).toBeHidden();

  await fillSignIn(phone, student.user.email);
  await expect(phone.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('a new photo and a new name show in the open windows of others, in a meeting too', async ({ cast, letters, principal }) => {
  const office = await administrator(await cast.stranger(), principal.email);
  const channel = await office.createChannel('Portraits');
  const student = await cast.person('Mei');
  await student.context.request.post('/api/v1/auth/verify-email', { data: { token: tokenOf(await letters.link(student.user.email, 'verify')) } });
  await office.invite(channel, student);
  await student.write(channel, 'Here I am.');
  const watching = await office.open(`/channels/${channel.id}`);
  const post = watching.getByRole('article').filter({ hasText: 'Here I am.' });
  await expect(post).toBeVisible();
  await expect(post.locator('img')).toHaveCount(0);

  const settings = await student.open('/settings');
  await settings.locator('input[type="file"]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: redSquare(64) });
  const photo = post.locator('img');
  await expect(photo).toHaveAttribute('src', /\/api\/v1\/avatars\//);
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);

  await settings.getByLabel('Name').fill('Mei-Ling');
  await settings.getByRole('button', { name: 'Save' }).click();
  await expect(post).toContainText('Mei-Ling');

  const meeting = await office.startMeeting(channel);
  await student.open(`/meeting/${meeting.id}`);
  await student.page.getByRole('button', { name: 'Turn camera off' }).click();
  await student.page.getByRole('button', { name: 'Join now' }).click();
  await office.open(`/meeting/${meeting.id}`);
  await watching.getByRole('button', { name: 'Join now' }).click();
  const face = tile(watching, 'Mei-Ling').locator('img');
  await expect(face).toHaveAttribute('src', /\/api\/v1\/avatars\//);
  await student.context.request.delete('/api/v1/me/avatar', { headers: { Authorization: `Bearer ${student.token}` } });
  await expect(face).toHaveCount(0);
});

test('an administrator disables an account: its open window is thrown out and cannot come back until enabled', async ({ cast, principal }) => {
  const troublemaker = await cast.person('Trouble Maker');
  const theirs = await troublemaker.open('/');
  await expect(theirs.getByRole('button', { name: 'Account of Trouble Maker' })).toBeVisible();

  const page = await (await cast.stranger()).newPage();
  await signIn(page, principal.email);
  await page.getByRole('button', { name: 'Account of Principal' }).click();
  await page.getByRole('menuitem', { name: 'Administration' }).click();
  await page.getByRole('searchbox').fill('trouble');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Actions for Trouble Maker' }).click();
  await page.getByRole('menuitem', { name: 'Disable account' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable account' }).click();

  await expectThrownOut(theirs);
  await expect(page.getByText('Disabled', { exact: true })).toBeVisible();
  await fillSignIn(theirs, troublemaker.user.email);
  await expect(theirs.getByText('An administrator has disabled this account.')).toBeVisible();

  await page.getByRole('link', { name: 'Audit log' }).click();
  await expect(page.getByText('Principal disabled the account of Trouble Maker.')).toBeVisible();
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('searchbox').fill('trouble');
  await page.getByRole('button', { name: 'Actions for Trouble Maker' }).click();
  await page.getByRole('menuitem', { name: 'Enable account' }).click();
  await expect(page.getByText('Disabled', { exact: true })).toBeHidden();
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await expect(theirs.getByRole('button', { name: 'Account of Trouble Maker' })).toBeVisible();
});

test('a deleted account leaves its posts to a deleted user; the only administrator must stay', async ({ cast, letters, principal }) => {
  const office = await administrator(await cast.stranger(), principal.email);
  const channel: Channel = await office.createChannel('Farewell');
  const student = await cast.person('Leaving Soon');
  await student.context.request.post('/api/v1/auth/verify-email', { data: { token: tokenOf(await letters.link(student.user.email, 'verify')) } });
  await office.invite(channel, student);
  await student.write(channel, 'Goodbye, all.');
  const watching = await office.open(`/channels/${channel.id}`);
  const post = watching.getByRole('article').filter({ hasText: 'Goodbye, all.' });
  await expect(post).toContainText('Leaving Soon');

  const page = await student.open('/settings');
  await deleteAccount(page, 'not the password');
  await expect(page.getByText('This is not your password.')).toBeVisible();
  await page.getByRole('dialog').getByLabel('Your password').fill(password);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText('Your account has been deleted.')).toBeVisible();
  await expect(post).toContainText('Deleted user');
  await expect(post).not.toContainText('Leaving Soon');

  await office.open('/settings');
  await deleteAccount(watching, password);
  await expect(watching.getByRole('dialog').getByRole('alert')).toContainText('only administrator');
  const { items } = await office.get<List<AdminUser>>('/admin/users?q=principal');
  expect(items).toHaveLength(1);
});

async function deleteAccount(page: Page, secret: string): Promise<void> {
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByRole('dialog').getByLabel('Your password').fill(secret);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click();
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/login');
  await fillSignIn(page, email);
}

async function fillSignIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function expectThrownOut(page: Page): Promise<void> {
  await expect(page.getByText('Your session was ended from elsewhere.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
}

/** The administrator of this server, in a browser of their own. */
async function administrator(context: BrowserContext, email: string): Promise<Person> {
  const answer = await context.request.post('/api/v1/auth/login', { data: { email, password } });
  const { user, access_token: token } = await answer.json();
  return new Person(context, user, token);
}

function tokenOf(link: string): string {
  return new URL(link).searchParams.get('token') ?? '';
}

/** A PNG, all red. */
function redSquare(size: number): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([200, 30, 30]))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
