import { api } from './api';
import type { BreakoutPlan, BreakoutPlans } from './wire.gen';

export const breakoutsApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** The groups that a channel had last; teachers only. */
    lastGroups: build.query<BreakoutPlan[], string>({
      query: (channelId) => ({ path: `/channels/${channelId}/breakouts` }),
      transformResponse: ({ rooms }: BreakoutPlans) => rooms,
    }),
  }),
});

export const { useLastGroupsQuery } = breakoutsApi;
