package wire

// Attendance tells who was in a meeting and when. HeldSeconds is how long it was held, until now while it goes on.
type Attendance struct {
	Meeting     Meeting         `json:"meeting"`
	HeldSeconds int             `json:"held_seconds"`
	Items       []AttendanceRow `json:"items"` // in the order of first joining
}

// AttendanceRow lists when one user was in a meeting. Gaps of up to a minute, as bad networks make them, are none.
type AttendanceRow struct {
	User          Profile              `json:"user"`
	StudentNumber string               `json:"student_number"` // "" when the account has none
	Intervals     []AttendanceInterval `json:"intervals"`
	Seconds       int                  `json:"seconds"` // present in all
}

// AttendanceInterval: LeftAt is null while the user is still there.
type AttendanceInterval struct {
	JoinedAt Time  `json:"joined_at" swaggertype:"string" format:"date-time"`
	LeftAt   *Time `json:"left_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// MeetingSummary is what a meeting's post shows of it. People is how many different ones were there, 0 until it has ended.
type MeetingSummary struct {
	ID        string `json:"id"`
	StartedAt Time   `json:"started_at" swaggertype:"string" format:"date-time"`
	EndedAt   *Time  `json:"ended_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	People    int    `json:"people"`
}
