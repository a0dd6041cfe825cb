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
	comment, _, err := s.write(ctx, actor, member, post, d, &m)
	return comment, err
}

// meetingPosts are the texts of the post that a meeting's questions gather under, by the language of its host.
var meetingPosts = map[string]string{
	"zh-TW": "這堂課的提問與討論",
	"en":    "Questions and discussion of this lesson",
}

// meetingPost finds or makes it; its author is the meeting's host.
func (s *Comments) meetingPost(ctx context.Context, meeting models.Meeting) (*models.Post, error) {
	defer s.inOrder(meeting.ChannelID)()
	row, err := s.store.MeetingPost(ctx, meeting.ID)
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return row, err
	}
	host, err := s.store.User(ctx, meeting.HostID)
	if err != nil {
		return nil, err
	}
	body := meetingPosts[host.Locale]
	if body == "" {
		body = meetingPosts["en"]
	}
	row = &models.Post{ID: models.NewID(), ChannelID: meeting.ChannelID, AuthorID: meeting.HostID, Body: body, MeetingID: &meeting.ID, CreatedAt: stamp(s.clock)}
	var seq int64
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if err := tx.DB(ctx).Create(row).Error; err != nil {
			return err
		}
		seq, err = record(ctx, tx, ChannelTopic(row.ChannelID), wire.EventPostCreated, models.EntryPost, row.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	post, err := (&Posts{s.Entries}).one(context.WithoutCancel(ctx), *row)
	if err != nil {
		return nil, err
	}
	s.pub.PublishChange(ChannelTopic(row.ChannelID), seq, wire.EventPostCreated, post)
	return row, nil
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
