import { api, readAll, whenDone } from './api';
import { upsertChannel } from './channels';
import type { Channel, CreateInviteRequest, Invite, InvitePreview } from './wire.gen';

/** Links into a channel: for those who make them and for those who follow one. */
export const invitesApi = api.injectEndpoints({
  endpoints: (build) => ({
    invites: build.query<Invite[], string>({
      queryFn: (id, { signal }) => readAll<Invite>(`/channels/${id}/invites`, 'after', signal),
      providesTags: (_, __, id) => [{ type: 'Invites', id }],
    }),
    createInvite: build.mutation<Invite, { channelId: string } & CreateInviteRequest>({
      query: ({ channelId, ...body }) => ({ method: 'POST', path: `/channels/${channelId}/invites`, body }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Invites', id: channelId }],
    }),
    /** A new invite, and the end of all others of the channel. */
    rotateInvites: build.mutation<Invite, { channelId: string } & CreateInviteRequest>({
      query: ({ channelId, ...body }) => ({ method: 'POST', path: `/channels/${channelId}/invites/rotate`, body }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Invites', id: channelId }],
    }),
    deleteInvite: build.mutation<void, { channelId: string; code: string }>({
      query: ({ code }) => ({ method: 'DELETE', path: `/invites/${encodeURIComponent(code)}` }),
      invalidatesTags: (_, __, { channelId }) => [{ type: 'Invites', id: channelId }],
    }),
    invite: build.query<InvitePreview, string>({
      query: (code) => ({ path: `/invites/${encodeURIComponent(code)}` }),
      keepUnusedDataFor: 0,
    }),
    acceptInvite: build.mutation<Channel, string>({
      query: (code) => ({ method: 'POST', path: `/invites/${encodeURIComponent(code)}/accept` }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),
  }),
});

export const { useInvitesQuery, useCreateInviteMutation, useRotateInvitesMutation, useDeleteInviteMutation, useInviteQuery, useAcceptInviteMutation } = invitesApi;
