import { api, readAll, whenDone } from './api';
import { removeById } from './entries';
import type { Channel, CreateChannelRequest, TransferRequest, UpdateChannelRequest } from './wire.gen';

/** The channels one is a member of, as one sees them. */
export const channelsApi = api.injectEndpoints({
  endpoints: (build) => ({
    channels: build.query<Channel[], void>({
      queryFn: (_, { signal }) => readAll<Channel>('/channels', 'after', signal),
      providesTags: ['Channels'],
    }),
    createChannel: build.mutation<Channel, CreateChannelRequest>({
      query: (body) => ({ method: 'POST', path: '/channels', body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),
    updateChannel: build.mutation<Channel, { id: string } & UpdateChannelRequest>({
      query: ({ id, ...body }) => ({ method: 'PATCH', path: `/channels/${id}`, body }),
      onQueryStarted: (_, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, (data) => dispatch(upsertChannel(data))),
    }),
    deleteChannel: build.mutation<void, string>({
      query: (id) => ({ method: 'DELETE', path: `/channels/${id}` }),
      onQueryStarted: (id, { dispatch, queryFulfilled }) => void whenDone(queryFulfilled, () => dispatch(dropChannel(id))),
    }),
    /** Gives one's channel to another member. */
    transferChannel: build.mutation<void, { id: string } & TransferRequest>({
      query: ({ id, ...body }) => ({ method: 'POST', path: `/channels/${id}/transfer`, body }),
      invalidatesTags: (_, error, { id }) => (error ? [] : ['Channels', { type: 'Members', id }]),
    }),
    markRead: build.mutation<void, { channelId: string; upTo: string }>({
      query: ({ channelId, upTo }) => ({ method: 'POST', path: `/channels/${channelId}/read`, body: { up_to: upTo } }),
    }),
  }),
});

/** Puts a channel into the list, or its newer state in its place. */
export function upsertChannel(channel: Channel) {
  return channelsApi.util.updateQueryData('channels', undefined, (channels) => {
    const at = channels.findIndex((c) => c.id === channel.id);
    if (at >= 0) channels[at] = channel;
    else channels.push(channel);
  });
}

export function dropChannel(id: string) {
  return channelsApi.util.updateQueryData('channels', undefined, (channels) => void removeById(channels, id));
}

export const {
  useChannelsQuery,
  useCreateChannelMutation,
  useUpdateChannelMutation,
  useDeleteChannelMutation,
  useTransferChannelMutation,
  useMarkReadMutation,
} = channelsApi;
