import { api } from '@/api/api';
import { addNotification, applyNotificationsRead, dropNotifications } from '@/api/notifications';
import { preferencesApi } from '@/api/preferences';
import type { Cache, Source } from './cache';

/** The bell's list, and what a person has chosen. */
export function applyNotifications(events: Source, cache: Cache): (() => void)[] {
  return [
    // The list is asked for again after a gap.
    events.on('notification.created', (notification, { recovered }) => recovered || cache.dispatch(addNotification(notification))),
    events.on('notification.read', (read, { recovered }) => recovered || cache.dispatch(applyNotificationsRead(read))),
    events.on('notification.deleted', (gone, { recovered }) => recovered || cache.dispatch(dropNotifications(gone))),
    events.on('channel.deleted', () => cache.dispatch(api.util.invalidateTags(['Notifications']))), // what was about it is not shown any more
    events.on('preferences.updated', (mine) => cache.dispatch(preferencesApi.util.updateQueryData('preferences', undefined, () => mine))),
    events.on('channel.preferences', ({ channel_id, level, favourite, position }) =>
      cache.channel(channel_id, (channel) => void Object.assign(channel, { level, favourite, position })),
    ),
  ];
}
