import type { Channel, Conversation } from '@/api/wire.gen';

export interface ChannelSections {
  favourites: Channel[];
  others: Channel[];
  archived: Channel[];
}

/** A person's channels as the side bar shows them, each section in their own order. */
export function channelSections(channels: Channel[]): ChannelSections {
  const ordered = [...channels].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
  const live = ordered.filter((channel) => channel.archived_at === null);
  return {
    favourites: live.filter((channel) => channel.favourite),
    others: live.filter((channel) => !channel.favourite),
    archived: ordered.filter((channel) => channel.archived_at !== null),
  };
}

/** All channel ids after one was dropped where another of its section is. */
export function orderAfter(channels: Channel[], moved: string, target: string): string[] {
  const { favourites, others, archived } = channelSections(channels);
  return [favourites, others, archived].flatMap((section) => {
    const ids = section.map((channel) => channel.id);
    const from = ids.indexOf(moved);
    const to = ids.indexOf(target);
    if (from >= 0 && to >= 0) ids.splice(to, 0, ...ids.splice(from, 1));
    return ids;
  });
}

/** Conversations by when something was said last. */
export function byActivity(conversations: Conversation[]): Conversation[] {
  const at = (one: Conversation) => one.last_message?.created_at ?? one.created_at;
  return [...conversations].sort((a, b) => at(b).localeCompare(at(a)));
}

/** Something happened in a channel that its person wants to know of. */
export function isUnread(channel: Channel): boolean {
  return channel.mention_count > 0 || (channel.unread_count > 0 && channel.level !== 'none');
}

export function isUnreadConversation(conversation: Conversation): boolean {
  return conversation.unread_count > 0 && !conversation.muted;
}

export interface Place {
  path: string;
  unread: boolean;
}

/** Where a step up (-1) or down (1) from a path leads, around the ends; to unread places only when asked for. */
export function stepFrom(places: Place[], path: string, by: 1 | -1, onlyUnread: boolean): string | null {
  const count = places.length;
  const here = places.findIndex((place) => place.path === path);
  const start = here >= 0 ? here : by === 1 ? -1 : count;
  for (let n = 1; n <= count; n++) {
    const place = places[(((start + by * n) % count) + count) % count];
    if (place && place.path !== path && (!onlyUnread || place.unread)) return place.path;
  }
  return null;
}
