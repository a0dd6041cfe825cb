package models

import (
	"context"
	"errors"
	"time"
)

// Playlist is what a channel wants to watch, see wire.Playlist.
type Playlist struct {
	ChannelID string `gorm:"primaryKey"`
	V         int64
	CurrentID string
	AutoNext  bool
}

// PlaylistEntry is one row of it. Item is JSON.
type PlaylistEntry struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	Position  int
	Item      string
	FileID    *string // of Item, when it is a file
	Problem   string
}

// PlaylistCommand remembers the id of each edit carried out, so that a retry changes nothing.
type PlaylistCommand struct {
	ChannelID string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	CreatedAt time.Time
}

// Playlist finds a channel's list, entries in order; a channel without one has an empty list that goes on by itself.
func (s *Store) Playlist(ctx context.Context, channelID string) (Playlist, []PlaylistEntry, error) {
	list := Playlist{ChannelID: channelID, AutoNext: true}
	if err := s.DB(ctx).First(&list, "channel_id = ?", channelID).Error; err != nil && !errors.Is(err, ErrNotFound) {
		return list, nil, err
	}
	var entries []PlaylistEntry
	return list, entries, s.DB(ctx).Order("position").Find(&entries, "channel_id = ?", channelID).Error
}

// SavePlaylist replaces a channel's list, together with the command that changed it if there is one.
func (s *Store) SavePlaylist(ctx context.Context, list *Playlist, entries []PlaylistEntry, cmd *PlaylistCommand) error {
	return s.Tx(ctx, func(tx *Store) error {
		if cmd != nil {
			if err := tx.DB(ctx).Create(cmd).Error; err != nil {
				return err
			}
		}
		if err := tx.DB(ctx).Save(list).Error; err != nil {
			return err
		}
		if err := tx.DB(ctx).Delete(&PlaylistEntry{}, "channel_id = ?", list.ChannelID).Error; err != nil {
			return err
		}
		if len(entries) == 0 {
			return nil
		}
		return tx.DB(ctx).Create(&entries).Error
	})
}

// PlaylistCommandDone tells whether an edit was carried out.
func (s *Store) PlaylistCommandDone(ctx context.Context, channelID, id string) (bool, error) {
	var n int64
	err := s.DB(ctx).Model(&PlaylistCommand{}).Where("channel_id = ? AND id = ?", channelID, id).Count(&n).Error
	return n > 0, err
}

// ForgetPlaylistCommands drops those that nobody tries again any more.
func (s *Store) ForgetPlaylistCommands(ctx context.Context, before time.Time) error {
	return s.DB(ctx).Delete(&PlaylistCommand{}, "created_at < ?", before).Error
}
