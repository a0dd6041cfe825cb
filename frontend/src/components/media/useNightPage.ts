import { useLayoutEffect } from 'react';

const SCHEME = 'data-mantine-color-scheme';

/** Makes the whole page dark while a room fills it: menus, dialogs and toasts lie outside of the room's own element. */
export function useNightPage(): void {
  useLayoutEffect(() => {
    const page = document.documentElement;
    const before = page.getAttribute(SCHEME) ?? 'light';
    page.setAttribute(SCHEME, 'dark');
    return () => page.setAttribute(SCHEME, before);
  }, []);
}
