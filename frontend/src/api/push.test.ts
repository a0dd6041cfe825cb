import { afterEach, describe, expect, test, vi } from 'vitest';
import { pushState } from './push';

/** A browser whose service worker has these subscriptions. */
function browserWith(getSubscription: () => Promise<unknown>): void {
  const registration = { pushManager: { getSubscription } };
  vi.stubGlobal('PushManager', {});
  vi.stubGlobal('Notification', { permission: 'granted' });
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve(registration) } });
}

afterEach(() => vi.unstubAllGlobals());

describe('pushState', () => {
  test.each([
    ['a subscription', () => Promise.resolve({}), 'on'],
    ['no subscription', () => Promise.resolve(null), 'off'],
    ['a Firefox whose push service is switched off', () => Promise.reject(new DOMException('Error retrieving push subscription.', 'AbortError')), 'off'],
  ])('%s', async (_, getSubscription, state) => {
    browserWith(getSubscription);
    expect(await pushState()).toBe(state);
  });
});
