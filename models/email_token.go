package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// What an EmailToken is good for.
const (
	PurposeVerify = "verify"
	PurposeReset  = "reset"
)

// EmailToken is a link sent to an address: good once, and until it expires. Only the SHA-256 hash of its token is kept.
type EmailToken struct {
	Hash      string `gorm:"primaryKey"`
	UserID    string
	Purpose   string
	Email     string // the address it was sent to
	CreatedAt time.Time
	ExpiresAt time.Time
}

// AddEmailToken keeps a new token and forgets those that have expired.
func (s *Store) AddEmailToken(ctx context.Context, row *EmailToken) error {
	if err := s.DB(ctx).Delete(&EmailToken{}, "expires_at <= ?", row.CreatedAt).Error; err != nil {
		return err
	}
	return s.DB(ctx).Create(row).Error
}

// EmailToken finds a token that is still good; ErrNotFound when there is none.
func (s *Store) EmailToken(ctx context.Context, hash, purpose string, at time.Time) (*EmailToken, error) {
	var row EmailToken
	err := s.DB(ctx).First(&row, "hash = ? AND purpose = ? AND expires_at > ?", hash, purpose, at).Error
	return &row, err
}

// TakeEmailToken uses a token up: of two that try at once, one gets ErrNotFound.
func (s *Store) TakeEmailToken(ctx context.Context, hash, purpose string, at time.Time) (*EmailToken, error) {
	var rows []EmailToken
	err := s.DB(ctx).Clauses(clause.Returning{}).Delete(&rows, "hash = ? AND purpose = ? AND expires_at > ?", hash, purpose, at).Error
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// DeleteEmailTokens forgets a user's tokens for some purposes.
func (s *Store) DeleteEmailTokens(ctx context.Context, userID string, purposes ...string) error {
	return s.DB(ctx).Delete(&EmailToken{}, "user_id = ? AND purpose IN ?", userID, purposes).Error
}
