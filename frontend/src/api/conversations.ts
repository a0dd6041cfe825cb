import { api, readAll, whenDone } from './api';
import { dropEntry, mergeEntry, PAGE, type Stream, toStream } from './entries';
import type { Conversation, Message, OpenConversationRequest, UpdateConversationRequest } from './wire.gen';

/** The talk of two people. */
export const conversationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    conversations: build.query<Conversation[], void>({
      queryFn: (_, { signal }) => readAll<Conversation>('/conversations', 'before', signal),
      providesTags: ['Conversations'],
    }),
    /** Answers the pair's conversation, new or old. */
    openConversation: build.mutation<Conversation, OpenConversationRequest>({
      query: (body) => ({ method: 'POST', path: '/conversations', body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(upsertConversation(data))),
    }),
    updateConversation: build.mutation<Conversation, { id: string } & UpdateConversationRequest>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/conversations/${id}`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(upsertConversation(data))),
    }),
    markConversationRead: build.mutation<void, { conversationId: string; upTo: string }>({
      query: ({ conversationId, upTo }) => ({ method: 'POST', path: `/conversations/${conversationId}/read`, body: { up_to: upTo } }),
    }),

    messages: build.query<Stream<Message>, string>({
      query: (id) => ({ path: `/conversations/${id}/messages`, query: { limit: PAGE } }),
      transformResponse: toStream<Message>,
      providesTags: (_, __, id) => [{ type: 'Messages', id }],
    }),
    updateMessage: build.mutation<Message, { id: string; body: string }>({
      query: ({ id, body }) => ({ method: 'PATCH', path: `/messages/${id}`, body: { body } }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(mergeMessage(data))),
    }),
    deleteMessage: build.mutation<void, { id: string; conversationId: string }>({
      query: ({ id }) => ({ method: 'DELETE', path: `/messages/${id}` }),
      onQueryStarted: ({ id, conversationId }, { dispatch, queryFulfilled }) =>
        void whenDone(queryFulfilled, () => dispatch(dropMessage(id, conversationId))),
    }),
  }),
});

/** Puts a conversation into the list, or its newer state in its place. */
export function upsertConversation(conversation: Conversation) {
  return conversationsApi.util.updateQueryData('conversations', undefined, (list) => {
    const at = list.findIndex((one) => one.id === conversation.id);
    if (at >= 0) list[at] = conversation;
    else list.push(conversation);
  });
}

export function changeConversation(id: string, change: (conversation: Conversation) => void) {
  return conversationsApi.util.updateQueryData('conversations', undefined, (list) => {
    const found = list.find((one) => one.id === id);
    if (found) change(found);
  });
}

/** Puts a message into its conversation's stream; one beyond the window that is loaded belongs to a page not yet read. */
export function mergeMessage(message: Message) {
  return conversationsApi.util.updateQueryData('messages', message.conversation_id, (stream) => mergeEntry(stream, message));
}

/** Removes a message, also from the quotes of those that answer it. */
export function dropMessage(id: string, conversationId: string) {
  return conversationsApi.util.updateQueryData('messages', conversationId, (stream) => {
    dropEntry(stream, id);
    for (const { reply_to } of stream.items) {
      if (reply_to?.id === id) Object.assign(reply_to, { body: '', files: 0, deleted: true });
    }
  });
}

export const {
  useConversationsQuery,
  useOpenConversationMutation,
  useUpdateConversationMutation,
  useMarkConversationReadMutation,
  useMessagesQuery,
  useUpdateMessageMutation,
  useDeleteMessageMutation,
} = conversationsApi;
