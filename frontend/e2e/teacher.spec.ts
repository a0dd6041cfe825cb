import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import type { Channel, Meeting, Post } from '../src/api/wire.gen';
import { shareTabs } from './calls';
import { expect, test } from './fixtures';
import { join, type Person, tile } from './people';

const silent = { camera: false, microphone: false };

/** The room's bar. */
const bar = (person: Person): Locator => person.page.getByRole('toolbar', { name: 'Meeting controls' });
const panel = (person: Person): Locator => person.page.getByRole('region', { name: 'People' });
const row = (person: Person, name: string): Locator => panel(person).locator('[data-participant]').filter({ hasText: name });
const lock = (teacher: Person, name: string): Locator => panel(teacher).getByRole('group', { name: 'Students may use' }).getByRole('button', { name });

/** What a machine finds wrong for people who do not see or use a mouse. */
async function expectAccessible(person: Person, part: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).include(part).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
}

/** Presses something in somebody's menu in the list of people. */
async function act(teacher: Person, name: string, deed: string): Promise<void> {
  await row(teacher, name).getByRole('button', { name: `Actions for ${name}` }).click();
  await teacher.page.getByRole('menuitem', { name: deed }).click();
}

async function classOf(teacher: Person, ...students: Person[]): Promise<{ channel: Channel; meeting: Meeting }> {
  const channel = await teacher.createChannel('Rhetoric');
  await teacher.invite(channel, ...students);
  const meeting = await teacher.startMeeting(channel);
  for (const person of [teacher, ...students]) await join(person, meeting, silent);
  return { channel, meeting };
}

test('a teacher calls on hands in their order, and decides who speaks', async ({ cast }) => {
  test.setTimeout(120_000);
  const [teacher, hao, mei] = (await Promise.all(['Ms Lin', 'Hao', 'Mei'].map((name) => cast.person(name)))) as [Person, Person, Person];
  await classOf(teacher, hao, mei);
  await bar(teacher).getByRole('button', { name: 'People' }).click();

  await test.step('hands queue up, longest first, for everybody', async () => {
    await bar(mei).getByRole('button', { name: 'Raise hand' }).click();
    await expect(row(teacher, 'Mei')).toContainText('1');
    await bar(hao).getByRole('button', { name: 'Raise hand' }).click();
    await expect(row(teacher, 'Hao')).toContainText('2 in the queue:');
    await bar(hao).getByRole('button', { name: 'People' }).click();
    await expect(row(hao, 'Mei')).toContainText('1 in the queue:');
    await expect(panel(hao).getByRole('button', { name: 'Next' })).toBeHidden();
    await expectAccessible(teacher, 'aside');
  });

  await test.step('who is called on may speak, though microphones are locked', async () => {
    await lock(teacher, 'Microphones').click();
    await expect(lock(teacher, 'Microphones')).toHaveAttribute('aria-pressed', 'false');
    await panel(teacher).getByRole('button', { name: 'Next' }).click();
    const word = mei.page.getByRole('alert').filter({ hasText: 'Ms Lin gives you the word.' });
    await expect(word).toBeVisible();
    await expect(bar(mei).getByRole('button', { name: 'Raise hand' })).toBeVisible();
    await expect(hao.page.getByText('Mei has the word')).toBeVisible();
    await expect(row(teacher, 'Hao')).toContainText('1 in the queue:');
    await word.getByRole('button', { name: 'Unmute' }).click();
    await expect(bar(mei).getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
    await expect(tile(teacher.page, 'Mei').getByText('Microphone off')).toBeHidden();
    await expect(row(teacher, 'Mei')).toContainText('Has the word');
    await expect(word).toBeHidden();
  });

  await test.step('nobody else may', async () => {
    await bar(hao).getByRole('button', { name: 'Unmute' }).click();
    await expect(hao.page.getByText('A teacher has switched off students’ microphones.').first()).toBeVisible();
    await expect(bar(hao).getByRole('button', { name: 'Unmute' })).toBeVisible();
  });

  await test.step('one is muted, and has the word no more', async () => {
    await row(teacher, 'Mei').getByRole('button', { name: 'Mute Mei' }).click();
    await expect(bar(mei).getByRole('button', { name: 'Unmute' })).toBeVisible();
    await expect(row(teacher, 'Mei')).not.toContainText('Has the word');
  });

  await test.step('all are muted with one press, and then let unmute themselves', async () => {
    await panel(teacher).getByRole('button', { name: 'Mute all students' }).click();
    const muted = teacher.page.getByRole('alert').filter({ hasText: 'All students are muted, and their microphones stay locked.' });
    await muted.getByRole('button', { name: 'Let them unmute' }).click();
    await expect(lock(teacher, 'Microphones')).toHaveAttribute('aria-pressed', 'true');
    await bar(hao).getByRole('button', { name: 'Unmute' }).click();
    await expect(tile(teacher.page, 'Hao').getByText('Microphone off')).toBeHidden();
    await panel(teacher).getByRole('button', { name: 'Mute all students' }).click();
    await teacher.page.getByRole('button', { name: 'Keep them muted' }).click();
    await expect(lock(teacher, 'Microphones')).toHaveAttribute('aria-pressed', 'false');
    await expect(tile(teacher.page, 'Hao').getByText('Microphone off')).toBeVisible();
  });

  await test.step('all hands go down', async () => {
    await bar(mei).getByRole('button', { name: 'Raise hand' }).click();
    await expect(row(teacher, 'Mei')).toContainText('2 in the queue:');
    await panel(teacher).getByRole('button', { name: 'Lower all' }).click();
    for (const student of [hao, mei]) await expect(bar(student).getByRole('button', { name: 'Raise hand' })).toBeVisible();
    await expect(panel(teacher).getByRole('button', { name: 'Next' })).toBeHidden();
  });
});

test('a teacher shows somebody to all, passes the role on, and sends somebody out; the next lesson begins with the same rules', { tag: '@long' }, async ({ cast }) => {
  test.setTimeout(120_000);
  const [teacher, hao, mei] = (await Promise.all(['Ms Lin', 'Hao', 'Mei'].map((name) => cast.person(name)))) as [Person, Person, Person];
  const { channel, meeting } = await classOf(teacher, hao, mei);
  for (const person of [teacher, mei]) await bar(person).getByRole('button', { name: 'People' }).click();

  await test.step('spotlight', async () => {
    await act(teacher, 'Hao', 'Show to everybody');
    await expect(row(mei, 'Hao').getByRole('img', { name: 'Shown to everybody' })).toBeVisible();
    await act(teacher, 'Hao', 'Stop showing to everybody');
    await expect(row(mei, 'Hao').getByRole('img', { name: 'Shown to everybody' })).toBeHidden();
  });

  await test.step('an assistant has a teacher’s tools at once, and no longer when the role is taken back', async () => {
    await expect(panel(mei).getByRole('button', { name: 'Mute all students' })).toBeHidden();
    await act(teacher, 'Mei', 'Make assistant');
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'Make assistant' }).click();
    await expect(row(teacher, 'Mei')).toContainText('Assistant');
    await panel(mei).getByRole('button', { name: 'Mute all students' }).click();
    await expect(mei.page.getByText('All students are muted.')).toBeVisible();
    await act(teacher, 'Mei', 'Take the assistant role back');
    await expect(panel(mei).getByRole('button', { name: 'Mute all students' })).toBeHidden();
  });

  await test.step('students may leave the class’s place in the video only when a teacher allows it', async () => {
    await expect(lock(teacher, 'Own place in the video')).toHaveAttribute('aria-pressed', 'false');
    await lock(teacher, 'Own place in the video').click();
    await expect(lock(teacher, 'Own place in the video')).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('somebody who is removed cannot come back', async () => {
    await act(teacher, 'Hao', 'Remove and keep out');
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(hao.page.getByText('A teacher removed you from the meeting')).toBeVisible();
    await expect(row(teacher, 'Hao')).toBeHidden();
    await hao.open(`/meeting/${meeting.id}`);
    await hao.page.getByRole('button', { name: 'Join now' }).click();
    await expect(hao.page.getByText('A teacher removed you from the meeting')).toBeVisible();
  });

  await test.step('the next lesson begins with what was set', async () => {
    await lock(teacher, 'Cameras').click();
    await panel(teacher).getByRole('switch', { name: 'Several screens at once' }).click();
    await expect(panel(teacher).getByRole('switch', { name: 'Several screens at once' })).toBeChecked();
    await bar(teacher).getByRole('button', { name: 'End for all' }).click();
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click();
    await expect(teacher.page.getByText('The meeting has ended')).toBeVisible();
    await join(teacher, await teacher.startMeeting(channel), silent);
    await bar(teacher).getByRole('button', { name: 'People' }).click();
    await expect(lock(teacher, 'Cameras')).toHaveAttribute('aria-pressed', 'false');
    await expect(lock(teacher, 'Microphones')).toHaveAttribute('aria-pressed', 'true');
    await expect(lock(teacher, 'Own place in the video')).toHaveAttribute('aria-pressed', 'true');
    await expect(panel(teacher).getByRole('switch', { name: 'Several screens at once' })).toBeChecked();
  });
});

test('a teacher hears who knocks, and lets one or all in', async ({ cast }) => {
  test.setTimeout(90_000);
  const [teacher, hao, mei, yu] = (await Promise.all(['Ms Lin', 'Hao', 'Mei', 'Yu'].map((name) => cast.person(name)))) as [Person, Person, Person, Person];
  await teacher.context.addInitScript(() => {
    const page = window as unknown as { struck: number };
    page.struck = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, ...when) {
      page.struck += 1;
      start.apply(this, when);
    };
  });
  const struck = () => teacher.page.evaluate(() => (window as unknown as { struck: number }).struck);
  const { channel, meeting } = await classOf(teacher);
  await teacher.invite(channel, hao, mei, yu);
  await bar(teacher).getByRole('button', { name: 'People' }).click();
  await panel(teacher).getByRole('switch', { name: 'Waiting room' }).click();
  await expect(panel(teacher).getByRole('switch', { name: 'Waiting room' })).toBeChecked();
  await panel(teacher).getByRole('button', { name: 'Close people' }).click();

  const arrive = async (person: Person) => {
    await person.open(`/meeting/${meeting.id}`);
    await person.page.getByRole('button', { name: 'Join now' }).click();
  };
  await test.step('one: seen and heard, and let in', async () => {
    const before = await struck();
    await arrive(hao);
    await expect(teacher.page.getByText('Hao would like to come in')).toBeVisible();
    await expect.poll(struck).toBeGreaterThan(before);
    await expect(bar(hao)).toBeHidden();
    await teacher.page.getByRole('button', { name: 'Admit', exact: true }).click();
    await expect(bar(hao)).toBeVisible();
    await expect(teacher.page.getByText('Hao would like to come in')).toBeHidden();
  });
  await test.step('several: looked at in the list, one sent away, then all', async () => {
    await arrive(mei);
    await arrive(yu);
    await expect(teacher.page.getByText('2 people are waiting')).toBeVisible();
    await teacher.page.getByRole('button', { name: 'See who' }).click();
    await panel(teacher).getByRole('button', { name: 'Deny Yu' }).click();
    await expect(teacher.page.getByText('Mei would like to come in')).toBeVisible();
    await panel(teacher).getByRole('button', { name: 'Admit all' }).click();
    await expect(bar(mei)).toBeVisible();
    await expect(bar(yu)).toBeHidden();
    await expect(row(teacher, 'Mei')).toBeVisible();
    await expect(row(teacher, 'Yu')).toBeHidden();
  });
});

test('who is muted may still be heard through a shared screen: the teacher is told, and ends it', async ({ cast }) => {
  const teacher = await cast.person('Ms Lin');
  const hao = await cast.person('Hao');
  await shareTabs(hao);
  await classOf(teacher, hao);
  await bar(hao).getByRole('button', { name: 'Share screen' }).click();
  await expect(teacher.page.getByRole('button', { name: 'Silence Hao’s screen' })).toBeVisible();
  await bar(teacher).getByRole('button', { name: 'People' }).click();
  await panel(teacher).getByRole('button', { name: 'Mute all students' }).click();
  await expect(teacher.page.getByText('Hao’s shared screen can still be heard')).toBeVisible();
  await teacher.page.getByRole('button', { name: 'Lock screen sharing' }).click();
  await expect(hao.page.getByText('A teacher has switched off screen sharing for students.').first()).toBeVisible();
  await expect(teacher.page.getByRole('region', { name: 'Hao’s screen' })).toHaveCount(0);
  await expect(lock(teacher, 'Screen sharing')).toHaveAttribute('aria-pressed', 'false');
});

test('the class talks in the chat and reacts; what is written stays in the channel', async ({ cast }) => {
  test.setTimeout(120_000);
  const [teacher, hao, mei] = (await Promise.all(['Ms Lin', 'Hao', 'Mei'].map((name) => cast.person(name)))) as [Person, Person, Person];
  const { channel, meeting } = await classOf(teacher, hao, mei);
  const chat = (person: Person) => person.page.getByRole('region', { name: 'Chat' });
  const write = async (person: Person, text: string) => {
    await chat(person).getByRole('textbox', { name: 'Write to the class' }).fill(text);
    await person.page.keyboard.press('Enter');
  };
  const chatButton = (person: Person) => bar(person).getByRole('button', { name: 'Chat' });

  await test.step('a reaction rises for everybody and is gone', async () => {
    await bar(hao).getByRole('button', { name: 'React' }).click();
    await hao.page.getByRole('button', { name: 'Clap' }).click();
    for (const person of [hao, mei, teacher]) await expect(person.page.getByTestId('reactions')).toContainText('👏Hao');
    await expect(mei.page.getByText('Reactions: 👏')).toBeAttached();
    await expect(mei.page.getByTestId('reactions')).toBeEmpty();
    await hao.page.keyboard.press('Escape');
  });

  await test.step('for who wants less motion it stands still', async () => {
    await mei.page.emulateMedia({ reducedMotion: 'reduce' });
    await bar(teacher).getByRole('button', { name: 'React' }).click();
    await teacher.page.getByRole('button', { name: 'Celebrate' }).click();
    const face = mei.page.getByTestId('reactions').locator('> *').filter({ hasText: '🎉' });
    await expect(face).toHaveCSS('animation-name', 'none');
    await expect(face).toHaveCSS('opacity', '1');
    await expect(face).toHaveCount(0);
    await teacher.page.keyboard.press('Escape');
  });

  await test.step('who writes is seen by those who read, and counted for the others', async () => {
    await chatButton(hao).click();
    await write(hao, 'What is a **trope**?');
    await expect(chat(hao).getByText('trope')).toBeVisible();
    await expect(chatButton(teacher)).toHaveText('1');
    await chatButton(teacher).click();
    await expect(chat(teacher).getByRole('group', { name: 'Comment by Hao' })).toContainText('trope');
    await chatButton(teacher).click();
    await expect(chatButton(teacher)).toHaveText('');
    await chatButton(teacher).click();
    await write(teacher, 'A turn of speech.');
    await expect(chat(hao).getByText('A turn of speech.')).toBeVisible();
    await expectAccessible(hao, 'aside');
  });

  await test.step('a closed chat is read only for students', async () => {
    await bar(teacher).getByRole('button', { name: 'People' }).click();
    await lock(teacher, 'Chat').click();
    await expect(chat(hao).getByText('A teacher has closed the chat.')).toBeVisible();
    await expect(chat(hao).getByRole('textbox')).toBeHidden();
    await chatButton(teacher).click();
    await write(teacher, 'Eyes to the front, please.');
    await expect(chat(hao).getByText('Eyes to the front, please.')).toBeVisible();
  });

  await test.step('whoever comes later reads it all, also after class', async () => {
    await expect(chatButton(mei)).toHaveText('3');
    await bar(teacher).getByRole('button', { name: 'End for all' }).click();
    await teacher.page.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click();
    const unread = async (person: Person) => (await person.get<{ items: Channel[] }>('/channels')).items[0]?.unread_count;
    expect(await unread(hao), 'read in the room is read in the channel').toBe(0);
    expect(await unread(mei)).toBeGreaterThan(0);
    await mei.open(`/channels/${channel.id}`);
    const posts = await mei.get<{ items: Post[] }>(`/channels/${channel.id}/posts`);
    expect(posts.items.map(({ meeting_id, comment_count }) => [meeting_id, comment_count])).toEqual([[meeting.id, 3]]);
    const card = mei.page.getByRole('article', { name: 'Post by Ms Lin' });
    await expect(card).toContainText('The class met');
    for (const words of ['trope', 'A turn of speech.', 'Eyes to the front, please.']) await expect(card.getByText(words)).toBeVisible();
  });
});
