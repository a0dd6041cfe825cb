package models

import "time"

// File is an uploaded blob; its bytes lie on disk under SHA256, shared by equal uploads.
type File struct {
	ID          string `gorm:"primaryKey"`
	OwnerID     string
	Name        string
	Size        int64
	ContentType string
	SHA256      string `gorm:"column:sha256"`
	Width       *int
	Height      *int
	Duration    *float64
	CreatedAt   time.Time
}

// Attachment ties a file to the entry that shows it, in Position order. ChannelID decides who may read the file.
type Attachment struct {
	EntryKind string `gorm:"primaryKey"` // "post" or "comment"
	EntryID   string `gorm:"primaryKey"`
	FileID    string `gorm:"primaryKey"`
	ChannelID string
	Position  int
}
