import { api } from './api';
import type { Found, FoundKind, List } from './wire.gen';

/** What to look for; `in` is the id of a channel or conversation, `from` that of a user, `before` an instant (RFC 3339). */
export interface SearchRequest {
  q: string;
  in?: string | undefined;
  from?: string | undefined;
  has?: 'file' | undefined;
  before?: string | undefined;
  kind?: FoundKind | undefined;
  limit?: number;
}

export const searchApi = api.injectEndpoints({
  endpoints: (build) => ({
    search: build.infiniteQuery<List<Found>, SearchRequest, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.next_cursor ?? undefined },
      query: ({ queryArg, pageParam }) => ({ path: '/search', query: { ...queryArg, cursor: pageParam } }),
      keepUnusedDataFor: 30,
    }),
    /** The files of a channel's posts and comments, the newest first. */
    channelFiles: build.infiniteQuery<List<Found>, string, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.next_cursor ?? undefined },
      query: ({ queryArg: id, pageParam }) => ({ path: `/channels/${id}/files`, query: { limit: 30, before: pageParam } }),
      keepUnusedDataFor: 0, // entries come and go, and with them their files
    }),
  }),
});

export const { useSearchInfiniteQuery, useChannelFilesInfiniteQuery } = searchApi;
