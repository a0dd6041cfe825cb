import { api } from './api';
import type { List, SchedulePostRequest, ScheduledPost, UpdateScheduledPostRequest } from './wire.gen';

/** One's own posts that wait for their time. */
export const scheduledApi = api.enhanceEndpoints({ addTagTypes: ['Scheduled'] }).injectEndpoints({
  endpoints: (build) => ({
    scheduledPosts: build.query<ScheduledPost[], string>({
      query: (channelId) => ({ path: `/channels/${channelId}/scheduled-posts`, query: { limit: 100 } }),
      transformResponse: (page: List<ScheduledPost>) => page.items,
      providesTags: ['Scheduled'],
    }),
    schedulePost: build.mutation<ScheduledPost, { channelId: string } & SchedulePostRequest>({
      query: ({ channelId, ...body }) => ({ method: 'POST', path: `/channels/${channelId}/scheduled-posts`, body }),
      invalidatesTags: ['Scheduled'],
    }),
    updateScheduledPost: build.mutation<ScheduledPost, { id: string } & UpdateScheduledPostRequest>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/scheduled-posts/${id}`, body }),
      invalidatesTags: ['Scheduled'],
    }),
    cancelScheduledPost: build.mutation<void, string>({
      query: (id) => ({ method: 'DELETE', path: `/scheduled-posts/${id}` }),
      invalidatesTags: ['Scheduled'],
    }),
  }),
});

export const { useScheduledPostsQuery, useSchedulePostMutation, useUpdateScheduledPostMutation, useCancelScheduledPostMutation } = scheduledApi;
