import { api, whenDone } from './api';
import { download } from './http';
import { mergePost } from './posts';
import type { Attendance, AttendanceRow, List, Meeting, MeetingDoor, Post } from './wire.gen';

export const meetingsApi = api.injectEndpoints({
  endpoints: (build) => ({
    startMeeting: build.mutation<Meeting, string>({
      query: (channelId) => ({ method: 'POST', path: `/channels/${channelId}/meetings`, body: {} }),
    }),
    meeting: build.query<Meeting, string>({
      query: (id) => ({ path: `/meetings/${id}` }),
      providesTags: (_, __, id) => [{ type: 'Meeting', id }],
    }),
    /** What somebody sees who has the link and is not in the channel. */
    meetingDoor: build.query<MeetingDoor, string>({ query: (id) => ({ path: `/meetings/${id}/door` }), keepUnusedDataFor: 0 }),
    /** A channel's meetings, newest first. */
    channelMeetings: build.infiniteQuery<List<Meeting>, string, string | null>({
      query: ({ queryArg: channelId, pageParam }) => ({ path: `/channels/${channelId}/meetings`, query: { limit: 30, before: pageParam ?? undefined } }),
      infiniteQueryOptions: { initialPageParam: null, getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined },
      keepUnusedDataFor: 10,
    }),
    /** The post whose comments are a meeting's chat; made when there is none yet. */
    meetingPost: build.mutation<Post, string>({
      query: (id) => ({ method: 'POST', path: `/meetings/${id}/post` }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(mergePost(data))),
    }),
    /** Who was there, for teachers. */
    attendance: build.query<Attendance, string>({ query: (id) => ({ path: `/meetings/${id}/attendance` }), keepUnusedDataFor: 0 }),
    myAttendance: build.query<AttendanceRow, string>({ query: (id) => ({ path: `/meetings/${id}/attendance/me` }), keepUnusedDataFor: 0 }),
  }),
});

export const {
  useStartMeetingMutation,
  useMeetingQuery,
  useMeetingDoorQuery,
  useChannelMeetingsInfiniteQuery,
  useMeetingPostMutation,
  useAttendanceQuery,
  useMyAttendanceQuery,
} = meetingsApi;

/** The table of attendance, for a spreadsheet. Rejects with a Problem. */
export function fetchAttendanceTable(meetingId: string): Promise<Blob> {
  return download({ path: `/meetings/${meetingId}/attendance`, query: { format: 'csv', tz: Intl.DateTimeFormat().resolvedOptions().timeZone } });
}
