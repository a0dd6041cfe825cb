import { api } from './api';
import { channelsApi } from './channels';
import type {
  Channel,
  ChannelOrder,
  ChannelPreferences,
  ChannelPreferencesChanged,
  Preferences,
  UpdatePreferencesRequest,
} from './wire.gen';

/** What a person has chosen: for themselves, of each channel, and the order of their channels. */
export const preferencesApi = api.injectEndpoints({
  endpoints: (build) => ({
    preferences: build.query<Preferences, void>({ query: () => ({ path: '/me/preferences' }), providesTags: ['Preferences'] }),
    updatePreferences: build.mutation<Preferences, UpdatePreferencesRequest>({
      query: (body) => ({ method: 'PATCH', path: '/me/preferences', body }),
      onQueryStarted(body, { dispatch, queryFulfilled }) {
        const set = (mine: Partial<Preferences>) =>
          dispatch(preferencesApi.util.updateQueryData('preferences', undefined, (present) => void Object.assign(present, mine)));
        const { dnd, read_receipts, sounds, push, hints_seen } = body;
        const patch = set(defined({ dnd, read_receipts, sounds, push, hints_seen }));
        queryFulfilled.then(
          ({ data }) => set(data),
          () => patch.undo(),
        );
      },
    }),

    updateChannelPreferences: build.mutation<ChannelPreferencesChanged, { channelId: string } & ChannelPreferences>({
      query: ({ channelId, ...body }) => ({ method: 'PATCH', path: `/channels/${channelId}/preferences`, body }),
      onQueryStarted({ channelId, ...chosen }, { dispatch, queryFulfilled }) {
        const patch = dispatch(changeChannels((channels) => assign(channels, channelId, chosen)));
        queryFulfilled.catch(() => patch.undo());
      },
    }),
    orderChannels: build.mutation<void, ChannelOrder>({
      query: (body) => ({ method: 'PUT', path: '/me/channel-order', body }),
      onQueryStarted({ channel_ids: ids }, { dispatch, queryFulfilled }) {
        const patch = dispatch(
          changeChannels((channels) => {
            for (const channel of channels) {
              const at = ids.indexOf(channel.id);
              channel.position = at >= 0 ? at : ids.length + channel.position;
            }
          }),
        );
        queryFulfilled.catch(() => patch.undo());
      },
    }),
  }),
});

/** The fields of a change that are there. */
function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function changeChannels(change: (channels: Channel[]) => void) {
  return channelsApi.util.updateQueryData('channels', undefined, change);
}

function assign(channels: Channel[], id: string, change: Partial<Channel>): void {
  const channel = channels.find((one) => one.id === id);
  if (channel) Object.assign(channel, change);
}

export const {
  usePreferencesQuery,
  useUpdatePreferencesMutation,
  useUpdateChannelPreferencesMutation,
  useOrderChannelsMutation,
} = preferencesApi;
