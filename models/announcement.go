package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Announcement is something that the members of a channel are to be told of, some at a time. It becomes a notification for
// each of them; until it is done it waits here.
type Announcement struct {
	ID          string `gorm:"primaryKey"`
	Kind        string // of the notifications: NotifyPost, NotifyComment, NotifyMentionAll or NotifyMeeting
	EntityID    string // theirs, too, and so are the following
	ActorID     string
	ChannelID   string
	PostID      *string
	CommentID   *string
	MeetingID   *string
	Edited      bool     // the entry was there before
	Told        []string `gorm:"serializer:json"` // users who are not told: who said it, and to whom it was said personally
	AfterUserID string   // members are told in the order of their ids; up to this one it has been done
	CreatedAt   time.Time
}

// levels are those at which members are told of such a thing.
func (a *Announcement) levels() []string {
	if a.Kind == NotifyMentionAll || a.Kind == NotifyMeeting {
		return []string{LevelAll, LevelMentions}
	}
	return []string{LevelAll}
}

func (s *Store) audience(ctx context.Context, a *Announcement, limit int) *gorm.DB {
	return s.DB(ctx).Select("user_id, last_read_id").Where("channel_id = ? AND level IN ? AND user_id > ?", a.ChannelID, a.levels(), a.AfterUserID).
		Where("user_id NOT IN ?", a.Told).Order("user_id").Limit(limit)
}

// Announce queues an announcement if somebody is to be told of it, and tells whether that is so.
func (s *Store) Announce(ctx context.Context, a *Announcement) (bool, error) {
	var first []Member
	if err := s.audience(ctx, a, 1).Find(&first).Error; err != nil || len(first) == 0 {
		return false, err
	}
	return true, s.DB(ctx).Create(a).Error
}

// Announcements lists the ids of those that wait, the oldest first.
func (s *Store) Announcements(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Model(&Announcement{}).Order("id").Pluck("id", &ids).Error
	return ids, err
}

// WaitingAnnouncements counts them.
func (s *Store) WaitingAnnouncements(ctx context.Context) (n int64, err error) {
	err = s.DB(ctx).Model(&Announcement{}).Count(&n).Error
	return n, err
}

// LockAnnouncement finds one; nobody else works on it, or takes it back, until the end of the transaction.
func (s *Store) LockAnnouncement(ctx context.Context, id string) (*Announcement, error) {
	var a Announcement
	err := s.DB(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).First(&a, "id = ?", id).Error
	return &a, err
}

// Audience gives the next members to be told, at most so many: user id and how far they have read. Until the end of the
// transaction they read no further: whoever does so afterwards finds the notification.
func (s *Store) Audience(ctx context.Context, a *Announcement, limit int) ([]Member, error) {
	var rows []Member
	err := s.audience(ctx, a, limit).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Find(&rows).Error
	return rows, err
}

// MoveAnnouncement notes how far it has come.
func (s *Store) MoveAnnouncement(ctx context.Context, a *Announcement, afterUserID string) error {
	return s.DB(ctx).Model(a).Update("after_user_id", afterUserID).Error
}

// DeleteAnnouncement ends one that is done.
func (s *Store) DeleteAnnouncement(ctx context.Context, a *Announcement) error {
	return s.DB(ctx).Delete(a).Error
}

// DeleteAnnouncementsOf takes back those that tell of a post with its comments, or of a comment.
func (s *Store) DeleteAnnouncementsOf(ctx context.Context, kind, entryID string) error {
	if kind == EntryMessage { // nobody announces those
		return nil
	}
	return s.DB(ctx).Delete(&Announcement{}, kind+"_id = ?", entryID).Error
}
