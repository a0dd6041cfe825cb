package models

import (
	"context"
	"time"
)

// Roles of a member in a channel. Owner and assistant are teachers.
const (
	RoleOwner     = "owner"
	RoleAssistant = "assistant"
	RoleStudent   = "student"
)

// Channel is a class or course space.
type Channel struct {
	ID          string `gorm:"primaryKey"`
	Name        string
	Description string
	CreatedBy   string
	ClientID    *string // unique with CreatedBy
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Member is a user's place in a channel. LastReadID is the id (UUIDv7, so ordered by time) of the newest entry read.
type Member struct {
	ChannelID  string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
	Role       string
	LastReadID *string
	JoinedAt   time.Time
}

// Invite lets whoever holds its code join.
type Invite struct {
	Code      string `gorm:"primaryKey"`
	ChannelID string
	CreatedBy string
	MaxUses   *int
	Uses      int
	ExpiresAt *time.Time
	CreatedAt time.Time
}

// Member finds a user's membership; ErrNotFound when there is none.
func (s *Store) Member(ctx context.Context, channelID, userID string) (*Member, error) {
	var m Member
	err := s.DB(ctx).First(&m, "channel_id = ? AND user_id = ?", channelID, userID).Error
	return &m, err
}
