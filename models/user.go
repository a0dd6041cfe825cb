package models

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm/clause"
)

// Roles of an account in the installation.
const (
	RoleUser  = "user"
	RoleAdmin = "admin"
)

// User is an account. Email is stored lower-case and unique.
type User struct {
	ID           string `gorm:"primaryKey"`
	Email        string
	Name         string
	PasswordHash string
	Locale       string
	Role         string
	AvatarFileID *string
	DisabledAt   *time.Time // an administrator closed the account: nobody gets in
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

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

// User finds an account by id.
func (s *Store) User(ctx context.Context, id string) (*User, error) {
	var u User
	err := s.DB(ctx).First(&u, "id = ?", id).Error
	return &u, err
}

// UserByEmail finds an account by its address, which must be lower-case.
func (s *Store) UserByEmail(ctx context.Context, email string) (*User, error) {
	var u User
	err := s.DB(ctx).First(&u, "email = ?", email).Error
	return &u, err
}

// Users finds accounts by id; ids that do not exist are missing from the answer.
func (s *Store) Users(ctx context.Context, ids []string) (map[string]User, error) {
	var rows []User
	if err := s.DB(ctx).Find(&rows, "id IN ?", ids).Error; err != nil {
		return nil, err
	}
	byID := make(map[string]User, len(rows))
	for _, u := range rows {
		byID[u.ID] = u
	}
	return byID, nil
}

// SearchUsers finds accounts whose name contains the text, without regard to case, or whose address is exactly the text.
func (s *Store) SearchUsers(ctx context.Context, text string, limit int) ([]User, error) {
	var rows []User
	lower := strings.ToLower(text)
	err := s.DB(ctx).Where("email = ? OR lower(name) LIKE ? ESCAPE '!'", lower, "%"+likeEscape.Replace(lower)+"%").
		Order("name, id").Limit(limit).Find(&rows).Error
	return rows, err
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// AddUser keeps a new account; the first one becomes the administrator. ErrDuplicate when the address is taken.
func (s *Store) AddUser(ctx context.Context, u *User) error {
	return s.Tx(ctx, func(tx *Store) error {
		var anybody User
		err := tx.DB(ctx).Take(&anybody).Error
		if errors.Is(err, ErrNotFound) {
			if err := tx.lockUsers(ctx); err != nil {
				return err
			}
			if err = tx.DB(ctx).Take(&anybody).Error; errors.Is(err, ErrNotFound) {
				u.Role = RoleAdmin
				err = nil
			}
		}
		if err != nil {
			return err
		}
		return tx.DB(ctx).Create(u).Error
	})
}

// lockUsers lets only one transaction at a time decide who is first. SQLite's transactions are one at a time anyway.
func (s *Store) lockUsers(ctx context.Context) error {
	if !s.Postgres() {
		return nil
	}
	return s.DB(ctx).Exec("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").Error
}

// UpdateUser changes columns of an account.
func (s *Store) UpdateUser(ctx context.Context, id string, changes map[string]any) error {
	return s.DB(ctx).Model(&User{}).Where("id = ?", id).Updates(changes).Error
}

// ReplaceAvatar sets an account's picture, or none, and returns the one before.
func (s *Store) ReplaceAvatar(ctx context.Context, userID string, fileID *string, at time.Time) (before *string, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		var u User
		if err := tx.DB(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).First(&u, "id = ?", userID).Error; err != nil {
			return err
		}
		before = u.AvatarFileID
		return tx.UpdateUser(ctx, userID, map[string]any{"avatar_file_id": fileID, "updated_at": at})
	})
	return before, err
}

// AddSession keeps a new session.
func (s *Store) AddSession(ctx context.Context, row *Session) error {
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
