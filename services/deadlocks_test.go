package services_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// TestNobodyWaitsForOneWhoWaits lets three servers with one database write, tell, read, edit, delete and send out at the same time, in one
// channel and one conversation. Whatever waits for whom there, everybody gets their answer: nothing fails but for a reason of
// its own, such as that the entry is gone.
func TestNobodyWaitsForOneWhoWaits(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.crowded(30)
		var crowd []string
		require.NoError(t, store.DB(t.Context()).Model(&models.Member{}).Where("channel_id = ?", c.channel).Order("user_id").Pluck("user_id", &crowd).Error)
		everybodyByName := ""
		for _, id := range crowd {
			everybodyByName += fmt.Sprintf("@[x](user:%s) ", id)
		}
		talk, err := store.AddConversation(t.Context(), c.student.UserID, c.classmate.UserID, c.clock.Now())
		require.NoError(t, err)

		var running sync.WaitGroup
		failed := make(chan error, 1000)
		repeat := func(what string, do func(ctx context.Context) error) {
			running.Go(func() {
				for range 12 {
					err := do(context.Background())
					if domain := (*services.Error)(nil); err != nil && !errors.As(err, &domain) && !errors.Is(err, models.ErrNotFound) {
						failed <- fmt.Errorf("%s: %w", what, err)
					}
				}
			})
		}
		for range 3 {
			s := c.server()
			repeat("post", func(ctx context.Context) error {
				_, _, err := s.posts.Create(ctx, c.owner, c.channel, wire.CreateEntryRequest{Body: everybodyByName})
				return err
			})
			repeat("comment", func(ctx context.Context) error {
				_, _, err := s.comments.Create(ctx, c.classmate, s.anyPost(ctx), wire.CreateEntryRequest{Body: everybodyByName})
				return err
			})
			repeat("edit a post", func(ctx context.Context) error {
				_, err := s.posts.Update(ctx, c.owner, s.anyPost(ctx), wire.UpdatePostRequest{Body: new(everybody + models.NewID())})
				return err
			})
			repeat("delete a post", func(ctx context.Context) error { return s.posts.Delete(ctx, c.owner, s.anyPost(ctx)) })
			repeat("delete a comment", func(ctx context.Context) error { return s.comments.Delete(ctx, c.owner, s.any(ctx, &models.Comment{})) })
			repeat("read the channel", func(ctx context.Context) error { return s.reads.MarkChannel(ctx, c.student, c.channel, s.anyPost(ctx)) })
			repeat("read the bell", func(ctx context.Context) error {
				return s.notifications.Read(ctx, c.student, wire.ReadNotificationsRequest{UpTo: models.NewID()})
			})
			repeat("announce", s.notifications.AnnounceDue)
			repeat("send somebody out", func(ctx context.Context) error {
				return s.members.Remove(ctx, c.owner, c.channel, crowd[len(crowd)-1-rand.IntN(20)])
			})
			repeat("take somebody in", func(ctx context.Context) error {
				_, err := s.members.Add(ctx, c.owner, c.channel, wire.AddMemberRequest{UserID: crowd[len(crowd)-1-rand.IntN(20)], Role: models.RoleStudent})
				return err
			})
			repeat("send", func(ctx context.Context) error {
				_, _, err := s.messages.Send(ctx, c.student, talk.ID, wire.CreateMessageRequest{Body: "x"})
				return err
			})
			repeat("read a message", func(ctx context.Context) error {
				return s.messages.MarkRead(ctx, c.classmate, talk.ID, s.any(ctx, &models.Message{}))
			})
			repeat("delete a message", func(ctx context.Context) error {
				return s.messages.Delete(ctx, c.student, s.any(ctx, &models.Message{}))
			})
		}
		running.Wait()
		close(failed)
		for err := range failed {
			t.Error(err)
		}
	})
}

// server is one of several that have the same database: they share no locks in memory.
type server struct {
	*class
	posts         *services.Posts
	comments      *services.Comments
	messages      *services.Messages
	reads         *services.Reads
	members       *services.Members
	notifications *services.Notifications
}

func (c *class) server() *server {
	s := &server{class: c, notifications: newNotifier(c.t, c.store, c.pub, c.clock)}
	entries := services.NewEntries(c.store, c.pub, c.files, s.notifications, c.clock)
	s.posts, s.comments = services.NewPosts(entries), services.NewComments(entries)
	s.messages = services.NewMessages(services.NewConversations(entries))
	s.reads = services.NewReads(c.store, c.pub, s.notifications)
	s.members = services.NewMembers(c.store, c.pub, services.NewChannels(c.store, c.pub, nil, nil, roomy, c.clock), nil, s.notifications, nil, c.clock)
	return s
}

// any is the id of one of the entries of a kind, so new that others reach for the same.
func (s *server) any(ctx context.Context, kind any) string {
	var ids []string
	require.NoError(s.t, s.store.DB(ctx).Model(kind).Order("id DESC").Limit(3).Pluck("id", &ids).Error)
	if len(ids) == 0 {
		return models.NewID()
	}
	return ids[rand.IntN(len(ids))]
}

func (s *server) anyPost(ctx context.Context) string { return s.any(ctx, &models.Post{}) }
