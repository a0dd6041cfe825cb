package wire

// Timeline is the authoritative state of a meeting's playback. While Playing the position at server time t is
// Pos + max(0, t − At)/1000 × Rate, and never beyond Until. Pos and Until in seconds, At and StartBy in milliseconds of the
// server's clock. A client applies only a newer Epoch, or the same Epoch with a higher V.
type Timeline struct {
	MeetingID string        `json:"meeting_id"`
	Epoch     int64         `json:"epoch"`
	V         int64         `json:"v"`
	Item      *PlaybackItem `json:"item" tstype:"PlaybackItem | null,required"`
	EntryID   string        `json:"entry_id,omitempty"` // the playlist's entry that Item is
	Playing   bool          `json:"playing"`
	Pos       float64       `json:"pos"`
	Rate      float64       `json:"rate"`
	At        float64       `json:"at"`
	Until     *float64      `json:"until,omitempty"`    // where the server will stop: the next stop-point, or the end of the item
	StartBy   *float64      `json:"start_by,omitempty"` // "play" waits for the class to be ready; at this time it starts anyway
}

// PlaybackItem is what plays. Key names its content, the same wherever it is played: "youtube:" and the video's id, or
// "file:" and the file's. For "youtube" the server parses URL into VideoID, ListID and Start (seconds); for "file" it fills
// Title, ContentType and, in timelines, URL (playable for a limited time). Duration in seconds, when it is known.
type PlaybackItem struct {
	Kind        string  `json:"kind" enums:"youtube,file" tstype:"'youtube' | 'file'"`
	Key         string  `json:"key,omitempty"`
	URL         string  `json:"url,omitempty"`
	VideoID     string  `json:"video_id,omitempty"`
	ListID      string  `json:"list_id,omitempty"` // of the YouTube playlist that the link named; kept, not read
	Start       float64 `json:"start,omitempty"`
	FileID      string  `json:"file_id,omitempty"`
	Title       string  `json:"title,omitempty"`
	ContentType string  `json:"content_type,omitempty"`
	Duration    float64 `json:"duration,omitempty"`
}

// PlaybackCommand drives the class. ID (a UUID) makes a retry harmless; BaseV is the timeline version the teacher saw.
// Arguments are absolute: Item or EntryID for "load", Pos (seconds) for "seek" and optionally "play", "pause" and "load",
// Rate for "rate". Autoplay lets "load", "next" and "previous" start as soon as the class is ready.
type PlaybackCommand struct {
	MeetingID string        `json:"meeting_id"`
	ID        string        `json:"id"`
	BaseV     int64         `json:"base_v"`
	Op        string        `json:"op" tstype:"'load' | 'play' | 'pause' | 'seek' | 'rate' | 'next' | 'previous' | 'stop'"`
	Item      *PlaybackItem `json:"item,omitempty"`
	EntryID   string        `json:"entry_id,omitempty"`
	Pos       *float64      `json:"pos,omitempty"`
	Rate      *float64      `json:"rate,omitempty"`
	Autoplay  *bool         `json:"autoplay,omitempty"`
}

// PlaybackAck carries the timeline that the command made.
type PlaybackAck struct {
	Timeline Timeline `json:"timeline"`
}

// PlaybackStatus is how one follows: ErrMS is target minus own position in milliseconds of media time. Ready: the player has
// the item of version V in place and could start now.
type PlaybackStatus struct {
	MeetingID string  `json:"meeting_id"`
	V         int64   `json:"v"`
	ErrMS     float64 `json:"err_ms"`
	State     string  `json:"state" tstype:"FollowState"`
	BufferS   float64 `json:"buffer_s"`
	RTTMS     float64 `json:"rtt_ms"`
	Ready     *bool   `json:"ready,omitempty"`
}

// PlaybackClass tells teachers, at most once a second, how the class follows: participants by state, and each one.
type PlaybackClass struct {
	MeetingID string           `json:"meeting_id"`
	Counts    map[string]int   `json:"counts"`
	People    []PlaybackPerson `json:"people"`
	Ready     int              `json:"ready"`  // of Quorum, those who have the item in place
	Quorum    int              `json:"quorum"` // for how many a start waits
}

// PlaybackPerson is one row of it.
type PlaybackPerson struct {
	ParticipantID string  `json:"participant_id"`
	State         string  `json:"state" tstype:"FollowState"`
	ErrMS         float64 `json:"err_ms"`
	BufferS       float64 `json:"buffer_s"`
	RTTMS         float64 `json:"rtt_ms"`
	Ready         bool    `json:"ready"`
	Waited        bool    `json:"waited"` // false: stalls so often, or follows so little, that starts do not wait for this one
}

// Playlist is a channel's list of what to watch; it lasts over meetings. V counts its edits. CurrentID is the entry that was
// loaded last, "" before the first; "next" goes on from there.
type Playlist struct {
	ChannelID string          `json:"channel_id"`
	V         int64           `json:"v"`
	Entries   []PlaylistEntry `json:"entries"`
	CurrentID string          `json:"current_id"`
	AutoNext  bool            `json:"auto_next"` // the end of an entry starts the next one
}

// PlaylistEntry is one row of it. Problem tells why a teacher's player could not play it, "" when nothing is known to be wrong.
type PlaylistEntry struct {
	ID      string       `json:"id"`
	Item    PlaybackItem `json:"item"`
	Problem string       `json:"problem" enums:",not_found,embedding_disabled,referrer_missing,unplayable" tstype:"PlaybackProblem"`
}

// PlaybackEdit changes a channel's playlist. ID makes a retry harmless; a BaseV that is not the playlist's present V is
// refused with 409, and the present list comes in the error's "current".
type PlaybackEdit struct {
	ChannelID string        `json:"channel_id"`
	ID        string        `json:"id"`
	BaseV     int64         `json:"base_v"`
	Op        string        `json:"op" tstype:"'add' | 'move' | 'remove' | 'clear' | 'rename' | 'auto_next'"`
	Item      *PlaybackItem `json:"item,omitempty"`     // add
	EntryID   string        `json:"entry_id,omitempty"` // move, remove, rename
	To        *int          `json:"to,omitempty"`       // add, move: the index that it has afterwards; missing: the end
	Title     string        `json:"title,omitempty"`    // rename; add optionally
	AutoNext  *bool         `json:"auto_next,omitempty"`
}

// PlaylistAck carries the playlist after the edit.
type PlaylistAck struct {
	Playlist Playlist `json:"playlist"`
}

// PlaybackReport is what a teacher's player found out about an item; only the fields present count.
type PlaybackReport struct {
	ChannelID string   `json:"channel_id"`
	Key       string   `json:"key"`
	Duration  *float64 `json:"duration,omitempty"`
	Title     *string  `json:"title,omitempty"`
	Problem   *string  `json:"problem,omitempty" tstype:"PlaybackProblem"`
}

// Marker is a stop-point: when the class reaches T seconds of the item, the server pauses and asks Question. With Choices
// the answer is one of them, else a short text.
type Marker struct {
	ID       string   `json:"id"` // made by the client, a UUID
	Key      string   `json:"key"`
	T        float64  `json:"t"`
	Question string   `json:"question"`
	Choices  []string `json:"choices"`
}

// SetMarker adds a stop-point, or changes the one with that id.
type SetMarker struct {
	ChannelID string `json:"channel_id"`
	Marker    Marker `json:"marker"`
}

// RemoveMarker takes one away; without one there is nothing to do.
type RemoveMarker struct {
	ChannelID string `json:"channel_id"`
	MarkerID  string `json:"marker_id"`
}

// Markers are all stop-points of one item in a channel, by T.
type Markers struct {
	ChannelID string   `json:"channel_id"`
	Key       string   `json:"key"`
	Markers   []Marker `json:"markers"`
}

// PlaybackQuestion is a stop-point that the class has reached. Open: answers are taken.
type PlaybackQuestion struct {
	MeetingID string   `json:"meeting_id"`
	ID        string   `json:"id"`
	MarkerID  string   `json:"marker_id"`
	Key       string   `json:"key"`
	T         float64  `json:"t"`
	Question  string   `json:"question"`
	Choices   []string `json:"choices"`
	Open      bool     `json:"open"`
	Answered  int      `json:"answered"` // people
	AskedAt   Time     `json:"asked_at" swaggertype:"string" format:"date-time"`
}

// AnswerQuestion gives or replaces one's own answer: Choice is an index, Text for a question without choices.
type AnswerQuestion struct {
	QuestionID string `json:"question_id"`
	Choice     *int   `json:"choice,omitempty"`
	Text       string `json:"text,omitempty"`
}

// CloseQuestion takes no more answers, without playing on.
type CloseQuestion struct {
	QuestionID string `json:"question_id"`
}

// PlaybackAnswer is one person's.
type PlaybackAnswer struct {
	QuestionID string  `json:"question_id"`
	User       Profile `json:"user"`
	Choice     *int    `json:"choice,omitempty"`
	Text       string  `json:"text,omitempty"`
	At         Time    `json:"at" swaggertype:"string" format:"date-time"`
}

// PlaybackAnswers shows teachers the answers to a question so far. Counts has one number per choice.
type PlaybackAnswers struct {
	MeetingID  string           `json:"meeting_id"`
	QuestionID string           `json:"question_id"`
	Counts     []int            `json:"counts"`
	Answers    []PlaybackAnswer `json:"answers"`
}

// PlaybackComment asks something about a moment of what is playing; it becomes a comment on the meeting's post. Without Key
// and Pos the server takes where the class is.
type PlaybackComment struct {
	Body     string   `json:"body"`
	ClientID string   `json:"client_id,omitempty"`
	Key      string   `json:"key,omitempty"`
	Pos      *float64 `json:"pos,omitempty"`
}

// Moment is a position within an item, in seconds.
type Moment struct {
	Key string  `json:"key"`
	T   float64 `json:"t"`
}

// PlaybackLost says "I am lost here". Nobody learns who said it. Without Key and Pos the server takes where the class is.
type PlaybackLost struct {
	Key string   `json:"key,omitempty"`
	Pos *float64 `json:"pos,omitempty"`
}

// LostCurve tells teachers how often somebody was lost, along an item. Buckets without anybody are left out.
type LostCurve struct {
	MeetingID string      `json:"meeting_id"`
	Key       string      `json:"key"`
	BucketS   int         `json:"bucket_s"`
	Buckets   []LostCount `json:"buckets"`
}

// LostCount is the N taps of the bucket that begins at T seconds.
type LostCount struct {
	T int `json:"t"`
	N int `json:"n"`
}

// PlaybackSettings are switches of a meeting's playback.
type PlaybackSettings struct {
	FreeBrowsing bool   `json:"free_browsing"` // students may leave the class's position
	Remote       string `json:"remote"`        // user id of the teacher who alone may steer; "": every teacher may
	RoomSound    string `json:"room_sound"`    // participant id of the device that plays the sound for a room; "": each its own
}

// PlaybackSettingsCommand changes only the fields present. Teachers only.
type PlaybackSettingsCommand struct {
	FreeBrowsing *bool   `json:"free_browsing,omitempty"`
	RoomSound    *string `json:"room_sound,omitempty"`
}

// PlaybackRemote takes the exclusive remote, gives it to another teacher of the meeting, or lets every teacher steer again.
type PlaybackRemote struct {
	Op     string `json:"op" tstype:"'take' | 'hand_over' | 'release'"`
	UserID string `json:"user_id,omitempty"` // hand_over
}

// PlaybackSettingsChanged goes to everyone in the meeting.
type PlaybackSettingsChanged struct {
	MeetingID string           `json:"meeting_id"`
	Settings  PlaybackSettings `json:"settings"`
}

// PlaybackNudge reminds one participant. Teachers only.
type PlaybackNudge struct {
	ParticipantID string `json:"participant_id"`
}

// PlaybackCalled tells a participant (nudge) or everybody (recall) that a teacher asks them to follow again.
type PlaybackCalled struct {
	MeetingID string `json:"meeting_id"`
	ByUserID  string `json:"by_user_id"`
}

// PlaybackState is everything of a meeting's playback beside its timeline, as one participant may see it on joining.
type PlaybackState struct {
	Playlist Playlist          `json:"playlist"`
	Settings PlaybackSettings  `json:"settings"`
	Question *PlaybackQuestion `json:"question" tstype:"PlaybackQuestion | null,required"` // the last one asked, while it is open or the class still stands there
	MyAnswer *PlaybackAnswer   `json:"my_answer" tstype:"PlaybackAnswer | null,required"`  // to it
	Comments []Comment         `json:"comments"`                                           // those with a moment on the meeting's post, oldest first, the last 200
	PostID   *string           `json:"post_id" tstype:"string | null,required"`            // the meeting's post, once there is one
	Markers  []Marker          `json:"markers"`                                            // teachers: all of the channel
	Answers  *PlaybackAnswers  `json:"answers" tstype:"PlaybackAnswers | null,required"`   // teachers: to Question
	Lost     []LostCurve       `json:"lost"`                                               // teachers: of the meeting so far
}

// PlaybackHistory is what teachers keep of a meeting's playback.
type PlaybackHistory struct {
	Questions []AskedQuestion `json:"questions"`
	Lost      []LostCurve     `json:"lost"`
}

// AskedQuestion is a question with its answers.
type AskedQuestion struct {
	PlaybackQuestion `tstype:",extends"`
	Title            string           `json:"title,omitempty"` // of the video, while it is in the channel's playlist
	Counts           []int            `json:"counts"`
	Answers          []PlaybackAnswer `json:"answers"`
}
