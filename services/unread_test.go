package services_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestUnreadCounts(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		quiet := c.newChannel(map[string]services.Actor{models.RoleOwner: c.owner, models.RoleStudent: c.student})
		unread := func(actor services.Actor) int {
			t.Helper()
			counts, err := store.UnreadCounts(ctx, actor.UserID)
			require.NoError(t, err)
			return counts[c.channel]
		}
		first := c.post(c.owner, "1")
		second := c.post(c.student, "2")
		reply := c.comment(c.owner, first.ID, "3")
		last := c.comment(c.student, second.ID, "4")
		require.Equal(t, 2, unread(c.student), "others' post and comment")
		require.Equal(t, 4, unread(c.classmate))
		counts, err := store.UnreadCounts(ctx, c.student.UserID)
		require.NoError(t, err)
		require.Equal(t, map[string]int{c.channel: 2, quiet: 0}, counts)
		c.pub.take()

		require.NoError(t, c.reads.MarkChannel(ctx, c.classmate, c.channel, second.ID))
		events := c.pub.take()
		require.Equal(t, []publishedEvent{{services.UserTopic(c.classmate.UserID), wire.EventChannelRead,
			wire.ChannelRead{ChannelID: c.channel, LastReadID: second.ID, UnreadCount: 2}}}, events)
		require.NoError(t, c.reads.MarkChannel(ctx, c.classmate, c.channel, first.ID))
		require.Empty(t, c.pub.take(), "a mark does not move back")
		require.Equal(t, 2, unread(c.classmate))
		require.NoError(t, c.reads.MarkChannel(ctx, c.classmate, c.channel, last.ID))
		require.Zero(t, unread(c.classmate))

		require.NoError(t, c.comments.Delete(ctx, c.owner, reply.ID))
		require.Equal(t, 1, unread(c.student), "what is deleted is not unread")

		elsewhere := c.newChannel(map[string]services.Actor{models.RoleOwner: c.outside})
		requireKind(t, services.KindNotFound, c.reads.MarkChannel(ctx, c.student, elsewhere, first.ID))
		for _, id := range []string{"", "x\x00", models.NewID(), reply.ID} {
			requireField(t, "up_to", c.reads.MarkChannel(ctx, c.student, c.channel, id))
		}
		requireField(t, "up_to", c.reads.MarkChannel(ctx, c.student, quiet, first.ID))
	})
}

func TestUnreadCountsStopAtTheirLimit(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		rows := make([]models.Post, models.MaxUnread+5)
		for i := range rows {
			rows[i] = models.Post{ID: models.NewID(), ChannelID: c.channel, AuthorID: c.owner.UserID, Body: "x", CreatedAt: c.clock.Now()}
		}
		require.NoError(t, store.DB(t.Context()).CreateInBatches(rows, 200).Error)
		c.comment(c.owner, rows[0].ID, "y")
		counts, err := store.UnreadCounts(t.Context(), c.student.UserID)
		require.NoError(t, err)
		require.Equal(t, models.MaxUnread, counts[c.channel])
	})
}
