import { api, readAll } from './api';
import type { List, Member, Profile } from './wire.gen';

type Role = Member['role'];

/** Who is in a channel, and the people who can be added. */
export const membersApi = api.injectEndpoints({
  endpoints: (build) => ({
    members: build.query<Member[], string>({
      queryFn: (id, { signal }) => readAll<Member>(`/channels/${id}/members`, 'after', signal),
      providesTags: (_, __, id) => [{ type: 'Members', id }],
    }),
    addMember: build.mutation<Member, { channelId: string; userId: string; role: Role }>({
      query: ({ channelId, userId, role }) => ({
        method: 'POST',
        path: `/channels/${channelId}/members`,
        body: { user_id: userId, role },
      }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    updateMember: build.mutation<Member, { channelId: string; userId: string; role: Role }>({
      query: ({ channelId, userId, role }) => ({ method: 'PATCH', path: `/channels/${channelId}/members/${userId}`, body: { role } }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    removeMember: build.mutation<void, { channelId: string; userId: string }>({
      query: ({ channelId, userId }) => ({ method: 'DELETE', path: `/channels/${channelId}/members/${userId}` }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Members', id: channelId }],
    }),
    profile: build.query<Profile, string>({ query: (id) => ({ path: `/users/${id}` }), keepUnusedDataFor: 60 }),
    searchUsers: build.query<Profile[], string>({
      query: (q) => ({ path: '/users', query: { q, limit: 10 } }),
      transformResponse: (page: List<Profile>) => page.items,
      keepUnusedDataFor: 10,
    }),
  }),
});

export const {
  useMembersQuery,
  useAddMemberMutation,
  useUpdateMemberMutation,
  useRemoveMemberMutation,
  useProfileQuery,
  useSearchUsersQuery,
} = membersApi;
