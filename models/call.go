package models

import (
	"context"
	"time"
)

// Media that a call is begun with.
const (
	MediaAudio = "audio"
	MediaVideo = "video"
)

// Call is one between two people. It rings while AnsweredAt and EndedAt are null. A side's session is the sign-in whose
// device is in the call; the callee's is empty before the answer.
type Call struct {
	ID             string `gorm:"primaryKey"`
	ConversationID string
	CallerID       string
	CalleeID       string
	Media          string  // MediaAudio or MediaVideo, as it was asked for
	ClientID       *string // unique with CallerID
	CallerSession  string
	CalleeSession  string
	Reason         string // of the end
	Missed         bool   // it rang at the callee in vain
	CreatedAt      time.Time
	AnsweredAt     *time.Time
	EndedAt        *time.Time
}

// Call finds a call.
func (s *Store) Call(ctx context.Context, id string) (*Call, error) {
	var c Call
	err := s.DB(ctx).First(&c, "id = ?", id).Error
	return &c, err
}

// CallByClientID finds the call that a user began under a client-made id.
func (s *Store) CallByClientID(ctx context.Context, callerID, clientID string) (*Call, error) {
	var c Call
	err := s.DB(ctx).First(&c, "caller_id = ? AND client_id = ?", callerID, clientID).Error
	return &c, err
}

// AddCall keeps a new call.
func (s *Store) AddCall(ctx context.Context, c *Call) error { return s.DB(ctx).Create(c).Error }

// AnswerCall notes when a ringing call was answered, and by which session of the callee.
func (s *Store) AnswerCall(ctx context.Context, id, session string, at time.Time) error {
	return s.DB(ctx).Model(&Call{}).Where("id = ?", id).Updates(map[string]any{"answered_at": at, "callee_session": session}).Error
}

// EndCall keeps the end of a call and tells whether it was still open.
func (s *Store) EndCall(ctx context.Context, c *Call) (bool, error) {
	res := s.DB(ctx).Model(&Call{}).Where("id = ? AND ended_at IS NULL", c.ID).
		Updates(map[string]any{"ended_at": c.EndedAt, "reason": c.Reason, "missed": c.Missed})
	return res.RowsAffected == 1, res.Error
}

// OpenCalls lists the calls that have not ended, oldest first.
func (s *Store) OpenCalls(ctx context.Context) ([]Call, error) {
	var rows []Call
	return rows, s.DB(ctx).Order("id").Find(&rows, "ended_at IS NULL").Error
}

// CallsOf lists a page of the calls that a user made or got, the newest first, or of those that they missed.
func (s *Store) CallsOf(ctx context.Context, userID string, missed bool, page Page) ([]Call, *string, error) {
	var rows []Call
	db := s.DB(ctx)
	if missed {
		db = db.Where("callee_id = ? AND missed", userID)
	} else {
		db = db.Where("(caller_id = ? OR callee_id = ?)", userID, userID)
	}
	err := db.Scopes(page.Scope("id", true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(c Call) string { return c.ID })
	return rows, next, err
}

// AllCallsOf lists the calls that a user made or got, oldest first.
func (s *Store) AllCallsOf(ctx context.Context, userID string) ([]Call, error) {
	var rows []Call
	return rows, s.DB(ctx).Order("id").Find(&rows, "caller_id = ? OR callee_id = ?", userID, userID).Error
}

// CallsByID finds calls, in no order; those that do not exist are missing from the answer.
func (s *Store) CallsByID(ctx context.Context, ids []string) ([]Call, error) {
	var rows []Call
	return rows, s.DB(ctx).Find(&rows, "id IN ?", ids).Error
}
