import { api, whenDone } from './api';
import { download } from './http';
import { mergePost } from './posts';
import type { AskedPoll, Attendance, AttendanceRow, List, Meeting, MeetingDoor, PlaybackHistory, Playlist, Post } from './wire.gen';

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
    /** What a meeting was asked, for teachers: in polls, and by its videos. */
    meetingPolls: build.query<List<AskedPoll>, string>({ query: (id) => ({ path: `/meetings/${id}/polls` }), keepUnusedDataFor: 0 }),
    meetingPlayback: build.query<PlaybackHistory, string>({ query: (id) => ({ path: `/meetings/${id}/playback` }), keepUnusedDataFor: 0 }),
    /** What a channel wants to watch; within a meeting the socket tells of it. */
    playlist: build.query<Playlist, string>({ query: (channelId) => ({ path: `/channels/${channelId}/playlist` }), keepUnusedDataFor: 0 }),
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
  useMeetingPollsQuery,
  useMeetingPlaybackQuery,
  usePlaylistQuery,
} = meetingsApi;

/** The table of attendance, for a spreadsheet. Rejects with a Problem. */
export function fetchAttendanceTable(meetingId: string): Promise<Blob> {
  return fetchTable(`/meetings/${meetingId}/attendance`);
}

/** The same of a meeting's polls. */
export function fetchPollsTable(meetingId: string): Promise<Blob> {
  return fetchTable(`/meetings/${meetingId}/polls`);
}

/** What a meeting was asked in its videos, and the answers, as a table for a spreadsheet. */
export function fetchAnswersTable(meetingId: string): Promise<Blob> {
  return fetchTable(`/meetings/${meetingId}/playback`);
}

function fetchTable(path: string): Promise<Blob> {
  return download({ path, query: { format: 'csv', tz: Intl.DateTimeFormat().resolvedOptions().timeZone } });
}
