package wire

// Poll is a question with choices to everybody in a meeting. Results are counts per option, null for students until they may see
// them: while it is open if Live, afterwards always. MyChoices are one's own, null while one has not voted and, of an
// anonymous poll, always: nobody can tell who chose what.
type Poll struct {
	ID        string   `json:"id"`
	MeetingID string   `json:"meeting_id"`
	Author    Profile  `json:"author"`
	Question  string   `json:"question"`
	Options   []string `json:"options"`
	Multiple  bool     `json:"multiple"` // several may be chosen
	Anonymous bool     `json:"anonymous"`
	Live      bool     `json:"live"`
	Open      bool     `json:"open"`
	Voted     int      `json:"voted"` // people
	Results   []int    `json:"results" extensions:"x-nullable" tstype:"number[] | null,required"`
	MyChoices []int    `json:"my_choices" extensions:"x-nullable" tstype:"number[] | null,required"`
	IVoted    bool     `json:"i_voted"`
	CreatedAt Time     `json:"created_at" swaggertype:"string" format:"date-time"`
}

// PollOpen asks. ID is a UUID that the client makes: a retry asks once. 2 to 10 options of 1 to 200 characters, all different;
// a question of 1 to 500. Teachers only.
type PollOpen struct {
	ID        string   `json:"id"`
	Question  string   `json:"question"`
	Options   []string `json:"options"`
	Multiple  bool     `json:"multiple"`
	Anonymous bool     `json:"anonymous"`
	Live      bool     `json:"live"`
}

// PollVote chooses, by the options' indices from 0: one, or several where that is allowed. Voting again replaces the choice, except in an
// anonymous poll, where the first one stands.
type PollVote struct {
	PollID  string `json:"poll_id"`
	Choices []int  `json:"choices"`
}

// PollClose ends it; the result becomes a comment on the meeting's post. Teachers only.
type PollClose struct {
	PollID string `json:"poll_id"`
}

// MeetingPoll is the event meeting.poll: asked, closed, and at most once a second while people vote. It says nothing of
// oneself (my_choices, i_voted): keep what the join's ack and one's own votes said.
type MeetingPoll struct {
	MeetingID string `json:"meeting_id"`
	Poll      Poll   `json:"poll"`
}

// PollResult is the event meeting.poll_result for teachers: counts, and who chose what where that is not secret.
type PollResult struct {
	MeetingID string     `json:"meeting_id"`
	PollID    string     `json:"poll_id"`
	Results   []int      `json:"results"`
	Votes     []PollMark `json:"votes"` // empty of an anonymous one
}

// PollMark is one person's vote.
type PollMark struct {
	User    Profile `json:"user"`
	Choices []int   `json:"choices"`
}

// AskedPoll is a poll with its votes, as teachers find it after the meeting.
type AskedPoll struct {
	Poll  `tstype:",extends"`
	Votes []PollMark `json:"votes"` // in the order in which they were given; empty of an anonymous one
}
