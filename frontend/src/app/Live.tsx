import { useEffect } from 'react';
import { useSelector } from 'react-redux';
import { useMeQuery } from '@/api/api';
import { setSignedOutListener, socketToken } from '@/api/http';
import { database } from '@/api/database';
import { setOutbox } from '@/api/postEntry';
import { OutboxDisk } from '@/api/outboxDisk';
import { Outbox } from '@/api/outboxSender';
import { leadByLock, openTabs } from '@/api/tabs';
import { resumeSession, selectSessionStatus, sessionRefused } from '@/api/session';
import { i18next, setLanguage } from '@/i18n';
import { useSocket } from '@/realtime';
import { applyEvents } from '@/realtime/applyEvents';
import { Deliveries } from '@/realtime/delivered';
import { recovery } from '@/realtime/recovery';
import { Sync } from '@/realtime/sync';
import type { AppStore } from './store';
import { useSnapshots } from './useSnapshots';

/** Ties session, socket, cache and outbox together for as long as the app is open. Shows nothing. */
export function Live({ store }: { store: AppStore }) {
  const socket = useSocket();
  const status = useSelector(selectSessionStatus);
  const { data: me } = useMeQuery(undefined, { skip: status !== 'in' && status !== 'offline' });
  const userId = me?.id;
  const locale = me?.locale;
  useSnapshots(store, status === 'in');

  useEffect(() => {
    setSignedOutListener(() => store.dispatch(sessionRefused()));
    void store.dispatch(resumeSession());
  }, [store]);

  useEffect(() => {
    if (status !== 'unreachable' && status !== 'offline') return;
    const ask = () => void store.dispatch(resumeSession());
    const timer = setInterval(ask, 5000);
    window.addEventListener('online', ask);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', ask);
    };
  }, [status, store]);

  useEffect(() => {
    if (status !== 'in') return;
    const cache = recovery(store);
    const sync = new Sync(cache);
    const deliveries = new Deliveries(store, socket);
    const offs = [
      applyEvents(sync, store),
      deliveries.follow(sync),
      socket.onEvent((event) => {
        sync.receive(event);
        cache.heard(event);
      }),
      sync.watch(),
      socket.onState((state) => {
        if (state !== 'open') return;
        cache.refreshLists(); // also the first time: they may have loaded before events could arrive
        void sync.check().then(() => deliveries.all());
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
    const outbox = new Outbox({ userId, store, disk: new OutboxDisk(database), line: socket, tabs: openTabs(userId), lead: leadByLock });
    const wake = () => outbox.wake();
    const offState = socket.onState((state) => state === 'open' && wake());
    // The socket may outlive a short gap in the network.
    window.addEventListener('online', wake);
    setOutbox(outbox);
    void outbox.open();
    return () => {
      setOutbox(null);
      offState();
      window.removeEventListener('online', wake);
      outbox.close();
    };
  }, [userId, socket, store]);

  useEffect(() => {
    if (locale && locale !== i18next.language) setLanguage(locale);
  }, [locale]);

  return null;
}
