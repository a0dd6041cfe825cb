package services_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// noPush reaches no device.
type noPush struct{}

func (noPush) Key() string { return "key" }
func (noPush) Send(context.Context, services.PushDevice, services.PushMessage) error {
	return services.ErrPushGone
}

// newNotifier makes what tells people, without devices.
func newNotifier(t testing.TB, store *models.Store, pub services.Publisher, clock services.Clock) *services.Notifications {
	t.Helper()
	pushes := services.NewPushes(store, noPush{}, pub.Active, clock, testenv.Log(t))
	return services.NewNotifications(store, pub, pushes, clock)
}

func (c *class) notified(who services.Actor) *wire.Notifications {
	c.t.Helper()
	require.NoError(c.t, c.notifications.AnnounceDue(c.t.Context()))
	list, err := c.notifications.List(c.t.Context(), who, models.Page{Limit: 100})
	require.NoError(c.t, err)
	return list
}

func TestANotificationSaysWhatItTellsOf(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.student, "first")
		c.pub.take()
		comment := c.comment(c.owner, post.ID, "**"+at(c.student)+"**\n\n"+strings.Repeat("好", 200))
		events := c.pub.take()
		require.Equal(t, []string{"channel comment.created", "user notification.created"}, names(events))
		list := c.notified(c.student)
		require.Equal(t, 1, list.UnreadCount)
		n := list.Items[0]
		require.Equal(t, events[1].data, n)
		require.Equal(t, services.UserTopic(c.student.UserID), events[1].topic)
		require.Equal(t, []string{"mention", c.channel, post.ID, comment.ID, "Class", "Owner"}, []string{n.Kind, n.ChannelID, n.PostID, n.CommentID, n.Title, n.Actor.Name})
		require.Equal(t, "@老師 王小明 "+strings.Repeat("好", 131)+"…", n.Snippet)
		_, err := c.comments.Update(t.Context(), c.owner, comment.ID, wire.UpdateCommentRequest{Body: "I said nothing"})
		require.NoError(t, err)
		require.Equal(t, "I said nothing", c.notified(c.student).Items[0].Snippet, "what an edit took away is not shown")
	})
}

func TestReadingNotifications(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		for range 4 {
			c.post(c.owner, at(c.student))
		}
		list := c.notified(c.student)
		require.Equal(t, 4, list.UnreadCount)
		c.pub.take()
		read := func(who services.Actor, req wire.ReadNotificationsRequest) error {
			return c.notifications.Read(ctx, who, req)
		}
		require.NoError(t, read(c.classmate, wire.ReadNotificationsRequest{IDs: []string{list.Items[0].ID}}))
		require.NoError(t, read(c.classmate, wire.ReadNotificationsRequest{UpTo: list.Items[0].ID}))
		require.Empty(t, c.pub.take(), "others' are passed over")
		require.NoError(t, read(c.student, wire.ReadNotificationsRequest{IDs: []string{list.Items[1].ID, models.NewID()}}))
		require.NoError(t, read(c.student, wire.ReadNotificationsRequest{IDs: []string{list.Items[1].ID}}))
		require.Equal(t, []publishedEvent{{services.UserTopic(c.student.UserID), wire.EventNotificationsRead,
			wire.NotificationsRead{IDs: []string{list.Items[1].ID}, UnreadCount: 3}}}, c.pub.take(), "once")
		require.NoError(t, read(c.student, wire.ReadNotificationsRequest{UpTo: list.Items[2].ID}))
		require.Equal(t, []publishedEvent{{services.UserTopic(c.student.UserID), wire.EventNotificationsRead,
			wire.NotificationsRead{IDs: []string{}, UpTo: list.Items[2].ID, UnreadCount: 1}}}, c.pub.take())
		got := []bool{}
		for _, n := range c.notified(c.student).Items {
			got = append(got, n.Read)
		}
		require.Equal(t, []bool{false, true, true, true}, got)
		for field, req := range map[string]wire.ReadNotificationsRequest{
			"ids":   {},
			"up_to": {UpTo: "x"},
		} {
			requireField(t, field, read(c.student, req))
		}
		requireField(t, "ids", read(c.student, wire.ReadNotificationsRequest{IDs: []string{"x"}}))
		requireField(t, "ids", read(c.student, wire.ReadNotificationsRequest{IDs: []string{list.Items[0].ID}, UpTo: list.Items[0].ID}))
		requireField(t, "ids", read(c.student, wire.ReadNotificationsRequest{IDs: slices.Repeat([]string{list.Items[0].ID}, 101)}))
	})
}

func TestReadingAChannelReadsWhatTellsOfIt(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		channels := services.NewChannels(store, c.pub, nil, nil, roomy, c.clock)
		mentioned := func() int {
			t.Helper()
			require.NoError(t, c.notifications.AnnounceDue(ctx))
			channel, err := channels.Get(ctx, c.student, c.channel)
			require.NoError(t, err)
			return channel.MentionCount
		}
		old := c.post(c.owner, "old")
		first := c.post(c.owner, at(c.student))
		c.comment(c.owner, old.ID, everybody)
		require.Equal(t, 2, mentioned())
		require.NoError(t, c.reads.MarkChannel(ctx, c.student, c.channel, first.ID))
		require.Equal(t, 1, mentioned())
		require.Equal(t, 1, c.notified(c.student).UnreadCount)
		last := c.post(c.owner, "last")
		require.NoError(t, c.reads.MarkChannel(ctx, c.student, c.channel, last.ID))
		require.Zero(t, mentioned())
		require.Zero(t, c.notified(c.student).UnreadCount)

		body := at(c.student)
		_, err := c.posts.Update(ctx, c.owner, old.ID, wire.UpdatePostRequest{Body: &body})
		require.NoError(t, err)
		newest := c.post(c.owner, "newest")
		require.NoError(t, c.reads.MarkChannel(ctx, c.student, c.channel, newest.ID))
		require.Equal(t, 1, c.notified(c.student).UnreadCount, "an edit of what was read long ago was not seen by that")
	})
}

func TestADeletedEntryTakesItsNotificationsAlong(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		c.level(c.classmate, models.LevelAll)
		post := c.post(c.student, "x")
		c.comment(c.owner, post.ID, "y")
		comment := c.comment(c.owner, post.ID, "z")
		require.Equal(t, []string{"comment", "comment", "post"}, c.bell(c.classmate))
		require.Equal(t, []string{"reply", "reply"}, c.bell(c.student))
		gone := c.notified(c.student).Items[0].ID
		c.pub.take()
		require.NoError(t, c.comments.Delete(ctx, c.owner, comment.ID))
		require.Equal(t, []string{"comment", "post"}, c.bell(c.classmate))
		require.Contains(t, c.pub.take(), publishedEvent{services.UserTopic(c.student.UserID), wire.EventNotificationDeleted,
			wire.NotificationsDeleted{IDs: []string{gone}, UnreadCount: 1}})
		require.NoError(t, c.posts.Delete(ctx, c.owner, post.ID))
		require.Empty(t, c.bell(c.classmate))
		require.Empty(t, c.bell(c.student))
	})
}

func TestWhoLeavesIsToldNoMore(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		c.post(c.owner, at(c.student))
		require.NoError(t, store.DB(t.Context()).Delete(&models.Member{}, "channel_id = ? AND user_id = ?", c.channel, c.student.UserID).Error)
		list := c.notified(c.student)
		require.Empty(t, list.Items)
		require.Zero(t, list.UnreadCount)
		c.post(c.owner, at(c.student)+everybody)
		require.Empty(t, c.bell(c.student))
	})
}

func TestAddedPeopleAndMeetingsAreTold(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l := newLesson(t, store)
		notifier := newNotifier(t, store, l.pub, l.clock)
		channels := services.NewChannels(store, l.pub, l.meetings, nil, roomy, l.clock)
		members := services.NewMembers(store, l.pub, channels, l.meetings, notifier, nil, l.clock)
		kinds := func(who services.Actor) []string {
			t.Helper()
			require.NoError(t, notifier.AnnounceDue(t.Context()))
			list, err := notifier.List(t.Context(), who, models.Page{Limit: 10})
			require.NoError(t, err)
			all := []string{}
			for _, n := range list.Items {
				require.Equal(t, "Physics", n.Title)
				require.Equal(t, l.channelID, n.ChannelID)
				all = append(all, n.Kind)
			}
			return all
		}
		require.Equal(t, []string{"meeting"}, kinds(l.ada))
		require.Empty(t, kinds(l.teacher))
		eve := register(t, store, "Eve")
		for i := range 2 {
			_, err := members.Add(t.Context(), l.teacher, l.channelID, wire.AddMemberRequest{UserID: eve.UserID, Role: models.RoleStudent})
			require.NoError(t, err)
			require.Len(t, kinds(eve), i+1)
			require.NoError(t, members.Remove(t.Context(), eve, l.channelID, eve.UserID))
		}
	})
}

func TestOldNotificationsArePruned(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		c.post(c.owner, at(c.student))
		c.clock.turn(90 * 24 * time.Hour)
		c.post(c.owner, everybody)
		require.NoError(t, c.notifications.Prune(ctx))
		require.Len(t, c.bell(c.student), 2)
		c.clock.turn(time.Millisecond)
		require.NoError(t, c.notifications.Prune(ctx))
		require.Equal(t, []string{"mention_all"}, c.bell(c.student))
	})
}

func TestNotificationsAreToldAgain(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		changes := services.NewChanges(store, c.clock, testenv.Log(t))
		changes.Register(c.notifications.Replays()...)
		since := func(after int64) []wire.Change {
			t.Helper()
			got, err := changes.List(ctx, c.student, services.UserTopic(c.student.UserID), after, 100)
			require.NoError(t, err)
			require.False(t, got.Reset)
			return got.Items
		}
		first, second := c.post(c.owner, at(c.student)), c.post(c.owner, at(c.student))
		all := c.notified(c.student).Items
		got := since(0)
		require.Len(t, got, 2)
		require.Equal(t, []any{all[1], all[0]}, []any{got[0].Data, got[1].Data})
		require.NoError(t, c.notifications.Read(ctx, c.student, wire.ReadNotificationsRequest{IDs: []string{all[0].ID}}))
		got = since(2)
		require.Len(t, got, 1)
		require.Equal(t, wire.NotificationsRead{IDs: []string{all[0].ID}, UnreadCount: 1}, got[0].Data)
		require.NoError(t, c.notifications.Read(ctx, c.student, wire.ReadNotificationsRequest{UpTo: all[1].ID}))
		require.Equal(t, wire.NotificationsRead{IDs: []string{}, UpTo: all[0].ID}, since(2)[0].Data)
		require.NoError(t, c.posts.Delete(ctx, c.owner, first.ID))
		require.NoError(t, c.posts.Delete(ctx, c.owner, second.ID))
		got = since(0)
		require.Len(t, got, 1, "of what is gone nothing is told")
		require.Equal(t, wire.NotificationsRead{IDs: []string{}}, got[0].Data)
	})
}
