package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// AnotherAdmin tells whether somebody else is an administrator who can sign in. Within a transaction it also keeps those
// from being changed until the end.
func (s *Store) AnotherAdmin(ctx context.Context, id string) (bool, error) {
	var admins []User
	err := s.DB(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Order("id").
		Find(&admins, "role = ? AND disabled_at IS NULL AND deleted_at IS NULL", RoleAdmin).Error
	for _, u := range admins {
		if u.ID != id {
			return true, err
		}
	}
	return false, err
}

// EraseUser removes everything personal of an account. The row stays, for what points at it.
func (s *Store) EraseUser(ctx context.Context, id string, at time.Time) error {
	err := s.UpdateUser(ctx, id, map[string]any{"email": id + "@deleted.invalid", "name": "", "student_number": "", "password_hash": "", "role": RoleUser,
		"avatar_file_id": nil, "email_verified_at": nil, "deleted_at": at, "updated_at": at})
	if err != nil {
		return err
	}
	for _, own := range []any{&Session{}, &Notification{}, &Preferences{}, &PushSubscription{}} {
		if err := s.DB(ctx).Delete(own, "user_id = ?", id).Error; err != nil {
			return err
		}
	}
	if err := s.DB(ctx).Delete(&ScheduledPost{}, "author_id = ?", id).Error; err != nil {
		return err
	}
	if err := s.DB(ctx).Delete(&Upload{}, "owner_id = ?", id).Error; err != nil {
		return err
	}
	return s.DeleteEmailTokens(ctx, id, PurposeVerify, PurposeReset)
}

// DeleteMemberships takes a user out of all channels.
func (s *Store) DeleteMemberships(ctx context.Context, userID string) error {
	return s.DB(ctx).Delete(&Member{}, "user_id = ?", userID).Error
}

// Places lists all channels of a user, oldest first, and the memberships by channel.
func (s *Store) Places(ctx context.Context, userID string) ([]Channel, map[string]Member, error) {
	ids, err := s.ChannelIDs(ctx, userID)
	if err != nil {
		return nil, nil, err
	}
	var channels []Channel
	if err := s.DB(ctx).Order("id").Find(&channels, "id IN ?", ids).Error; err != nil {
		return nil, nil, err
	}
	places, err := s.Memberships(ctx, userID, ids)
	return channels, places, err
}

// WorksOf lists everything a user has written and uploaded, oldest first.
func (s *Store) WorksOf(ctx context.Context, userID string) (posts []Post, comments []Comment, files []File, err error) {
	if err = s.DB(ctx).Order("id").Find(&posts, "author_id = ?", userID).Error; err != nil {
		return nil, nil, nil, err
	}
	if err = s.DB(ctx).Order("id").Find(&comments, "author_id = ?", userID).Error; err != nil {
		return nil, nil, nil, err
	}
	err = s.DB(ctx).Order("id").Find(&files, "owner_id = ?", userID).Error
	return posts, comments, files, err
}

// TalksOf lists a user's conversations and everything they have written in them, oldest first.
func (s *Store) TalksOf(ctx context.Context, userID string) (conversations []Conversation, messages []Message, err error) {
	if err = s.DB(ctx).Order("id").Find(&conversations, "first_id = @user OR second_id = @user", map[string]any{"user": userID}).Error; err != nil {
		return nil, nil, err
	}
	err = s.DB(ctx).Order("id").Scopes(notDeleted).Find(&messages, "author_id = ? AND call_id IS NULL", userID).Error
	return conversations, messages, err
}
