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

// ChannelIDs lists the channels a user is a member of.
func (s *Store) ChannelIDs(ctx context.Context, userID string) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Model(&Member{}).Where("user_id = ?", userID).Order("channel_id").Pluck("channel_id", &ids).Error
	return ids, err
}

// Members lists a page of a channel's members, ordered by user id.
func (s *Store) Members(ctx context.Context, channelID string, page Page) ([]Member, *string, error) {
	var rows []Member
	err := s.DB(ctx).Where("channel_id = ?", channelID).Scopes(page.Scope("user_id", false)).Find(&rows).Error
	rows, next := Cut(page, rows, func(m Member) string { return m.UserID })
	return rows, next, err
}

// MemberCounts counts the members of each of some channels.
func (s *Store) MemberCounts(ctx context.Context, channelIDs ...string) (map[string]int, error) {
	var rows []struct {
		ChannelID string
		N         int
	}
	err := s.DB(ctx).Model(&Member{}).Select("channel_id, count(*) AS n").Where("channel_id IN ?", channelIDs).
		Group("channel_id").Find(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ChannelID] = r.N
	}
	return counts, err
}
