package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Playback is the stored timeline of a meeting, see wire.Timeline, and the switches beside it, see wire.PlaybackSettings.
// Item is JSON or empty. V is 0 as long as only switches were touched.
type Playback struct {
	MeetingID string `gorm:"primaryKey"`
	V         int64
	Item      string
	FileID    *string // of Item, when it is a file
	EntryID   string
	Playing   bool
	Pos       float64
	Rate      float64
	At        float64
	Until     *float64
	StartBy   *float64
	LoadedV   int64 // the version with which Item was loaded
	Fresh     bool  // it has not started since

	FreeBrowsing bool
	Remote       string
	RoomSound    string

	UpdatedAt time.Time
}

// PlaybackCommand remembers the id of each command carried out, so that a retry changes nothing.
type PlaybackCommand struct {
	MeetingID string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	CreatedAt time.Time
}

// LostTap counts how often somebody was lost in one bucket of an item, without names.
type LostTap struct {
	MeetingID string `gorm:"primaryKey"`
	ItemKey   string `gorm:"primaryKey"`
	Bucket    int    `gorm:"primaryKey;autoIncrement:false"`
	N         int
}

// Playback finds a meeting's stored timeline.
func (s *Store) Playback(ctx context.Context, meetingID string) (*Playback, error) {
	var p Playback
	err := s.DB(ctx).First(&p, "meeting_id = ?", meetingID).Error
	return &p, err
}

// PlaybackCommandDone tells whether a command was carried out.
func (s *Store) PlaybackCommandDone(ctx context.Context, meetingID, id string) (bool, error) {
	var n int64
	err := s.DB(ctx).Model(&PlaybackCommand{}).Where("meeting_id = ? AND id = ?", meetingID, id).Count(&n).Error
	return n > 0, err
}

// SavePlayback keeps a timeline, together with the command that made it if there is one.
func (s *Store) SavePlayback(ctx context.Context, p *Playback, cmd *PlaybackCommand) error {
	return s.Tx(ctx, func(tx *Store) error {
		if cmd != nil {
			if err := tx.DB(ctx).Create(cmd).Error; err != nil {
				return err
			}
		}
		return tx.DB(ctx).Save(p).Error
	})
}

// AddLostTap counts one more.
func (s *Store) AddLostTap(ctx context.Context, meetingID, itemKey string, bucket int) error {
	return s.DB(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "meeting_id"}, {Name: "item_key"}, {Name: "bucket"}},
		DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("lost_taps.n + 1")}),
	}).Create(&LostTap{MeetingID: meetingID, ItemKey: itemKey, Bucket: bucket, N: 1}).Error
}

// LostTaps lists a meeting's counts along each item.
func (s *Store) LostTaps(ctx context.Context, meetingID string) ([]LostTap, error) {
	var rows []LostTap
	return rows, s.DB(ctx).Order("item_key, bucket").Find(&rows, "meeting_id = ?", meetingID).Error
}
