package services_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
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

		export, err := l.accounts.Export(ctx, ada)
		require.NoError(t, err)
		require.Equal(t, wire.Preferences{Sounds: true}, export.Preferences)
		require.Equal(t, []wire.ExportScheduled{{ID: waiting.ID, ChannelID: l.channel.ID, Body: "later", PublishAt: wire.At(waiting.PublishAt)}}, export.ScheduledPosts)
		require.Equal(t, []wire.ExportPushDevice{{Service: "push.example", CreatedAt: wire.At(now)}}, export.PushDevices)
		require.Len(t, export.Notifications, 1)
		require.Equal(t, []string{"added", "Owner"}, []string{export.Notifications[0].Kind, export.Notifications[0].ActorName})

		require.NoError(t, l.delete(t, ada, goodPassword))
		for _, own := range []any{&models.Preferences{}, &models.ScheduledPost{}, &models.PushSubscription{}, &models.Notification{}} {
			var n int64
			require.NoError(t, store.DB(ctx).Model(own).Count(&n).Error)
			require.Zero(t, n, "%T", own)
		}
	})
}
