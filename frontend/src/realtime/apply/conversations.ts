import { upsertConversation } from '@/api/conversations';
import { dropEntry, mergeEntry } from '@/api/entries';
import { api } from '@/api/api';
import type { ConversationMarks, Message } from '@/api/wire.gen';
import { stopped } from '../typing';
import { type Cache, counts, type Source } from './cache';

/** Conversations, their messages and how far both have read. */
export function applyConversations(events: Source, cache: Cache): (() => void)[] {
  const marks = ({ conversation_id, user_id, read_id, delivered_id, unread_count }: ConversationMarks) =>
    cache.conversation(conversation_id, (conversation) => {
      if (user_id === cache.myId) Object.assign(conversation, { last_read_id: read_id, unread_count });
      if (user_id === conversation.peer.id) Object.assign(conversation, { peer_read_id: read_id, peer_delivered_id: delivered_id });
    });

  return [
    events.on('conversation.created', (conversation) => cache.dispatch(upsertConversation(conversation))),
    events.on('conversation.updated', (conversation) => cache.dispatch(upsertConversation(conversation))),

    events.on('message.created', (message, arrival) => {
      const id = message.conversation_id;
      cache.dispatch(stopped({ placeId: id, userId: message.author.id }));
      cache.stream('messages', id, (stream) => mergeEntry(stream, message));
      if (!cache.conversations.some((one) => one.id === id)) return void cache.dispatch(api.util.invalidateTags(['Conversations']));
      cache.conversation(id, (conversation) => {
        if (!conversation.last_message || message.id > conversation.last_message.id) conversation.last_message = message;
        const unread = message.author.id !== cache.myId && message.id > (conversation.last_read_id ?? '');
        if (counts(conversation, arrival) && unread) conversation.unread_count += 1;
      });
    }),
    events.on('message.updated', (message) => {
      cache.stream('messages', message.conversation_id, (stream) => mergeEntry(stream, message));
      cache.conversation(message.conversation_id, (conversation) => {
        if (conversation.last_message?.id === message.id) conversation.last_message = message;
      });
    }),
    events.on('message.deleted', ({ id, conversation_id }) => {
      cache.stream('messages', conversation_id, (stream) => {
        dropEntry(stream, id);
        for (const { reply_to } of stream.items as Message[]) {
          if (reply_to?.id === id) Object.assign(reply_to, { body: '', files: 0, deleted: true });
        }
      });
      // Which message is the last now, and how many are unread, only the server knows.
      const { last_message, unread_count } = cache.conversations.find((one) => one.id === conversation_id) ?? {};
      if (last_message?.id === id || unread_count) cache.dispatch(api.util.invalidateTags(['Conversations']));
    }),
    events.on('message.read', marks),
    events.on('message.delivered', marks),
  ];
}
