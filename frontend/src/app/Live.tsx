import { useEffect } from 'react';
import { useSelector } from 'react-redux';
import { useMeQuery } from '@/api/api';
import { setSignedOutListener, socketToken } from '@/api/http';
import { clearOutbox, flushOutbox, restoreOutbox } from '@/api/outbox';
import { resumeSession, selectSessionStatus, sessionRefused } from '@/api/session';
import { i18next, setLanguage } from '@/i18n';
import { useSocket } from '@/realtime';
import { applyEvents } from '@/realtime/applyEvents';
import { recovery } from '@/realtime/recovery';
import { Sync } from '@/realtime/sync';
import type { AppStore } from './store';

/** How often what still waits to be sent is tried again. */
const RETRY_MS = 10_000;

/** Ties session, socket, cache and outbox together for as long as the app is open. Shows nothing. */
export function Live({ store }: { store: AppStore }) {
  const socket = useSocket();
  const status = useSelector(selectSessionStatus);
  const { data: me } = useMeQuery(undefined, { skip: status !== 'in' });
  const userId = me?.id;
  const locale = me?.locale;

  useEffect(() => {
    setSignedOutListener(() => store.dispatch(sessionRefused()));
    void store.dispatch(resumeSession());
  }, [store]);

  useEffect(() => {
    if (status !== 'unreachable') return;
    const ask = () => void store.dispatch(resumeSession());
    const timer = setTimeout(ask, 5000);
    window.addEventListener('online', ask);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', ask);
    };
  }, [status, store]);

  useEffect(() => {
    if (status !== 'in') return;
    const cache = recovery(store);
    const sync = new Sync(cache);
    const offs = [
      applyEvents(sync, store),
      socket.onEvent((event) => sync.receive(event)),
      sync.watch(),
      socket.onState((state) => {
        if (state !== 'open') return;
        cache.refreshLists(); // also the first time: they may have loaded before events could arrive
        void sync.check();
        void store.dispatch(flushOutbox());
      }),
    ];
    socket.connect(socketToken);
    return () => {
      for (const off of offs) off();
      sync.close();
      socket.close();
    };
  }, [status, socket, store]);

  useEffect(() => {
    if (!userId) return;
    store.dispatch(restoreOutbox(userId));
    const flush = () => void store.dispatch(flushOutbox());
    flush();
    // The socket may outlive a short gap in the network, and a server in trouble recovers without a word.
    window.addEventListener('online', flush);
    const timer = setInterval(flush, RETRY_MS);
    return () => {
      window.removeEventListener('online', flush);
      clearInterval(timer);
      store.dispatch(clearOutbox());
    };
  }, [userId, store]);

  useEffect(() => {
    if (locale && locale !== i18next.language) setLanguage(locale);
  }, [locale]);

  return null;
}
