import { notifications } from '@mantine/notifications';
import { createContext, type ReactNode, use, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useSelector } from 'react-redux';
import { useMeQuery } from '@/api/api';
import { activeCalls } from '@/api/calls';
import { selectSessionStatus } from '@/api/session';
import { localNoticeText } from '@/components/media/localNotice';
import { useLocal } from '@/components/media/useLocal';
import { useNameOf } from '@/components/useNameOf';
import type { CallSession, CallSnapshot } from '@/media/callSession';
import { Calls, type CallsNotice, type CallsSnapshot } from '@/media/calls';
import type { LocalSnapshot } from '@/media/localMedia';
import { useSocket } from '@/realtime';
import { relayOnly } from './relayOnly';

const CallsContext = createContext<Calls | null>(null);

/** Calls for as long as somebody is signed in; above the routes, so that leaving a page ends none. */
export function CallsProvider({ children }: { children: ReactNode }) {
  const socket = useSocket();
  const signedIn = useSelector(selectSessionStatus) === 'in';
  const { data: me } = useMeQuery(undefined, { skip: !signedIn });
  const myId = signedIn ? me?.id : undefined;
  const [calls, setCalls] = useState<Calls | null>(null);
  const onNotice = useNotice();
  useEffect(() => {
    if (!myId) return;
    const made = new Calls({ socket, myId, active: activeCalls, relayOnly, onNotice: (notice) => onNotice.current(notice) });
    setCalls(made);
    return () => {
      setCalls(null);
      made.close();
    };
  }, [socket, myId, onNotice]);
  return <CallsContext value={calls}>{children}</CallsContext>;
}

/** Null while nobody is signed in. */
export function useCalls(): Calls | null {
  return use(CallsContext);
}

const nothing: CallsSnapshot = { current: null, ringing: [], other: null };
const never = () => () => undefined;

export function useCallsState(): CallsSnapshot {
  const calls = useCalls();
  return useSyncExternalStore(calls?.subscribe ?? never, calls?.snapshot ?? (() => nothing));
}

const SessionContext = createContext<CallSession | null>(null);
export const CallSessionProvider = SessionContext.Provider;

/** The call that is shown around here. */
export function useCallSession(): CallSession {
  const session = use(SessionContext);
  if (!session) throw new Error('useCallSession needs a CallSessionProvider above it');
  return session;
}

export function useCall(): CallSnapshot {
  const session = useCallSession();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

/** The other person's name. */
export function usePeerName(): string {
  const nameOf = useNameOf();
  return nameOf(useCall().user);
}

export function useCallDevices(): LocalSnapshot {
  return useLocal(useCallSession().local);
}

/** Says what happened to calls and devices. */
function useNotice() {
  const { t } = useTranslation('call');
  const { t: media } = useTranslation('media');
  const nameOf = useNameOf();
  const say = (notice: CallsNotice) => {
    const message =
      notice.kind === 'elsewhere' || notice.kind === 'already' ? t(`notice.${notice.kind}`, { name: nameOf(notice.user) }) : localNoticeText(media, notice);
    const calm = notice.kind === 'elsewhere' || notice.kind === 'device_changed';
    notifications.show({ message, color: calm ? 'accent' : 'orange', autoClose: calm ? 4_000 : 8_000, withBorder: true });
  };
  const latest = useRef(say);
  useEffect(() => {
    latest.current = say;
  });
  return latest;
}
