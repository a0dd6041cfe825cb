import { expect, type Page } from '@playwright/test';
import type { Person } from './people';

/** Makes two people know each other: they share a channel, and `from` has the conversation with `to` open. */
export async function acquaint(from: Person, ...others: Person[]): Promise<void> {
  const channel = await from.createChannel('Acquaintances');
  await from.invite(channel, ...others);
}

/** Opens the card of somebody on the page of a channel's people and calls. */
export async function call(from: Person, to: Person, media: 'voice' | 'video' = 'voice'): Promise<void> {
  const name = media === 'voice' ? `Call ${to.name}` : `Video call with ${to.name}`;
  await from.page.getByRole('button', { name }).first().click();
}

export function ringing(page: Page, caller: Person) {
  return page.getByRole('alertdialog', { name: new RegExp(`^${caller.name} is calling`) });
}

export function stage(page: Page, other: Person) {
  return page.getByRole('dialog', { name: `Call with ${other.name}` });
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
