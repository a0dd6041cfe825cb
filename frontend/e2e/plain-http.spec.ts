import { chromium } from './browser';
import { expect, test as base } from './fixtures';
import { expectMedia } from './media';
import { join, participant, password } from './people';
import { Server } from './server';

/** A name that is not this machine's own: to browsers a page under it is not secure. */
const host = 'class.test';
const options = chromium();

const test = base.extend<object, { school: Server }>({
  school: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const school = await Server.start();
      await provide(school);
      await school.stop();
    },
    { scope: 'worker' },
  ],
});
test.use({ launchOptions: { ...options, args: [...(options.args ?? []), `--host-resolver-rules=MAP ${host} 127.0.0.1`] } });

test('a page over plain http says why there is no camera and microphone, and still lets one watch and listen', async ({ cast, school }) => {
  test.setTimeout(60_000);
  const teacher = await cast.person('Ms Lin', { url: school.url });
  const hao = await cast.person('Hao', { url: school.url });
  const channel = await teacher.createChannel('Plain');
  await teacher.invite(channel, hao);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting);

  const { port } = new URL(school.url);
  // Nothing but this name leads back here; everything else stays shut out.
  await hao.context.route(`http://${host}:${port}/**`, (route) => route.continue());
  await hao.context.routeWebSocket(`ws://${host}:${port}/ws`, (socket) => void socket.connectToServer());
  const page = await hao.open(`http://${host}:${port}/meeting/${meeting.id}`);
  await page.getByLabel('Email').fill(hao.user.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  await expect(page.getByText('This page was opened over plain http')).toBeVisible();
  await expect(page.getByText('Ask whoever runs this server for its https address.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Join now' }).click();
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Share screen' })).toHaveCount(0);
  await expectMedia(page, await participant(page, teacher.name));
});
