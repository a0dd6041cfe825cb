import { expect, test } from 'vitest';
import { isLookedAt, Leader, lookAt } from './leader';

/** Locks as a browser hands them out among its windows, without the waiting. */
class Locks {
  readonly #held: { name: string; shared: boolean }[] = [];
  readonly #waiting: { name: string; shared: boolean; start: () => void }[] = [];

  request(name: string, options: { mode?: string; signal?: AbortSignal }, run: () => Promise<void>): Promise<void> {
    const shared = options.mode === 'shared';
    return new Promise((done, fail) => {
      const wish = {
        name,
        shared,
        start: () => {
          const lock = { name, shared };
          this.#held.push(lock);
          void run().then(() => {
            this.#held.splice(this.#held.indexOf(lock), 1);
            done();
            this.#next();
          });
        },
      };
      options.signal?.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(wish);
        if (at >= 0) fail(this.#waiting.splice(at, 1));
      });
      this.#waiting.push(wish);
      this.#next();
    });
  }

  query() {
    return Promise.resolve({ held: this.#held.map(({ name }) => ({ name })), pending: [] });
  }

  #next(): void {
    const at = this.#waiting.findIndex((wish) => !this.#held.some((lock) => lock.name === wish.name && !(lock.shared && wish.shared)));
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.start();
  }
}

const settle = () => new Promise<void>((done) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(done))));

test('one window speaks, and when it closes the next one does', async () => {
  const locks = new Locks() as unknown as LockManager;
  const [first, second, third] = [new Leader('l', locks), new Leader('l', locks), new Leader('l', locks)];
  expect([first, second, third].map((one) => one.leads)).toEqual([true, false, false]);
  second.close();
  first.close();
  await settle();
  expect([first, second, third].map((one) => one.leads)).toEqual([false, false, true]);
});

test('a place is looked at while any window shows it to somebody', async () => {
  const locks = new Locks() as unknown as LockManager;
  const ends = [lookAt('channel:a', locks), lookAt('channel:a', locks)];
  expect(await isLookedAt('channel:a', locks)).toBe(true);
  expect(await isLookedAt('channel:b', locks)).toBe(false);
  ends[0]?.();
  await settle();
  expect(await isLookedAt('channel:a', locks)).toBe(true);
  ends[1]?.();
  await settle();
  expect(await isLookedAt('channel:a', locks)).toBe(false);
});

test('without locks the window in view speaks, and nobody is known to look', async () => {
  const leader = new Leader('l', undefined);
  expect(leader.leads).toBe(document.visibilityState === 'visible');
  lookAt('channel:a', undefined)();
  expect(await isLookedAt('channel:a', undefined)).toBe(false);
});
