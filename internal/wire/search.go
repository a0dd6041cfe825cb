package wire

// Found is something that a search found and the actor may read. Kind decides which ids are there: ID is that of the thing
// itself, a comment has PostID and ChannelID, a file those of the entry that it hangs on. Matches are the places of the
// words in Snippet, [from, length] in UTF-16 units.
type Found struct {
	Kind           string   `json:"kind" enums:"channel,user,post,comment,message,file" tstype:"FoundKind"`
	ID             string   `json:"id"`
	Title          string   `json:"title"` // name of the channel, user or file; for an entry where it stands
	Snippet        string   `json:"snippet"`
	Matches        [][2]int `json:"matches"`
	ChannelID      string   `json:"channel_id,omitempty"`
	PostID         string   `json:"post_id,omitempty"`
	CommentID      string   `json:"comment_id,omitempty"`
	ConversationID string   `json:"conversation_id,omitempty"`
	MessageID      string   `json:"message_id,omitempty"`
	Author         *Profile `json:"author" extensions:"x-nullable" tstype:"Profile | null,required"` // null for a channel
	File           *File    `json:"file,omitempty"`
	CreatedAt      Time     `json:"created_at" swaggertype:"string" format:"date-time"`
}
