package wire

// Names of the socket's events. Every durable one carries the whole resource, so that a client merges it by id.
const (
	EventPresenceChanged = "presence.changed"
	EventTyping          = "typing"
	EventUserUpdated     = "user.updated"

	EventChannelCreated = "channel.created"
	EventChannelUpdated = "channel.updated"
	EventChannelDeleted = "channel.deleted"
	EventMemberJoined   = "channel.member_joined"
	EventMemberLeft     = "channel.member_left"
	EventMemberUpdated  = "channel.member_updated"

	EventPostCreated     = "post.created"
	EventPostUpdated     = "post.updated"
	EventPostDeleted     = "post.deleted"
	EventCommentCreated  = "comment.created"
	EventCommentUpdated  = "comment.updated"
	EventCommentDeleted  = "comment.deleted"
	EventReactionChanged = "reaction.changed"
	EventChannelRead     = "channel.read"

	EventChannelPreferences = "channel.preferences"

	EventConversationCreated = "conversation.created"
	EventConversationUpdated = "conversation.updated"
	EventMessageCreated      = "message.created"
	EventMessageUpdated      = "message.updated"
	EventMessageDeleted      = "message.deleted"
	EventMessageRead         = "message.read"
	EventMessageDelivered    = "message.delivered"

	EventNotificationCreated = "notification.created"
	EventNotificationsRead   = "notification.read"
	EventNotificationDeleted = "notification.deleted"
	EventPreferencesUpdated  = "preferences.updated"
	EventStorageQuotaNear    = "storage.quota_near"

	EventCallRinging  = "call.ringing"
	EventCallAccepted = "call.accepted"
	EventCallTaken    = "call.taken"
	EventCallDeclined = "call.declined"
	EventCallEnded    = "call.ended"
	EventCallSignal   = "call.signal"

	EventMeetingStarted     = "meeting.started"
	EventMeetingEnded       = "meeting.ended"
	EventMeetingPeople      = "meeting.people"
	EventMeetingOffer       = "meeting.offer"
	EventMeetingCandidate   = "meeting.candidate"
	EventMeetingTracks      = "meeting.tracks"
	EventMeetingLayers      = "meeting.layers"
	EventMeetingSpeakers    = "meeting.speakers"
	EventMeetingQuality     = "meeting.quality"
	EventMeetingSettings    = "meeting.settings"
	EventMeetingMuted       = "meeting.muted"
	EventMeetingRemoved     = "meeting.removed"
	EventParticipantJoined  = "meeting.participant_joined"
	EventParticipantLeft    = "meeting.participant_left"
	EventParticipantUpdated = "meeting.participant_updated"
	EventMeetingState       = "meeting.state"
	EventMeetingLobby       = "meeting.lobby"
	EventMeetingWaiting     = "meeting.waiting"
	EventMeetingAdmitted    = "meeting.admitted"
	EventMeetingDenied      = "meeting.denied"
	EventMeetingCalled      = "meeting.called"
	EventMeetingReaction    = "meeting.reaction"
	EventMeetingBroadcast   = "meeting.broadcast"
	EventMeetingPoll        = "meeting.poll"
	EventMeetingPollResult  = "meeting.poll_result"
	EventMeetingCaption     = "meeting.caption"
	EventCaptionsWanted     = "meeting.captions_wanted"
	EventPlaybackTimeline   = "playback.timeline"
	EventPlaybackClass      = "playback.class"
	EventPlaybackPlaylist   = "playback.playlist"
	EventPlaybackMarkers    = "playback.markers"
	EventPlaybackQuestion   = "playback.question"
	EventPlaybackAnswers    = "playback.answers"
	EventPlaybackLost       = "playback.lost"
	EventPlaybackSettings   = "playback.settings"
	EventPlaybackRecall     = "playback.recall"
	EventPlaybackNudge      = "playback.nudge"
	EventServerRestarting   = "server.restarting"
)

// PresenceChanged is sent to everyone who shares a channel with the user.
type PresenceChanged struct {
	UserID   string `json:"user_id"`
	Presence string `json:"presence" tstype:"Presence"`
}

// Typing expires after 6 s without another. It has a channel or a conversation.
type Typing struct {
	ChannelID      string `json:"channel_id,omitempty"`
	ConversationID string `json:"conversation_id,omitempty"`
	UserID         string `json:"user_id"`
}

// ChannelUpdated carries what every member sees alike (my_role and unread_count are each member's own).
type ChannelUpdated struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Posting     string `json:"posting" tstype:"ChannelPosting"`
	ArchivedAt  *Time  `json:"archived_at" tstype:"Time | null,required"`
}

// Deleted names a resource that is gone.
type Deleted struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	PostID    string `json:"post_id,omitempty"` // of a comment
}

// MemberChanged is sent for joined, left and updated.
type MemberChanged struct {
	ChannelID   string `json:"channel_id"`
	Member      Member `json:"member"`
	MemberCount int    `json:"member_count"`
}

// ReactionChanged carries all reactions of an entry after the change.
type ReactionChanged struct {
	Kind           string     `json:"kind"` // "post", "comment" or "message"
	ID             string     `json:"id"`
	ChannelID      string     `json:"channel_id,omitempty"`
	PostID         string     `json:"post_id,omitempty"`
	ConversationID string     `json:"conversation_id,omitempty"`
	Reactions      []Reaction `json:"reactions"`
}

// ChannelRead tells one's own other windows.
type ChannelRead struct {
	ChannelID   string `json:"channel_id"`
	LastReadID  string `json:"last_read_id"`
	UnreadCount int    `json:"unread_count"`
}

// MeetingEnded: Reason is "ended" (a teacher ended it) or "empty".
type MeetingEnded struct {
	MeetingID string `json:"meeting_id"`
	ChannelID string `json:"channel_id"`
	Reason    string `json:"reason"`
}

// StorageQuotaNear: one's files have just come to take nearly all that they may.
type StorageQuotaNear struct {
	UsedBytes  int64 `json:"used_bytes"`
	QuotaBytes int64 `json:"quota_bytes"`
}

// MeetingPeople is how many are in a channel's meeting now.
type MeetingPeople struct {
	MeetingID        string `json:"meeting_id"`
	ChannelID        string `json:"channel_id"`
	ParticipantCount int    `json:"participant_count"`
}

// ParticipantLeft: Reason is "left", "lost", "removed" or "ended".
type ParticipantLeft struct {
	MeetingID     string `json:"meeting_id"`
	ParticipantID string `json:"participant_id"`
	Reason        string `json:"reason"`
}

// ParticipantChanged is sent for joined and updated.
type ParticipantChanged struct {
	MeetingID   string `json:"meeting_id"`
	Participant `tstype:",extends"`
}

// Speakers lists who speaks in a room of the meeting, "" the main one, loudest first.
type Speakers struct {
	MeetingID      string   `json:"meeting_id"`
	RoomID         string   `json:"room_id"`
	ParticipantIDs []string `json:"participant_ids"`
}

// MeetingQuality tells how well the connections of participants carry sound and pictures: of those of whom it changed.
type MeetingQuality struct {
	MeetingID    string               `json:"meeting_id"`
	Participants []ParticipantQuality `json:"participants"`
}

// ParticipantQuality: Quality is "good", "fair", "poor" or "lost".
type ParticipantQuality struct {
	ParticipantID string `json:"participant_id"`
	Quality       string `json:"quality" enums:"good,fair,poor,lost" tstype:"'good' | 'fair' | 'poor' | 'lost'"`
}

// Tracks maps the subscriber's media lines.
type Tracks struct {
	Tracks []Track `json:"tracks"`
}

// Layers tells a publisher which encodings of its pictures somebody watches, and which codecs everybody can decode.
type Layers struct {
	Tracks []ActiveLayers `json:"tracks"`
	Codecs []string       `json:"codecs"`
}

// MeetingSettingsChanged goes to everyone in the meeting.
type MeetingSettingsChanged struct {
	MeetingID string          `json:"meeting_id"`
	Settings  MeetingSettings `json:"settings"`
}

// MeetingMuted tells a participant that a teacher muted them.
type MeetingMuted struct {
	MeetingID string `json:"meeting_id"`
	ByUserID  string `json:"by_user_id"`
}

// MeetingRemoved tells a participant that a teacher sent them out.
type MeetingRemoved struct {
	MeetingID string `json:"meeting_id"`
}

// ServerRestarting asks clients to come back after a random delay of up to RetryMS.
type ServerRestarting struct {
	RetryMS int `json:"retry_ms"`
}
