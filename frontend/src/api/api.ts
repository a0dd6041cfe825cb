import { type BaseQueryFn, createApi } from '@reduxjs/toolkit/query/react';
import { type HttpRequest, http } from './http';
import { asProblem, type Problem } from './problem';
import type { List, Me, UpdateMeRequest } from './wire.gen';

const baseQuery: BaseQueryFn<HttpRequest, unknown, Problem> = async (request, { signal }) => {
  try {
    return { data: await http<unknown>({ ...request, signal }) };
  } catch (error) {
    return { error: asProblem(error) };
  }
};

/**
 * Everything the server knows that the screens show; each noun adds its endpoints in a file of its own. Socket events keep
 * it fresh: see realtime/applyEvents.ts.
 */
export const api = createApi({
  reducerPath: 'api',
  baseQuery,
  keepUnusedDataFor: 600,
  tagTypes: ['Me', 'Channels', 'Posts', 'Comments', 'Members', 'Invites', 'Meeting', 'Conversations', 'Messages', 'Notifications', 'Preferences', 'Calls'],
  endpoints: (build) => ({
    me: build.query<Me, void>({ query: () => ({ path: '/me' }), providesTags: ['Me'] }),
    updateMe: build.mutation<Me, UpdateMeRequest>({
      query: (body) => ({ method: 'PATCH', path: '/me', body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) =>
        void whenDone(queryFulfilled, (data) => dispatch(api.util.upsertQueryData('me', undefined, data))),
    }),
  }),
});

/** Reads a list route to its end; the lists concerned have at most a few hundred rows. */
export async function readAll<T>(path: string, cursor: 'before' | 'after', signal: AbortSignal): Promise<{ data: T[] } | { error: Problem }> {
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
export async function whenDone<T>(fulfilled: Promise<{ data: T }>, apply: (data: T) => unknown): Promise<void> {
  const answer = await fulfilled.catch(() => null);
  if (answer) apply(answer.data);
}

export const { useMeQuery, useUpdateMeMutation } = api;
