import { api } from './api';
import type { List, Post } from './wire.gen';

const pinsApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** The pinned posts of a channel, the newest first. */
    pinnedPosts: build.query<Post[], string>({
      query: (channelId) => ({ path: `/channels/${channelId}/posts`, query: { pinned: 'true', limit: 100 } }),
      transformResponse: (page: List<Post>) => page.items,
      keepUnusedDataFor: 0, // what is pinned changes while nobody looks
    }),
  }),
});

export const { usePinnedPostsQuery } = pinsApi;
