package services_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// crowded adds members who want to hear of everything.
func (c *class) crowded(n int) {
	c.t.Helper()
	users, places := make([]models.User, n), make([]models.Member, n)
	for i := range n {
		id := models.NewID()
		users[i] = models.User{ID: id, Name: fmt.Sprintf("同學%d", i), Email: id + "@a.example", Locale: "zh-TW"}
		places[i] = models.Member{ChannelID: c.channel, UserID: id, Role: models.RoleStudent, Level: models.LevelAll, JoinedAt: c.clock.Now()}
	}
	db := c.store.DB(c.t.Context())
	require.NoError(c.t, db.CreateInBatches(&users, 100).Error)
	require.NoError(c.t, db.CreateInBatches(&places, 100).Error)
}

// told counts the notifications of an entry.
func (c *class) told(entryID string) (n int64) {
	c.t.Helper()
	require.NoError(c.t, c.store.DB(c.t.Context()).Model(&models.Notification{}).Where("entity_id = ?", entryID).Count(&n).Error)
	return n
}

func (c *class) announcements() []string {
	c.t.Helper()
	ids, err := c.store.Announcements(c.t.Context())
	require.NoError(c.t, err)
	return ids
}

func TestALargeClassIsToldSomeAtATime(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		c.crowded(2*services.AnnounceBatch + 50)
		post := c.post(c.owner, at(c.student)+everybody)
		require.EqualValues(t, 1, c.told(post.ID), "only who is called by name is told at once")
		waiting := c.announcements()
		require.Len(t, waiting, 1)
		more, err := c.notifications.AnnounceSome(ctx, waiting[0])
		require.NoError(t, err)
		require.True(t, more)
		require.EqualValues(t, 1+services.AnnounceBatch, c.told(post.ID))

		next := newNotifier(t, store, c.pub, c.clock) // the program is started again
		c.pub.take()
		require.NoError(t, next.AnnounceDue(ctx))
		require.Empty(t, c.announcements())
		require.EqualValues(t, 1+2*services.AnnounceBatch+52, c.told(post.ID), "with the assistant and the classmate")
		require.Len(t, c.pub.take(), services.AnnounceBatch+52, "each hears of it")
		require.Equal(t, []string{"mention"}, c.bell(c.student))
		require.Empty(t, c.bell(c.owner))

		quiet := c.post(c.student, "hello")
		require.NoError(t, next.AnnounceDue(ctx))
		require.EqualValues(t, 2*services.AnnounceBatch+50, c.told(quiet.ID), "those at the usual level are not told of it")
	})
}

func TestNothingIsAnnouncedToNobody(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.post(c.owner, "hello")
		require.Empty(t, c.announcements())
		c.level(c.owner, models.LevelAll)
		c.post(c.owner, "hello")
		require.Empty(t, c.announcements(), "nobody hears of what they wrote")
	})
}

func TestWhatIsDeletedIsAnnouncedNoMore(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		c.crowded(services.AnnounceBatch + 1)
		gone := c.post(c.owner, "x")
		require.NoError(t, c.posts.Delete(ctx, c.owner, gone.ID))
		require.Empty(t, c.announcements())

		half := c.post(c.owner, "x")
		comment := c.comment(c.owner, half.ID, "y")
		ids := c.announcements()
		require.Len(t, ids, 2)
		_, err := c.notifications.AnnounceSome(ctx, ids[0])
		require.NoError(t, err)
		require.NotZero(t, c.told(half.ID))
		require.NoError(t, c.comments.Delete(ctx, c.owner, comment.ID))
		require.Equal(t, ids[:1], c.announcements())
		c.comment(c.owner, half.ID, "z")
		require.NoError(t, c.posts.Delete(ctx, c.owner, half.ID))
		require.Empty(t, c.announcements())
		require.Zero(t, c.told(half.ID))
		more, err := c.notifications.AnnounceSome(ctx, ids[0])
		require.NoError(t, err)
		require.False(t, more)
		require.NoError(t, c.notifications.AnnounceDue(ctx))
		require.Zero(t, c.told(half.ID))
	})
}

func TestWhoHasReadItBeforeTheirTurnIsNotDisturbed(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		old := c.post(c.owner, "old")
		post := c.post(c.owner, everybody)
		require.NoError(t, c.reads.MarkChannel(ctx, c.student, c.channel, post.ID))
		require.NoError(t, c.notifications.AnnounceDue(ctx))
		require.Equal(t, []string{"mention_all silent"}, c.bell(c.student))
		require.Zero(t, c.notified(c.student).UnreadCount)
		require.Equal(t, 1, c.notified(c.classmate).UnreadCount)

		c.edit(c.owner, old.ID, "old "+everybody)
		require.Equal(t, []string{"mention_all", "mention_all silent"}, c.bell(c.student), "an edit of what was read is new")
		require.Equal(t, 1, c.notified(c.student).UnreadCount)
	})
}

// TestReadingAndTellingAtOnce lets members read while it is announced: nobody is left with something unread.
func TestReadingAndTellingAtOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		readers := []services.Actor{c.assistant, c.student, c.classmate}
		for range 10 {
			post := c.post(c.owner, everybody)
			var running sync.WaitGroup
			errs := make([]error, len(readers)+1)
			running.Go(func() { errs[0] = c.notifications.AnnounceDue(context.Background()) })
			for i, who := range readers {
				running.Go(func() { errs[i+1] = c.reads.MarkChannel(context.Background(), who, c.channel, post.ID) })
			}
			running.Wait()
			require.NoError(t, errors.Join(errs...))
			for _, who := range readers {
				require.Zero(t, c.notified(who).UnreadCount)
			}
		}
	})
}

func TestTwoServersTellEverybodyOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.crowded(3 * services.AnnounceBatch)
		post := c.post(c.owner, "x")
		c.pub.take()
		var running sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			running.Go(func() { errs[i] = newNotifier(t, store, c.pub, c.clock).AnnounceDue(context.Background()) })
		}
		running.Wait()
		require.NoError(t, errors.Join(errs...))
		require.EqualValues(t, 3*services.AnnounceBatch, c.told(post.ID))
		require.Len(t, c.pub.take(), 3*services.AnnounceBatch)
	})
}

// TestLeavingAndTellingAtOnce takes members out while others are told, and deletes the channel in the end: nobody's row is waited
// for by one who holds what the other wants.
func TestLeavingAndTellingAtOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		channels := services.NewChannels(store, c.pub, nil, nil, roomy, c.clock)
		members := services.NewMembers(store, c.pub, channels, nil, c.notifications, nil, c.clock)
		c.crowded(60)
		var going []string
		require.NoError(t, store.DB(t.Context()).Model(&models.Member{}).Where("channel_id = ? AND role = ?", c.channel, models.RoleStudent).Limit(40).Pluck("user_id", &going).Error)
		for batch := range slices.Chunk(going, 8) {
			c.post(c.owner, everybody)
			var running sync.WaitGroup
			errs := make([]error, len(batch)+1)
			running.Go(func() { errs[len(batch)] = c.notifications.AnnounceDue(context.Background()) })
			for i, id := range batch {
				running.Go(func() { errs[i] = members.Remove(context.Background(), c.owner, c.channel, id) })
			}
			running.Wait()
			require.NoError(t, errors.Join(errs...))
		}

		c.post(c.owner, everybody)
		var running sync.WaitGroup
		var told, deleted error
		running.Go(func() { told = c.notifications.AnnounceDue(context.Background()) })
		running.Go(func() { deleted = channels.Delete(context.Background(), c.owner, c.channel) })
		running.Wait()
		require.NoError(t, errors.Join(told, deleted))
	})
}

// TestReadingAndDeletingAtOnce lets members read a post while it is deleted: the notification that tells of it is wanted by both.
func TestReadingAndDeletingAtOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		readers := []services.Actor{c.assistant, c.student, c.classmate}
		for range 10 {
			post := c.post(c.owner, everybody)
			require.NoError(t, c.notifications.AnnounceDue(t.Context()))
			var running sync.WaitGroup
			errs := make([]error, len(readers)+1)
			for i, who := range readers {
				running.Go(func() { errs[i] = c.reads.MarkChannel(context.Background(), who, c.channel, post.ID) })
			}
			running.Go(func() { errs[len(readers)] = c.posts.Delete(context.Background(), c.owner, post.ID) })
			running.Wait()
			var gone *services.Error
			for _, err := range errs {
				require.True(t, err == nil || errors.As(err, &gone) && gone.Kind == services.KindInvalid, "%v", err)
			}
		}
	})
}
