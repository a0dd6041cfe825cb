package wire

// ServerInfo is what the web app must know before anybody has signed in. EmailVerification tells whether an address must be
// verified before one joins or makes channels. Domains are those whose addresses may sign up, with sign_up "domains" only.
// FirstAccount tells that nobody has an account yet: whoever signs up first administers the installation. Mail, for
// administrators only, tells whether the server can send email.
type ServerInfo struct {
	Version           string   `json:"version"`
	SignUp            string   `json:"sign_up" enums:"open,invite,domains" tstype:"'open' | 'invite' | 'domains'"`
	Domains           []string `json:"domains,omitempty"`
	EmailVerification bool     `json:"email_verification"`
	FirstAccount      bool     `json:"first_account,omitempty"`
	Mail              *bool    `json:"mail,omitempty"`
	EmbedOrigins      []string `json:"embed_origins"` // of pages that may show a meeting in a frame
}

// DeviceSession is one device on which the account is signed in. Current is the one that asks.
type DeviceSession struct {
	ID         string `json:"id"`
	Device     Device `json:"device"`
	IP         string `json:"ip"`
	CreatedAt  Time   `json:"created_at" swaggertype:"string" format:"date-time"`
	LastUsedAt Time   `json:"last_used_at" swaggertype:"string" format:"date-time"`
	Current    bool   `json:"current"`
}

// Device is what a browser says of itself, such as "Firefox" and "Windows"; empty where that is not clear.
type Device struct {
	Browser string `json:"browser"`
	System  string `json:"system"`
}

// ChangePasswordRequest sets a new password, of 8 to 256 characters.
type ChangePasswordRequest struct {
	CurrentPassword string `json:"current_password"`
	Password        string `json:"password"`
}

// VerifyEmailRequest has the token of the link that was sent to an address.
type VerifyEmailRequest struct {
	Token string `json:"token"`
}

// ForgotPasswordRequest asks for a link to set a new password.
type ForgotPasswordRequest struct {
	Email string `json:"email"`
}

// ResetPasswordRequest has the token of that link and the new password, of 8 to 256 characters.
type ResetPasswordRequest struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

// DeleteMeRequest confirms the end of one's own account.
type DeleteMeRequest struct {
	Password string `json:"password"`
}

// Export is everything that Lectern keeps about one person.
type Export struct {
	ExportedAt Time            `json:"exported_at" swaggertype:"string" format:"date-time"`
	Account    Me              `json:"account"`
	Sessions   []DeviceSession `json:"sessions"`
	Channels   []ExportChannel `json:"channels"`
	Posts      []ExportEntry   `json:"posts"`
	Comments   []ExportEntry   `json:"comments"`
	Files      []File          `json:"files"`
	Answers    []ExportAnswer  `json:"answers"` // to what classes were asked while watching
	Votes      []ExportVote    `json:"votes"`   // in polls
	Attendance []ExportStay    `json:"attendance"`

	Conversations []ExportConversation `json:"conversations"`
	Messages      []ExportMessage      `json:"messages"` // that one has written
	Calls         []Call               `json:"calls"`

	Preferences    Preferences          `json:"preferences"`
	ScheduledPosts []ExportScheduled    `json:"scheduled_posts"`
	Notifications  []ExportNotification `json:"notifications"`
	PushDevices    []ExportPushDevice   `json:"push_devices"`
}

// ExportVote is what one chose in a poll: nothing of an anonymous one, of which only is known that one voted. At is then when it was asked.
type ExportVote struct {
	MeetingID string   `json:"meeting_id"`
	Question  string   `json:"question"`
	Anonymous bool     `json:"anonymous"`
	Choices   []string `json:"choices"`
	At        Time     `json:"at" swaggertype:"string" format:"date-time"`
}

// ExportStay is when one window was in a meeting.
type ExportStay struct {
	MeetingID string `json:"meeting_id"`
	JoinedAt  Time   `json:"joined_at" swaggertype:"string" format:"date-time"`
	LeftAt    *Time  `json:"left_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// ExportScheduled is a post that waits for its time.
type ExportScheduled struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	Body      string `json:"body"`
	PublishAt Time   `json:"publish_at" swaggertype:"string" format:"date-time"`
}

// ExportNotification is something that one was told of.
type ExportNotification struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	ActorName string `json:"actor_name"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
	ReadAt    *Time  `json:"read_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// ExportPushDevice is a device that hears of notifications; Service is the host of its browser's push service.
type ExportPushDevice struct {
	Service   string `json:"service"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
}

// ExportConversation is one that one has with somebody.
type ExportConversation struct {
	ID        string `json:"id"`
	PeerName  string `json:"peer_name"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
}

// ExportMessage is a message that one has written.
type ExportMessage struct {
	ID             string `json:"id"`
	ConversationID string `json:"conversation_id"`
	Body           string `json:"body"`
	CreatedAt      Time   `json:"created_at" swaggertype:"string" format:"date-time"`
	EditedAt       *Time  `json:"edited_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// ExportChannel is a channel one is a member of.
type ExportChannel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Role     string `json:"role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
	JoinedAt Time   `json:"joined_at" swaggertype:"string" format:"date-time"`
}

// ExportEntry is a post or comment that one has written; PostID is only there for comments.
type ExportEntry struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	PostID    string `json:"post_id,omitempty"`
	Body      string `json:"body"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
	EditedAt  *Time  `json:"edited_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// ExportAnswer is one's answer to a question at a stop-point: one of its choices, or a text.
type ExportAnswer struct {
	MeetingID string `json:"meeting_id"`
	Question  string `json:"question"`
	Answer    string `json:"answer"`
	At        Time   `json:"at" swaggertype:"string" format:"date-time"`
}
