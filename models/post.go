package models

import "time"

// Post is a top-level entry of a channel.
type Post struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	AuthorID  string
	Body      string
	Pinned    bool
	ClientID  *string // unique with AuthorID
	CreatedAt time.Time
	EditedAt  *time.Time
}

// Comment is a reply under a post. ChannelID repeats the post's, for unread counts and access.
type Comment struct {
	ID        string `gorm:"primaryKey"`
	PostID    string
	ChannelID string
	AuthorID  string
	Body      string
	ClientID  *string // unique with AuthorID
	CreatedAt time.Time
	EditedAt  *time.Time
}

// Reaction is one user's emoji under an entry.
type Reaction struct {
	EntryKind string `gorm:"primaryKey"` // "post" or "comment"
	EntryID   string `gorm:"primaryKey"`
	UserID    string `gorm:"primaryKey"`
	Emoji     string `gorm:"primaryKey"`
	CreatedAt time.Time
}
