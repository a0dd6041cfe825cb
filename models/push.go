package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// PushSubscription is a device that hears of its user while the session lives that subscribed it.
type PushSubscription struct {
	ID        string `gorm:"primaryKey"`
	UserID    string
	SessionID string
	Endpoint  string // unique
	P256DH    string `gorm:"column:p256dh"`
	Auth      string
	CreatedAt time.Time
}

// Push is a notification that waits to be sent to a device.
type Push struct {
	SubscriptionID string `gorm:"primaryKey"`
	NotificationID string `gorm:"primaryKey"`
	Attempts       int
	NextAt         time.Time
}

// TableName is the table's.
func (Push) TableName() string { return "push_queue" }

// SavePushSubscription keeps a subscription, instead of an older one of the same device, and drops the oldest of the user's
// beyond most.
func (s *Store) SavePushSubscription(ctx context.Context, row PushSubscription, most int) error {
	return s.Tx(ctx, func(tx *Store) error {
		if err := tx.LockMaker(ctx, row.UserID); err != nil {
			return err
		}
		if err := tx.DB(ctx).Delete(&PushSubscription{}, "endpoint = ?", row.Endpoint).Error; err != nil {
			return err
		}
		if err := tx.DB(ctx).Create(&row).Error; err != nil {
			return err
		}
		newest := tx.DB(ctx).Model(&PushSubscription{}).Select("id").Where("user_id = ?", row.UserID).Order("id DESC").Limit(most)
		return tx.DB(ctx).Delete(&PushSubscription{}, "user_id = ? AND id NOT IN (?)", row.UserID, newest).Error
	})
}

// DeletePushSubscription ends that of a user's device.
func (s *Store) DeletePushSubscription(ctx context.Context, userID, endpoint string) error {
	return s.DB(ctx).Delete(&PushSubscription{}, "user_id = ? AND endpoint = ?", userID, endpoint).Error
}

// PushSubscriptionsOf lists a user's, oldest first.
func (s *Store) PushSubscriptionsOf(ctx context.Context, userID string) ([]PushSubscription, error) {
	var rows []PushSubscription
	err := s.DB(ctx).Order("id").Find(&rows, "user_id = ?", userID).Error
	return rows, err
}

// QueuePushes lets some notifications be sent to the devices of their users, except those who want none, and tells how
// many there are to send.
func (s *Store) QueuePushes(ctx context.Context, notificationIDs []string, at time.Time) (int64, error) {
	res := s.DB(ctx).Exec(`INSERT INTO push_queue (subscription_id, notification_id, attempts, next_at)
		SELECT s.id, n.id, 0, @at FROM notifications n
		JOIN push_subscriptions s ON s.user_id = n.user_id
		LEFT JOIN preferences p ON p.user_id = n.user_id
		WHERE n.id IN @ids AND NOT n.silent AND COALESCE(p.push, TRUE)`, map[string]any{"ids": notificationIDs, "at": at})
	return res.RowsAffected, res.Error
}

// DuePushes lists some of those to be sent by an instant, the longest waiting first.
func (s *Store) DuePushes(ctx context.Context, at time.Time, limit int) ([]Push, error) {
	var rows []Push
	err := s.DB(ctx).Where("next_at <= ?", at).Order("next_at, notification_id").Limit(limit).Find(&rows).Error
	return rows, err
}

// NextPush is when the next one is to be sent; nil when none waits.
func (s *Store) NextPush(ctx context.Context) (*time.Time, error) {
	var row Push
	res := s.DB(ctx).Order("next_at").Limit(1).Find(&row)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, res.Error
	}
	return &row.NextAt, nil
}

// WaitingPushes counts those that wait.
func (s *Store) WaitingPushes(ctx context.Context) (n int64, err error) {
	err = s.DB(ctx).Model(&Push{}).Count(&n).Error
	return n, err
}

// ClaimPush counts an attempt and puts the next one off, so that nobody else makes this one; false when somebody has.
func (s *Store) ClaimPush(ctx context.Context, row *Push, until time.Time) (bool, error) {
	res := s.DB(ctx).Model(row).Where("attempts = ?", row.Attempts).Updates(map[string]any{"attempts": gorm.Expr("attempts + 1"), "next_at": until})
	if res.RowsAffected == 1 {
		row.Attempts++
		row.NextAt = until
	}
	return res.RowsAffected == 1, res.Error
}

// PutOffPush sets when the next attempt is made.
func (s *Store) PutOffPush(ctx context.Context, row Push, at time.Time) error {
	return s.DB(ctx).Model(&row).Update("next_at", at).Error
}

// DeletePush ends the attempts.
func (s *Store) DeletePush(ctx context.Context, row Push) error {
	return s.DB(ctx).Delete(&row).Error
}

// Pushed is all that one attempt needs.
type Pushed struct {
	Subscription PushSubscription
	Notification Notification
	User         User
	Preferences  Preferences
	Texts        *NotificationTexts
}

// Pushed loads it; ErrNotFound when the device's session has ended, or its user may no longer see what the notification
// tells of.
func (s *Store) Pushed(ctx context.Context, row Push, at time.Time) (*Pushed, error) {
	var p Pushed
	err := s.DB(ctx).Where(`EXISTS (SELECT 1 FROM sessions WHERE sessions.id = push_subscriptions.session_id
		AND sessions.ended_at IS NULL AND sessions.expires_at > ?)`, at).First(&p.Subscription, "id = ?", row.SubscriptionID).Error
	if err != nil {
		return nil, err
	}
	if err := s.DB(ctx).Scopes(visible).First(&p.Notification, "id = ?", row.NotificationID).Error; err != nil {
		return nil, err
	}
	user := p.Subscription.UserID
	if err := s.DB(ctx).First(&p.User, "id = ? AND disabled_at IS NULL AND deleted_at IS NULL", user).Error; err != nil {
		return nil, err
	}
	preferences, err := s.Preferences(ctx, user)
	if err != nil {
		return nil, err
	}
	p.Preferences = preferences[user]
	p.Texts, err = s.NotificationTexts(ctx, []Notification{p.Notification})
	return &p, err
}

// PruneFinishedSubscriptions deletes those whose session has ended.
func (s *Store) PruneFinishedSubscriptions(ctx context.Context, at time.Time) error {
	return s.DB(ctx).Where(`NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = push_subscriptions.session_id
		AND sessions.ended_at IS NULL AND sessions.expires_at > ?)`, at).Delete(&PushSubscription{}).Error
}

// DeletePushOf ends a subscription, with what waits for it.
func (s *Store) DeletePushOf(ctx context.Context, subscriptionID string) error {
	return s.DB(ctx).Delete(&PushSubscription{}, "id = ?", subscriptionID).Error
}
