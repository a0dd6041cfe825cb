import { type BaseQueryFn, createApi } from '@reduxjs/toolkit/query/react';
import { type Entry, isComment, mergeEntry, refreshStream, removeById, type Stream, toggleReaction } from './entries';
import { type HttpRequest, http } from './http';
import { asProblem, type Problem } from './problem';
import type {
  Channel,
  Comment,
  CreateChannelRequest,
  CreateEntryRequest,
  CreateInviteRequest,
  Invite,
  InvitePreview,
  List,
  Me,
  Meeting,
  Member,
  Post,
  Profile,
  UpdateChannelRequest,
  UpdateMeRequest,
} from './wire.gen';

type Role = Member['role'];

const PAGE = 30;

const baseQuery: BaseQueryFn<HttpRequest, unknown, Problem> = async (request, { signal }) => {
  try {
    return { data: await http<unknown>({ ...request, signal }) };
  } catch (error) {
    return { error: asProblem(error) };
  }
};

/** Reads a list route to its end; the lists concerned have at most a few hundred rows. */
async function all<T>(path: string, cursor: 'before' | 'after', signal: AbortSignal): Promise<{ data: T[] } | { error: Problem }> {
  const items: T[] = [];
  let next: string | undefined;
  try {
    do {
      const page: List<T> = await http({ path, query: { limit: 100, ...(next ? { [cursor]: next } : {}) }, signal });
      items.push(...page.items);
      next = page.next_cursor ?? undefined;
    } while (next);
    return { data: items };
  } catch (error) {
    return { error: asProblem(error) };
  }
}

/** Applies an answer to the cache; what went wrong is told by whoever asked. */
async function then<T>(fulfilled: Promise<{ data: T }>, apply: (data: T) => unknown): Promise<void> {
  const answer = await fulfilled.catch(() => null);
  if (answer) apply(answer.data);
}

/** Newest page of a channel's posts, or the one before a cursor, turned to run from old to new. */
function toStream<T>(page: List<T>): Stream<T> {
  return { items: page.items.toReversed(), older: page.next_cursor };
}

/** Everything the server knows that the screens show. Socket events keep it fresh: see realtime/applyEvents.ts. */
export const api = createApi({
  reducerPath: 'api',
  baseQuery,
  keepUnusedDataFor: 600,
  tagTypes: ['Me', 'Channels', 'Channel', 'Posts', 'Comments', 'Members', 'Invites', 'Meeting'],
  endpoints: (build) => ({
    me: build.query<Me, void>({ query: () => ({ path: '/me' }), providesTags: ['Me'] }),
    updateMe: build.mutation<Me, UpdateMeRequest>({
      query: (body) => ({ method: 'PATCH', path: '/me', body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) =>
        void then(queryFulfilled, (data) => dispatch(api.util.upsertQueryData('me', undefined, data))),
    }),

    channels: build.query<Channel[], void>({
      queryFn: (_, { signal }) => all<Channel>('/channels', 'after', signal),
      providesTags: ['Channels'],
    }),
    createChannel: build.mutation<Channel, CreateChannelRequest>({
      query: (body) => ({ method: 'POST', path: '/channels', body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),
    updateChannel: build.mutation<Channel, { id: string } & UpdateChannelRequest>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/channels/${id}`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),
    deleteChannel: build.mutation<void, string>({
      query: (id) => ({ method: 'DELETE', path: `/channels/${id}` }),
      onQueryStarted: (id, { dispatch, queryFulfilled }) =>
        void then(queryFulfilled, () => dispatch(api.util.updateQueryData('channels', undefined, (channels) => void removeById(channels, id)))),
    }),
    markRead: build.mutation<void, { channelId: string; upTo: string }>({
      query: ({ channelId, upTo }) => ({ method: 'POST', path: `/channels/${channelId}/read`, body: { up_to: upTo } }),
    }),

    members: build.query<Member[], string>({
      queryFn: (id, { signal }) => all<Member>(`/channels/${id}/members`, 'after', signal),
      providesTags: (_, __, id) => [{ type: 'Members', id }],
    }),
    addMember: build.mutation<Member, { channelId: string; userId: string; role: Role }>({
      query: ({ channelId, userId, role }) => ({
        method: 'POST',
        path: `/channels/${channelId}/members`,
        body: { user_id: userId, role },
      }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    updateMember: build.mutation<Member, { channelId: string; userId: string; role: Role }>({
      query: ({ channelId, userId, role }) => ({ method: 'PATCH', path: `/channels/${channelId}/members/${userId}`, body: { role } }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    removeMember: build.mutation<void, { channelId: string; userId: string }>({
      query: ({ channelId, userId }) => ({ method: 'DELETE', path: `/channels/${channelId}/members/${userId}` }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    searchUsers: build.query<Profile[], string>({
      query: (q) => ({ path: '/users', query: { q, limit: 10 } }),
      transformResponse: (page: List<Profile>) => page.items,
      keepUnusedDataFor: 10,
    }),

    invites: build.query<Invite[], string>({
      queryFn: (id, { signal }) => all<Invite>(`/channels/${id}/invites`, 'after', signal),
      providesTags: (_, __, id) => [{ type: 'Invites', id }],
    }),
    createInvite: build.mutation<Invite, { channelId: string } & CreateInviteRequest>({
      query: ({ channelId, ...body }) => ({ method: 'POST', path: `/channels/${channelId}/invites`, body }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Invites', id: channelId }],
    }),
    deleteInvite: build.mutation<void, { channelId: string; code: string }>({
      query: ({ code }) => ({ method: 'DELETE', path: `/invites/${encodeURIComponent(code)}` }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Invites', id: channelId }],
    }),
    invite: build.query<InvitePreview, string>({
      query: (code) => ({ path: `/invites/${encodeURIComponent(code)}` }),
      keepUnusedDataFor: 0,
    }),
    acceptInvite: build.mutation<Channel, string>({
      query: (code) => ({ method: 'POST', path: `/invites/${encodeURIComponent(code)}/accept` }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),

    posts: build.query<Stream<Post>, string>({
      query: (id) => ({ path: `/channels/${id}/posts`, query: { limit: PAGE } }),
      transformResponse: toStream<Post>,
      merge: refreshStream<Post>,
      providesTags: (_, __, id) => [{ type: 'Posts', id }],
    }),
    olderPosts: build.mutation<Stream<Post>, { channelId: string; before: string }>({
      query: ({ channelId, before }) => ({ path: `/channels/${channelId}/posts`, query: { limit: PAGE, before } }),
      transformResponse: toStream<Post>,
      onQueryStarted: ({ channelId, before }, { dispatch, queryFulfilled }) =>
        void then(queryFulfilled, (page) =>
          dispatch(
            api.util.updateQueryData('posts', channelId, (stream) => {
              if (stream.older !== before) return;
              stream.items.unshift(...page.items);
              stream.older = page.older;
            }),
          ),
        ),
    }),
    createPost: build.mutation<Post, { channelId: string } & CreateEntryRequest>({
      query: ({ channelId, ...body }) => ({ method: 'POST', path: `/channels/${channelId}/posts`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(mergePost(data))),
    }),
    updatePost: build.mutation<Post, { id: string; body?: string; pinned?: boolean }>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/posts/${id}`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(mergePost(data))),
    }),
    deletePost: build.mutation<void, { id: string; channelId: string }>({
      query: ({ id }) => ({ method: 'DELETE', path: `/posts/${id}` }),
      onQueryStarted: ({ id, channelId }, { dispatch, queryFulfilled }) =>
        void then(queryFulfilled, () => dispatch(api.util.updateQueryData('posts', channelId, (stream) => void removeById(stream.items, id)))),
    }),

    comments: build.query<Stream<Comment>, string>({
      async queryFn(postId, { signal }) {
        const result = await all<Comment>(`/posts/${postId}/comments`, 'after', signal);
        return 'error' in result ? result : { data: { items: result.data, older: null } };
      },
      providesTags: (_, __, id) => [{ type: 'Comments', id }],
    }),
    createComment: build.mutation<Comment, { postId: string } & CreateEntryRequest>({
      query: ({ postId, ...body }) => ({ method: 'POST', path: `/posts/${postId}/comments`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(mergeComment(data))),
    }),
    updateComment: build.mutation<Comment, { id: string; body: string }>({
      query: ({ id, body }) => ({ method: 'PATCH', path: `/comments/${id}`, body: { body } }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void then(queryFulfilled, (data) => dispatch(mergeComment(data))),
    }),
    deleteComment: build.mutation<void, { id: string; postId: string; channelId: string }>({
      query: ({ id }) => ({ method: 'DELETE', path: `/comments/${id}` }),
      onQueryStarted: ({ id, postId, channelId }, { dispatch, queryFulfilled }) =>
        void then(queryFulfilled, () => dispatch(dropComment({ id, post_id: postId, channel_id: channelId }))),
    }),
    react: build.mutation<void, { entry: Entry; emoji: string; userId: string; on: boolean }>({
      query: ({ entry, emoji, on }) => ({
        method: on ? 'PUT' : 'DELETE',
        path: `/${isComment(entry) ? 'comments' : 'posts'}/${entry.id}/reactions/${encodeURIComponent(emoji)}`,
      }),
      onQueryStarted({ entry, emoji, userId, on }, { dispatch, queryFulfilled }) {
        const change = (items: Entry[]) => {
          const found = items.find((item) => item.id === entry.id);
          if (found) toggleReaction(found.reactions, emoji, userId, on);
        };
        const patch = isComment(entry)
          ? dispatch(api.util.updateQueryData('comments', entry.post_id, (stream) => change(stream.items)))
          : dispatch(api.util.updateQueryData('posts', entry.channel_id, (stream) => change(stream.items)));
        queryFulfilled.catch(() => patch.undo());
      },
    }),

    startMeeting: build.mutation<Meeting, string>({
      query: (channelId) => ({ method: 'POST', path: `/channels/${channelId}/meetings`, body: {} }),
    }),
    meeting: build.query<Meeting, string>({
      query: (id) => ({ path: `/meetings/${id}` }),
      providesTags: (_, __, id) => [{ type: 'Meeting', id }],
    }),
  }),
});

/** Puts a channel into the list, or its newer state in its place. */
export function upsertChannel(channel: Channel) {
  return api.util.updateQueryData('channels', undefined, (channels) => {
    const at = channels.findIndex((c) => c.id === channel.id);
    if (at >= 0) channels[at] = channel;
    else channels.push(channel);
  });
}

/** Puts a post into its channel's stream; one older than what is loaded belongs to a page not yet read. */
export function mergePost(post: Post) {
  return api.util.updateQueryData('posts', post.channel_id, (stream) => {
    const first = stream.items[0];
    if (stream.older !== null && first && post.id < first.id) return;
    mergeEntry(stream.items, post);
  });
}

/** Puts a comment under its post. The post's count is kept by the comment events alone, so that nothing counts twice. */
export function mergeComment(comment: Comment) {
  return api.util.updateQueryData('comments', comment.post_id, (stream) => mergeEntry(stream.items, comment));
}

export function dropComment({ id, post_id }: { id: string; post_id: string; channel_id: string }) {
  return api.util.updateQueryData('comments', post_id, (stream) => void removeById(stream.items, id));
}

export const {
  useMeQuery,
  useUpdateMeMutation,
  useChannelsQuery,
  useCreateChannelMutation,
  useUpdateChannelMutation,
  useDeleteChannelMutation,
  useMarkReadMutation,
  useMembersQuery,
  useAddMemberMutation,
  useUpdateMemberMutation,
  useRemoveMemberMutation,
  useSearchUsersQuery,
  useInvitesQuery,
  useCreateInviteMutation,
  useDeleteInviteMutation,
  useInviteQuery,
  useAcceptInviteMutation,
  usePostsQuery,
  useOlderPostsMutation,
  useUpdatePostMutation,
  useDeletePostMutation,
  useCommentsQuery,
  useUpdateCommentMutation,
  useDeleteCommentMutation,
  useReactMutation,
  useStartMeetingMutation,
  useMeetingQuery,
} = api;
