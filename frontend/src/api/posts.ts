import { api, whenDone } from './api';
import { BEYOND, dropEntry, mergeEntry, PAGE, type Stream, toStream } from './entries';
import { http } from './http';
import type { Comment, List, Post } from './wire.gen';

/** What is written in a channel: its posts and the comments under them. */
export const postsApi = api.injectEndpoints({
  endpoints: (build) => ({
    posts: build.query<Stream<Post>, string>({
      query: (id) => ({ path: `/channels/${id}/posts`, query: { limit: PAGE } }),
      transformResponse: toStream<Post>,
      providesTags: (_, __, id) => [{ type: 'Posts', id }],
    }),
    updatePost: build.mutation<Post, { id: string; body?: string; pinned?: boolean }>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/posts/${id}`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(mergePost(data))),
    }),
    deletePost: build.mutation<void, { id: string; channelId: string }>({
      query: ({ id }) => ({ method: 'DELETE', path: `/posts/${id}` }),
      onQueryStarted: ({ id, channelId }, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, () => dispatch(dropPost(id, channelId))),
    }),

    comments: build.query<Stream<Comment>, string>({
      query: (id) => ({ path: `/posts/${id}/comments`, query: { limit: PAGE, before: BEYOND } }),
      transformResponse: toStream<Comment>,
      providesTags: (_, __, id) => [{ type: 'Comments', id }],
    }),
    updateComment: build.mutation<Comment, { id: string; body: string }>({
      query: ({ id, body }) => ({ method: 'PATCH', path: `/comments/${id}`, body: { body } }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(mergeComment(data))),
    }),
    deleteComment: build.mutation<void, { id: string; postId: string; channelId: string }>({
      query: ({ id }) => ({ method: 'DELETE', path: `/comments/${id}` }),
      onQueryStarted: ({ id, postId }, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, () => dispatch(dropComment(id, postId))),
    }),
  }),
});

/** One post as it is now. Rejects with a Problem. */
export function fetchPost(id: string): Promise<Post> {
  return http<Post>({ path: `/posts/${id}` });
}

/** The newest posts of a channel, as many as a page may have. Rejects with a Problem. */
export async function fetchPosts(channelId: string): Promise<Post[]> {
  const { items } = await http<List<Post>>({ path: `/channels/${channelId}/posts`, query: { limit: 100 } });
  return items;
}

/** Puts a post into its channel's stream; one beyond the window that is loaded belongs to a page not yet read. */
export function mergePost(post: Post) {
  return postsApi.util.updateQueryData('posts', post.channel_id, (stream) => mergeEntry(stream, post));
}

export function dropPost(id: string, channelId: string) {
  return postsApi.util.updateQueryData('posts', channelId, (stream) => dropEntry(stream, id));
}

/** Puts a comment under its post. The post's count is kept by the comment events alone, so that nothing counts twice. */
export function mergeComment(comment: Comment) {
  return postsApi.util.updateQueryData('comments', comment.post_id, (stream) => mergeEntry(stream, comment));
}

export function dropComment(id: string, postId: string) {
  return postsApi.util.updateQueryData('comments', postId, (stream) => dropEntry(stream, id));
}

export const {
  usePostsQuery,
  useUpdatePostMutation,
  useDeletePostMutation,
  useCommentsQuery,
  useUpdateCommentMutation,
  useDeleteCommentMutation,
} = postsApi;
