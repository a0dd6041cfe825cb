import { addNotification, applyNotificationsRead } from '@/api/notifications';
import { preferencesApi } from '@/api/preferences';
import type { Cache, Source } from './cache';

/** The bell's list, and what a person has chosen. */
export function applyNotifications(events: Source, cache: Cache): (() => void)[] {
  return [
    // The list is asked for again after a gap.
    events.on('notification.created', (notification, { recovered }) => recovered || cache.dispatch(addNotification(notification))),
    events.on('notification.read', (read, { recovered }) => recovered || cache.dispatch(applyNotificationsRead(read))),
    events.on('preferences.updated', (mine) => cache.dispatch(preferencesApi.util.updateQueryData('preferences', undefined, () => mine))),
    events.on('channel.preferences', ({ channel_id, level, favourite, position }) =>
      cache.channel(channel_id, (channel) => void Object.assign(channel, { level, favourite, position })),
    ),
  ];
}
