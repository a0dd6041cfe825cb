package wire

// Notification tells a user of something that concerns them. Kind decides which of the ids are there: "mention" (of the
// user), "mention_all", "post" and "comment" (where the channel's level is "all"), "reply" (a comment under one's own post,
// or a message that answers one's own), "message", "missed_call", "meeting" (one began), "added" (to a channel).
type Notification struct {
	ID             string  `json:"id"`
	Kind           string  `json:"kind" enums:"mention,mention_all,post,comment,reply,message,missed_call,meeting,added" tstype:"NotificationKind"`
	Actor          Profile `json:"actor"`
	ChannelID      string  `json:"channel_id,omitempty"`
	PostID         string  `json:"post_id,omitempty"`
	CommentID      string  `json:"comment_id,omitempty"`
	ConversationID string  `json:"conversation_id,omitempty"`
	MessageID      string  `json:"message_id,omitempty"`
	CallID         string  `json:"call_id,omitempty"`
	MeetingID      string  `json:"meeting_id,omitempty"`
	Title          string  `json:"title"`   // the channel's name; empty for a conversation
	Snippet        string  `json:"snippet"` // the beginning of what was written, without marks
	Read           bool    `json:"read"`
	Silent         bool    `json:"silent"` // for the list only: no sound, no pop-up (do not disturb)
	CreatedAt      Time    `json:"created_at" swaggertype:"string" format:"date-time"`
}

// Notifications answers GET /notifications, the newest first.
type Notifications struct {
	Items       []Notification `json:"items"`
	NextCursor  *string        `json:"next_cursor" extensions:"x-nullable" tstype:"string | null,required"`
	UnreadCount int            `json:"unread_count"`
}

// ReadNotificationsRequest marks some, or with UpTo all up to and including that one.
type ReadNotificationsRequest struct {
	IDs  []string `json:"ids,omitempty"`
	UpTo string   `json:"up_to,omitempty"`
}

// NotificationsRead tells one's own windows. IDs is empty when everything up to UpTo was read; told again by /changes it may
// have both.
type NotificationsRead struct {
	IDs         []string `json:"ids"`
	UpTo        string   `json:"up_to,omitempty"`
	UnreadCount int      `json:"unread_count"`
}

// NotificationsDeleted tells one's own windows that what these told of is gone.
type NotificationsDeleted struct {
	IDs         []string `json:"ids"`
	UnreadCount int      `json:"unread_count"`
}

// Preferences are a user's own, the same on every device. DNDUntil ends do-not-disturb by itself; null: it stays on.
type Preferences struct {
	ReadReceipts bool  `json:"read_receipts"` // off: one neither tells nor sees how far messages were read
	DND          bool  `json:"dnd"`
	DNDUntil     *Time `json:"dnd_until" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	Sounds       bool  `json:"sounds"`
	Push         bool  `json:"push"` // web push to the devices that subscribed

	HintsSeen []string `json:"hints_seen"` // what the client need not explain again, in its own words
}

// UpdatePreferencesRequest changes only the fields present. DNDMinutes ends do-not-disturb so long from now; 0: it stays on.
type UpdatePreferencesRequest struct {
	ReadReceipts *bool `json:"read_receipts,omitempty"`
	DND          *bool `json:"dnd,omitempty"`
	DNDMinutes   *int  `json:"dnd_minutes,omitempty"`
	Sounds       *bool `json:"sounds,omitempty"`
	Push         *bool `json:"push,omitempty"`

	HintsSeen *[]string `json:"hints_seen,omitempty"` // up to 32 words of 1 to 32 characters: a to z, 0 to 9, - and _
}

// PushKey answers GET /push/key: the server's VAPID public key, base64url, for PushManager.subscribe.
type PushKey struct {
	PublicKey string `json:"public_key"`
}

// PushSubscription is what PushManager.subscribe made, as its toJSON writes it.
type PushSubscription struct {
	Endpoint string   `json:"endpoint"`
	Keys     PushKeys `json:"keys"`
}

// PushKeys are base64url.
type PushKeys struct {
	P256DH string `json:"p256dh"`
	Auth   string `json:"auth"`
}

// EndPushRequest ends the subscription of one device.
type EndPushRequest struct {
	Endpoint string `json:"endpoint"`
}

// PushPayload is what a push message has for the service worker: texts in the user's language, the page of the web app that
// a click opens, and the tag under which a newer one replaces it. ID is the notification's; of the kind "call" (somebody rings now)
// the call's.
type PushPayload struct {
	ID    string `json:"id"`
	Kind  string `json:"kind" tstype:"NotificationKind | 'call'"`
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"`
	Tag   string `json:"tag"`
}

// PresenceCommand is the command presence: whether somebody is at this device. A user is away when they are at none.
type PresenceCommand struct {
	Away bool `json:"away"`
}
