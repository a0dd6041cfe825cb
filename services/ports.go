package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Publisher brings events to sockets. Events of one topic arrive in the order published. Topics are made by the
// functions below. It never blocks on a slow socket.
type Publisher interface {
	// Publish encodes once and queues to every socket that follows the topic.
	Publish(topic, event string, data any)
	// PublishChange is Publish for a durable event: it carries the number that it has in its scope, which is the topic.
	PublishChange(topic string, seq int64, event string, data any)
	// PublishChangeTo is PublishChange for a scope that is no topic: it reaches those of some topics, each socket once.
	PublishChangeTo(topics []string, scope string, seq int64, event string, data any)
	// PublishState is for state of which only the latest matters: a newer one with the same key replaces one still queued.
	PublishState(topic, key, event string, data any)
	// PublishStateTo is PublishState for several topics; it reaches each socket that follows one of them once.
	PublishStateTo(topics []string, key, event string, data any)
	// Follow makes every present and later socket of a user follow a topic, Unfollow ends it.
	Follow(userID, topic string)
	Unfollow(userID, topic string)
	// Online tells whether a user has a socket now.
	Online(userID string) bool
	// Active tells whether a user has a socket that is not away.
	Active(userID string) bool
	// SetPresence keeps the word that others see for a user while they are online, and tells whether it is a new one; Presence
	// gives it, or "".
	SetPresence(userID, word string) (changed bool)
	Presence(userID string) string
}

// Disconnector closes the sockets of a session that has ended, or all of a user's when sessionID is empty.
type Disconnector interface {
	Disconnect(userID, sessionID string)
}

// Mailer brings letters to people, off the caller's time.
type Mailer interface {
	// Post queues a letter to be written and sent later: whether there is anybody to write to must not show in how long a
	// request takes. A nil letter is not sent. It answers KindUnavailable when too many wait already.
	Post(write func(ctx context.Context) (*Letter, error)) error
	// Delivers tells whether letters reach people. Otherwise the operator finds their links in the log.
	Delivers() bool
}

// Letter asks somebody to open a link.
type Letter struct {
	Purpose string // models.PurposeVerify or models.PurposeReset
	To      string // an email address
	Name    string
	Locale  string // zh-TW or en
	Link    string
}

// Notifier tells people of what concerns them. Its methods write in the transaction of what caused them, before the first change
// of that is recorded; tell, to be called after the commit, brings it to their windows and devices.
type Notifier interface {
	// Notify stores each notification unless its user is the actor or has it already (user, entity and kind). Id, time and
	// silence are filled in.
	Notify(ctx context.Context, tx *models.Store, notes ...models.Notification) (tell func(), err error)
	// Announce is Notify for all members of a channel who want to hear of such things: they are told soon after the commit,
	// some at a time. Id and time are filled in.
	Announce(ctx context.Context, tx *models.Store, a models.Announcement) (tell func(), err error)
	// Seen marks as read what tells of entries that the user has read now.
	Seen(ctx context.Context, tx *models.Store, userID string, seen models.Seen) (tell func(), err error)
	// Forget removes what tells of an entry that is being deleted; kind is models.EntryPost (with its comments),
	// EntryComment or EntryMessage. What is still to be announced of it is taken back.
	Forget(ctx context.Context, tx *models.Store, kind, entryID string) (tell func(), err error)
}

// PushSender brings Web Push messages to devices (RFC 8030).
type PushSender interface {
	// Key is the server's public key, base64url, with which devices subscribe.
	Key() string
	// Send hands a message to the device's push service. Its errors are ErrPushGone, *PushRefused, or the network's.
	Send(ctx context.Context, to PushDevice, message PushMessage) error
}

// PushDevice is where a subscription leads. The keys are base64url.
type PushDevice struct{ Endpoint, P256DH, Auth string }

// PushMessage is sent encrypted. Urgency is "normal" or "high" (RFC 8030, 5.3); the push service gives up after TTL.
type PushMessage struct {
	Payload []byte
	TTL     time.Duration
	Urgency string
}

// ErrPushGone tells that a subscription has ended.
var ErrPushGone = errors.New("the subscription has ended")

// PushRefused is a push service's refusal. RetryAfter is 0 when it does not say.
type PushRefused struct {
	Status     int // of HTTP
	RetryAfter time.Duration
}

func (e *PushRefused) Error() string { return fmt.Sprintf("the push service answers %d", e.Status) }

// UserTopic reaches every socket of a user.
func UserTopic(id string) string { return "user:" + id }

// ChannelTopic reaches the sockets of a channel's members.
func ChannelTopic(id string) string { return "channel:" + id }

// ConversationTopic is the scope of a conversation's changes. No socket follows it: its events go to the UserTopics of the two,
// so that a socket need not remember all conversations of its user.
func ConversationTopic(id string) string { return "conversation:" + id }

// CallTopic reaches the one device on which a user is in a call.
func CallTopic(callID, userID string) string { return "call:" + callID + ":" + userID }

// RingTopic reaches the devices on which a call rings.
func RingTopic(callID string) string { return "ring:" + callID }

// MeetingTopic reaches the sockets that are in a meeting.
func MeetingTopic(id string) string { return "meeting:" + id }

// MeetingTeachersTopic reaches those of them that are teachers.
func MeetingTeachersTopic(id string) string { return "meeting-teachers:" + id }

// WaitingTopic reaches the sockets on which a user waits to be let into a meeting.
func WaitingTopic(meetingID, userID string) string { return "waiting:" + meetingID + ":" + userID }

// ParticipantTopic reaches the one socket of a participant.
func ParticipantTopic(id string) string { return "participant:" + id }

// Rooms is the SFU as services see it. Every method may be called for a participant who has just left: it then answers
// an error of KindNotFound, or does nothing where it returns none.
type Rooms interface {
	// Join creates the participant's two peer connections; signals come through out until Leave.
	Join(ctx context.Context, roomID, participantID string, out RoomSignals) error
	// Offer takes the publisher's offer and returns the answer.
	Offer(ctx context.Context, participantID, sdp string) (answer string, err error)
	// Answer takes the client's answer to the subscriber's offer.
	Answer(participantID, sdp string) error
	Candidate(participantID, target string, c wire.Candidate) error
	SetTracks(participantID string, tracks []wire.TrackSource) error
	SetView(participantID string, tiles []wire.Tile) error
	// Allow opens or stops the forwarding of one of the participant's sources (muted, switched off, locked).
	Allow(participantID, source string, allowed bool)
	// Group brings a participant into one of the room's groups, "" the main one: media flows only within a group.
	Group(participantID, group string)
	// Broadcast lets all groups hear the participant's microphone, or ends it.
	Broadcast(participantID string, on bool)
	Leave(participantID string)
	CloseRoom(roomID string)
	// Stats tells of everybody whose connections are in a room, without their names.
	Stats(roomID string) []wire.ParticipantStats
}

// RoomSignals is what the SFU says to and of one participant. Calls come one at a time, from the SFU's goroutines, and
// must not block or call Rooms back synchronously.
type RoomSignals interface {
	Offer(sdp string)
	Candidate(target string, c wire.Candidate)
	Tracks(tracks []wire.Track)
	// Layers tells which encodings of the participant's pictures somebody watches, and which codecs everybody can decode.
	Layers(layers []wire.ActiveLayers, codecs []string)
	// Media tells whether the participant's ICE connections live: false after they did and no longer do.
	Media(connected bool)
	// Quality tells how the participant's connections do, on a change: good, fair, poor or lost.
	Quality(quality string)
	// Speakers lists who speaks in the participant's group, loudest first.
	Speakers(participantIDs []string)
}

// Clock is the time; tests turn it by hand.
type Clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is what AfterFunc returns.
type Timer interface{ Stop() bool }

// SystemClock is the real one.
type SystemClock struct{}

// Now is the current instant.
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc runs f once, later.
func (SystemClock) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }
