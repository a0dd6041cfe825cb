package wire

// MeetingState is what everybody in a meeting sees alike beside its participants.
type MeetingState struct {
	Spotlight    string     `json:"spotlight"`                                    // the participant whom a teacher shows to everybody; "": nobody
	Broadcasting string     `json:"broadcasting"`                                 // the participant whose microphone all breakouts hear; "": nobody
	Breakouts    *Breakouts `json:"breakouts" tstype:"Breakouts | null,required"` // null: everybody is in the main room
}

// MeetingStateChanged is the event meeting.state.
type MeetingStateChanged struct {
	MeetingID string       `json:"meeting_id"`
	State     MeetingState `json:"state"`
}

// MeetingDoor is what somebody sees who has a meeting's link and is not in its channel.
type MeetingDoor struct {
	ID          string  `json:"id"`
	ChannelName string  `json:"channel_name"`
	Host        Profile `json:"host"`
	StartedAt   Time    `json:"started_at" swaggertype:"string" format:"date-time"`
	EndedAt     *Time   `json:"ended_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	Member      bool    `json:"member"` // of its channel: one joins, the others knock
}

// Waiting is why and since when one waits; the "current" of a join answered with "waiting", and the event meeting.waiting.
type Waiting struct {
	MeetingID string `json:"meeting_id"`
	Reason    string `json:"reason" enums:"lobby,knock" tstype:"'lobby' | 'knock'"` // knock: one is not in the channel
	Since     Time   `json:"since" swaggertype:"string" format:"date-time"`
	Teachers  int    `json:"teachers"` // in the meeting now; without one nobody is admitted
}

// Lobby is everybody who waits, longest first; the event meeting.lobby for its teachers.
type Lobby struct {
	MeetingID string   `json:"meeting_id"`
	Waiting   []Waiter `json:"waiting"`
}

// Waiter is somebody who waits. Admitting one who is not a member adds them to the channel.
type Waiter struct {
	User   Profile `json:"user"`
	Member bool    `json:"member"`
	Since  Time    `json:"since" swaggertype:"string" format:"date-time"`
}

// MeetingAdmit lets somebody who waits in, or everybody when UserID is empty. Teachers only.
type MeetingAdmit struct {
	UserID string `json:"user_id,omitempty"`
}

// MeetingDeny sends somebody who waits away, for this meeting. Teachers only.
type MeetingDeny struct {
	UserID string `json:"user_id"`
}

// MeetingAdmitted tells somebody who waits to join now.
type MeetingAdmitted struct {
	MeetingID string `json:"meeting_id"`
}

// MeetingDenied tells somebody who waits that they wait no longer, and in how many seconds they may ask again. It is the error denied's
// current, too.
type MeetingDenied struct {
	MeetingID string `json:"meeting_id"`
	AgainS    int    `json:"again_s"`
}

// MeetingCallOn gives a student the word: the one named, or with an empty id the first in the queue of hands. Teachers only.
type MeetingCallOn struct {
	ParticipantID string `json:"participant_id,omitempty"`
}

// MeetingCalled tells the meeting that somebody has the word.
type MeetingCalled struct {
	MeetingID     string `json:"meeting_id"`
	ParticipantID string `json:"participant_id"`
	ByUserID      string `json:"by_user_id"`
}

// MeetingLowerHand lowers a hand, or all of them. Teachers only.
type MeetingLowerHand struct {
	ParticipantID string `json:"participant_id,omitempty"`
}

// MeetingSpotlight shows a participant to everybody; "" ends it. Teachers only.
type MeetingSpotlight struct {
	ParticipantID string `json:"participant_id"`
}

// MeetingReact sends one of MeetingReactions up.
type MeetingReact struct {
	Emoji string `json:"emoji"`
}

// MeetingReaction is what somebody sent up; nobody keeps it.
type MeetingReaction struct {
	MeetingID     string `json:"meeting_id"`
	ParticipantID string `json:"participant_id"`
	Emoji         string `json:"emoji"`
}

// MeetingReactions are those that there are.
var MeetingReactions = []string{"👍", "👏", "❤️", "😂", "😮", "🎉", "🤔", "👎"}
