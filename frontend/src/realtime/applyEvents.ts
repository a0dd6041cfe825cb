import { applyCalls } from './apply/calls';
import { applyChannels } from './apply/channels';
import { Cache, type Source, type Target } from './apply/cache';
import { applyConversations } from './apply/conversations';
import { applyEntries } from './apply/entries';
import { applyNotifications } from './apply/notifications';
import { applyPresence } from './apply/presence';

/** Keeps the query cache as the server is. Durable events carry whole resources and are merged by id. Answers the undo. */
export function applyEvents(events: Source, store: Target): () => void {
  const cache = new Cache(store);
  const nouns = [applyChannels, applyEntries, applyConversations, applyNotifications, applyPresence, applyCalls];
  const offs = nouns.flatMap((apply) => apply(events, cache));
  return () => {
    for (const off of offs) off();
  };
}
