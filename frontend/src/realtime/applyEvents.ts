import { api, dropComment, mergeComment, mergePost, upsertChannel } from '@/api/api';
import { removeById } from '@/api/entries';
import type { Channel, Comment, Member, Post } from '@/api/wire.gen';
import type { EventHandler, EventName } from './events';
import { changeProfile } from './profiles';
import { stopped, typed } from './typing';

/** What this needs of the store and the socket; tests give their own. */
export interface Target {
  dispatch: (action: never) => unknown;
  getState: () => unknown;
}

export interface Source {
  on<K extends EventName>(type: K, handler: EventHandler<K>): () => void;
}

type State = Parameters<ReturnType<typeof api.endpoints.me.select>>[0];

/** Keeps the query cache as the server is. Durable events carry whole resources and are merged by id. Answers the undo. */
export function applyEvents(socket: Source, store: Target): () => void {
  const dispatch = (action: unknown): unknown => store.dispatch(action as never);
  const state = () => store.getState() as State;
  const myId = () => api.endpoints.me.select()(state()).data?.id;
  const channels = () => api.endpoints.channels.select()(state()).data ?? [];

  /** Changes a stream now, and again once a page that is on its way is here: that may have been read before the change. */
  const changeStream = (name: 'posts' | 'comments', id: string, change: unknown) => {
    dispatch(change);
    const running = dispatch(api.util.getRunningQueryThunk(name, id)) as Promise<unknown> | undefined;
    void running?.then(() => dispatch(change));
  };
  const changeChannel = (id: string, change: (channel: Channel) => void) =>
    dispatch(
      api.util.updateQueryData('channels', undefined, (list) => {
        const channel = list.find((one) => one.id === id);
        if (channel) change(channel);
      }),
    );
  const changeMembers = (id: string, change: (members: Member[]) => void) => dispatch(api.util.updateQueryData('members', id, change));
  const countComment = (channelId: string, postId: string, by: number) =>
    dispatch(
      api.util.updateQueryData('posts', channelId, (stream) => {
        const post = stream.items.find((one) => one.id === postId);
        if (post) post.comment_count = Math.max(0, post.comment_count + by);
      }),
    );
  const arrived = (entry: Post | Comment) => {
    dispatch(stopped({ channelId: entry.channel_id, userId: entry.author.id }));
    const mine = entry.author.id === myId();
    changeChannel(entry.channel_id, (channel) => {
      if (channel.latest_entry_id === null || entry.id > channel.latest_entry_id) channel.latest_entry_id = entry.id;
      // Ids are in order of creation: one below the mark has been read already.
      if (mine) return;
      if (channel.last_read_id === null || entry.id > channel.last_read_id) channel.unread_count += 1;
    });
  };
  const forget = (channelId: string) =>
    dispatch(api.util.updateQueryData('channels', undefined, (list) => void removeById(list, channelId)));


  const offs = [
    socket.on('channel.created', (channel) => dispatch(upsertChannel(channel))),
    socket.on('channel.updated', ({ id, name, description }) => changeChannel(id, (c) => void Object.assign(c, { name, description }))),
    socket.on('channel.deleted', ({ id }) => forget(id)),
    socket.on('channel.read', ({ channel_id, last_read_id, unread_count }) =>
      changeChannel(channel_id, (c) => void Object.assign(c, { last_read_id, unread_count })),
    ),

    socket.on('channel.member_joined', ({ channel_id, member, member_count }) => {
      changeChannel(channel_id, (c) => void (c.member_count = member_count));
      changeMembers(channel_id, (members) => putMember(members, member));
      if (member.user.id === myId() && !channels().some((c) => c.id === channel_id)) dispatch(api.util.invalidateTags(['Channels']));
    }),
    socket.on('channel.member_updated', ({ channel_id, member, member_count }) => {
      changeChannel(channel_id, (c) => {
        c.member_count = member_count;
        if (member.user.id === myId()) c.my_role = member.role;
      });
      changeMembers(channel_id, (members) => putMember(members, member));
    }),
    socket.on('channel.member_left', ({ channel_id, member, member_count }) => {
      if (member.user.id === myId()) return void forget(channel_id);
      changeChannel(channel_id, (c) => void (c.member_count = member_count));
      changeMembers(channel_id, (members) => {
        const at = members.findIndex((one) => one.user.id === member.user.id);
        if (at >= 0) members.splice(at, 1);
      });
    }),
    socket.on('presence.changed', ({ user_id, presence }) => {
      for (const { id } of channels()) {
        changeMembers(id, (members) => {
          for (const member of members) if (member.user.id === user_id) member.user.presence = presence;
        });
      }
    }),
    socket.on('user.updated', (profile) => changeProfile(store, profile)),
    socket.on('typing', ({ channel_id, user_id }) => {
      if (channel_id !== undefined && user_id !== myId()) dispatch(typed({ channelId: channel_id, userId: user_id, now: Date.now() }));
    }),

    socket.on('post.created', (post) => {
      changeStream('posts', post.channel_id, mergePost(post));
      arrived(post);
    }),
    socket.on('post.updated', (post) => changeStream('posts', post.channel_id, mergePost(post))),
    socket.on('post.deleted', ({ id, channel_id }) =>
      changeStream('posts', channel_id, api.util.updateQueryData('posts', channel_id, (stream) => void removeById(stream.items, id))),
    ),
    socket.on('comment.created', (comment) => {
      changeStream('comments', comment.post_id, mergeComment(comment));
      countComment(comment.channel_id, comment.post_id, 1);
      arrived(comment);
    }),
    socket.on('comment.updated', (comment) => changeStream('comments', comment.post_id, mergeComment(comment))),
    socket.on('comment.deleted', ({ id, channel_id, post_id }) => {
      if (post_id === undefined) return;
      changeStream('comments', post_id, dropComment({ id, post_id, channel_id }));
      countComment(channel_id, post_id, -1);
    }),
    socket.on('reaction.changed', ({ kind, id, channel_id, post_id, reactions }) => {
      const set = (items: { id: string; reactions: typeof reactions }[]) => {
        const entry = items.find((one) => one.id === id);
        if (entry) entry.reactions = reactions;
      };
      dispatch(
        kind === 'comment'
          ? api.util.updateQueryData('comments', post_id ?? '', (stream) => set(stream.items))
          : api.util.updateQueryData('posts', channel_id ?? '', (stream) => set(stream.items)),
      );
    }),

    socket.on('meeting.started', (meeting) => changeChannel(meeting.channel_id, (c) => void (c.active_meeting = meeting))),
    socket.on('meeting.ended', ({ meeting_id, channel_id }) => {
      changeChannel(channel_id, (c) => {
        if (c.active_meeting?.id === meeting_id) c.active_meeting = null;
      });
      dispatch(api.util.invalidateTags([{ type: 'Meeting', id: meeting_id }]));
    }),
  ];
  return () => {
    for (const off of offs) off();
  };
}

/** After a gap in the connection: everything shown is asked for again and merged with what is here. */
export function catchUp(store: Target): void {
  const state = store.getState() as State;
  for (const { id } of api.endpoints.channels.select()(state).data ?? []) {
    const mark = api.util.updateQueryData('posts', id, (stream) => {
      const newest = stream.items.at(-1)?.id;
      if (newest !== undefined) stream.gapAfter ??= newest;
    });
    store.dispatch(mark as never);
  }
  store.dispatch(api.util.invalidateTags(['Me', 'Channels', 'Posts', 'Comments', 'Members', 'Invites', 'Meeting']) as never);
}

function putMember(members: Member[], member: Member): void {
  const at = members.findIndex((one) => one.user.id === member.user.id);
  if (at >= 0) members[at] = member;
  else members.push(member);
}
