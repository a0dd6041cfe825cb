package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// Preferences are a user's own settings, the same on every device.
type Preferences struct {
	UserID       string `gorm:"primaryKey"`
	ReadReceipts bool
	DND          bool       `gorm:"column:dnd"`
	DNDUntil     *time.Time `gorm:"column:dnd_until"` // when it ends by itself
	Sounds       bool
	Push         bool
	HintsSeen    string // words, with blanks between
}

// DefaultPreferences are those of who never changed any.
func DefaultPreferences(userID string) Preferences {
	return Preferences{UserID: userID, ReadReceipts: true, Sounds: true, Push: true}
}

// Undisturbed tells whether the user wants to be left alone at an instant.
func (p Preferences) Undisturbed(at time.Time) bool {
	return p.DND && (p.DNDUntil == nil || at.Before(*p.DNDUntil))
}

// Preferences finds those of some users; who never changed any has the defaults.
func (s *Store) Preferences(ctx context.Context, userIDs ...string) (map[string]Preferences, error) {
	var rows []Preferences
	err := s.DB(ctx).Find(&rows, "user_id IN ?", userIDs).Error
	byUser := make(map[string]Preferences, len(userIDs))
	for _, id := range userIDs {
		byUser[id] = DefaultPreferences(id)
	}
	for _, p := range rows {
		byUser[p.UserID] = p
	}
	return byUser, err
}

// SavePreferences stores a user's.
func (s *Store) SavePreferences(ctx context.Context, p Preferences) error {
	return s.DB(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&p).Error
}

// PastDND lists some of those whose do-not-disturb should have ended by an instant.
func (s *Store) PastDND(ctx context.Context, at time.Time, limit int) (userIDs []string, err error) {
	err = s.DB(ctx).Model(&Preferences{}).Where("dnd AND dnd_until <= ?", at).Order("dnd_until").Limit(limit).Pluck("user_id", &userIDs).Error
	return userIDs, err
}
