import { dropChannel, upsertChannel } from '@/api/channels';
import { api } from '@/api/api';
import { meetingsApi } from '@/api/meetings';
import type { Member } from '@/api/wire.gen';
import type { Cache, Source } from './cache';

/** Channels, who is in them and what they do. */
export function applyChannels(events: Source, cache: Cache): (() => void)[] {
  return [
    events.on('channel.created', (channel) => cache.dispatch(upsertChannel(channel))),
    events.on('channel.updated', (next) => cache.channel(next.id, (channel) => void Object.assign(channel, next))),
    events.on('channel.deleted', ({ id }) => cache.dispatch(dropChannel(id))),
    events.on('channel.read', ({ channel_id, last_read_id, unread_count }) =>
      cache.channel(channel_id, (channel) => {
        Object.assign(channel, { last_read_id, unread_count });
        if (unread_count === 0) channel.mention_count = 0;
      }),
    ),

    events.on('channel.member_joined', ({ channel_id, member, member_count }) => {
      cache.channel(channel_id, (channel) => void (channel.member_count = member_count));
      cache.members(channel_id, (members) => putMember(members, member));
      if (member.user.id === cache.myId && !cache.channels.some((one) => one.id === channel_id)) cache.dispatch(api.util.invalidateTags(['Channels']));
    }),
    events.on('channel.member_updated', ({ channel_id, member, member_count }) => {
      cache.channel(channel_id, (channel) => {
        channel.member_count = member_count;
        if (member.user.id === cache.myId) channel.my_role = member.role;
      });
      cache.members(channel_id, (members) => putMember(members, member));
    }),
    events.on('channel.member_left', ({ channel_id, member, member_count }) => {
      if (member.user.id === cache.myId) return void cache.dispatch(dropChannel(channel_id));
      cache.channel(channel_id, (channel) => void (channel.member_count = member_count));
      cache.members(channel_id, (members) => {
        const at = members.findIndex((one) => one.user.id === member.user.id);
        if (at >= 0) members.splice(at, 1);
      });
    }),

    events.on('meeting.started', (meeting) => cache.channel(meeting.channel_id, (channel) => void (channel.active_meeting = meeting))),
    events.on('meeting.people', ({ meeting_id, channel_id, participant_count }) => {
      cache.channel(channel_id, (channel) => {
        if (channel.active_meeting?.id === meeting_id) channel.active_meeting.participant_count = participant_count;
      });
      cache.dispatch(meetingsApi.util.updateQueryData('meeting', meeting_id, (meeting) => void (meeting.participant_count = participant_count)));
    }),
    events.on('meeting.ended', ({ meeting_id, channel_id }) => {
      cache.channel(channel_id, (channel) => {
        if (channel.active_meeting?.id === meeting_id) channel.active_meeting = null;
      });
      cache.dispatch(api.util.invalidateTags([{ type: 'Meeting', id: meeting_id }]));
    }),
  ];
}

function putMember(members: Member[], member: Member): void {
  const at = members.findIndex((one) => one.user.id === member.user.id);
  if (at >= 0) members[at] = member;
  else members.push(member);
}
