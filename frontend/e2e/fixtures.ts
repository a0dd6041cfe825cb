import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { test as base, type BrowserContext } from '@playwright/test';
import { makeBarcodeVideo } from './barcode';
import { type Camera, plugIn, smallCamera } from './camera';
import { shiftClock } from './clock';
import { register, type Person } from './people';
import { Server } from './server';

interface PersonOptions {
  /** How wrong the clock of this person's computer is, in milliseconds, and how much faster it runs, in parts in a million. */
  clockOffset?: number;
  clockDrift?: number;
  /** The address of the server for this person, when something stands in between. */
  url?: string;
  locale?: 'en' | 'zh-TW';
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  camera?: Camera;
  /** A phone: a finger instead of a mouse. */
  touch?: boolean;
  /** Has never been in a room: hints are shown. */
  newcomer?: boolean;
}

/** Brings people into a story, each in a browser context of their own. */
export interface Cast {
  /** Somebody with a new account, signed in, no page opened yet. */
  person(name: string, options?: PersonOptions): Promise<Person>;
  /** Somebody without an account. */
  stranger(options?: PersonOptions): Promise<BrowserContext>;
}

interface Fixtures {
  cast: Cast;
}

interface WorkerFixtures {
  server: Server;
  /** The path of a barcode film of 60 s. */
  film: string;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- the fixture signature is Playwright's
    async ({}, provide) => {
      const server = await Server.start();
      await provide(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  film: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const dir = await mkdtemp(joinPath(tmpdir(), 'lectern-film-'));
      const path = joinPath(dir, 'film.mp4');
      await makeBarcodeVideo(path, 60);
      await provide(path);
      await rm(dir, { recursive: true });
    },
    { scope: 'worker' },
  ],

  cast: async ({ browser, server }, provide, info) => {
    const contexts: BrowserContext[] = [];
    const escapes: string[] = [];
    const open = async ({ clockOffset = 0, clockDrift = 0, url = server.url, locale = 'en', colorScheme = 'light', viewport, camera = smallCamera, touch = false }: PersonOptions = {}) => {
      const context = await browser.newContext({
        baseURL: url,
        locale: locale === 'en' ? 'en-GB' : 'zh-TW',
        colorScheme,
        permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
        ...(viewport && { viewport }),
        ...(touch && { hasTouch: true, isMobile: true }),
      });
      contexts.push(context);
      await shiftClock(context, clockOffset, clockDrift);
      await plugIn(context, camera);
      // Nothing leaves this machine; a story that needs the outside answers it itself with a later route.
      await context.route(/^https?:\/\/(?!127\.0\.0\.1[:/])/, async (route) => {
        escapes.push(route.request().url());
        await route.abort();
      });
      return context;
    };
    await provide({
      stranger: open,
      person: async (name, options) => {
        const context = await open(options);
        const person = await register(context, name, options?.locale ?? 'en');
        if (!options?.newcomer) await person.patch('/me/preferences', { hints_seen: ['off'] });
        return person;
      },
    });
    for (const context of contexts) await context.close();
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: server.output, contentType: 'text/plain' });
    base.expect(escapes, 'requests to the outside').toEqual([]);
  },
});

/** Records a measurement; the list of them is printed after the run. */
export function note(what: string, value: number, unit: string): void {
  test.info().annotations.push({ type: 'measured', description: `${what}: ${value.toFixed(0)} ${unit}` });
}

export { expect } from '@playwright/test';
