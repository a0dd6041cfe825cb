package wire

// Breakouts are the groups' rooms of a meeting while they are open.
type Breakouts struct {
	Rooms     []BreakoutRoom `json:"rooms"`
	OpenedAt  Time           `json:"opened_at" swaggertype:"string" format:"date-time"`
	EndsAt    *Time          `json:"ends_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"` // when everybody is back in the main room; null: when a teacher says so
	Recalling bool           `json:"recalling"`                                                                                             // the countdown to ends_at is the last one
}

// BreakoutRoom is one of them.
type BreakoutRoom struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// BreakoutPlan is a group to be: who shall be in it, by user. Who is in none stays in the main room.
type BreakoutPlan struct {
	Name    string   `json:"name"`
	UserIDs []string `json:"user_ids"`
}

// MeetingOpenBreakouts makes 1 to 50 rooms and moves people there. DurationS, 60 to 14,400 seconds, is when they end by
// themselves; 0: they do not. Teachers only.
type MeetingOpenBreakouts struct {
	Rooms     []BreakoutPlan `json:"rooms"`
	DurationS int            `json:"duration_s,omitempty"`
}

// MeetingExtendBreakouts gives 1 to 7,200 seconds more, from now on where there was no end. It stops a recall. Teachers only.
type MeetingExtendBreakouts struct {
	Seconds int `json:"seconds"`
}

// MeetingCloseBreakouts recalls everybody after a countdown of 0 to 300 seconds. Teachers only.
type MeetingCloseBreakouts struct {
	CountdownS int `json:"countdown_s"`
}

// MeetingMove brings a participant into a breakout, or to the main room (""). Teachers only; themselves too, to visit.
type MeetingMove struct {
	ParticipantID string `json:"participant_id"`
	RoomID        string `json:"room_id"`
}

// MeetingBroadcast tells all rooms something, of 1 to 500 characters, or switches on or off that they hear one's microphone.
// Teachers only.
type MeetingBroadcast struct {
	Text  string `json:"text,omitempty"`
	Voice *bool  `json:"voice,omitempty"`
}

// MeetingAnnouncement is the event meeting.broadcast: a teacher's words to all rooms.
type MeetingAnnouncement struct {
	MeetingID string  `json:"meeting_id"`
	By        Profile `json:"by"`
	Text      string  `json:"text"`
}

// BreakoutPlans are the groups that the channel had last, so that they can meet again.
type BreakoutPlans struct {
	Rooms []BreakoutPlan `json:"rooms"`
}
