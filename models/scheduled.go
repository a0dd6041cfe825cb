package models

import (
	"context"
	"time"
)

// ScheduledPost waits to become a post. Problem says why it could not, "" while it waits.
type ScheduledPost struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	AuthorID  string
	Body      string
	ClientID  *string // unique with AuthorID
	PublishAt time.Time
	Problem   string
	CreatedAt time.Time
}

// ScheduledFile is one of its files.
type ScheduledFile struct {
	ScheduledID string `gorm:"primaryKey"`
	FileID      string `gorm:"primaryKey"`
	Position    int
}

// ScheduledPosts lists those of an author in a channel, the next one first.
func (s *Store) ScheduledPosts(ctx context.Context, channelID, authorID string) ([]ScheduledPost, error) {
	var rows []ScheduledPost
	err := s.DB(ctx).Order("publish_at, id").Find(&rows, "channel_id = ? AND author_id = ?", channelID, authorID).Error
	return rows, err
}

// ScheduledPostsOf lists all of an author's, oldest first.
func (s *Store) ScheduledPostsOf(ctx context.Context, authorID string) ([]ScheduledPost, error) {
	var rows []ScheduledPost
	err := s.DB(ctx).Order("id").Find(&rows, "author_id = ?", authorID).Error
	return rows, err
}

// ScheduledPost finds one by id.
func (s *Store) ScheduledPost(ctx context.Context, id string) (*ScheduledPost, error) {
	var row ScheduledPost
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// ScheduledPostByClientID finds the one that an author made with a client id.
func (s *Store) ScheduledPostByClientID(ctx context.Context, authorID, clientID string) (*ScheduledPost, error) {
	var row ScheduledPost
	err := s.DB(ctx).First(&row, "author_id = ? AND client_id = ?", authorID, clientID).Error
	return &row, err
}

// CountScheduled counts those of an author in a channel.
func (s *Store) CountScheduled(ctx context.Context, channelID, authorID string) (n int64, err error) {
	err = s.DB(ctx).Model(&ScheduledPost{}).Where("channel_id = ? AND author_id = ?", channelID, authorID).Count(&n).Error
	return n, err
}

// DueScheduled lists some of those to be published by an instant, the longest waiting first.
func (s *Store) DueScheduled(ctx context.Context, at time.Time, limit int) ([]ScheduledPost, error) {
	var rows []ScheduledPost
	err := s.DB(ctx).Where("problem = '' AND publish_at <= ?", at).Order("publish_at, id").Limit(limit).Find(&rows).Error
	return rows, err
}

// NextScheduled is when the next one is to be published; nil when none waits.
func (s *Store) NextScheduled(ctx context.Context) (*time.Time, error) {
	var row ScheduledPost
	res := s.DB(ctx).Select("publish_at").Where("problem = ''").Order("publish_at").Limit(1).Find(&row)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, res.Error
	}
	return &row.PublishAt, nil
}

// TakeScheduled deletes one that is as it was read, and tells whether it was.
func (s *Store) TakeScheduled(ctx context.Context, row ScheduledPost) (bool, error) {
	res := s.DB(ctx).Where("body = ? AND publish_at = ? AND problem = ''", row.Body, row.PublishAt).Delete(&ScheduledPost{ID: row.ID})
	return res.RowsAffected == 1, res.Error
}

// UpdateScheduled changes columns of one, and tells whether it was there.
func (s *Store) UpdateScheduled(ctx context.Context, id string, changes map[string]any) (bool, error) {
	res := s.DB(ctx).Model(&ScheduledPost{}).Where("id = ?", id).Updates(changes)
	return res.RowsAffected == 1, res.Error
}

// DeleteScheduled removes one with its files.
func (s *Store) DeleteScheduled(ctx context.Context, id string) error {
	return s.DB(ctx).Delete(&ScheduledPost{}, "id = ?", id).Error
}

// ScheduledFiles lists the files of some by their ids, each in its order.
func (s *Store) ScheduledFiles(ctx context.Context, ids []string) (map[string][]File, error) {
	var rows []struct {
		File
		ScheduledID string
	}
	err := s.DB(ctx).Model(&File{}).Select("files.*, scheduled_files.scheduled_id").
		Joins("JOIN scheduled_files ON scheduled_files.file_id = files.id").
		Where("scheduled_files.scheduled_id IN ?", ids).Order("scheduled_files.position").Find(&rows).Error
	byID := make(map[string][]File)
	for _, r := range rows {
		byID[r.ScheduledID] = append(byID[r.ScheduledID], r.File)
	}
	return byID, err
}
