import { useEffect } from 'react';
import { keepSnapshot, takeSnapshot } from '@/api/snapshot';
import type { AppStore } from './store';

/** How long after a change what is shown is kept for a start without a connection, in milliseconds. */
const AFTER_MS = 3_000;

/** Keeps what was last seen, for a page that is opened without a connection. */
export function useSnapshots(store: AppStore, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before = store.getState().api.queries;
    const keep = () => {
      clearTimeout(timer);
      timer = undefined;
      const snapshot = takeSnapshot(store.getState());
      if (snapshot) void keepSnapshot(snapshot);
    };
    const off = store.subscribe(() => {
      const { queries } = store.getState().api;
      if (queries === before) return;
      before = queries;
      timer ??= setTimeout(keep, AFTER_MS);
    });
    const onHide = () => {
      if (document.visibilityState === 'hidden' && timer !== undefined) keep();
    };
    document.addEventListener('visibilitychange', onHide);
    return () => {
      off();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onHide);
    };
  }, [store, active]);
}
