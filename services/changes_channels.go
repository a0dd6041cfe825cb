package services

import (
	"context"
	"maps"
	"slices"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// Kinds of entities in the log of changes, beside models.EntryPost, models.EntryComment and models.EntryMessage.
const (
	changedChannel = "channel" // in the channel's scope: what every member sees alike
	changedMember  = "member"  // of the channel; by user id
	changedMeeting = "meeting"
	changedPlace   = "place" // in a user's scope: that they are in a channel; by channel id
	changedRead    = "read"  // the user's read mark in a channel; by channel id
)

// commentKey is how the log names a comment: with its post, which must be told when it is gone.
func commentKey(postID, id string) string { return postID + "/" + id }

func recordComment(ctx context.Context, tx *models.Store, event string, row models.Comment) (int64, error) {
	return record(ctx, tx, ChannelTopic(row.ChannelID), event, models.EntryComment, commentKey(row.PostID, row.ID))
}

// channelOf is the id in a channel's scope.
func channelOf(scope string) string { return strings.TrimPrefix(scope, ChannelTopic("")) }

// Replays tell of posts and comments again.
func (e *Entries) Replays() []Replay {
	return []Replay{
		{Kind: models.EntryPost, Created: wire.EventPostCreated, Updated: wire.EventPostUpdated, Load: e.loadPosts},
		{Kind: models.EntryComment, Created: wire.EventCommentCreated, Updated: wire.EventCommentUpdated, Load: e.loadComments},
	}
}

func (e *Entries) loadPosts(ctx context.Context, _ Actor, scope string, ids []string) (map[string]Told, error) {
	var rows []models.Post
	if err := e.store.DB(ctx).Find(&rows, "channel_id = ? AND id IN ?", channelOf(scope), ids).Error; err != nil {
		return nil, err
	}
	posts, err := (&Posts{e}).wire(ctx, rows...)
	return told(ids, posts, func(p wire.Post) string { return p.ID }, func(id string) Told {
		return Told{wire.EventPostDeleted, wire.Deleted{ID: id, ChannelID: channelOf(scope)}}
	}), err
}

func (e *Entries) loadComments(ctx context.Context, _ Actor, scope string, keys []string) (map[string]Told, error) {
	ids := make([]string, len(keys))
	for i, key := range keys {
		_, ids[i], _ = strings.Cut(key, "/")
	}
	var rows []models.Comment
	if err := e.store.DB(ctx).Find(&rows, "channel_id = ? AND id IN ?", channelOf(scope), ids).Error; err != nil {
		return nil, err
	}
	comments, err := (&Comments{e}).wire(ctx, rows...)
	return told(keys, comments, func(c wire.Comment) string { return commentKey(c.PostID, c.ID) }, func(key string) Told {
		postID, id, _ := strings.Cut(key, "/")
		return Told{wire.EventCommentDeleted, wire.Deleted{ID: id, ChannelID: channelOf(scope), PostID: postID}}
	}), err
}

// Replays tell of channels, the actor's places in them, their members, meetings and read marks again.
func (s *Members) Replays() []Replay {
	return []Replay{
		{Kind: changedChannel, Updated: wire.EventChannelUpdated, Load: s.loadChannel},
		{Kind: changedMember, Created: wire.EventMemberJoined, Updated: wire.EventMemberUpdated, Load: s.loadMembers},
		{Kind: changedMeeting, Updated: wire.EventMeetingStarted, Load: s.loadMeetings},
		{Kind: changedPlace, Updated: wire.EventChannelCreated, Load: s.loadPlaces},
		{Kind: changedRead, Updated: wire.EventChannelRead, Load: s.loadReads},
	}
}

func (s *Members) loadChannel(ctx context.Context, actor Actor, scope string, ids []string) (map[string]Told, error) {
	channel, err := s.channels.view(ctx, actor.UserID, channelOf(scope))
	if err != nil {
		return nil, err
	}
	return told(ids, []wire.ChannelUpdated{channelUpdated(channel)}, func(c wire.ChannelUpdated) string { return c.ID }, nil), nil
}

func (s *Members) loadMembers(ctx context.Context, _ Actor, scope string, userIDs []string) (map[string]Told, error) {
	channelID := channelOf(scope)
	var rows []models.Member
	if err := s.store.DB(ctx).Find(&rows, "channel_id = ? AND user_id IN ?", channelID, userIDs).Error; err != nil {
		return nil, err
	}
	users, err := s.store.Users(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.MemberCounts(ctx, channelID)
	if err != nil {
		return nil, err
	}
	changed := func(m wire.Member) wire.MemberChanged {
		return wire.MemberChanged{ChannelID: channelID, Member: m, MemberCount: counts[channelID]}
	}
	members := make([]wire.MemberChanged, len(rows))
	for i, row := range rows {
		members[i] = changed(s.wire(row, users[row.UserID]))
	}
	return told(userIDs, members, func(m wire.MemberChanged) string { return m.Member.User.ID }, func(id string) Told {
		return Told{wire.EventMemberLeft, changed(s.wire(models.Member{Role: models.RoleStudent}, users[id]))}
	}), nil
}

func (s *Members) loadMeetings(ctx context.Context, _ Actor, scope string, ids []string) (map[string]Told, error) {
	channelID := channelOf(scope)
	active, err := s.lessons.Active(ctx, channelID)
	if err != nil {
		return nil, err
	}
	return told(ids, slices.Collect(maps.Values(active)), func(m *wire.Meeting) string { return m.ID }, func(id string) Told {
		return Told{wire.EventMeetingEnded, wire.MeetingEnded{MeetingID: id, ChannelID: channelID, Reason: "ended"}}
	}), nil
}

// places finds those of some channels that the actor is a member of.
func (s *Members) places(ctx context.Context, actor Actor, ids []string) ([]wire.Channel, error) {
	var rows []models.Channel
	if err := s.store.DB(ctx).Find(&rows, "id IN ?", ids).Error; err != nil {
		return nil, err
	}
	return s.channels.wire(ctx, actor.UserID, rows)
}

func (s *Members) loadPlaces(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
	channels, err := s.places(ctx, actor, ids)
	return told(ids, channels, func(c wire.Channel) string { return c.ID }, func(id string) Told {
		return Told{wire.EventChannelDeleted, wire.Deleted{ID: id, ChannelID: id}}
	}), err
}

func (s *Members) loadReads(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
	channels, err := s.places(ctx, actor, ids)
	var reads []wire.ChannelRead
	for _, c := range channels {
		if c.LastReadID != nil {
			reads = append(reads, wire.ChannelRead{ChannelID: c.ID, LastReadID: *c.LastReadID, UnreadCount: c.UnreadCount})
		}
	}
	return told(ids, reads, func(r wire.ChannelRead) string { return r.ChannelID }, nil), err
}
