import { cleanupOutdatedCaches, matchPrecache, precache, type PrecacheEntry } from 'workbox-precaching';
import type { Push, ToPage, ToWorker } from '../api/workerMessages';
import { bypassed, isLookedAt, kept, windowFor } from './rules';

declare const self: ServiceWorkerGlobalScope;
/** The files of this version of the app; the build writes them in. */
declare const PRECACHE: PrecacheEntry[];

/** Parts of the app that are too large to be fetched before somebody wants them; their names change with their content. */
const LARGE = 'lectern-assets';
const LARGE_MAX = 40;

precache(PRECACHE);
cleanupOutdatedCaches();

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if ((event.data as ToWorker).kind === 'activate') void self.skipWaiting();
});

// What is not answered here goes to the server as if there were no worker: everything but the app's own files.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || request.headers.has('Range') || bypassed(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(fromPrecache('/index.html', request));
  else if (kept(url.pathname)) event.respondWith(fromPrecache(url.pathname, request));
});

async function fromPrecache(path: string, request: Request): Promise<Response> {
  const found = await matchPrecache(path);
  if (found) return found;
  if (!path.startsWith('/assets/')) return fetch(request);
  const cache = await caches.open(LARGE);
  const before = await cache.match(request);
  if (before) return before;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - LARGE_MAX)).map((key) => cache.delete(key)));
  }
  return response;
}

self.addEventListener('push', (event) => {
  const payload = event.data?.json() as Push | undefined;
  if (payload) event.waitUntil(tell(payload));
});

/** Shows a notification, unless somebody is just looking at the place that it is about. */
async function tell({ id, title, body, url, tag }: Push): Promise<void> {
  if (isLookedAt(url, await self.clients.matchAll({ type: 'window' }))) return;
  const data = { url, notification_id: id };
  await self.registration.showNotification(title, { body, tag, data, icon: '/icon-192.png', badge: '/badge-96.png' });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url = '/' } = (event.notification.data ?? {}) as { url?: string };
  event.waitUntil(open(url));
});

/** Brings the app to the front and shows the exact entry; an open window goes there without a reload. */
async function open(url: string): Promise<void> {
  const window = windowFor(url, await self.clients.matchAll({ type: 'window' }));
  if (!window) return void (await self.clients.openWindow(url));
  await window.focus().catch(() => undefined);
  window.postMessage({ kind: 'open', url } satisfies ToPage);
}
