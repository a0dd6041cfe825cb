package models

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// MeetingSettings are stored as JSON in the meeting's row.
type MeetingSettings struct {
	MicrophonesLocked bool `json:"microphones_locked"`
	CamerasLocked     bool `json:"cameras_locked"`
	ScreenLocked      bool `json:"screen_locked"`
	ChatLocked        bool `json:"chat_locked"`
	Lobby             bool `json:"lobby"`
	ManyScreens       bool `json:"many_screens"`
}

// MeetingState is what of a meeting must outlive the program beside its settings, stored as JSON in its row.
type MeetingState struct {
	Admitted  []string       `json:"admitted,omitempty"`  // users who need not wait any more
	Removed   []string       `json:"removed,omitempty"`   // users who are kept out
	Spotlight string         `json:"spotlight,omitempty"` // a participant
	Called    string         `json:"called,omitempty"`    // the participant who has the word
	Hands     []MeetingHand  `json:"hands,omitempty"`
	Breakouts *BreakoutState `json:"breakouts,omitempty"`
}

// MeetingHand is a participant's hand, raised in a breakout or, with an empty RoomID, in the main room.
type MeetingHand struct {
	ParticipantID string    `json:"participant_id"`
	RoomID        string    `json:"room_id,omitempty"`
	At            time.Time `json:"at"`
}

// BreakoutState is an open set of groups' rooms.
type BreakoutState struct {
	Rooms     []BreakoutRoom    `json:"rooms"`
	Assigned  map[string]string `json:"assigned"` // room by user
	OpenedAt  time.Time         `json:"opened_at"`
	EndsAt    *time.Time        `json:"ends_at,omitempty"`
	Recalling bool              `json:"recalling,omitempty"`
}

// BreakoutRoom is one of them.
type BreakoutRoom struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// MeetingMemory is what a channel keeps from one meeting for the next, stored as JSON in its row.
type MeetingMemory struct {
	Settings     MeetingSettings `json:"settings"`
	FreeBrowsing bool            `json:"free_browsing"`
	Groups       []BreakoutGroup `json:"groups,omitempty"` // the last breakouts
}

// BreakoutGroup is one of them, by its members.
type BreakoutGroup struct {
	Name    string   `json:"name"`
	UserIDs []string `json:"user_ids"`
}

// Regroup brings a user into one of the groups, out of the others.
func (m *MeetingMemory) Regroup(userID string, group int) {
	for i := range m.Groups {
		m.Groups[i].UserIDs = slices.DeleteFunc(m.Groups[i].UserIDs, func(id string) bool { return id == userID })
	}
	if group < len(m.Groups) {
		m.Groups[group].UserIDs = append(m.Groups[group].UserIDs, userID)
	}
}

// Meeting is a channel's live lesson; a partial unique index allows one with EndedAt null per channel.
type Meeting struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	HostID    string
	Settings  MeetingSettings `gorm:"serializer:json"`
	State     MeetingState    `gorm:"serializer:json"`
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

// Meeting finds a meeting.
func (s *Store) Meeting(ctx context.Context, id string) (*Meeting, error) {
	var m Meeting
	err := s.DB(ctx).First(&m, "id = ?", id).Error
	return &m, err
}

// Running tells whether a meeting has not ended.
func (s *Store) Running(ctx context.Context, id string) (bool, error) {
	var n int64
	err := s.DB(ctx).Model(&Meeting{}).Where("id = ? AND ended_at IS NULL", id).Count(&n).Error
	return n > 0, err
}

// whileRunning does something in a meeting that has not ended, else the answer is ErrNotFound: an end waits for it.
func (s *Store) whileRunning(ctx context.Context, id string, do func(tx *Store) error) error {
	return s.Tx(ctx, func(tx *Store) error {
		held := tx.DB(ctx).Clauses(clause.Locking{Strength: "SHARE"})
		if err := held.First(&Meeting{}, "id = ? AND ended_at IS NULL", id).Error; err != nil {
			return err
		}
		return do(tx)
	})
}

// AddMeeting starts a meeting; ErrDuplicate when the channel has an active one.
func (s *Store) AddMeeting(ctx context.Context, m *Meeting) error { return s.DB(ctx).Create(m).Error }

// ActiveMeetings lists the active meetings of channels, or of all when none is named.
func (s *Store) ActiveMeetings(ctx context.Context, channelIDs ...string) ([]Meeting, error) {
	var rows []Meeting
	db := s.DB(ctx).Where("ended_at IS NULL")
	if len(channelIDs) > 0 {
		db = db.Where("channel_id IN ?", channelIDs)
	}
	return rows, db.Find(&rows).Error
}

// EndMeeting ends a meeting, the attendance in it and its polls, and tells whether it was still active.
func (s *Store) EndMeeting(ctx context.Context, id string, at time.Time) (ended bool, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		res := tx.DB(ctx).Model(&Meeting{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", at)
		if ended = res.RowsAffected > 0; !ended {
			return res.Error
		}
		if err := tx.DB(ctx).Model(&Attendance{}).Where("meeting_id = ? AND left_at IS NULL", id).Update("left_at", at).Error; err != nil {
			return err
		}
		return tx.DB(ctx).Model(&Poll{}).Where("meeting_id = ? AND closed_at IS NULL", id).Update("closed_at", at).Error
	})
	return ended, err
}

// UpdateMeetingSettings keeps a meeting's switches.
func (s *Store) UpdateMeetingSettings(ctx context.Context, id string, settings MeetingSettings) error {
	return s.DB(ctx).Model(&Meeting{ID: id}).Select("Settings").Updates(Meeting{Settings: settings}).Error
}

// UpdateMeetingState keeps what of a meeting outlives the program.
func (s *Store) UpdateMeetingState(ctx context.Context, id string, state MeetingState) error {
	return s.DB(ctx).Model(&Meeting{ID: id}).Select("State").Updates(Meeting{State: state}).Error
}

// AddAttendance opens an interval; ErrNotFound when the meeting has ended.
func (s *Store) AddAttendance(ctx context.Context, a *Attendance) error {
	return s.whileRunning(ctx, a.MeetingID, func(tx *Store) error { return tx.DB(ctx).Create(a).Error })
}

// ResumeAttendance opens an interval again; ErrNotFound when the meeting has ended.
func (s *Store) ResumeAttendance(ctx context.Context, a *Attendance) error {
	return s.whileRunning(ctx, a.MeetingID, func(tx *Store) error { return tx.DB(ctx).Model(a).Update("left_at", nil).Error })
}

// Attended tells whether a user has been in a meeting.
func (s *Store) Attended(ctx context.Context, meetingID, userID string) (bool, error) {
	var n int64
	err := s.DB(ctx).Model(&Attendance{}).Where("meeting_id = ? AND user_id = ?", meetingID, userID).Count(&n).Error
	return n > 0, err
}

// Interrupted finds the intervals in active meetings that are open, or were until since, by their ids.
func (s *Store) Interrupted(ctx context.Context, since time.Time) (map[string]Attendance, error) {
	var rows []Attendance
	err := s.DB(ctx).Joins("JOIN meetings ON meetings.id = attendances.meeting_id AND meetings.ended_at IS NULL").
		Find(&rows, "attendances.left_at IS NULL OR attendances.left_at >= ?", since).Error
	byID := make(map[string]Attendance, len(rows))
	for _, a := range rows {
		byID[a.ID] = a
	}
	return byID, err
}

// EndAttendance closes intervals; closing one twice keeps the first time.
func (s *Store) EndAttendance(ctx context.Context, at time.Time, ids ...string) error {
	return s.DB(ctx).Model(&Attendance{}).Where("id IN ? AND left_at IS NULL", ids).Update("left_at", at).Error
}

// CloseAttendances closes the intervals that an earlier run of the program left open. Nobody knows when they ended: the
// last sign of life of any session is the best there is, and never before the interval began.
func (s *Store) CloseAttendances(ctx context.Context, now time.Time) error {
	alive, err := s.LastAlive(ctx, now)
	if err != nil {
		return err
	}
	return s.Tx(ctx, func(tx *Store) error {
		open := func() *gorm.DB { return tx.DB(ctx).Model(&Attendance{}).Where("left_at IS NULL") }
		if err := open().Where("joined_at >= ?", alive).Update("left_at", gorm.Expr("joined_at")).Error; err != nil {
			return err
		}
		return open().Update("left_at", alive).Error
	})
}

// LastAlive is the last sign of life of any session, now at the latest.
func (s *Store) LastAlive(ctx context.Context, now time.Time) (time.Time, error) {
	var last Session
	err := s.DB(ctx).Order("last_used_at DESC").Take(&last).Error
	if errors.Is(err, ErrNotFound) || err == nil && !last.LastUsedAt.Before(now) {
		return now, nil
	}
	return last.LastUsedAt, err
}

// Attendances lists the intervals of a meeting in the order of joining.
func (s *Store) Attendances(ctx context.Context, meetingID string) ([]Attendance, error) {
	var rows []Attendance
	return rows, s.DB(ctx).Order("joined_at, id").Find(&rows, "meeting_id = ?", meetingID).Error
}
