package services_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestWhatIsOnesOwnIsExportedAndErased(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		l, ctx := newLeaving(t, store), t.Context()
		_, ada := signUp(t, l.auth, "ada@example.org")
		now := l.clock.Now()
		_, err := l.members.Add(ctx, l.owner, l.channel.ID, wire.AddMemberRequest{UserID: ada.UserID, Role: models.RoleStudent})
		require.NoError(t, err)
		require.NoError(t, store.SavePreferences(ctx, models.Preferences{UserID: ada.UserID, Sounds: true}))
		waiting := models.ScheduledPost{ID: models.NewID(), ChannelID: l.channel.ID, AuthorID: ada.UserID, Body: "later", PublishAt: now.Add(time.Hour), CreatedAt: now}
		require.NoError(t, store.DB(ctx).Create(&waiting).Error)
		require.NoError(t, store.SavePushSubscription(ctx, models.PushSubscription{ID: models.NewID(), UserID: ada.UserID, SessionID: ada.SessionID,
			Endpoint: "https://push.example/secret", CreatedAt: now}, 10))

		meeting := models.Meeting{ID: models.NewID(), ChannelID: l.channel.ID, HostID: l.owner.UserID, StartedAt: now}
		require.NoError(t, store.AddMeeting(ctx, &meeting))
		require.NoError(t, store.AddAttendance(ctx, &models.Attendance{ID: models.NewID(), MeetingID: meeting.ID, UserID: ada.UserID, JoinedAt: now, LeftAt: &now}))
		for i, choices := range [][]int{{1}, {}} {
			poll := models.Poll{ID: models.NewID(), MeetingID: meeting.ID, AuthorID: l.owner.UserID, Question: "Why?", Options: []string{"A", "B"}, Anonymous: i == 1,
				Counts: []int{0, 0}, CreatedAt: now}
			require.NoError(t, store.AddPoll(ctx, &poll))
			require.NoError(t, store.SavePollVote(ctx, models.PollVote{PollID: poll.ID, UserID: ada.UserID, Choices: choices, At: now.Add(time.Duration(i) * time.Second)}, []int{0, 1}))
		}
		users := services.NewUsers(store, l.pub, nil, emptyRooms{}, l.clock)
		_, err = users.UpdateMe(ctx, ada, wire.UpdateMeRequest{StudentNumber: new(" B10901001 ")})
		require.NoError(t, err)
		_, err = users.UpdateMe(ctx, ada, wire.UpdateMeRequest{StudentNumber: new(strings.Repeat("1", 33))})
		requireField(t, "student_number", err)

		export, err := l.accounts.Export(ctx, ada)
		require.NoError(t, err)
		require.Equal(t, wire.Preferences{Sounds: true}, export.Preferences)
		require.Equal(t, []wire.ExportScheduled{{ID: waiting.ID, ChannelID: l.channel.ID, Body: "later", PublishAt: wire.At(waiting.PublishAt)}}, export.ScheduledPosts)
		require.Equal(t, []wire.ExportPushDevice{{Service: "push.example", CreatedAt: wire.At(now)}}, export.PushDevices)
		require.Len(t, export.Notifications, 1)
		require.Equal(t, []wire.ExportVote{{MeetingID: meeting.ID, Question: "Why?", Choices: []string{"B"}, At: wire.At(now)},
			{MeetingID: meeting.ID, Question: "Why?", Anonymous: true, Choices: []string{}, At: wire.At(now.Add(time.Second))}}, export.Votes)
		require.Equal(t, []wire.ExportStay{{MeetingID: meeting.ID, JoinedAt: wire.At(now), LeftAt: wire.AtPtr(&now)}}, export.Attendance)
		require.Equal(t, "B10901001", export.Account.StudentNumber)
		require.Equal(t, []string{"added", "Owner"}, []string{export.Notifications[0].Kind, export.Notifications[0].ActorName})

		require.NoError(t, l.delete(t, ada, goodPassword))
		for _, own := range []any{&models.Preferences{}, &models.ScheduledPost{}, &models.PushSubscription{}, &models.Notification{}} {
			var n int64
			require.NoError(t, store.DB(ctx).Model(own).Count(&n).Error)
			require.Zero(t, n, "%T", own)
		}
		erased, err := store.User(ctx, ada.UserID)
		require.NoError(t, err)
		require.Empty(t, erased.StudentNumber)
	})
}

// emptyRooms are meetings that nobody is in.
type emptyRooms struct{}

func (emptyRooms) UserChanged(wire.Profile) {}
