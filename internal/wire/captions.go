package wire

// MeetingCaption is a line of what somebody says, written down by their own browser. Lines are numbered from 1 by the speaker's device;
// the same line comes again as it grows, until it is Final. 1 to 500 characters; Lang as in BCP 47, such as zh-TW.
type MeetingCaption struct {
	Line  int    `json:"line"`
	Text  string `json:"text"`
	Final bool   `json:"final"`
	Lang  string `json:"lang"`
}

// MeetingCaptionShown is the event meeting.caption, for those who hear the speaker and have captions on.
type MeetingCaptionShown struct {
	MeetingID     string `json:"meeting_id"`
	ParticipantID string `json:"participant_id"`
	RoomID        string `json:"room_id"`
	Line          int    `json:"line"`
	Text          string `json:"text"`
	Final         bool   `json:"final"`
	Lang          string `json:"lang"`
}

// MeetingCaptions switches captions on or off for oneself.
type MeetingCaptions struct {
	On bool `json:"on"`
}

// MeetingCaptionsWanted tells whether anybody reads captions: without a reader nobody's device need recognise speech.
type MeetingCaptionsWanted struct {
	MeetingID string `json:"meeting_id"`
	Wanted    bool   `json:"wanted"`
}
