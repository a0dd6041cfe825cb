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

func TestCommentsComeOldestFirst(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "x")
		other := c.post(c.owner, "y")
		c.comment(c.student, other.ID, "elsewhere")
		ids := make([]string, 4)
		for i := range ids {
			ids[i] = c.comment(c.student, post.ID, fmt.Sprint(i)).ID
		}
		for _, tc := range []struct {
			name string
			page models.Page
			want []string
			next *string
		}{
			{"from the start", models.Page{Limit: 2}, []string{"0", "1"}, &ids[1]},
			{"on", models.Page{Limit: 2, After: ids[1]}, []string{"2", "3"}, nil},
			{"back", models.Page{Limit: 2, Before: ids[3]}, []string{"2", "1"}, &ids[1]},
			{"back to the start", models.Page{Limit: 2, Before: ids[1]}, []string{"0"}, nil},
		} {
			t.Run(tc.name, func(t *testing.T) {
				list, err := c.comments.List(t.Context(), c.classmate, post.ID, tc.page, "")
				require.NoError(t, err)
				got := []string{}
				for _, item := range list.Items {
					got = append(got, item.Body)
				}
				require.Equal(t, tc.want, got)
				require.Equal(t, tc.next, list.NextCursor)
			})
		}
		got, err := c.posts.Get(t.Context(), c.owner, post.ID)
		require.NoError(t, err)
		require.Equal(t, 4, got.CommentCount)
	})
}

func TestRetriedCommentsMakeOne(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post, other := c.post(c.owner, "x"), c.post(c.owner, "y")
		c.pub.take()
		req := wire.CreateEntryRequest{Body: "once", ClientID: models.NewID()}
		answers, errs := make([]*wire.Comment, 8), make([]error, 8)
		var tries sync.WaitGroup
		for i := range answers {
			tries.Go(func() { answers[i], _, errs[i] = c.comments.Create(t.Context(), c.student, post.ID, req) })
		}
		tries.Wait()
		for i := range answers {
			require.NoError(t, errs[i])
			require.Equal(t, answers[0], answers[i])
		}
		require.Equal(t, []string{"channel comment.created"}, names(inChannel(c.pub.take())))
		_, _, err := c.comments.Create(t.Context(), c.student, other.ID, req)
		requireKind(t, services.KindConflict, err)
	})
}

func TestWhoMayDoWhatWithAComment(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		const ok = services.Kind(0)
		post := c.post(c.owner, "x")
		actors := []services.Actor{c.owner, c.assistant, c.student, c.classmate, c.outside} // the student is the author
		for _, tc := range []struct {
			name  string
			do    func(actor services.Actor, id string) error
			want  []services.Kind
			event string
		}{
			{"list", func(a services.Actor, _ string) error {
				_, err := c.comments.List(t.Context(), a, post.ID, models.Page{Limit: 1}, "")
				return err
			}, []services.Kind{ok, ok, ok, ok, services.KindNotFound}, ""},
			{"create", func(a services.Actor, _ string) error {
				_, _, err := c.comments.Create(t.Context(), a, post.ID, wire.CreateEntryRequest{Body: "x"})
				return err
			}, []services.Kind{ok, ok, ok, ok, services.KindNotFound}, wire.EventCommentCreated},
			{"edit", func(a services.Actor, id string) error {
				_, err := c.comments.Update(t.Context(), a, id, wire.UpdateCommentRequest{Body: "edited"})
				return err
			}, []services.Kind{services.KindForbidden, services.KindForbidden, ok, services.KindForbidden, services.KindNotFound}, wire.EventCommentUpdated},
			{"delete", func(a services.Actor, id string) error {
				return c.comments.Delete(t.Context(), a, id)
			}, []services.Kind{ok, ok, ok, services.KindForbidden, services.KindNotFound}, wire.EventCommentDeleted},
		} {
			t.Run(tc.name, func(t *testing.T) {
				for i, actor := range actors {
					comment := c.comment(c.student, post.ID, "x")
					c.pub.take()
					err := tc.do(actor, comment.ID)
					if tc.want[i] != ok {
						requireKind(t, tc.want[i], err)
					} else {
						require.NoError(t, err, "actor %d", i)
					}
					want := []string{}
					if tc.want[i] == ok && tc.event != "" {
						want = append(want, "channel "+tc.event)
					}
					require.Equal(t, want, names(inChannel(c.pub.take())))
				}
			})
		}
	})
}

func TestEditingAComment(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		comment := c.comment(c.student, c.post(c.owner, "x").ID, "first")
		got, err := c.comments.Update(t.Context(), c.student, comment.ID, wire.UpdateCommentRequest{Body: " second"})
		require.NoError(t, err)
		require.Equal(t, "second", got.Body)
		require.NotNil(t, got.EditedAt)
		_, err = c.comments.Update(t.Context(), c.student, comment.ID, wire.UpdateCommentRequest{})
		requireField(t, "body", err)
		list, err := c.comments.List(t.Context(), c.owner, comment.PostID, models.Page{Limit: 5}, "")
		require.NoError(t, err)
		require.Equal(t, []wire.Comment{*got}, list.Items)
	})
}
