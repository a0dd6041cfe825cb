import { api } from './api';
import { http } from './http';
import type { ActiveCall, ActiveCalls, Call, List } from './wire.gen';

export interface CallHistory {
  missed: boolean;
}

/** The calls that were, newest first. Those that are live in src/media/calls.ts. */
export const callsApi = api.injectEndpoints({
  endpoints: (build) => ({
    calls: build.infiniteQuery<List<Call>, CallHistory, string | null>({
      query: ({ queryArg: { missed }, pageParam }) => ({
        path: '/calls',
        query: { limit: 30, missed: missed ? 'true' : undefined, before: pageParam ?? undefined },
      }),
      infiniteQueryOptions: { initialPageParam: null, getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined },
      providesTags: ['Calls'],
    }),
  }),
});

export const { useCallsInfiniteQuery } = callsApi;

/** The own calls that have not ended. Rejects with a Problem. */
export async function activeCalls(): Promise<ActiveCall[]> {
  return (await http<ActiveCalls>({ path: '/calls/active' })).items;
}
