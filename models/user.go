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

	StudentNumber string // for lists of attendance

	EmailVerifiedAt *time.Time // a link sent to Email was opened
	DeletedAt       *time.Time // only the id is left, for what the person wrote

	CreatedAt time.Time
	UpdatedAt time.Time
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
	err := s.DB(ctx).First(&u, "email = ? AND deleted_at IS NULL", email).Error
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
	err := s.DB(ctx).Where("deleted_at IS NULL AND (email = ? OR lower(name) LIKE ? ESCAPE '!')", lower, "%"+likeEscape.Replace(lower)+"%").
		Order("name, id").Limit(limit).Find(&rows).Error
	return rows, err
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// ErrNotFirst is AddUser's answer when only the first account would have been taken.
var ErrNotFirst = errors.New("there is an account already")

// AddUser keeps a new account; the first one becomes the administrator. With onlyFirst any other is refused with
// ErrNotFirst. ErrDuplicate when the address is taken.
func (s *Store) AddUser(ctx context.Context, u *User, onlyFirst bool) error {
	asked := u.Role
	return s.Tx(ctx, func(tx *Store) error {
		u.Role = asked
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
		if onlyFirst && u.Role != RoleAdmin {
			return ErrNotFirst
		}
		return tx.DB(ctx).Create(u).Error
	})
}

// HasUsers tells whether there is an account, or was one.
func (s *Store) HasUsers(ctx context.Context) (bool, error) {
	var ids []string
	err := s.DB(ctx).Model(&User{}).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, err
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

// ReplacePassword changes the hash of a password that is still the old one, and tells whether it was.
func (s *Store) ReplacePassword(ctx context.Context, id, old, hash string, at time.Time) (bool, error) {
	res := s.DB(ctx).Model(&User{}).Where("id = ? AND password_hash = ?", id, old).
		Updates(map[string]any{"password_hash": hash, "updated_at": at})
	return res.RowsAffected == 1, res.Error
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

// VerifyEmail marks an address as verified if it is still the account's, once.
func (s *Store) VerifyEmail(ctx context.Context, id, email string, at time.Time) error {
	return s.DB(ctx).Model(&User{}).Where("id = ? AND email = ? AND email_verified_at IS NULL", id, email).Update("email_verified_at", at).Error
}
