package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// onPinned tells, of a comment c, whether its post is pinned.
const onPinned = "EXISTS (SELECT 1 FROM posts p WHERE p.id = c.post_id AND p.pinned)"

// OldMessages lists some of the messages written before an instant, the oldest first, after one of them; the lines of calls are none.
func (s *Store) OldMessages(ctx context.Context, before time.Time, after string, limit int) ([]Message, error) {
	var rows []Message
	err := s.DB(ctx).Where("id > ? AND created_at < ? AND call_id IS NULL", after, before).Scopes(notDeleted).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// OldComments lists some of the comments written before an instant, the oldest first, after one of them; those of pinned posts are
// left out.
func (s *Store) OldComments(ctx context.Context, before time.Time, after string, limit int) ([]Comment, error) {
	var rows []Comment
	err := s.DB(ctx).Table("comments AS c").Where("c.id > ? AND c.created_at < ? AND NOT "+onPinned, after, before).Order("c.id").Limit(limit).Find(&rows).Error
	return rows, err
}

// OldPosts lists some of the posts written before an instant, the oldest first, after one of them: those that are not pinned, have no
// comments, and are not of a meeting that still runs.
func (s *Store) OldPosts(ctx context.Context, before time.Time, after string, limit int) ([]Post, error) {
	var rows []Post
	err := s.DB(ctx).Scopes(oldPost(before)).Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// PostIsOld tells whether a post is one of OldPosts.
func (s *Store) PostIsOld(ctx context.Context, id string, before time.Time) (bool, error) {
	var n int64
	err := s.DB(ctx).Model(&Post{}).Scopes(oldPost(before)).Where("id = ?", id).Count(&n).Error
	return n == 1, err
}

func oldPost(before time.Time) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB {
		return db.Where("created_at < ? AND NOT pinned", before).
			Where("NOT EXISTS (SELECT 1 FROM comments WHERE post_id = posts.id)").
			Where("NOT EXISTS (SELECT 1 FROM meetings m WHERE m.id = posts.meeting_id AND m.ended_at IS NULL)")
	}
}

// OldFiles lists some of the files made before an instant, the oldest first, after one of them. Left out are people's pictures, what waits to be
// published, what is played or stands in a playlist, and what a pinned post or its comments show.
func (s *Store) OldFiles(ctx context.Context, before time.Time, after string, limit int) ([]File, error) {
	var rows []File
	err := s.DB(ctx).Where("id > ? AND created_at < ?", after, before).
		Where("NOT EXISTS (SELECT 1 FROM scheduled_files WHERE file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM users WHERE avatar_file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM playlist_entries WHERE file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM playbacks p JOIN meetings m ON m.id = p.meeting_id WHERE p.file_id = files.id AND m.ended_at IS NULL)").
		Where("NOT EXISTS (SELECT 1 FROM attachments a JOIN posts p ON a.entry_kind = 'post' AND p.id = a.entry_id WHERE a.file_id = files.id AND p.pinned)").
		Where("NOT EXISTS (SELECT 1 FROM attachments a JOIN comments c ON a.entry_kind = 'comment' AND c.id = a.entry_id WHERE a.file_id = files.id AND " + onPinned + ")").
		Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// AttachmentsOf lists what shows a file.
func (s *Store) AttachmentsOf(ctx context.Context, fileID string) ([]Attachment, error) {
	var rows []Attachment
	return rows, s.DB(ctx).Order("entry_kind, entry_id").Find(&rows, "file_id = ?", fileID).Error
}

// DeleteAttachment takes a file away from an entry, and tells how many are left there.
func (s *Store) DeleteAttachment(ctx context.Context, a Attachment) (left int64, err error) {
	if err := s.DB(ctx).Delete(&a).Error; err != nil { // by the whole primary key
		return 0, err
	}
	return left, s.DB(ctx).Model(&Attachment{}).Where("entry_kind = ? AND entry_id = ?", a.EntryKind, a.EntryID).Count(&left).Error
}

// DropAuditEvents deletes some of the events before an instant, the oldest first, and tells how many.
func (s *Store) DropAuditEvents(ctx context.Context, before time.Time, limit int) (int64, error) {
	old := s.DB(ctx).Model(&AuditEvent{}).Select("id").Where("at < ?", before).Order("id").Limit(limit)
	res := s.DB(ctx).Where("id IN (?)", old).Delete(&AuditEvent{})
	return res.RowsAffected, res.Error
}
