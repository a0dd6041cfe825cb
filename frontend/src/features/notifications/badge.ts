import { setTitleCount } from '@/components/useTitle';

/** Shows how much waits for the person where they see it from other windows: in the tab's title and icon, and on the app's. */
export function showBadge(count: number): void {
  setTitleCount(count);
  document.querySelector('link[rel="icon"]')?.setAttribute('href', count > 0 ? '/icon-unread.svg' : '/icon.svg');
  const set = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  set?.catch(() => undefined); // not installed, or not allowed
}
