import { api } from './api';
import type { Meeting } from './wire.gen';

export const meetingsApi = api.injectEndpoints({
  endpoints: (build) => ({
    startMeeting: build.mutation<Meeting, string>({
      query: (channelId) => ({ method: 'POST', path: `/channels/${channelId}/meetings`, body: {} }),
    }),
    meeting: build.query<Meeting, string>({
      query: (id) => ({ path: `/meetings/${id}` }),
      providesTags: (_, __, id) => [{ type: 'Meeting', id }],
    }),
  }),
});

export const { useStartMeetingMutation, useMeetingQuery } = meetingsApi;
