package wire

// Channel is a class or course space as one member sees it.
type Channel struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Description   string   `json:"description"`
	MyRole        string   `json:"my_role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
	MemberCount   int      `json:"member_count"`
	UnreadCount   int      `json:"unread_count"` // posts and comments by others since one's last read mark
	LastReadID    *string  `json:"last_read_id" extensions:"x-nullable" tstype:"string | null,required"`
	LatestEntryID *string  `json:"latest_entry_id" extensions:"x-nullable" tstype:"string | null,required"` // its newest post or comment: what to mark as read up to
	ActiveMeeting *Meeting `json:"active_meeting" extensions:"x-nullable" tstype:"Meeting | null,required"`
	Posting       string   `json:"posting" enums:"everyone,teachers" tstype:"ChannelPosting"`                                                 // who may write posts; everybody may comment
	ArchivedAt    *Time    `json:"archived_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"` // read only since
	Level         string   `json:"level" enums:"all,mentions,none" tstype:"NotificationLevel"`                                                // one's own
	Favourite     bool     `json:"favourite"`                                                                                                 // one's own
	Position      int      `json:"position"`                                                                                                  // one's own order in the side bar, from 0
	MentionCount  int      `json:"mention_count"`                                                                                             // of the unread entries, those that mention one
	Seq           int64    `json:"seq"`                                                                                                       // of its newest change
	CreatedAt     Time     `json:"created_at" swaggertype:"string" format:"date-time"`
}

// CreateChannelRequest: the name has 1 to 80 characters, the description up to 1,000.
type CreateChannelRequest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	ClientID    string `json:"client_id,omitempty"`
}

// UpdateChannelRequest changes only the fields present. Archived is for owners.
type UpdateChannelRequest struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
	Posting     *string `json:"posting,omitempty" enums:"everyone,teachers" tstype:"ChannelPosting"`
	Archived    *bool   `json:"archived,omitempty"`
}

// ChannelPreferences are a member's own of a channel; only the fields present change.
type ChannelPreferences struct {
	Level     *string `json:"level,omitempty" enums:"all,mentions,none" tstype:"NotificationLevel"`
	Favourite *bool   `json:"favourite,omitempty"`
}

// ChannelOrder is PUT /me/channel-order: the side bar's order. Channels left out follow those named.
type ChannelOrder struct {
	ChannelIDs []string `json:"channel_ids"`
}

// ChannelPreferencesChanged tells one's own windows.
type ChannelPreferencesChanged struct {
	ChannelID string `json:"channel_id"`
	Level     string `json:"level" tstype:"NotificationLevel"`
	Favourite bool   `json:"favourite"`
	Position  int    `json:"position"`
}

// TransferRequest gives the channel to another member: they become owner, the actor an assistant.
type TransferRequest struct {
	UserID string `json:"user_id"`
}

// ScheduledPost waits for PublishAt. Only its author sees it. Problem says why it could not be published, "" while it waits.
type ScheduledPost struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	Body      string `json:"body"`
	Files     []File `json:"files"`
	PublishAt Time   `json:"publish_at" swaggertype:"string" format:"date-time"`
	Problem   string `json:"problem"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
}

// SchedulePostRequest: PublishAt is between a minute and a year ahead.
type SchedulePostRequest struct {
	CreateEntryRequest `tstype:",extends"`
	PublishAt          Time `json:"publish_at" swaggertype:"string" format:"date-time"`
}

// UpdateScheduledPostRequest changes only the fields present.
type UpdateScheduledPostRequest struct {
	Body      *string `json:"body,omitempty"`
	PublishAt *Time   `json:"publish_at,omitempty" swaggertype:"string" format:"date-time"`
}

// Member is a user's place in a channel.
type Member struct {
	User     Profile `json:"user"`
	Role     string  `json:"role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
	JoinedAt Time    `json:"joined_at" swaggertype:"string" format:"date-time"`
}

// AddMemberRequest adds a known user.
type AddMemberRequest struct {
	UserID string `json:"user_id"`
	Role   string `json:"role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
}

// UpdateMemberRequest changes a role.
type UpdateMemberRequest struct {
	Role string `json:"role" enums:"owner,assistant,student" tstype:"'owner' | 'assistant' | 'student'"`
}

// Invite lets whoever holds its code join a channel as a student. URL opens the web app's join page.
type Invite struct {
	Code      string `json:"code"`
	URL       string `json:"url"`
	ChannelID string `json:"channel_id"`
	MaxUses   *int   `json:"max_uses" extensions:"x-nullable" tstype:"number | null,required"`
	Uses      int    `json:"uses"`
	ExpiresAt *Time  `json:"expires_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
	CreatedAt Time   `json:"created_at" swaggertype:"string" format:"date-time"`
}

// CreateInviteRequest: both limits are optional.
type CreateInviteRequest struct {
	MaxUses   *int  `json:"max_uses,omitempty"`
	ExpiresAt *Time `json:"expires_at,omitempty" swaggertype:"string" format:"date-time"`
}

// InvitePreview is what somebody who holds a code sees before joining.
type InvitePreview struct {
	ChannelName string `json:"channel_name"`
	MemberCount int    `json:"member_count"`
}

// ReadRequest marks everything up to and including a post or comment (or message) as read.
type ReadRequest struct {
	UpTo string `json:"up_to"`
}

// Post is a top-level entry of a channel. Body is Markdown.
type Post struct {
	ID           string          `json:"id"`
	ChannelID    string          `json:"channel_id"`
	Author       Profile         `json:"author"`
	Body         string          `json:"body"`
	Files        []File          `json:"files"`
	Reactions    []Reaction      `json:"reactions"`
	CommentCount int             `json:"comment_count"`
	MeetingID    string          `json:"meeting_id,omitempty"` // of the post that a meeting's questions and talk gather under
	Meeting      *MeetingSummary `json:"meeting,omitempty"`    // with meeting_id
	Pinned       bool            `json:"pinned"`
	ClientID     *string         `json:"client_id" extensions:"x-nullable" tstype:"string | null,required"` // lets the author's other windows swap the optimistic row
	CreatedAt    Time            `json:"created_at" swaggertype:"string" format:"date-time"`
	EditedAt     *Time           `json:"edited_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// Comment is a reply under a post.
type Comment struct {
	ID        string     `json:"id"`
	PostID    string     `json:"post_id"`
	ChannelID string     `json:"channel_id"`
	Author    Profile    `json:"author"`
	Body      string     `json:"body"`
	Files     []File     `json:"files"`
	Reactions []Reaction `json:"reactions"`
	Moment    *Moment    `json:"moment,omitempty"` // of the video that the meeting watched
	ClientID  *string    `json:"client_id" extensions:"x-nullable" tstype:"string | null,required"`
	CreatedAt Time       `json:"created_at" swaggertype:"string" format:"date-time"`
	EditedAt  *Time      `json:"edited_at" swaggertype:"string" format:"date-time" extensions:"x-nullable" tstype:"Time | null,required"`
}

// Reaction is one emoji under an entry and who chose it.
type Reaction struct {
	Emoji   string   `json:"emoji"`
	UserIDs []string `json:"user_ids"`
}

// CreateEntryRequest makes a post or a comment: a body of 1 to 20,000 characters or at least one file. ClientID (a UUID)
// makes a retry harmless: the same author and client_id answers with the first row.
type CreateEntryRequest struct {
	Body     string   `json:"body"`
	FileIDs  []string `json:"file_ids,omitempty"`
	ClientID string   `json:"client_id,omitempty"`
}

// UpdatePostRequest changes only the fields present; Pinned is for teachers.
type UpdatePostRequest struct {
	Body   *string `json:"body,omitempty"`
	Pinned *bool   `json:"pinned,omitempty"`
}

// UpdateCommentRequest changes the text.
type UpdateCommentRequest struct {
	Body string `json:"body"`
}

// File is an uploaded blob. Size is in bytes, Duration in seconds. URL is /api/v1/files/{id}/content with a signature
// in its query that lets a <video> or <img> element load it for a limited time.
type File struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Size        int64    `json:"size"`
	ContentType string   `json:"content_type"`
	SHA256      string   `json:"sha256"`
	URL         string   `json:"url"`
	Width       *int     `json:"width,omitempty"`
	Height      *int     `json:"height,omitempty"`
	Duration    *float64 `json:"duration,omitempty"`
	ThumbURL    string   `json:"thumb_url,omitempty"` // a small picture of it, signed like URL; there is none of most kinds
	Voice       bool     `json:"voice,omitempty"`     // a voice note
	CreatedAt   Time     `json:"created_at" swaggertype:"string" format:"date-time"`
}

// ICEServer is one entry of an RTCConfiguration.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// ICEServers answers GET /ice-servers. TTL is in seconds.
type ICEServers struct {
	ICEServers []ICEServer `json:"ice_servers"`
	TTL        int         `json:"ttl"`
}
