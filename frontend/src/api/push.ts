import { http } from './http';
import type { Problem } from './problem';
import type { EndPushRequest, PushKey } from './wire.gen';

/** Whether this browser gets notifications while no window is open: it cannot, it was forbidden to, it does not, or it does. */
export type PushState = 'unsupported' | 'blocked' | 'off' | 'on';

/** How long a page waits for its service worker, in milliseconds. */
const WORKER_MS = 5000;

/** The browser's own push service cannot be reached, or it has none. */
const noPushService: Problem = { status: 0, code: 'unavailable', detail: '', errors: {} };

function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** What this browser has agreed on with its push service. Firefox refuses to tell where its administrator has switched that service off. */
async function findSubscription(worker: ServiceWorkerRegistration | null): Promise<PushSubscription | null> {
  return (await worker?.pushManager.getSubscription().catch(() => null)) ?? null;
}

/** The app's service worker; at the start of the page it may be on its way. Null: this page has none. */
async function findWorker(): Promise<ServiceWorkerRegistration | null> {
  if (!isSupported()) return null;
  const late = new Promise<null>((give) => setTimeout(() => give(null), WORKER_MS));
  return (await navigator.serviceWorker.getRegistration()) ?? (await Promise.race([navigator.serviceWorker.ready, late]));
}

export async function pushState(): Promise<PushState> {
  if (isSupported() && Notification.permission === 'denied') return 'blocked';
  const worker = await findWorker();
  if (!worker) return 'unsupported';
  return (await findSubscription(worker)) ? 'on' : 'off';
}

/** Asks the person and the browser, then lets the server push to this device. Answers the state; rejects with a Problem. */
export async function startPush(): Promise<PushState> {
  const worker = await findWorker();
  if (!worker) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return pushState();
  const { public_key: key } = await http<PushKey>({ path: '/push/key' });
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => null);
  if (!subscription) throw noPushService;
  await register(subscription);
  return 'on';
}

/** Makes a subscription of this browser that of the present sign-in: the server forgets it with the sign-in it was made in. */
export async function renewPush(): Promise<void> {
  const subscription = await findSubscription(await findWorker());
  if (subscription) await register(subscription);
}

async function register(subscription: PushSubscription): Promise<void> {
  await http<void>({ method: 'PUT', path: '/push/subscriptions', body: subscription.toJSON() });
}

/** Ends pushing to this device, here and on the server. */
export async function stopPush(): Promise<PushState> {
  const subscription = await findSubscription(await findWorker());
  if (subscription) {
    const body: EndPushRequest = { endpoint: subscription.endpoint };
    await http<void>({ method: 'DELETE', path: '/push/subscriptions', body });
    await subscription.unsubscribe();
  }
  return pushState();
}
