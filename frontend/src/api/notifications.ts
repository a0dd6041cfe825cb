import { api, whenDone } from './api';
import type { Notification, Notifications, NotificationsDeleted, NotificationsRead, ReadNotificationsRequest } from './wire.gen';

const PAGE = 30;

/** The newest notifications first; `next_cursor` leads to what is older. */
export const notificationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    notifications: build.query<Notifications, void>({
      query: () => ({ path: '/notifications', query: { limit: PAGE } }),
      providesTags: ['Notifications'],
    }),
    olderNotifications: build.mutation<Notifications, { before: string }>({
      query: ({ before }) => ({ path: '/notifications', query: { limit: PAGE, before } }),
      onQueryStarted: ({ before }, { dispatch, queryFulfilled }) =>
        void whenDone(queryFulfilled, (page) =>
          dispatch(
            change((list) => {
              if (list.next_cursor !== before) return;
              list.items.push(...page.items);
              list.next_cursor = page.next_cursor;
            }),
          ),
        ),
    }),
    readNotifications: build.mutation<void, ReadNotificationsRequest>({
      query: (body) => ({ method: 'POST', path: '/notifications/read', body }),
      onQueryStarted({ ids = [], up_to }, { dispatch, queryFulfilled }) {
        const patch = dispatch(
          change((list) => {
            const before = unread(list);
            markRead(list, ids, up_to);
            list.unread_count = Math.max(0, list.unread_count - (before - unread(list)));
          }),
        );
        queryFulfilled.catch(() => patch.undo());
      },
    }),
  }),
});

function change(recipe: (list: Notifications) => void) {
  return notificationsApi.util.updateQueryData('notifications', undefined, recipe);
}

function unread(list: Notifications): number {
  return list.items.filter((one) => !one.read).length;
}

function markRead(list: Notifications, ids: string[], upTo: string | undefined): void {
  for (const one of list.items) if (ids.includes(one.id) || (upTo !== undefined && one.id <= upTo)) one.read = true;
}

/** Puts one that has just come in front of the list. */
export function addNotification(notification: Notification) {
  return change((list) => {
    if (list.items.some((one) => one.id === notification.id)) return;
    list.items.unshift(notification);
    if (!notification.read) list.unread_count += 1;
  });
}

/** Applies what another window, or reading the place itself, has marked as read. */
export function applyNotificationsRead({ ids, up_to, unread_count }: NotificationsRead) {
  return change((list) => {
    markRead(list, ids, up_to);
    list.unread_count = unread_count;
  });
}

/** Takes out those whose entry is gone. */
export function dropNotifications({ ids, unread_count }: NotificationsDeleted) {
  return change((list) => {
    list.items = list.items.filter((one) => !ids.includes(one.id));
    list.unread_count = unread_count;
  });
}

export const { useNotificationsQuery, useOlderNotificationsMutation, useReadNotificationsMutation } = notificationsApi;
