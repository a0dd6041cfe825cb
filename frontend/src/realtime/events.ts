import type * as wire from '@/api/wire.gen';

/** Every event the server may send, by its type. Kept beside the names in internal/wire/events.go by the type check below. */
export interface EventMap {
  'presence.changed': wire.PresenceChanged;
  typing: wire.Typing;
  'user.updated': wire.Profile;
  'channel.created': wire.Channel;
  'channel.updated': wire.ChannelUpdated;
  'channel.deleted': wire.Deleted;
  'channel.member_joined': wire.MemberChanged;
  'channel.member_left': wire.MemberChanged;
  'channel.member_updated': wire.MemberChanged;
  'channel.read': wire.ChannelRead;
  'post.created': wire.Post;
  'post.updated': wire.Post;
  'post.deleted': wire.Deleted;
  'comment.created': wire.Comment;
  'comment.updated': wire.Comment;
  'comment.deleted': wire.Deleted;
  'reaction.changed': wire.ReactionChanged;
  'channel.preferences': wire.ChannelPreferencesChanged;
  'conversation.created': wire.Conversation;
  'conversation.updated': wire.Conversation;
  'message.created': wire.Message;
  'message.updated': wire.Message;
  'message.deleted': wire.MessageDeleted;
  'message.read': wire.ConversationMarks;
  'message.delivered': wire.ConversationMarks;
  'notification.created': wire.Notification;
  'notification.read': wire.NotificationsRead;
  'notification.deleted': wire.NotificationsDeleted;
  'preferences.updated': wire.Preferences;
  'call.ringing': wire.CallChanged;
  'call.accepted': wire.CallChanged;
  'call.taken': wire.CallChanged;
  'call.declined': wire.CallChanged;
  'call.ended': wire.CallChanged;
  'call.signal': wire.CallSignal;
  'meeting.started': wire.Meeting;
  'meeting.ended': wire.MeetingEnded;
  'meeting.people': wire.MeetingPeople;
  'meeting.offer': wire.SDP;
  'meeting.candidate': wire.MeetingCandidate;
  'meeting.tracks': wire.Tracks;
  'meeting.layers': wire.Layers;
  'meeting.speakers': wire.Speakers;
  'meeting.quality': wire.MeetingQuality;
  'meeting.settings': wire.MeetingSettingsChanged;
  'meeting.muted': wire.MeetingMuted;
  'meeting.removed': wire.MeetingRemoved;
  'meeting.participant_joined': wire.ParticipantChanged;
  'meeting.participant_left': wire.ParticipantLeft;
  'meeting.participant_updated': wire.ParticipantChanged;
  'meeting.state': wire.MeetingStateChanged;
  'meeting.lobby': wire.Lobby;
  'meeting.waiting': wire.Waiting;
  'meeting.admitted': wire.MeetingAdmitted;
  'meeting.denied': wire.MeetingDenied;
  'meeting.called': wire.MeetingCalled;
  'meeting.reaction': wire.MeetingReaction;
  'meeting.broadcast': wire.MeetingAnnouncement;
  'meeting.poll': wire.MeetingPoll;
  'meeting.poll_result': wire.PollResult;
  'meeting.caption': wire.MeetingCaptionShown;
  'meeting.captions_wanted': wire.MeetingCaptionsWanted;
  'playback.timeline': wire.Timeline;
  'playback.class': wire.PlaybackClass;
  'playback.playlist': wire.Playlist;
  'playback.markers': wire.Markers;
  'playback.question': wire.PlaybackQuestion;
  'playback.answers': wire.PlaybackAnswers;
  'playback.lost': wire.LostCurve;
  'playback.settings': wire.PlaybackSettingsChanged;
  'playback.recall': wire.PlaybackCalled;
  'playback.nudge': wire.PlaybackCalled;
  'storage.quota_near': wire.StorageQuotaNear;
  'server.restarting': wire.ServerRestarting;
}

export type EventName = keyof EventMap;

/** `at` is the server's time of sending, RFC 3339 in UTC. */
export type EventHandler<K extends EventName> = (data: EventMap[K], at: wire.Time) => void;

const names: Record<EventName, true> = {
  'presence.changed': true,
  typing: true,
  'user.updated': true,
  'channel.created': true,
  'channel.updated': true,
  'channel.deleted': true,
  'channel.member_joined': true,
  'channel.member_left': true,
  'channel.member_updated': true,
  'channel.read': true,
  'post.created': true,
  'post.updated': true,
  'post.deleted': true,
  'comment.created': true,
  'comment.updated': true,
  'comment.deleted': true,
  'reaction.changed': true,
  'channel.preferences': true,
  'conversation.created': true,
  'conversation.updated': true,
  'message.created': true,
  'message.updated': true,
  'message.deleted': true,
  'message.read': true,
  'message.delivered': true,
  'notification.created': true,
  'notification.read': true,
  'notification.deleted': true,
  'preferences.updated': true,
  'call.ringing': true,
  'call.accepted': true,
  'call.taken': true,
  'call.declined': true,
  'call.ended': true,
  'call.signal': true,
  'meeting.started': true,
  'meeting.ended': true,
  'meeting.people': true,
  'meeting.offer': true,
  'meeting.candidate': true,
  'meeting.tracks': true,
  'meeting.layers': true,
  'meeting.speakers': true,
  'meeting.quality': true,
  'meeting.settings': true,
  'meeting.muted': true,
  'meeting.removed': true,
  'meeting.participant_joined': true,
  'meeting.participant_left': true,
  'meeting.participant_updated': true,
  'meeting.state': true,
  'meeting.lobby': true,
  'meeting.waiting': true,
  'meeting.admitted': true,
  'meeting.denied': true,
  'meeting.called': true,
  'meeting.reaction': true,
  'meeting.broadcast': true,
  'meeting.poll': true,
  'meeting.poll_result': true,
  'meeting.caption': true,
  'meeting.captions_wanted': true,
  'playback.timeline': true,
  'playback.class': true,
  'playback.playlist': true,
  'playback.markers': true,
  'playback.question': true,
  'playback.answers': true,
  'playback.lost': true,
  'playback.settings': true,
  'playback.recall': true,
  'playback.nudge': true,
  'storage.quota_near': true,
  'server.restarting': true,
};

export const eventNames = Object.keys(names) as EventName[];

export function isEventName(type: string): type is EventName {
  return Object.hasOwn(names, type);
}
