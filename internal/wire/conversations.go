package wire

// Conversation is the talk of two people as one of them sees it; there is one per pair. A user may have one with themselves.
// The marks name messages: LastReadID is one's own, the peer's are null while there are none or one of the two has switched
// read marks off.
type Conversation struct {
	ID              string   `json:"id"`
	Peer            Profile  `json:"peer"`
	LastMessage     *Message `json:"last_message" extensions:"x-nullable" tstype:"Message | null,required"`
	UnreadCount     int      `json:"unread_count"`
	LastReadID      *string  `json:"last_read_id" extensions:"x-nullable" tstype:"string | null,required"`
	PeerReadID      *string  `json:"peer_read_id" extensions:"x-nullable" tstype:"string | null,required"`
	PeerDeliveredID *string  `json:"peer_delivered_id" extensions:"x-nullable" tstype:"string | null,required"`
	Muted           bool     `json:"muted"` // its messages make no notification
	Seq             int64    `json:"seq"`   // of its newest change
	CreatedAt       Time     `json:"created_at" swaggertype:"string" format:"date-time"`
}

// OpenConversationRequest names the other person, who must share a channel with the actor or have written before.
type OpenConversationRequest struct {
	UserID string `json:"user_id"`
}

// UpdateConversationRequest changes only the fields present.
type UpdateConversationRequest struct {
	Muted *bool `json:"muted,omitempty"`
}

// Message is an entry of a conversation. Body is Markdown. One that has Call is the line that a call left; it has no body.
type Message struct {
	ID             string     `json:"id"`
	ConversationID string     `json:"conversation_id"`
	Author         Profile    `json:"author"`
	Body           string     `json:"body"`
	Files          []File     `json:"files"`
	Reactions      []Reaction `json:"reactions"`
	ReplyTo        *Quote     `json:"reply_to" extensions:"x-nullable" tstype:"Quote | null,required"`
	Call           *Call      `json:"call,omitempty"`
	ClientID       *string    `json:"client_id" extensions:"x-nullable" tstype:"string | null,required"`
	CreatedAt      Time       `json:"created_at" swaggertype:"string" format:"date-time"`
	EditedAt       *Time      `json:"edited_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// Quote is the message that another one answers: the beginning of its body, or Deleted when it is gone.
type Quote struct {
	ID      string  `json:"id"`
	Author  Profile `json:"author"`
	Body    string  `json:"body"`
	Files   int     `json:"files"`
	Deleted bool    `json:"deleted,omitempty"`
}

// CreateMessageRequest writes a message: a body of 1 to 20,000 characters or at least one file.
type CreateMessageRequest struct {
	Body     string   `json:"body"`
	FileIDs  []string `json:"file_ids,omitempty"`
	ReplyTo  string   `json:"reply_to,omitempty"`
	ClientID string   `json:"client_id,omitempty"`
}

// MessageSend is the command message.send; its ack is the Message.
type MessageSend struct {
	ConversationID       string `json:"conversation_id"`
	CreateMessageRequest `tstype:",extends"`
}

// UpdateMessageRequest changes the text.
type UpdateMessageRequest struct {
	Body string `json:"body"`
}

// MessageDelivered is the command message.delivered: everything up to UpTo has reached this device.
type MessageDelivered struct {
	ConversationID string `json:"conversation_id"`
	UpTo           string `json:"up_to"`
}

// ConversationMarks is sent as message.read (and message.delivered) to both: how far a user has read and been reached.
// To the peer it is not sent while one of the two has switched read marks off. UnreadCount is the user's own, for their
// other windows; 0 for the peer.
type ConversationMarks struct {
	ConversationID string  `json:"conversation_id"`
	UserID         string  `json:"user_id"`
	ReadID         *string `json:"read_id" tstype:"string | null,required"`
	DeliveredID    *string `json:"delivered_id" tstype:"string | null,required"`
	UnreadCount    int     `json:"unread_count"`
}

// MessageDeleted names a message that is gone.
type MessageDeleted struct {
	ID             string `json:"id"`
	ConversationID string `json:"conversation_id"`
}
