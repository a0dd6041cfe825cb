import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { makeBarcodeVideo } from '../barcode';
import type { Channel } from '../../src/api/wire.gen';
import { expect, test as base, type Cast } from '../fixtures';
import { join, type Person } from '../people';
import { seeded } from '../random';
import { recordFrames } from '../recorder';
import { command } from '../socket';
import { clear, impaired, type Line, SocketProxy } from '../socketProxy';
import { stubYouTube } from '../youtubeStub';
import { InvalidRun } from './samples';

export const pages = Number(process.env.PAGES ?? 4);
export const seed = Number(process.env.SEED ?? 1);
/** Puts every row under one kind of line; otherwise each has its own. */
const line = process.env.LINE;

const FILM_S = 300;

interface Conditions {
  line: 'clear' | 'impaired';
  kind: 'file' | 'youtube';
  /** How many windows, the teacher's included. */
  count?: number;
  rates?: 'fine' | 'menu';
}

/** A class in a meeting, each with a wrong clock, before a video that is loaded and paused. */
export class Classroom {
  constructor(
    readonly channel: Channel,
    readonly meetingId: string,
    readonly people: Person[],
    readonly proxy: SocketProxy,
    readonly item: object,
    /** Another way to the server, that can be cut by itself. */
    readonly secondLine: () => Promise<SocketProxy>,
  ) {}

  get teacher(): Person {
    return this.people[0] as Person;
  }

  /** Presses a button of the teacher's controls; answers the true time at which that was. */
  async press(name: string, person = this.teacher): Promise<number> {
    const button = controls(person).getByRole('button', { name, exact: true });
    return await button.evaluate((element: HTMLElement) => {
      const at = window.harness.now();
      element.click();
      return at;
    });
  }

  /** Seeks with the teacher's slider; answers the true time. */
  async seek(to: number): Promise<number> {
    const at = await now(this.teacher);
    await controls(this.teacher).getByRole('slider', { name: 'Position' }).fill(String(to));
    return at;
  }

  async load(item = this.item): Promise<void> {
    const order = { meeting_id: this.meetingId, id: crypto.randomUUID(), base_v: 0, op: 'load', item };
    expect(await command(this.teacher, 'playback.command', order)).toMatchObject({ type: 'ack' });
    for (const person of this.people) await inPlace(person);
  }
}

/** Waits until a person's player stands before its first picture. */
export async function inPlace(person: Person): Promise<void> {
  await expect(controls(person)).toBeVisible({ timeout: 15_000 });
  await expect
    .poll(() => person.page.evaluate(() => document.querySelector<HTMLVideoElement>('video[data-testid="watch-video"]')?.readyState ?? (document.querySelector('iframe[src*="/embed/"]') ? 4 : 0)))
    .toBeGreaterThanOrEqual(3);
}

export function controls(person: Person) {
  return person.page.getByRole('region', { name: 'Watch together' });
}

/** The machine's true time, as a page sees it. */
export async function now(person: Person): Promise<number> {
  return await person.page.evaluate(() => window.harness.now());
}

export async function wait(ms: number): Promise<void> {
  await new Promise((done) => setTimeout(done, ms));
}

interface Fixtures {
  classroom: (conditions: Conditions) => Promise<Classroom>;
}

export const test = base.extend<Fixtures, { film: string }>({
  film: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const dir = await mkdtemp(joinPath(tmpdir(), 'lectern-film-'));
      await makeBarcodeVideo(joinPath(dir, 'film.mp4'), FILM_S);
      await provide(joinPath(dir, 'film.mp4'));
      await rm(dir, { recursive: true });
    },
    { scope: 'worker' },
  ],

  classroom: async ({ cast, server, film }, provide) => {
    const proxies: SocketProxy[] = [];
    const open = async (line: Line) => {
      const proxy = await SocketProxy.start(server.url, line, seed);
      proxies.push(proxy);
      return proxy;
    };
    await provide(async (conditions) => {
      const proxy = await open((line ?? conditions.line) === 'impaired' ? impaired : clear);
      return await gather(cast, proxy, film, conditions, () => open(clear));
    });
    for (const proxy of proxies) await proxy.stop();
  },
});

async function gather(
  cast: Cast,
  proxy: SocketProxy,
  film: string,
  { kind, count = pages, rates = 'fine' }: Conditions,
  secondLine: () => Promise<SocketProxy>,
): Promise<Classroom> {
  const random = seeded(seed);
  const people: Person[] = [];
  for (let i = 0; i < count; i++) {
    const person = await cast.person(i === 0 ? 'Teacher' : `Student ${i}`, {
      clockOffset: Math.round((random() * 2 - 1) * 90_000),
      clockDrift: Math.round((random() * 2 - 1) * 100),
      url: proxy.url,
      viewport: { width: 1000, height: 720 },
    });
    await recordFrames(person.context);
    if (kind === 'youtube') await stubYouTube(person.context, { seed: seed * 100 + i, rates });
    people.push(person);
  }
  const [teacher, ...students] = people;
  if (!teacher) throw new InvalidRun('nobody came');
  const channel = await teacher.createChannel('Measured');
  await teacher.invite(channel, ...students);
  const meeting = await teacher.startMeeting(channel);
  for (const person of people) await join(person, meeting, { camera: false, microphone: false });
  const file = kind === 'file' ? await teacher.upload('film.mp4', 'video/mp4', await readFile(film)) : null;
  const item = file ? { kind, file_id: file.id } : { kind, url: 'https://youtu.be/aaaaaaaaaaa' };
  const classroom = new Classroom(channel, meeting.id, people, proxy, item, secondLine);
  await classroom.load();
  return classroom;
}

export { expect };
