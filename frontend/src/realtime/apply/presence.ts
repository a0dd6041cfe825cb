import { membersApi } from '@/api/members';
import { changeProfile } from '../profiles';
import { typed } from '../typing';
import type { Cache, Source } from './cache';

/** Who is there, who types, and what people look like. */
export function applyPresence(events: Source, cache: Cache): (() => void)[] {
  return [
    events.on('presence.changed', ({ user_id, presence }) => {
      for (const { id } of cache.channels) {
        cache.members(id, (members) => {
          for (const member of members) if (member.user.id === user_id) member.user.presence = presence;
        });
      }
      cache.dispatch(membersApi.util.updateQueryData('profile', user_id, (profile) => void (profile.presence = presence)));
      const conversation = cache.conversations.find((one) => one.peer.id === user_id);
      if (conversation) cache.conversation(conversation.id, ({ peer }) => void (peer.presence = presence));
    }),
    events.on('user.updated', (profile) => changeProfile(cache.store, profile)),
    events.on('typing', ({ channel_id, conversation_id, user_id }) => {
      const placeId = channel_id ?? conversation_id;
      if (placeId !== undefined && user_id !== cache.myId) cache.dispatch(typed({ placeId, userId: user_id, now: Date.now() }));
    }),
  ];
}
