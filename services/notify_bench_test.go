package services_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// BenchmarkPostInALargeChannel writes posts in a channel of a thousand members: at the usual level, where nobody is told; with
// everybody at level "all"; and called by the teacher, with two devices each for push. "p95-ms" is what the author
// waits, "told-ms" how long it then takes until everybody has been told.
func BenchmarkPostInALargeChannel(b *testing.B) {
	const members = 1000
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		for _, tc := range []struct {
			name, level, body string
			devices           int
		}{
			{"nobody", models.LevelMentions, "hello", 0},
			{"all", models.LevelAll, "hello", 0},
			{"everybody called, 2 devices each", models.LevelMentions, everybody, 2},
		} {
			b.Run(database+"/"+tc.name, func(b *testing.B) {
				ctx, log, at := context.Background(), slog.New(slog.DiscardHandler), ""
				if database == "PostgreSQL" {
					at = testenv.Postgres(b)
				}
				store, err := models.Open(ctx, at, b.TempDir(), log)
				require.NoError(b, err)
				defer func() { require.NoError(b, store.Close()) }()
				channel := models.Channel{ID: models.NewID(), Name: "Everybody"}
				var users []models.User
				var places []models.Member
				var sessions []models.Session
				var devices []models.PushSubscription
				for i := range members {
					u := models.User{ID: models.NewID(), Name: fmt.Sprintf("同學%d", i), Locale: "zh-TW"}
					u.Email = u.ID + "@a.example"
					users = append(users, u)
					places = append(places, models.Member{ChannelID: channel.ID, UserID: u.ID, Role: models.RoleOwner, Level: tc.level, JoinedAt: time.Now()})
					session := models.Session{ID: models.NewID(), UserID: u.ID, ExpiresAt: time.Now().AddDate(1, 0, 0)}
					sessions = append(sessions, session)
					for range tc.devices {
						devices = append(devices, models.PushSubscription{ID: models.NewID(), UserID: u.ID, SessionID: session.ID, Endpoint: "https://push.example/" + models.NewID()})
					}
				}
				channel.CreatedBy = users[0].ID
				db := store.DB(ctx)
				require.NoError(b, db.CreateInBatches(&users, 200).Error)
				require.NoError(b, db.Create(&channel).Error)
				require.NoError(b, db.CreateInBatches(&places, 200).Error)
				require.NoError(b, db.CreateInBatches(&sessions, 200).Error)
				if len(devices) > 0 {
					require.NoError(b, db.CreateInBatches(&devices, 200).Error)
				}
				pub, clock := &published{}, services.SystemClock{}
				notifications := newNotifier(b, store, pub, clock)
				posts := services.NewPosts(services.NewEntries(store, pub, nil, notifications, clock))
				actor := services.Actor{UserID: users[0].ID}
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					_, _, err := posts.Create(ctx, actor, channel.ID, wire.CreateEntryRequest{Body: tc.body})
					took = append(took, time.Since(start))
					if err != nil {
						b.Fatal(err)
					}
					pub.take()
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				start := time.Now()
				require.NoError(b, notifications.AnnounceDue(ctx))
				b.ReportMetric(float64(time.Since(start).Milliseconds())/float64(len(took)), "told-ms")
			})
		}
	}
}
