import { expect, note, test } from './fixtures';
import { join, type Person } from './people';
import { expectStubMoving, stubSkew, stubTruth, stubYouTube } from './youtubeStub';

/** How far two stubs may be apart, in milliseconds, once settled. The stub's own position reports are coarse. */
const skewBar = 350;
const settled = 30_000;

test('the teacher plays a YouTube link and the class follows (stub)', async ({ cast }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin', { clockOffset: 62_000 });
  const student = await cast.person('Hao', { clockOffset: -88_000 });
  await stubYouTube(teacher.context, { seed: 11, errors: { noEmbedding: 150 } });
  await stubYouTube(student.context, { seed: 23, errors: { noEmbedding: 150 } });
  const channel = await teacher.createChannel('Physics');
  await teacher.invite(channel, student);
  const meeting = await teacher.startMeeting(channel);
  await join(teacher, meeting, { camera: false, microphone: false });
  await join(student, meeting, { camera: false, microphone: false });

  await test.step('a link loads at its own second for everybody', async () => {
    await load(teacher, 'https://youtu.be/aaaaaaaaaaa?t=30');
    await controls(teacher).getByRole('button', { name: 'Play', exact: true }).click();
    for (const person of [teacher, student]) {
      await expectStubMoving(person.page);
      const truth = await stubTruth(person.page);
      expect(truth.videoId).toBe('aaaaaaaaaaa');
      expect(truth.position).toBeGreaterThanOrEqual(30);
    }
    await expectStep(teacher, student);
  });

  await test.step('a seek reaches everybody', async () => {
    await controls(teacher).getByRole('slider', { name: 'Position' }).fill('300');
    for (const person of [teacher, student]) {
      await expect.poll(() => stubTruth(person.page).then((truth) => truth.position)).toBeGreaterThanOrEqual(300);
    }
    await expectStep(teacher, student);
  });

  await test.step('a pause stops everybody at one place', async () => {
    await controls(teacher).getByRole('button', { name: 'Pause', exact: true }).click();
    await expect
      .poll(async () => {
        const [a, b] = [await stubTruth(teacher.page), await stubTruth(student.page)];
        return !a.moving && !b.moving && Math.abs(a.position - b.position) < 0.1;
      })
      .toBe(true);
  });

  await test.step('a video that may not be embedded says so', async () => {
    await controls(teacher).getByRole('button', { name: 'Another video' }).click();
    await submitLink(teacher, 'https://www.youtube.com/watch?v=noEmbedding');
    await controls(teacher).getByRole('button', { name: 'Play', exact: true }).click();
    for (const person of [teacher, student]) {
      await expect(controls(person).getByRole('alert')).toContainText('does not allow it to be played outside YouTube');
    }
  });
});

test('an advertisement and a removed video (stub)', async ({ cast }) => {
  test.setTimeout(120_000);
  const teacher = await cast.person('Ms Lin', { clockOffset: 62_000 });
  const student = await cast.person('Hao', { clockOffset: -88_000 });
  await stubYouTube(teacher.context, { seed: 3, rates: 'fine', errors: { goneAndLost: 100 } });
  await stubYouTube(student.context, { seed: 4, rates: 'fine', ad: { shows: 'id', ms: 9_000 }, errors: { goneAndLost: 100 } });
  const channel = await teacher.createChannel('Biology');
  await teacher.invite(channel, student);
  const meeting = await teacher.startMeeting(channel);
  for (const person of [teacher, student]) await join(person, meeting, { camera: false, microphone: false });

  await test.step('one student sits an advertisement out, the class does not wait for it', async () => {
    await load(teacher, 'https://youtu.be/aaaaaaaaaaa');
    await controls(teacher).getByRole('button', { name: 'Play', exact: true }).click();
    await expectStubMoving(teacher.page);
    expect((await stubTruth(student.page)).moving, 'the advertisement is over already').toBe(false);
  });

  await test.step('then this one is in step too', async () => {
    await expect.poll(() => stubTruth(student.page).then(({ position, moving }) => moving && position > 0)).toBe(true);
    await expectStep(teacher, student);
  });

  await test.step('a video that was removed says so', async () => {
    await controls(teacher).getByRole('button', { name: 'Another video' }).click();
    await submitLink(teacher, 'https://youtu.be/goneAndLost');
    for (const person of [teacher, student]) await expect(controls(person).getByRole('alert')).toBeVisible();
  });
});

async function load(person: Person, link: string): Promise<void> {
  await person.page.getByRole('button', { name: 'Watch a video' }).click();
  await submitLink(person, link);
}

async function submitLink(person: Person, link: string): Promise<void> {
  const dialog = person.page.getByRole('dialog', { name: 'Load video' });
  await dialog.getByLabel('YouTube link').fill(link);
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(dialog).toBeHidden();
}

function controls(person: Person) {
  return person.page.getByRole('region', { name: 'Watch together' });
}

/** Both stubs come into step and stay there for three seconds. */
async function expectStep(a: Person, b: Person): Promise<void> {
  let worst = 0;
  await expect(async () => {
    worst = 0;
    const until = Date.now() + 3_000;
    while (Date.now() < until) {
      worst = Math.max(worst, Math.abs(await stubSkew(a.page, b.page)));
      expect(worst, 'skew of the stubs in ms').toBeLessThanOrEqual(skewBar);
    }
  }).toPass({ timeout: settled, intervals: [100] });
  note('worst skew of two stubs', worst, 'ms');
}
