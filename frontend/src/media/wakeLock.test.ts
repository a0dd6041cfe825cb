import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WakeLock } from './wakeLock';

let held: Set<object>;
let lock: WakeLock;

function see(visibility: DocumentVisibilityState): void {
  // Browsers let go of every lock of a page that is hidden.
  if (visibility === 'hidden') held.clear();
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
  document.dispatchEvent(new Event('visibilitychange'));
}

const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  held = new Set();
  const request = () => {
    const sentinel = { release: () => Promise.resolve(void held.delete(sentinel)) };
    held.add(sentinel);
    return Promise.resolve(sentinel);
  };
  vi.stubGlobal('navigator', { wakeLock: { request } });
  lock = new WakeLock();
});

afterEach(() => {
  lock.close();
  vi.unstubAllGlobals();
  see('visible');
});

test('holds the screen while wanted', async () => {
  lock.set(true);
  lock.set(true);
  await settle();
  expect(held.size).toBe(1);
  lock.set(false);
  await settle();
  expect(held.size).toBe(0);
});

test('holds it again when the page is back', async () => {
  lock.set(true);
  await settle();
  see('hidden');
  expect(held.size).toBe(0);
  see('visible');
  await settle();
  expect(held.size).toBe(1);
});

test('a refusal or a browser without it changes nothing', async () => {
  vi.stubGlobal('navigator', { wakeLock: { request: () => Promise.reject(new DOMException('battery', 'NotAllowedError')) } });
  lock.set(true);
  await settle();
  lock.set(false);
  vi.stubGlobal('navigator', {});
  lock.set(true);
  expect(held.size).toBe(0);
});

test('close lets go, and nothing comes back after it', async () => {
  lock.set(true);
  await settle();
  lock.close();
  await settle();
  see('visible');
  await settle();
  expect(held.size).toBe(0);
});
