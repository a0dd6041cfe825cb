import type { Lead, Tabs, Words } from './outboxSender';

/** The account's tabs of this browser. */
export function openTabs(userId: string): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`lectern.outbox.${userId}`);
  return {
    say: (words) => channel?.postMessage(words),
    hear: (listener) => channel?.addEventListener('message', ({ data }: MessageEvent<Words>) => listener(data)),
    close: () => channel?.close(),
  };
}

/**
 * One tab at a time, the next when it is closed or has crashed. Pages without locks (plain http other than localhost) send
 * each what they know; the client id keeps that harmless.
 */
export const leadByLock: Lead = async (name, signal, work) => {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request(name, { signal }, work).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
