package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// Marker is a stop-point of an item in a channel, see wire.Marker; a unique index allows one at each T.
type Marker struct {
	ID        string `gorm:"primaryKey"`
	ChannelID string
	ItemKey   string
	T         float64
	Question  string
	Choices   []string `gorm:"serializer:json"`
}

// Question is a marker that a class has reached, as it was then.
type Question struct {
	ID        string `gorm:"primaryKey"`
	MeetingID string
	MarkerID  string
	ItemKey   string
	T         float64
	Question  string
	Choices   []string `gorm:"serializer:json"`
	AskedAt   time.Time
	ClosedAt  *time.Time
}

// Answer is one person's to a question.
type Answer struct {
	QuestionID string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
	Choice     *int
	Text       string
	At         time.Time
}

// Marker finds a marker of any channel.
func (s *Store) Marker(ctx context.Context, id string) (*Marker, error) {
	var m Marker
	err := s.DB(ctx).First(&m, "id = ?", id).Error
	return &m, err
}

// Markers lists a channel's markers along each item.
func (s *Store) Markers(ctx context.Context, channelID string) ([]Marker, error) {
	var rows []Marker
	return rows, s.DB(ctx).Order("item_key, t").Find(&rows, "channel_id = ?", channelID).Error
}

// SaveMarker adds a marker or changes it; ErrDuplicate when another is at its place.
func (s *Store) SaveMarker(ctx context.Context, m *Marker) error { return s.DB(ctx).Save(m).Error }

// DeleteMarker removes a channel's marker.
func (s *Store) DeleteMarker(ctx context.Context, channelID, id string) error {
	return s.DB(ctx).Delete(&Marker{}, "channel_id = ? AND id = ?", channelID, id).Error
}

// AddQuestion keeps what a class is asked.
func (s *Store) AddQuestion(ctx context.Context, q *Question) error { return s.DB(ctx).Create(q).Error }

// CloseQuestions takes no more answers to the open questions of a meeting.
func (s *Store) CloseQuestions(ctx context.Context, meetingID string, at time.Time) error {
	return s.DB(ctx).Model(&Question{}).Where("meeting_id = ? AND closed_at IS NULL", meetingID).Update("closed_at", at).Error
}

// Questions lists what a meeting was asked, in order.
func (s *Store) Questions(ctx context.Context, meetingID string) ([]Question, error) {
	var rows []Question
	return rows, s.DB(ctx).Order("id").Find(&rows, "meeting_id = ?", meetingID).Error
}

// LastQuestion is the newest of a meeting.
func (s *Store) LastQuestion(ctx context.Context, meetingID string) (*Question, error) {
	var q Question
	err := s.DB(ctx).Order("id DESC").First(&q, "meeting_id = ?", meetingID).Error
	return &q, err
}

// SaveAnswer gives or replaces a person's answer.
func (s *Store) SaveAnswer(ctx context.Context, a *Answer) error {
	return s.DB(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(a).Error
}

// Answers lists the answers to some questions by question, in the order in which they were given.
func (s *Store) Answers(ctx context.Context, questionIDs ...string) (map[string][]Answer, error) {
	var rows []Answer
	err := s.DB(ctx).Order("at, user_id").Find(&rows, "question_id IN ?", questionIDs).Error
	byQuestion := map[string][]Answer{}
	for _, a := range rows {
		byQuestion[a.QuestionID] = append(byQuestion[a.QuestionID], a)
	}
	return byQuestion, err
}

// AnswersOf lists what a user has answered, oldest first, with the questions by id.
func (s *Store) AnswersOf(ctx context.Context, userID string) ([]Answer, map[string]Question, error) {
	var answers []Answer
	if err := s.DB(ctx).Order("at, question_id").Find(&answers, "user_id = ?", userID).Error; err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(answers))
	for i, a := range answers {
		ids[i] = a.QuestionID
	}
	var questions []Question
	err := s.DB(ctx).Find(&questions, "id IN ?", ids).Error
	byID := make(map[string]Question, len(questions))
	for _, q := range questions {
		byID[q.ID] = q
	}
	return answers, byID, err
}
