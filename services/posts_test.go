package services_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestARetryMakesNoSecondPost(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		req := wire.CreateEntryRequest{Body: "once", ClientID: "018F5C5E-7A3B-4C1D-9E2F-0123456789AB"}
		first, created, err := c.posts.Create(t.Context(), c.student, c.channel, req)
		require.NoError(t, err)
		require.True(t, created)
		req.Body = "twice"
		again, created, err := c.posts.Create(t.Context(), c.student, c.channel, req)
		require.NoError(t, err)
		require.False(t, created)
		require.Equal(t, first, again)
		require.Equal(t, []string{"channel post.created"}, names(c.pub.take()))

		_, created, err = c.posts.Create(t.Context(), c.classmate, c.channel, req)
		require.NoError(t, err)
		require.True(t, created, "another author's client_id is another one")

		elsewhere := c.newChannel(map[string]services.Actor{models.RoleOwner: c.student})
		_, _, err = c.posts.Create(t.Context(), c.student, elsewhere, req)
		requireKind(t, services.KindConflict, err)
	})
}

func TestConcurrentRetriesMakeOnePost(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		file := c.upload(c.student, "a.txt", []byte("a"))
		req := wire.CreateEntryRequest{Body: "once", FileIDs: []string{file.ID}, ClientID: models.NewID()}
		answers := make([]*wire.Post, 8)
		errs := make([]error, len(answers))
		var tries sync.WaitGroup
		for i := range answers {
			tries.Go(func() { answers[i], _, errs[i] = c.posts.Create(t.Context(), c.student, c.channel, req) })
		}
		tries.Wait()
		for i := range answers {
			require.NoError(t, errs[i])
			require.Equal(t, answers[0], answers[i])
		}
		require.Equal(t, []string{"channel post.created"}, names(c.pub.take()))
	})
}

func TestConcurrentPostsAppearInTheOrderOfTheirIDs(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		errs := make([]error, 20)
		var writers sync.WaitGroup
		for i := range errs {
			writers.Go(func() {
				_, _, errs[i] = c.posts.Create(t.Context(), c.student, c.channel, wire.CreateEntryRequest{Body: "now"})
			})
		}
		writers.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		last := ""
		for _, e := range c.pub.take() {
			id := e.data.(*wire.Post).ID
			require.Greater(t, id, last)
			last = id
		}
	})
}

func TestPostsComeInPages(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ids := make([]string, 5)
		for i := range ids {
			ids[i] = c.post(c.student, fmt.Sprint(i)).ID
		}
		for _, tc := range []struct {
			name string
			page models.Page
			want []int
			next int // index of the cursor's post; -1: none
		}{
			{"newest first", models.Page{Limit: 2}, []int{4, 3}, 3},
			{"older", models.Page{Limit: 2, Before: ids[3]}, []int{2, 1}, 1},
			{"the oldest", models.Page{Limit: 2, Before: ids[1]}, []int{0}, -1},
			{"exactly as many as there are", models.Page{Limit: 5}, []int{4, 3, 2, 1, 0}, -1},
			{"exactly the rest", models.Page{Limit: 3, Before: ids[3]}, []int{2, 1, 0}, -1},
			{"before the oldest", models.Page{Limit: 2, Before: ids[0]}, []int{}, -1},
			{"newer, oldest first", models.Page{Limit: 2, After: ids[0]}, []int{1, 2}, 2},
			{"up to the newest", models.Page{Limit: 2, After: ids[2]}, []int{3, 4}, -1},
			{"after the newest", models.Page{Limit: 2, After: ids[4]}, []int{}, -1},
		} {
			t.Run(tc.name, func(t *testing.T) {
				list, err := c.posts.List(t.Context(), c.owner, c.channel, services.PostsAsked{Page: tc.page})
				require.NoError(t, err)
				got := []string{}
				for _, p := range list.Items {
					got = append(got, p.Body)
				}
				want := []string{}
				for _, i := range tc.want {
					want = append(want, fmt.Sprint(i))
				}
				require.Equal(t, want, got)
				if tc.next < 0 {
					require.Nil(t, list.NextCursor)
				} else {
					require.Equal(t, &ids[tc.next], list.NextCursor)
				}
			})
		}
	})
}

func TestAListCostsTheSameForManyPosts(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		cost := func() int {
			return countQueries(t, store, func() {
				_, err := c.posts.List(t.Context(), c.owner, c.channel, services.PostsAsked{Page: models.Page{Limit: 100}})
				require.NoError(t, err)
			})
		}
		fill := func() {
			for i, author := range []services.Actor{c.owner, c.student, c.classmate} {
				post := c.post(author, "x", c.upload(author, "f.txt", fmt.Appendf(nil, "f%d", i)).ID)
				c.comment(c.student, post.ID, "y")
				require.NoError(t, c.reactions.Add(t.Context(), c.student, models.EntryPost, post.ID, "👍"))
			}
		}
		fill()
		few := cost()
		for range 3 {
			fill()
		}
		require.Equal(t, few, cost())
		require.LessOrEqual(t, few, 6)
	})
}

func TestWhoMayDoWhatWithAPost(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		const ok = services.Kind(0)
		body, pinned := "edited", true
		actors := []services.Actor{c.owner, c.assistant, c.student, c.classmate, c.outside} // the student is the author
		for _, tc := range []struct {
			name string
			do   func(actor services.Actor, postID string) error
			want []services.Kind
		}{
			{"list", func(a services.Actor, _ string) error {
				_, err := c.posts.List(t.Context(), a, c.channel, services.PostsAsked{Page: models.Page{Limit: 1}})
				return err
			}, []services.Kind{ok, ok, ok, ok, services.KindNotFound}},
			{"create", func(a services.Actor, _ string) error {
				_, _, err := c.posts.Create(t.Context(), a, c.channel, wire.CreateEntryRequest{Body: "x"})
				return err
			}, []services.Kind{ok, ok, ok, ok, services.KindNotFound}},
			{"get", func(a services.Actor, id string) error {
				_, err := c.posts.Get(t.Context(), a, id)
				return err
			}, []services.Kind{ok, ok, ok, ok, services.KindNotFound}},
			{"edit", func(a services.Actor, id string) error {
				_, err := c.posts.Update(t.Context(), a, id, wire.UpdatePostRequest{Body: &body})
				return err
			}, []services.Kind{services.KindForbidden, services.KindForbidden, ok, services.KindForbidden, services.KindNotFound}},
			{"pin", func(a services.Actor, id string) error {
				_, err := c.posts.Update(t.Context(), a, id, wire.UpdatePostRequest{Pinned: &pinned})
				return err
			}, []services.Kind{ok, ok, services.KindForbidden, services.KindForbidden, services.KindNotFound}},
			{"delete", func(a services.Actor, id string) error {
				return c.posts.Delete(t.Context(), a, id)
			}, []services.Kind{ok, ok, ok, services.KindForbidden, services.KindNotFound}},
		} {
			t.Run(tc.name, func(t *testing.T) {
				for i, actor := range actors {
					post := c.post(c.student, "x")
					c.pub.take()
					err := tc.do(actor, post.ID)
					if tc.want[i] == ok {
						require.NoError(t, err, "actor %d", i)
						continue
					}
					requireKind(t, tc.want[i], err)
					require.Empty(t, c.pub.take(), "a refused request publishes nothing")
				}
			})
		}
	})
}

func TestEditingAPost(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "first")
		c.pub.take()
		same, edited, empty, yes := "first", "  second ", " ", true

		got, err := c.posts.Update(t.Context(), c.owner, post.ID, wire.UpdatePostRequest{Body: &same})
		require.NoError(t, err)
		require.Nil(t, got.EditedAt)
		require.Empty(t, c.pub.take(), "nothing changed")

		got, err = c.posts.Update(t.Context(), c.owner, post.ID, wire.UpdatePostRequest{Body: &edited, Pinned: &yes})
		require.NoError(t, err)
		require.Equal(t, "second", got.Body)
		require.True(t, got.Pinned)
		require.NotNil(t, got.EditedAt)
		require.Equal(t, []string{"channel post.updated"}, names(c.pub.take()))
		stored, err := c.posts.Get(t.Context(), c.student, post.ID)
		require.NoError(t, err)
		require.Equal(t, got, stored)

		_, err = c.posts.Update(t.Context(), c.owner, post.ID, wire.UpdatePostRequest{Body: &empty})
		requireField(t, "body", err)
		withFile := c.post(c.owner, "look", c.upload(c.owner, "a.txt", []byte("a")).ID)
		got, err = c.posts.Update(t.Context(), c.owner, withFile.ID, wire.UpdatePostRequest{Body: &empty})
		require.NoError(t, err, "a post may be only a file")
		require.Empty(t, got.Body)
	})
}

func TestDeletingAPostTakesEverythingUnderIt(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		file := c.upload(c.student, "a.txt", []byte("a"))
		reply := c.upload(c.classmate, "b.txt", []byte("b"))
		post := c.post(c.student, "x", file.ID)
		comment := c.comment(c.classmate, post.ID, "y", reply.ID)
		require.NoError(t, c.reactions.Add(ctx, c.owner, models.EntryPost, post.ID, "👍"))
		require.NoError(t, c.reactions.Add(ctx, c.owner, models.EntryComment, comment.ID, "👍"))
		_, err := c.files.Get(ctx, c.owner, reply.ID)
		require.NoError(t, err)
		c.pub.take()

		require.NoError(t, c.posts.Delete(ctx, c.owner, post.ID))
		events := inChannel(c.pub.take())
		require.Equal(t, []string{"channel post.deleted"}, names(events))
		require.Equal(t, wire.Deleted{ID: post.ID, ChannelID: c.channel}, events[0].data)
		_, err = c.posts.Get(ctx, c.owner, post.ID)
		requireKind(t, services.KindNotFound, err)
		requireKind(t, services.KindNotFound, c.comments.Delete(ctx, c.owner, comment.ID))
		requireKind(t, services.KindNotFound, c.posts.Delete(ctx, c.owner, post.ID))
		for _, table := range []any{&models.Attachment{}, &models.Reaction{}, &models.Comment{}} {
			var left int64
			require.NoError(t, store.DB(ctx).Model(table).Count(&left).Error)
			require.Zero(t, left, "%T", table)
		}
		_, err = c.files.Get(ctx, c.owner, file.ID)
		requireKind(t, services.KindNotFound, err)
		_, err = c.files.Get(ctx, c.student, file.ID)
		require.NoError(t, err, "one's own upload stays")
	})
}

func TestPostsAndCommentsAroundOne(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		posts, comments := make([]string, 7), make([]string, 7)
		for i := range posts {
			posts[i] = c.post(c.owner, fmt.Sprint(i)).ID
		}
		for i := range comments {
			comments[i] = c.comment(c.owner, posts[0], fmt.Sprint(i)).ID
		}
		for _, tc := range []struct {
			around, limit int
			posts         string // newest first
			olderPosts    bool
			comments      string // oldest first
			newerComments bool
		}{
			{3, 4, "5432", true, "1234", true},
			{3, 5, "54321", true, "12345", true},
			{6, 4, "6543", true, "456", false},
			{0, 4, "210", false, "0123", true},
			{3, 1, "3", true, "3", true},
			{3, 100, "6543210", false, "0123456", false},
		} {
			list, err := c.posts.List(ctx, c.student, c.channel, services.PostsAsked{Page: models.Page{Limit: tc.limit}, Around: posts[tc.around]})
			require.NoError(t, err)
			got := ""
			for _, p := range list.Items {
				got += p.Body
			}
			require.Equal(t, tc.posts, got)
			require.Equal(t, tc.olderPosts, list.NextCursor != nil)
			under, err := c.comments.List(ctx, c.student, posts[0], models.Page{Limit: tc.limit}, comments[tc.around])
			require.NoError(t, err)
			got = ""
			for _, p := range under.Items {
				got += p.Body
			}
			require.Equal(t, tc.comments, got)
			require.Equal(t, tc.newerComments, under.NextCursor != nil)
		}
		other := c.newChannel(map[string]services.Actor{models.RoleOwner: c.owner})
		for _, id := range []string{models.NewID(), comments[0]} {
			_, err := c.posts.List(ctx, c.student, c.channel, services.PostsAsked{Page: models.Page{Limit: 4}, Around: id})
			requireKind(t, services.KindNotFound, err)
			_, err = c.comments.List(ctx, c.student, posts[1], models.Page{Limit: 4}, id)
			requireKind(t, services.KindNotFound, err)
		}
		_, err := c.posts.List(ctx, c.owner, other, services.PostsAsked{Page: models.Page{Limit: 4}, Around: posts[0]})
		requireKind(t, services.KindNotFound, err)
	})
}

func TestPinnedPosts(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		var pinned []string
		for i := range 5 {
			post := c.post(c.student, fmt.Sprint(i))
			if i%2 == 0 {
				_, err := c.posts.Update(ctx, c.owner, post.ID, wire.UpdatePostRequest{Pinned: new(true)})
				require.NoError(t, err)
				pinned = append(pinned, post.ID)
			}
		}
		list, err := c.posts.List(ctx, c.student, c.channel, services.PostsAsked{Page: models.Page{Limit: 2}, Pinned: true})
		require.NoError(t, err)
		require.Equal(t, []string{pinned[2], pinned[1]}, []string{list.Items[0].ID, list.Items[1].ID})
		list, err = c.posts.List(ctx, c.student, c.channel, services.PostsAsked{Page: models.Page{Limit: 2, Before: *list.NextCursor}, Pinned: true})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		require.Equal(t, pinned[0], list.Items[0].ID)
	})
}
