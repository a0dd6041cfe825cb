import { expect, type Locator, type Page } from '@playwright/test';
import type { Session } from '../src/api/wire.gen';
import { type Cast, test as base } from './fixtures';
import { password, Person } from './people';
import { freePort, Server } from './server';

/** Stories of calls run against a server with a relay that may reach this machine, and that rings for a few seconds only. */
export const test = base.extend<object, { server: Server }>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const server = await Server.start({
        LECTERN_TURN_PORT: String(await freePort()),
        LECTERN_TURN_PEERS: '127.0.0.0/8',
        LECTERN_CALL_RING_SECONDS: '15',
      });
      await provide(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

const meetingPlaces = new WeakMap<Person, string>();

/** Makes people know each other: they share a channel of the first. */
export async function acquaint(first: Person, ...others: Person[]): Promise<void> {
  const channel = await first.createChannel('Acquaintances');
  await first.invite(channel, ...others);
  for (const person of [first, ...others]) meetingPlaces.set(person, `/channels/${channel.id}`);
}

/** Opens the card of somebody, as far as the buttons that call. */
export async function card(from: Person, to: Person): Promise<Page> {
  const page = await from.open(meetingPlaces.get(from) ?? '/');
  await page.getByRole('button', { name: `Profile of ${to.name}` }).first().click();
  return page;
}

/** Calls somebody from their card. */
export async function call(from: Person, to: Person, media: 'voice' | 'video' = 'voice'): Promise<void> {
  const page = await card(from, to);
  await page.getByRole('button', { name: media === 'voice' ? `Call ${to.name}` : `Video call with ${to.name}`, exact: true }).click();
}

export function ringing(page: Page, caller: Person) {
  return page.getByRole('alertdialog', { name: new RegExp(`^${caller.name} is calling`) });
}

export function stage(page: Page, other: Person) {
  return page.getByRole('dialog', { name: `Call with ${other.name}` });
}

/** The rows of the history page. */
export function history(page: Page): Locator {
  return page.getByRole('main').getByRole('listitem');
}

export async function answer(page: Page, caller: Person, how: 'Answer' | 'Answer with video' | 'Answer by voice' = 'Answer'): Promise<void> {
  await ringing(page, caller).getByRole('button', { name: how, exact: true }).click();
}

/** Waits until a call is connected on both sides: its length is counted. */
export async function expectConnected(...pages: Page[]): Promise<void> {
  for (const page of pages) await expect(page.getByRole('timer')).toBeVisible({ timeout: 20_000 });
}

export interface Path {
  /** host, srflx, prflx or relay: of the own candidate and of the other side's. */
  local: string;
  remote: string;
  /** What the own candidate reaches its relay with; empty without one. */
  relayProtocol: string;
}

/** The pair of candidates that a call uses. */
export async function path(page: Page): Promise<Path> {
  return await page.evaluate(async () => {
    const [peer] = window.harness.peers.filter(({ connectionState }) => connectionState === 'connected');
    const reports = new Map([...((await peer?.getStats()) ?? new Map())]);
    const transport = [...reports.values()].find(({ type }) => type === 'transport');
    const pair = reports.get(transport?.selectedCandidatePairId);
    const local = reports.get(pair?.localCandidateId);
    const remote = reports.get(pair?.remoteCandidateId);
    return { local: local?.candidateType ?? '', remote: remote?.candidateType ?? '', relayProtocol: local?.relayProtocol ?? '' };
  });
}

/** Another device of the same person: a browser of its own, signed in to the same account. */
export async function anotherDevice(cast: Cast, person: Person): Promise<Person> {
  const context = await cast.stranger();
  const answer = await context.request.post('/api/v1/auth/login', { data: { email: person.user.email, password } });
  const session = (await answer.json()) as Session;
  return new Person(context, session.user, session.access_token);
}

/** Has a page share its own kind of screen that has sound: Chromium's stand-in for a monitor has none. */
export async function shareTabs(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const share = devices?.getDisplayMedia.bind(devices);
    if (share) devices.getDisplayMedia = (options = {}) => share({ ...options, video: { ...(typeof options.video === 'object' ? options.video : {}), displaySurface: 'browser' } });
  });
}

/** Lets a browser use nothing but relays for calls, as the switch among the devices does. */
export async function relayOnly(person: Person): Promise<void> {
  await person.context.addInitScript(() => localStorage.setItem('lectern.call.relay', 'on'));
}

/** What a page has received of a source so far: decoded frames of a picture, energy of a sound. */
export async function receivedOf(page: Page, source: 'microphone' | 'camera' | 'screen' | 'screen_audio'): Promise<number> {
  return await page.evaluate(async (source) => {
    const place = ['microphone', 'camera', 'screen', 'screen_audio'].indexOf(source);
    const [peer] = window.harness.peers.filter(({ connectionState }) => connectionState !== 'closed');
    const receiver = peer?.getTransceivers()[place]?.receiver;
    for (const report of (await receiver?.getStats())?.values() ?? []) if (report.type === 'inbound-rtp') return report.framesDecoded ?? report.totalAudioEnergy ?? 0;
    return 0;
  }, source);
}

/** Waits until more of a source arrives. */
export async function expectMore(page: Page, source: 'microphone' | 'camera' | 'screen' | 'screen_audio', timeout = 15_000): Promise<void> {
  const before = await receivedOf(page, source);
  await expect.poll(() => receivedOf(page, source), { message: `more of ${source}`, timeout, intervals: [100] }).toBeGreaterThan(before);
}
