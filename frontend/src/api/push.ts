import { http } from './http';
import type { EndPushRequest, PushKey } from './wire.gen';

/** Whether this browser gets notifications while no window is open: it cannot, it was forbidden to, it does not, or it does. */
export type PushState = 'unsupported' | 'blocked' | 'off' | 'on';

function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

export async function pushState(): Promise<PushState> {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'blocked';
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ? 'on' : 'off';
}

/** Asks the person and the browser, then lets the server push to this device. Answers the state; rejects with a Problem. */
export async function startPush(): Promise<PushState> {
  if (!isSupported()) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return pushState();
  const [{ public_key: key }, worker] = await Promise.all([http<PushKey>({ path: '/push/key' }), navigator.serviceWorker.ready]);
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await register(subscription);
  return 'on';
}

/** Makes a subscription of this browser that of the present sign-in: the server forgets it with the sign-in it was made in. */
export async function renewPush(): Promise<void> {
  if (!isSupported()) return;
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription) await register(subscription);
}

async function register(subscription: PushSubscription): Promise<void> {
  await http<void>({ method: 'PUT', path: '/push/subscriptions', body: subscription.toJSON() });
}

/** Ends pushing to this device, here and on the server. */
export async function stopPush(): Promise<PushState> {
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription) {
    const body: EndPushRequest = { endpoint: subscription.endpoint };
    await http<void>({ method: 'DELETE', path: '/push/subscriptions', body });
    await subscription.unsubscribe();
  }
  return pushState();
}
