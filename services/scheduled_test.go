package services_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// later is a post for a time from now.
func (c *class) later(body string, in time.Duration, fileIDs ...string) wire.SchedulePostRequest {
	return wire.SchedulePostRequest{CreateEntryRequest: wire.CreateEntryRequest{Body: body, FileIDs: fileIDs}, PublishAt: wire.At(c.clock.Now().Add(in))}
}

func (c *class) schedule(s *services.Scheduled, actor services.Actor, req wire.SchedulePostRequest) *wire.ScheduledPost {
	c.t.Helper()
	post, created, err := s.Create(c.t.Context(), actor, c.channel, req)
	require.NoError(c.t, err)
	require.True(c.t, created)
	return post
}

// bodies are the channel's posts, newest first.
func (c *class) bodies() []string {
	c.t.Helper()
	list, err := c.posts.List(c.t.Context(), c.owner, c.channel, services.PostsAsked{Page: models.Page{Limit: 100}})
	require.NoError(c.t, err)
	bodies := []string{}
	for _, p := range list.Items {
		bodies = append(bodies, p.Body)
	}
	return bodies
}

func TestScheduledPosts(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		s := services.NewScheduled(c.posts)
		file := c.upload(c.owner, "a.txt", []byte("a"))
		second := c.schedule(s, c.owner, c.later("second "+at(c.student), 2*time.Hour, file.ID))
		first := c.schedule(s, c.owner, c.later("first", time.Hour))
		require.Equal(t, file.ID, second.Files[0].ID)
		list, err := s.List(ctx, c.owner, c.channel)
		require.NoError(t, err)
		require.Equal(t, []wire.ScheduledPost{*first, *second}, list.Items, "the next one first")
		list, err = s.List(ctx, c.assistant, c.channel)
		require.NoError(t, err)
		require.Empty(t, list.Items, "others do not see them")
		_, err = c.files.Get(ctx, c.student, file.ID)
		requireKind(t, services.KindNotFound, err)
		deleted, err := c.files.Collect(ctx)
		require.NoError(t, err)
		require.Zero(t, deleted)
		c.pub.take()

		require.NoError(t, s.PublishDue(ctx))
		require.Empty(t, c.bodies())
		c.clock.turn(time.Hour - time.Millisecond)
		require.NoError(t, s.PublishDue(ctx))
		require.Empty(t, c.bodies())
		c.clock.turn(time.Millisecond)
		require.NoError(t, s.PublishDue(ctx))
		require.Equal(t, []string{"first"}, c.bodies())
		events := c.pub.take()
		require.Equal(t, []string{"channel post.created"}, names(events))
		require.Equal(t, &first.ID, events[0].data.(*wire.Post).ClientID)
		c.clock.turn(30 * time.Hour) // the program was not running
		deleted, err = c.files.Collect(ctx)
		require.NoError(t, err)
		require.Zero(t, deleted, "its file is waited for")
		require.NoError(t, s.PublishDue(ctx))
		require.NoError(t, s.PublishDue(ctx))
		require.Equal(t, []string{"second " + at(c.student), "first"}, c.bodies())
		require.Equal(t, []string{"mention"}, c.bell(c.student))
		_, err = c.files.Get(ctx, c.student, file.ID)
		require.NoError(t, err)
		list, err = s.List(ctx, c.owner, c.channel)
		require.NoError(t, err)
		require.Empty(t, list.Items)
	})
}

func TestAScheduledPostIsPublishedOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		for range 5 {
			c.schedule(services.NewScheduled(c.posts), c.owner, c.later("x", time.Minute))
		}
		c.clock.turn(time.Hour)
		var servers sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			servers.Go(func() { errs[i] = services.NewScheduled(c.posts).PublishDue(context.Background()) })
		}
		servers.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		require.Len(t, c.bodies(), 5)
	})
}

func TestWhatCannotBePublishedSaysWhy(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		for name, tc := range map[string]struct {
			change  func(c *class) error
			problem string
		}{
			"left": {func(c *class) error {
				return store.DB(t.Context()).Delete(&models.Member{}, "channel_id = ? AND user_id = ?", c.channel, c.student.UserID).Error
			}, "You are no longer a member of this channel."},
			"archived": {func(c *class) error {
				return store.UpdateChannel(t.Context(), c.channel, map[string]any{"archived_at": c.clock.Now()})
			}, "This channel is archived: it can be read, and nothing in it changes any more."},
			"announcements only": {func(c *class) error {
				return store.UpdateChannel(t.Context(), c.channel, map[string]any{"posting": "teachers"})
			},
				"Only teachers write posts in this channel. You can comment."},
			"closed": {func(c *class) error {
				return store.UpdateUser(t.Context(), c.student.UserID, map[string]any{"disabled_at": c.clock.Now()})
			}, "Your account was closed."},
		} {
			t.Run(name, func(t *testing.T) {
				c, ctx := newClass(t, store), t.Context()
				s := services.NewScheduled(c.posts)
				post := c.schedule(s, c.student, c.later("x", time.Minute))
				require.NoError(t, tc.change(c))
				c.clock.turn(time.Hour)
				require.NoError(t, s.PublishDue(ctx))
				require.NoError(t, s.PublishDue(ctx))
				got, err := s.Get(ctx, c.student, post.ID)
				require.NoError(t, err)
				require.Equal(t, tc.problem, got.Problem)
				require.Empty(t, c.bodies())
				require.NoError(t, s.Delete(ctx, c.student, post.ID))
			})
		}
	})
}

func TestChangingAScheduledPost(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		s := services.NewScheduled(c.posts)
		for _, in := range []time.Duration{0, -time.Hour, time.Minute - time.Millisecond, 367 * 24 * time.Hour} {
			_, _, err := s.Create(ctx, c.student, c.channel, c.later("x", in))
			requireField(t, "publish_at", err)
		}
		_, _, err := s.Create(ctx, c.student, c.channel, c.later("", time.Hour))
		requireField(t, "body", err)
		_, _, err = s.Create(ctx, c.student, c.channel, c.later("x", time.Hour, c.upload(c.owner, "a.txt", []byte("a")).ID))
		requireField(t, "file_ids", err)

		req := c.later("x", time.Hour)
		req.ClientID = models.NewID()
		post := c.schedule(s, c.student, req)
		again, created, err := s.Create(ctx, c.student, c.channel, req)
		require.NoError(t, err)
		require.False(t, created)
		require.Equal(t, post, again)
		for _, actor := range []services.Actor{c.owner, c.classmate, c.outside} {
			_, err := s.Update(ctx, actor, post.ID, wire.UpdateScheduledPostRequest{})
			requireKind(t, services.KindNotFound, err)
			requireKind(t, services.KindNotFound, s.Delete(ctx, actor, post.ID))
		}
		at := wire.At(c.clock.Now().Add(3 * time.Hour))
		post, err = s.Update(ctx, c.student, post.ID, wire.UpdateScheduledPostRequest{Body: new("y"), PublishAt: &at})
		require.NoError(t, err)
		require.Equal(t, []any{"y", at}, []any{post.Body, post.PublishAt})
		c.clock.turn(2 * time.Hour)
		require.NoError(t, s.PublishDue(ctx))
		require.Empty(t, c.bodies())

		require.NoError(t, store.UpdateChannel(ctx, c.channel, map[string]any{"posting": "teachers"}))
		c.clock.turn(2 * time.Hour)
		require.NoError(t, s.PublishDue(ctx))
		require.NoError(t, store.UpdateChannel(ctx, c.channel, map[string]any{"posting": "everyone"}))
		_, err = s.Update(ctx, c.student, post.ID, wire.UpdateScheduledPostRequest{Body: new("z")})
		requireField(t, "publish_at", err)
		at = wire.At(c.clock.Now().Add(time.Hour))
		post, err = s.Update(ctx, c.student, post.ID, wire.UpdateScheduledPostRequest{PublishAt: &at})
		require.NoError(t, err)
		require.Empty(t, post.Problem)
		c.clock.turn(time.Hour)
		require.NoError(t, s.PublishDue(ctx))
		require.Equal(t, []string{"y"}, c.bodies())
	})
}

func TestHowManyPostsMayWait(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		s := services.NewScheduled(c.posts)
		for range 100 {
			c.schedule(s, c.student, c.later("x", time.Hour))
		}
		_, _, err := s.Create(t.Context(), c.student, c.channel, c.later("x", time.Hour))
		requireKind(t, services.KindConflict, err)
		c.schedule(s, c.classmate, c.later("x", time.Hour))
	})
}
