import { api } from '@/api/api';
import { channelsApi } from '@/api/channels';
import { conversationsApi } from '@/api/conversations';
import { notificationsApi } from '@/api/notifications';
import { preferencesApi } from '@/api/preferences';
import { loadLatest, selectStream, type StreamName } from '@/api/streams';
import type { Target } from './apply/cache';
import type { ServerEvent } from './socket';

type State = Parameters<ReturnType<typeof api.endpoints.me.select>>[0];

/** What only counts or passes by, and is therefore asked for again when the connection is back. */
const lists = ['Me', 'Channels', 'Members', 'Invites', 'Meeting', 'Conversations', 'Notifications', 'Preferences'] as const;

/** What the cache knows of its own age, and how it is brought up to date where the change log does not tell. */
export function recovery(store: Target) {
  const dispatch = (action: unknown) => store.dispatch(action as never);

  /** Loads a stream afresh where there is one; while that cannot be done, the old stays. */
  const reload = async (name: StreamName, id: string) => {
    // A first page on its way may have been read too early.
    const running = dispatch(api.util.getRunningQueryThunk(name as never, id as never)) as Promise<unknown> | undefined;
    await running;
    if (selectStream(name, id)(store.getState())) await (dispatch(loadLatest(name, id)) as Promise<void>).catch(() => undefined);
  };

  return {
    refreshLists(): void {
      dispatch(api.util.invalidateTags([...lists]));
    },

    position(scope: string): number | undefined {
      const [kind, id] = split(scope);
      const state = store.getState() as State;
      const places =
        kind === 'channel' ? channelsApi.endpoints.channels.select()(state as never).data : kind === 'conversation' ? conversationsApi.endpoints.conversations.select()(state as never).data : [];
      return places?.find((place) => place.id === id)?.seq;
    },

    /**
     * A list that is on its way may have been read before an event of the person's own scope, and would then take away what that told:
     * it is asked for once more when it is here. Channels and conversations carry numbers of their own for what happens in them.
     */
    heard({ scope }: Pick<ServerEvent, 'scope'>): void {
      if (scope === null || split(scope)[0] !== 'user') return;
      const state = store.getState() as never;
      const pending = [
        { tag: 'Channels', of: channelsApi.endpoints.channels.select()(state) },
        { tag: 'Conversations', of: conversationsApi.endpoints.conversations.select()(state) },
        { tag: 'Notifications', of: notificationsApi.endpoints.notifications.select()(state) },
        { tag: 'Preferences', of: preferencesApi.endpoints.preferences.select()(state) },
      ] as const;
      const tags = pending.filter(({ of }) => of.isLoading).map(({ tag }) => tag);
      if (tags.length > 0) dispatch(api.util.invalidateTags(tags));
    },

    begun(scope: string): void {
      if (split(scope)[0] === 'user') dispatch(api.util.invalidateTags(['Notifications', 'Preferences']));
    },

    recovered(scope: string): void {
      const [kind] = split(scope);
      if (kind === 'channel') dispatch(api.util.invalidateTags(['Channels']));
      if (kind === 'conversation') dispatch(api.util.invalidateTags(['Conversations']));
      if (kind === 'user') dispatch(api.util.invalidateTags(['Channels', 'Conversations', 'Notifications']));
    },

    reset(scope: string): void {
      const [kind, id] = split(scope);
      if (kind === 'user') return this.refreshLists();
      this.recovered(scope);
      if (kind === 'conversation') return void reload('messages', id);
      void reload('posts', id);
      dispatch(api.util.invalidateTags(['Comments', { type: 'Members', id }]));
    },
  };
}

/** "channel:{id}" and the like. */
function split(scope: string): [kind: string, id: string] {
  const at = scope.indexOf(':');
  return [scope.slice(0, at), scope.slice(at + 1)];
}
