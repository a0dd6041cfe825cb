package wire

import "encoding/json"

// Command is a frame from a client.
type Command struct {
	Type string          `json:"type"`
	ID   string          `json:"id"`
	Data json.RawMessage `json:"data"`
}

// Ack answers a command that succeeded.
type Ack struct {
	Type string `json:"type"` // "ack"
	ID   string `json:"id"`
	Data any    `json:"data"`
}

// CommandError answers a command that failed.
type CommandError struct {
	Type  string     `json:"type"` // "error"
	ID    string     `json:"id"`
	Error ErrorFrame `json:"error"`
}

// ErrorFrame is a Problem on the socket.
type ErrorFrame struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Status  int               `json:"status"`
	Errors  map[string]string `json:"errors,omitempty"`
	Current any               `json:"current,omitempty" tstype:"unknown"` // of a conflict: the thing as it is now
}

// Event is a frame from the server that answers nothing.
//
// A durable one carries the scope that it happened in and its number there; see Changes.
type Event struct {
	Type  string `json:"type"`
	Data  any    `json:"data"`
	At    Time   `json:"at"`
	Scope string `json:"scope,omitempty"`
	Seq   int64  `json:"seq,omitempty"`
}

// AuthCommand is the first frame of a socket.
type AuthCommand struct {
	AccessToken string `json:"access_token"`
}

// AuthAck: ServerTimeMS in milliseconds of the server's clock, HeartbeatS in seconds.
type AuthAck struct {
	UserID       string  `json:"user_id"`
	SessionID    string  `json:"session_id"`
	ServerTimeMS float64 `json:"server_time_ms"`
	HeartbeatS   int     `json:"heartbeat_s"`
}

// TypingCommand tells a channel (or conversation) that one types.
type TypingCommand struct {
	ChannelID      string `json:"channel_id,omitempty"`
	ConversationID string `json:"conversation_id,omitempty"`
}

// ClockPing: T0 is the client's clock in milliseconds.
type ClockPing struct {
	T0 float64 `json:"t0"`
}

// ClockPong: T1 is the server's clock when the ping came in, T2 when the answer went out, in milliseconds.
type ClockPong struct {
	T0 float64 `json:"t0"`
	T1 float64 `json:"t1"`
	T2 float64 `json:"t2"`
}

// MeetingJoin enters a meeting. ParticipantID, when given, takes one's own place back after a lost connection.
type MeetingJoin struct {
	MeetingID     string `json:"meeting_id"`
	Muted         bool   `json:"muted"`
	VideoOn       bool   `json:"video_on"`
	ParticipantID string `json:"participant_id,omitempty"`
}

// MeetingJoined is its ack. Playback is null until something was loaded. ServerTimeMS is the server's clock at the snapshot.
type MeetingJoined struct {
	ParticipantID string          `json:"participant_id"`
	Participants  []Participant   `json:"participants"` // others and oneself
	Settings      MeetingSettings `json:"settings"`
	State         MeetingState    `json:"state"`
	Polls         []Poll          `json:"polls"`                                   // newest first, at most 20
	Lobby         []Waiter        `json:"lobby"`                                   // who waits; empty for students
	Captions      bool            `json:"captions_wanted"`                         // somebody reads captions
	PostID        *string         `json:"post_id" tstype:"string | null,required"` // the meeting's post, whose comments are its chat; null while there is none
	ICEServers    []ICEServer     `json:"ice_servers"`
	Playback      *Timeline       `json:"playback" tstype:"Timeline | null,required"`
	PlaybackState PlaybackState   `json:"playback_state"`
	ServerTimeMS  float64         `json:"server_time_ms"`
}

// SDP carries a session description of the publisher (client offers) or subscriber (server offers).
type SDP struct {
	SDP string `json:"sdp"`
}

// MeetingCandidate carries a candidate of one of the two peer connections.
type MeetingCandidate struct {
	Target    string    `json:"target" tstype:"'publisher' | 'subscriber'"`
	Candidate Candidate `json:"candidate"`
}

// MeetingTracksCommand names the publisher's media lines; sent before the offer that adds them.
type MeetingTracksCommand struct {
	Tracks []TrackSource `json:"tracks"`
}

// MeetingView says what is on screen.
type MeetingView struct {
	Tiles []Tile `json:"tiles"`
}

// MeetingStateUpdate changes one's own marks; only the fields present.
type MeetingStateUpdate struct {
	Muted         *bool `json:"muted,omitempty"`
	VideoOn       *bool `json:"video_on,omitempty"`
	ScreenSharing *bool `json:"screen_sharing,omitempty"`
	HandRaised    *bool `json:"hand_raised,omitempty"`
	Captioned     *bool `json:"captioned,omitempty"`
}

// MeetingMute mutes one participant, or every student when ParticipantID is empty. Teachers only.
type MeetingMute struct {
	ParticipantID string `json:"participant_id,omitempty"`
}

// MeetingRemove sends a participant out. Teachers only.
type MeetingRemove struct {
	ParticipantID string `json:"participant_id"`
}

// MeetingSettingsCommand changes only the fields present. Teachers only.
type MeetingSettingsCommand struct {
	MicrophonesLocked *bool `json:"microphones_locked,omitempty"`
	CamerasLocked     *bool `json:"cameras_locked,omitempty"`
	ScreenLocked      *bool `json:"screen_locked,omitempty"`
	ChatLocked        *bool `json:"chat_locked,omitempty"`
	Lobby             *bool `json:"lobby,omitempty"`
	ManyScreens       *bool `json:"many_screens,omitempty"`
}
