package wire

// Meeting is a channel's live lesson.
type Meeting struct {
	ID               string          `json:"id"`
	ChannelID        string          `json:"channel_id"`
	Host             Profile         `json:"host"`
	Settings         MeetingSettings `json:"settings"`
	ParticipantCount int             `json:"participant_count"` // now; once it has ended, how many different people came
	StartedAt        Time            `json:"started_at" swaggertype:"string" format:"date-time"`
	EndedAt          *Time           `json:"ended_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// MeetingSettings are the switches a teacher may set; the channel's next meeting begins with them. A locked source is stopped at
// the server for students.
type MeetingSettings struct {
	MicrophonesLocked bool `json:"microphones_locked"`
	CamerasLocked     bool `json:"cameras_locked"`
	ScreenLocked      bool `json:"screen_locked"`
	ChatLocked        bool `json:"chat_locked"`  // students write nothing under the meeting's post
	Lobby             bool `json:"lobby"`        // students wait until a teacher admits them
	ManyScreens       bool `json:"many_screens"` // several people may share at once
}

// Participant is one user's presence in a meeting, one per joined window. Connection is "connected" or "reconnecting".
// HandRaisedAt orders the queue of hands. MaySpeak: a teacher has called on this student, whom a lock of the microphones does
// not concern. RoomID is the breakout, "" in the main room.
type Participant struct {
	ParticipantID string  `json:"participant_id"`
	User          Profile `json:"user"`
	Role          string  `json:"role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
	Muted         bool    `json:"muted"`
	VideoOn       bool    `json:"video_on"`
	ScreenSharing bool    `json:"screen_sharing"`
	HandRaised    bool    `json:"hand_raised"`
	HandRaisedAt  *Time   `json:"hand_raised_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	MaySpeak      bool    `json:"may_speak"`
	Captioned     bool    `json:"captioned"` // this device writes down what is said into it
	RoomID        string  `json:"room_id"`
	Connection    string  `json:"connection" enums:"connected,reconnecting" tstype:"'connected' | 'reconnecting'"`
	JoinedAt      Time    `json:"joined_at" swaggertype:"string" format:"date-time"`
}

// Track sources.
const (
	SourceMicrophone  = "microphone"
	SourceCamera      = "camera"
	SourceScreen      = "screen"
	SourceScreenAudio = "screen_audio"
)

// Candidate is an RTCIceCandidateInit. An empty Candidate says that there are no more.
type Candidate struct {
	Candidate        string  `json:"candidate"`
	SDPMid           *string `json:"sdpMid" tstype:"string | null,required"`
	SDPMLineIndex    *uint16 `json:"sdpMLineIndex" tstype:"number | null,required"`
	UsernameFragment *string `json:"usernameFragment,omitempty"`
}

// TrackSource says what the publisher sends on a media line.
type TrackSource struct {
	MID    string `json:"mid"`
	Source string `json:"source" tstype:"TrackSourceName"`
}

// Track says what the subscriber receives on a media line. Paused: the server stopped sending for now.
type Track struct {
	MID           string `json:"mid"`
	ParticipantID string `json:"participant_id"`
	Source        string `json:"source" tstype:"TrackSourceName"`
	Muted         bool   `json:"muted"`
	Paused        bool   `json:"paused"`
}

// ActiveLayers names the encodings of one of the publisher's media lines that are worth sending, by RID; a line without
// simulcast has one encoding with the RID "".
type ActiveLayers struct {
	MID  string   `json:"mid"`
	RIDs []string `json:"rids"`
}

// Tile is a picture on somebody's screen, in CSS pixels times the device pixel ratio.
type Tile struct {
	ParticipantID string `json:"participant_id"`
	Source        string `json:"source" tstype:"TrackSourceName"`
	Width         int    `json:"width"`
	Height        int    `json:"height"`
	Priority      int    `json:"priority,omitempty"`
}
