package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// Poll is a question with choices to everybody in a meeting. Counts has a number per option.
type Poll struct {
	ID        string `gorm:"primaryKey"`
	MeetingID string
	AuthorID  string
	Question  string
	Options   []string `gorm:"serializer:json"`
	Multiple  bool
	Anonymous bool
	Live      bool
	Counts    []int `gorm:"serializer:json"`
	CreatedAt time.Time
	ClosedAt  *time.Time
}

// PollVote tells that somebody has voted and, unless the poll is anonymous, what.
type PollVote struct {
	PollID  string `gorm:"primaryKey"`
	UserID  string `gorm:"primaryKey"`
	Choices []int  `gorm:"serializer:json"`
	At      time.Time
}

// AddPoll asks in a meeting; ErrNotFound when that has ended, ErrDuplicate when the id was used.
func (s *Store) AddPoll(ctx context.Context, p *Poll) error {
	return s.whileRunning(ctx, p.MeetingID, func(tx *Store) error { return tx.DB(ctx).Create(p).Error })
}

// Poll finds a poll.
func (s *Store) Poll(ctx context.Context, id string) (*Poll, error) {
	var p Poll
	err := s.DB(ctx).First(&p, "id = ?", id).Error
	return &p, err
}

// Polls lists the newest polls of a meeting, the newest first.
func (s *Store) Polls(ctx context.Context, meetingID string, limit int) ([]Poll, error) {
	var rows []Poll
	return rows, s.DB(ctx).Order("id DESC").Limit(limit).Find(&rows, "meeting_id = ?", meetingID).Error
}

// PollVotes lists the votes of some polls by poll, in the order in which they were given.
func (s *Store) PollVotes(ctx context.Context, pollIDs ...string) (map[string][]PollVote, error) {
	var rows []PollVote
	err := s.DB(ctx).Order("at, user_id").Find(&rows, "poll_id IN ?", pollIDs).Error
	byPoll := map[string][]PollVote{}
	for _, v := range rows {
		byPoll[v.PollID] = append(byPoll[v.PollID], v)
	}
	return byPoll, err
}

// SavePollVote gives or replaces a person's vote and keeps the counts after it.
func (s *Store) SavePollVote(ctx context.Context, v PollVote, counts []int) error {
	return s.Tx(ctx, func(tx *Store) error {
		if err := tx.DB(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&v).Error; err != nil {
			return err
		}
		return tx.DB(ctx).Model(&Poll{ID: v.PollID}).Select("Counts").Updates(Poll{Counts: counts}).Error
	})
}

// ClosePoll takes no more votes, and tells whether the poll was open.
func (s *Store) ClosePoll(ctx context.Context, id string, at time.Time) (closed bool, err error) {
	res := s.DB(ctx).Model(&Poll{}).Where("id = ? AND closed_at IS NULL", id).Update("closed_at", at)
	return res.RowsAffected == 1, res.Error
}

// PollVotesOf lists what a user has voted, oldest first, with the polls by id.
func (s *Store) PollVotesOf(ctx context.Context, userID string) ([]PollVote, map[string]Poll, error) {
	var votes []PollVote
	if err := s.DB(ctx).Order("at, poll_id").Find(&votes, "user_id = ?", userID).Error; err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(votes))
	for i, v := range votes {
		ids[i] = v.PollID
	}
	var polls []Poll
	err := s.DB(ctx).Find(&polls, "id IN ?", ids).Error
	byID := make(map[string]Poll, len(polls))
	for _, p := range polls {
		byID[p.ID] = p
	}
	return votes, byID, err
}
