package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// retain deletes what is older than it is kept.
func (c *class) retain(o services.RetentionOptions) {
	c.t.Helper()
	o.Clock, o.Log = c.clock, testenv.Log(c.t)
	c.pub.take()
	pauses := 0
	require.NoError(c.t, services.NewRetention(c.posts.Entries, o).Sweep(c.t.Context(), func() { pauses++ }))
	require.LessOrEqual(c.t, pauses, 10, "it comes to an end")
}

func (c *class) exists(model any, id string) bool {
	c.t.Helper()
	var n int64
	require.NoError(c.t, c.store.DB(c.t.Context()).Model(model).Where("id = ?", id).Count(&n).Error)
	return n == 1
}

const day = 24 * time.Hour

func TestNothingIsDeletedUnlessAsked(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "Hello", c.upload(c.owner, "a.txt", []byte("a")).ID)
		c.clock.turn(3650 * day)
		c.retain(services.RetentionOptions{})
		require.Empty(t, c.pub.take())
		require.True(t, c.exists(&models.Post{}, post.ID))
	})
}

func TestAClockThatLeapsAheadDeletesNothing(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		file := c.upload(c.owner, "a.txt", []byte("a"))
		post := c.post(c.owner, "Hello", file.ID)
		all := services.RetentionOptions{Messages: 365 * day, Files: 365 * day, Audit: 365 * day}
		c.clock.turn(20 * 365 * day)
		c.retain(all)
		require.Empty(t, c.pub.take())
		require.True(t, c.exists(&models.Post{}, post.ID))
		require.True(t, c.exists(&models.File{}, file.ID))

		c.post(c.owner, "These are the holidays of a long life")
		c.retain(all)
		require.False(t, c.exists(&models.Post{}, post.ID), "somebody is there: the clock counts")
		require.False(t, c.exists(&models.File{}, file.ID))
	})
}

func TestOldEntriesAreDeleted(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		quiet, pinned, talked := c.post(c.owner, "Quiet"), c.post(c.owner, "Pinned"), c.post(c.owner, "Talked of")
		_, err := c.posts.Update(ctx, c.owner, pinned.ID, wire.UpdatePostRequest{Pinned: new(true)})
		require.NoError(t, err)
		onPinned, old := c.comment(c.student, pinned.ID, "Stays"), c.comment(c.student, talked.ID, "Old")
		_, oldMessage := c.talk(c.student, c.classmate, "Old")
		c.clock.turn(20 * day)
		young := c.comment(c.student, talked.ID, "Young")
		_, youngMessage := c.talk(c.student, c.assistant, "Young")
		c.clock.turn(15 * day)

		before, err := store.Seqs(ctx, services.ChannelTopic(c.channel))
		require.NoError(t, err)
		c.retain(services.RetentionOptions{Messages: 30 * day})
		events := names(c.pub.take())
		require.ElementsMatch(t, []string{"user message.deleted", "user message.deleted", "channel comment.deleted", "user notification.deleted",
			"channel post.deleted"}, events)
		after, err := store.Seqs(ctx, services.ChannelTopic(c.channel))
		require.NoError(t, err)
		require.EqualValues(t, 2, after[services.ChannelTopic(c.channel)]-before[services.ChannelTopic(c.channel)], "the deletions are in the log of changes")

		require.False(t, c.exists(&models.Post{}, quiet.ID))
		require.False(t, c.exists(&models.Comment{}, old.ID))
		for _, post := range []string{pinned.ID, talked.ID} {
			require.True(t, c.exists(&models.Post{}, post))
		}
		for _, comment := range []string{onPinned.ID, young.ID} {
			require.True(t, c.exists(&models.Comment{}, comment))
		}
		for id, deleted := range map[string]bool{oldMessage: true, youngMessage: false} {
			message, err := store.Message(ctx, id)
			require.NoError(t, err)
			require.Equal(t, deleted, message.DeletedAt != nil)
		}

		c.clock.turn(20 * day)
		c.retain(services.RetentionOptions{Messages: 30 * day})
		require.False(t, c.exists(&models.Post{}, talked.ID), "with the last comment the post goes too")
		require.True(t, c.exists(&models.Post{}, pinned.ID))
	})
}

func TestManyOldEntriesAreDeletedInBatches(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		rows := make([]models.Post, 250)
		for i := range rows {
			rows[i] = models.Post{ID: models.NewID(), ChannelID: c.channel, AuthorID: c.owner.UserID, Body: "Old", CreatedAt: c.clock.Now()}
		}
		require.NoError(t, store.DB(t.Context()).CreateInBatches(&rows, 100).Error)
		c.clock.turn(31 * day)
		c.retain(services.RetentionOptions{Messages: 30 * day})
		require.Empty(t, c.bodies())
	})
}

func TestOldFilesAreDeleted(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		kept, alone, shared := c.upload(c.owner, "kept.txt", []byte("kept")), c.upload(c.owner, "*alone*.txt", []byte("alone")), c.upload(c.owner, "shared.txt", []byte("shared"))
		pinned := c.post(c.owner, "Pinned", kept.ID)
		_, err := c.posts.Update(ctx, c.owner, pinned.ID, wire.UpdatePostRequest{Pinned: new(true)})
		require.NoError(t, err)
		empty, said := c.post(c.owner, "", alone.ID), c.post(c.owner, "Read this", shared.ID)
		reply := c.comment(c.owner, said.ID, "", shared.ID)
		messages := services.NewMessages(services.NewConversations(c.posts.Entries))
		conversation, _ := c.talk(c.owner, c.student, "Hello")
		message, _, err := messages.Send(ctx, c.owner, conversation, wire.CreateMessageRequest{FileIDs: []string{shared.ID}})
		require.NoError(t, err)
		c.clock.turn(31 * day)
		young := c.upload(c.owner, "young.txt", []byte("young"))
		fresh := c.post(c.owner, "Fresh", young.ID)

		c.retain(services.RetentionOptions{Files: 30 * day})
		require.ElementsMatch(t, []string{"channel post.updated", "channel post.updated", "channel comment.updated", "user message.updated", "user message.updated"},
			names(c.pub.take()))
		for id, there := range map[string]bool{kept.ID: true, young.ID: true, alone.ID: false, shared.ID: false} {
			require.Equal(t, there, c.exists(&models.File{}, id))
		}
		require.Len(t, c.onDisk(), 2, "the bytes go too")
		for id, want := range map[string]wire.Post{
			pinned.ID: {Body: "Pinned", Files: pinned.Files}, fresh.ID: {Body: "Fresh", Files: fresh.Files},
			empty.ID: {Body: `~~\*alone\*.txt~~`}, said.ID: {Body: "Read this"},
		} {
			post, err := c.posts.Get(ctx, c.student, id)
			require.NoError(t, err)
			require.Equal(t, want.Body, post.Body)
			require.Len(t, post.Files, len(want.Files))
		}
		comment, err := store.Comment(ctx, reply.ID)
		require.NoError(t, err)
		require.Equal(t, "~~shared.txt~~", comment.Body)
		row, err := store.Message(ctx, message.ID)
		require.NoError(t, err)
		require.Equal(t, "~~shared.txt~~", row.Body)
		require.Nil(t, row.EditedAt)
	})
}

func TestOldAuditEventsAreDeleted(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		audit := services.NewAudit(store, c.clock, testenv.Log(t))
		audit.Record(ctx, c.owner, services.AuditLogin, services.AuditTarget{}, nil)
		c.clock.turn(91 * day)
		audit.Record(ctx, c.student, services.AuditLogin, services.AuditTarget{}, nil)
		c.retain(services.RetentionOptions{Audit: 90 * day})
		rows, _, err := store.AuditEvents(ctx, models.AuditFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, c.student.UserID, *rows[0].ActorID)
	})
}
