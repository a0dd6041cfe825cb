package models

import "time"

// MeetingSettings are stored as JSON in the meeting's row.
type MeetingSettings struct {
	MicrophonesLocked bool `json:"microphones_locked"`
	CamerasLocked     bool `json:"cameras_locked"`
	ScreenLocked      bool `json:"screen_locked"`
}

// Meeting is a channel's live lesson; a partial unique index allows one with EndedAt null per channel.
type Meeting struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	HostID    string
	Settings  MeetingSettings `gorm:"serializer:json"`
	StartedAt time.Time
	EndedAt   *time.Time
}

// Attendance is one interval of a user in a meeting; its id is the participant's.
type Attendance struct {
	ID        string `gorm:"primaryKey"`
	MeetingID string
	UserID    string
	JoinedAt  time.Time
	LeftAt    *time.Time
}

// Playback is the stored timeline of a meeting, see wire.Timeline. Item is JSON or empty.
type Playback struct {
	MeetingID string `gorm:"primaryKey"`
	V         int64
	Item      string
	Playing   bool
	Pos       float64
	Rate      float64
	At        float64
	UpdatedAt time.Time
}

// PlaybackCommand remembers the id of each command carried out, so that a retry changes nothing.
type PlaybackCommand struct {
	MeetingID string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	CreatedAt time.Time
}
