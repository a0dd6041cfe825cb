import { api } from './api';
import { conversationsApi } from './conversations';
import { type Entry, isComment, isMessage, toggleReaction } from './entries';
import { postsApi } from './posts';

export const reactionsApi = api.injectEndpoints({
  endpoints: (build) => ({
    react: build.mutation<void, { entry: Entry; emoji: string; userId: string; on: boolean }>({
      query: ({ entry, emoji, on }) => ({
        method: on ? 'PUT' : 'DELETE',
        path: `/${isMessage(entry) ? 'messages' : isComment(entry) ? 'comments' : 'posts'}/${entry.id}/reactions/${encodeURIComponent(emoji)}`,
      }),
      onQueryStarted({ entry, emoji, userId, on }, { dispatch, queryFulfilled }) {
        const change = (items: Entry[]) => {
          const found = items.find((item) => item.id === entry.id);
          if (found) toggleReaction(found.reactions, emoji, userId, on);
        };
        const patch = isMessage(entry)
          ? dispatch(conversationsApi.util.updateQueryData('messages', entry.conversation_id, (stream) => change(stream.items)))
          : isComment(entry)
            ? dispatch(postsApi.util.updateQueryData('comments', entry.post_id, (stream) => change(stream.items)))
            : dispatch(postsApi.util.updateQueryData('posts', entry.channel_id, (stream) => change(stream.items)));
        queryFulfilled.catch(() => patch.undo());
      },
    }),
  }),
});

export const { useReactMutation } = reactionsApi;
