package models

import (
	"context"
	"time"
)

// Upload is a file under way, in parts. Received counts the bytes that have come, Digest is the state of their SHA-256.
type Upload struct {
	ID        string `gorm:"primaryKey"`
	OwnerID   string
	Name      string
	Size      int64
	Voice     bool
	Duration  *float64 // as claimed
	Received  int64
	Digest    []byte
	FileID    *string // of a finished one
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Upload finds a person's upload that has not expired.
func (s *Store) Upload(ctx context.Context, id, ownerID string, now time.Time) (*Upload, error) {
	var row Upload
	err := s.DB(ctx).First(&row, "id = ? AND owner_id = ? AND expires_at > ?", id, ownerID, now).Error
	return &row, err
}

// OpenUploads counts a person's unfinished uploads, and the bytes that they will have.
func (s *Store) OpenUploads(ctx context.Context, ownerID string, now time.Time) (n, bytes int64, err error) {
	var sum struct{ N, Bytes int64 }
	err = s.DB(ctx).Model(&Upload{}).Select("count(*) AS n, COALESCE(SUM(size), 0) AS bytes").
		Where("owner_id = ? AND file_id IS NULL AND expires_at > ?", ownerID, now).Scan(&sum).Error
	return sum.N, sum.Bytes, err
}

// SaveUpload keeps how far an upload has come.
func (s *Store) SaveUpload(ctx context.Context, row *Upload) error {
	return s.DB(ctx).Model(&Upload{}).Where("id = ?", row.ID).
		Updates(map[string]any{"received": row.Received, "digest": row.Digest, "expires_at": row.ExpiresAt}).Error
}

// DeleteExpiredUploads forgets the uploads that have expired.
func (s *Store) DeleteExpiredUploads(ctx context.Context, now time.Time) error {
	return s.DB(ctx).Delete(&Upload{}, "expires_at <= ?", now).Error
}

// KnownUploads tells which of some ids are unfinished uploads.
func (s *Store) KnownUploads(ctx context.Context, ids []string) (map[string]bool, error) {
	var found []string
	err := s.DB(ctx).Model(&Upload{}).Where("id IN ? AND file_id IS NULL", ids).Pluck("id", &found).Error
	known := make(map[string]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	return known, err
}
