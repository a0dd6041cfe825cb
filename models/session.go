package models

import (
	"context"
	"time"
)

// Session is one signed-in device. Only SHA-256 hashes of refresh tokens are kept; PreviousHash lets two windows that
// refresh at the same moment both succeed, and betrays a stolen token used later.
type Session struct {
	ID           string `gorm:"primaryKey"`
	UserID       string
	TokenHash    string
	PreviousHash string
	RotatedAt    time.Time
	UserAgent    string
	IP           string
	CreatedAt    time.Time
	LastUsedAt   time.Time
	ExpiresAt    time.Time
	EndedAt      *time.Time
}

// AddSession keeps a new session and forgets those of the same user that have expired.
func (s *Store) AddSession(ctx context.Context, row *Session) error {
	if err := s.DB(ctx).Delete(&Session{}, "user_id = ? AND expires_at <= ?", row.UserID, row.CreatedAt).Error; err != nil {
		return err
	}
	return s.DB(ctx).Create(row).Error
}

// Session finds a session by id.
func (s *Store) Session(ctx context.Context, id string) (*Session, error) {
	var row Session
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// RotateSession replaces the refresh token's hash if it is still old, and tells whether it was.
func (s *Store) RotateSession(ctx context.Context, id, old, hash string, at, expires time.Time) (bool, error) {
	res := s.DB(ctx).Model(&Session{}).Where("id = ? AND token_hash = ? AND ended_at IS NULL", id, old).
		Updates(map[string]any{"token_hash": hash, "previous_hash": old, "rotated_at": at, "last_used_at": at, "expires_at": expires})
	return res.RowsAffected == 1, res.Error
}

// EndSession marks a session as ended; ending it twice keeps the first time.
func (s *Store) EndSession(ctx context.Context, id string, at time.Time) error {
	return s.DB(ctx).Model(&Session{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", at).Error
}

// EndSessions ends a user's sessions but the one to keep, which may be empty, and returns their ids.
func (s *Store) EndSessions(ctx context.Context, userID, keep string, at time.Time) ([]string, error) {
	var ids []string
	err := s.Tx(ctx, func(tx *Store) error {
		live := tx.DB(ctx).Model(&Session{}).Where("user_id = ? AND id <> ? AND ended_at IS NULL", userID, keep)
		if err := live.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
			return err
		}
		return tx.DB(ctx).Model(&Session{}).Where("id IN ?", ids).Update("ended_at", at).Error
	})
	return ids, err
}

// LiveSessions lists a user's sessions that still open something, last used first.
func (s *Store) LiveSessions(ctx context.Context, userID string, at time.Time, limit int) ([]Session, error) {
	var rows []Session
	err := s.DB(ctx).Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", userID, at).
		Order("last_used_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}
