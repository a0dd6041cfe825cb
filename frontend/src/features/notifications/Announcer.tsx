import { useCallback, useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useNotificationsQuery, useReadNotificationsMutation } from '@/api/notifications';
import { usePreferencesQuery } from '@/api/preferences';
import { pushState, renewPush } from '@/api/push';
import type { Notification as News } from '@/api/wire.gen';
import { placeOf } from '@/components/permalink';
import { useSocket, useSocketEvent, useSocketState } from '@/realtime';
import { Activity } from './activity';
import { showBadge } from './badge';
import { isLookedAt, Leader, lookAt } from './leader';
import { PopUps } from './popUps';
import { addressOf, placeOfNotification, useSentence } from './sentence';
import { chime } from '@/components/sounds';

/**
 * Tells what has come while the person looks elsewhere: by the tab's title, a pop-up and a sound. Of all windows of a
 * browser one speaks, and it is silent while another one shows the place to somebody. Renders nothing.
 */
export function Announcer() {
  const navigate = useNavigate();
  const sentence = useSentence();
  const { data: list } = useNotificationsQuery();
  const { data: mine } = usePreferencesQuery();
  const [read] = useReadNotificationsMutation();
  const leader = useRef<Leader>(null);
  const popUps = useRef(new PopUps());
  const activity = useActivity();
  usePlaceLookedAt();

  useEffect(() => {
    leader.current = new Leader();
    renewPush().catch(() => undefined); // the next start tries again
    return () => leader.current?.close();
  }, []);

  const unread = list?.unread_count ?? 0;
  useEffect(() => {
    showBadge(unread);
    return () => showBadge(0);
  }, [unread]);
  useEffect(() => {
    if (list) popUps.current.close((id) => list.items.some((one) => one.id === id && one.read));
  }, [list]);

  const open = (news: News) => {
    void read({ ids: [news.id] });
    // A lesson is not left by a click on something else.
    if (location.pathname.startsWith('/meeting/')) window.open(addressOf(news), '_blank');
    else void navigate(addressOf(news));
  };
  const announce = async (news: News) => {
    if (news.silent || news.read || mine?.dnd || !leader.current?.leads) return;
    const place = placeOfNotification(news);
    if (place !== null && (await isLookedAt(place))) return;
    if (mine?.sounds) void chime();
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    if (activity() && mine?.push && (await pushState()) === 'on') return; // the push service shows it
    popUps.current.show(news, { title: sentence(news), body: news.snippet, url: addressOf(news) }, () => open(news));
  };
  useSocketEvent('notification.created', (news) => void announce(news));
  return null;
}

/** Tells the server while nobody is at this browser. Answers whether somebody is away now. */
function useActivity(): () => boolean {
  const socket = useSocket();
  const connection = useSocketState();
  const activity = useRef<Activity>(null);
  const tell = useCallback((away: boolean) => socket.send('presence', { away }).catch(() => undefined), [socket]);
  useEffect(() => {
    activity.current = new Activity((away) => void tell(away));
    return () => activity.current?.close();
  }, [tell]);
  useEffect(() => {
    if (connection === 'open' && activity.current?.away) void tell(true); // a new socket counts as somebody
  }, [connection, tell]);
  return useCallback(() => activity.current?.away ?? false, []);
}

/** Lets all windows know which channel or conversation this one shows while somebody looks at it. */
function usePlaceLookedAt(): void {
  const { pathname } = useLocation();
  const place = placeOf(pathname);
  useEffect(() => {
    if (place === null) return;
    let end: (() => void) | null = null;
    const update = () => {
      const looking = document.visibilityState === 'visible' && document.hasFocus();
      if (looking) end ??= lookAt(place);
      else {
        end?.();
        end = null;
      }
    };
    update();
    const events = ['focus', 'blur', 'visibilitychange'];
    for (const type of events) window.addEventListener(type, update);
    return () => {
      for (const type of events) window.removeEventListener(type, update);
      end?.();
    };
  }, [place]);
}
