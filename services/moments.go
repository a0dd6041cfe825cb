package services

import (
	"context"
	"errors"

	"lectern/internal/wire"
	"lectern/models"
)

// maxMoments is how many comments somebody who joins late gets.
const maxMoments = 200

// remarks is what Playback needs of Comments.
type remarks interface {
	CreateAt(ctx context.Context, actor Actor, meeting models.Meeting, m wire.Moment, req wire.CreateEntryRequest) (*wire.Comment, error)
	Moments(ctx context.Context, meetingID string) (postID *string, comments []wire.Comment, err error)
}

// Comment asks something about a moment of what is playing, as a comment on the meeting's post.
func (p *Playback) Comment(ctx context.Context, actor Actor, meetingID string, cmd wire.PlaybackComment) (*wire.Comment, error) {
	meeting, _, err := activeMeeting(ctx, p.Store, actor, meetingID, ActionPost)
	if err != nil {
		return nil, err
	}
	st, err := p.stageOf(meetingID)
	if err != nil {
		return nil, err
	}
	m, err := p.moment(st, cmd.Key, cmd.Pos)
	if err != nil {
		return nil, err
	}
	return p.Comments.CreateAt(ctx, actor, *meeting, m, wire.CreateEntryRequest{Body: cmd.Body, ClientID: cmd.ClientID})
}

// CreateAt writes a comment with a moment on the meeting's post, which it makes when there is none. It checks no permission.
func (s *Comments) CreateAt(ctx context.Context, actor Actor, meeting models.Meeting, m wire.Moment, req wire.CreateEntryRequest) (*wire.Comment, error) {
	d, err := checkDraft(req)
	if err != nil {
		return nil, err
	}
	post, err := s.meetingPost(ctx, meeting)
	if err != nil {
		return nil, err
	}
	member, err := s.store.Member(ctx, post.ChannelID, actor.UserID)
	if err != nil {
		return nil, err
	}
	comment, _, err := s.write(ctx, actor, member, post, d, &m, nil)
	return comment, err
}

// Moments finds the meeting's post, nil if there is none yet, and the newest of its comments that point at a moment, the
// oldest of them first. It checks no permission.
func (s *Comments) Moments(ctx context.Context, meetingID string) (postID *string, comments []wire.Comment, err error) {
	post, err := s.store.MeetingPost(ctx, meetingID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, []wire.Comment{}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.store.Moments(ctx, post.ID, maxMoments)
	if err != nil {
		return nil, nil, err
	}
	comments, err = s.wire(ctx, rows...)
	return &post.ID, comments, err
}
