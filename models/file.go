package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

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
	Voice       bool
	CreatedAt   time.Time
}

// Attachment ties a file to the entry that shows it, in Position order. ChannelID, or of a message ConversationID, decides who
// may read the file.
type Attachment struct {
	EntryKind      string `gorm:"primaryKey"` // "post", "comment" or "message"
	EntryID        string `gorm:"primaryKey"`
	FileID         string `gorm:"primaryKey"`
	ChannelID      *string
	ConversationID *string
	Position       int
}

// File finds a file by id.
func (s *Store) File(ctx context.Context, id string) (*File, error) {
	var row File
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// ReadableFiles finds those of some files that a user may read: one's own, and those attached in one's channels and
// conversations.
func (s *Store) ReadableFiles(ctx context.Context, userID string, ids []string) (map[string]File, error) {
	var rows []File
	err := s.DB(ctx).Where("id IN ?", ids).
		Where(`owner_id = @user OR EXISTS (SELECT 1 FROM attachments a JOIN members m ON m.channel_id = a.channel_id
			WHERE a.file_id = files.id AND m.user_id = @user) OR EXISTS (SELECT 1 FROM attachments a
			JOIN conversation_members m ON m.conversation_id = a.conversation_id
			WHERE a.file_id = files.id AND m.user_id = @user)`, map[string]any{"user": userID}).Find(&rows).Error
	byID := make(map[string]File, len(rows))
	for _, f := range rows {
		byID[f.ID] = f
	}
	return byID, err
}

// EntryFiles lists the files of some entries by entry id, each in its order.
func (s *Store) EntryFiles(ctx context.Context, kind string, entryIDs []string) (map[string][]File, error) {
	var rows []struct {
		File
		EntryID string
	}
	err := s.DB(ctx).Model(&File{}).Select("files.*, attachments.entry_id").
		Joins("JOIN attachments ON attachments.file_id = files.id").
		Where("attachments.entry_kind = ? AND attachments.entry_id IN ?", kind, entryIDs).
		Order("attachments.position").Find(&rows).Error
	byEntry := make(map[string][]File)
	for _, r := range rows {
		byEntry[r.EntryID] = append(byEntry[r.EntryID], r.File)
	}
	return byEntry, err
}

// AvatarFile finds the file that is somebody's picture now.
func (s *Store) AvatarFile(ctx context.Context, id string) (*File, error) {
	var row File
	err := s.DB(ctx).First(&row, "id = ? AND EXISTS (SELECT 1 FROM users WHERE avatar_file_id = files.id)", id).Error
	return &row, err
}

// FileInUse tells whether a file is attached to an entry or waits to be, is somebody's picture, is played in a meeting or stands in a playlist. Within a
// transaction it also keeps others from attaching the file until the end.
func (s *Store) FileInUse(ctx context.Context, id string) (bool, error) {
	if err := s.DB(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Find(&File{}, "id = ?", id).Error; err != nil {
		return false, err
	}
	var used bool
	err := s.DB(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM attachments WHERE file_id = @id)
		OR EXISTS (SELECT 1 FROM scheduled_files WHERE file_id = @id)
		OR EXISTS (SELECT 1 FROM users WHERE avatar_file_id = @id)
		OR EXISTS (SELECT 1 FROM playbacks p JOIN meetings m ON m.id = p.meeting_id WHERE p.file_id = @id AND m.ended_at IS NULL)
		OR EXISTS (SELECT 1 FROM playlist_entries WHERE file_id = @id)`, map[string]any{"id": id}).Scan(&used).Error
	return used, err
}

// UnusedFiles lists some of the files made before an instant that nothing has used since: no entry (also none that waits), no person's picture, no
// meeting, no playlist.
func (s *Store) UnusedFiles(ctx context.Context, before time.Time, limit int) ([]File, error) {
	var rows []File
	err := s.DB(ctx).Where("created_at < ?", before).
		Where("NOT EXISTS (SELECT 1 FROM attachments WHERE file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM scheduled_files WHERE file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM users WHERE avatar_file_id = files.id)").
		Where("NOT EXISTS (SELECT 1 FROM playlist_entries WHERE file_id = files.id)").
		Where(`NOT EXISTS (SELECT 1 FROM playbacks p JOIN meetings m ON m.id = p.meeting_id
			WHERE p.file_id = files.id AND (m.ended_at IS NULL OR m.ended_at >= ?))`, before).
		Order("created_at, id").Limit(limit).Find(&rows).Error
	return rows, err
}

// UsedBytes is the size of all files of a user.
func (s *Store) UsedBytes(ctx context.Context, ownerID string) (n int64, err error) {
	err = s.DB(ctx).Model(&File{}).Select("COALESCE(SUM(size), 0)").Where("owner_id = ?", ownerID).Scan(&n).Error
	return n, err
}

// BlobsInUse tells which of some bytes a file still has.
func (s *Store) BlobsInUse(ctx context.Context, sha256s []string) (map[string]bool, error) {
	var found []string
	err := s.DB(ctx).Model(&File{}).Where("sha256 IN ?", sha256s).Distinct().Pluck("sha256", &found).Error
	used := make(map[string]bool, len(found))
	for _, sha256 := range found {
		used[sha256] = true
	}
	return used, err
}

// BlobInUse tells whether a file still has these bytes.
func (s *Store) BlobInUse(ctx context.Context, sha256 string) (bool, error) {
	var used bool
	err := s.DB(ctx).Raw("SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = ?)", sha256).Scan(&used).Error
	return used, err
}
