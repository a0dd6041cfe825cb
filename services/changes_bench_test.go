package services_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
)

// BenchmarkRecord measures what the log of changes adds to writing a post: sixteen writers at once, in one channel (whose
// numbers they take one after the other) or each in their own, with and without the log.
func BenchmarkRecord(b *testing.B) {
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		at := ""
		if kind == "PostgreSQL" {
			at = testenv.Postgres(b)
		}
		store, err := models.Open(b.Context(), at, b.TempDir(), testenv.Log(b))
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, store.Close()) })
		user := models.User{ID: models.NewID(), Email: "a@example.org", CreatedAt: time.Now(), UpdatedAt: time.Now()}
		require.NoError(b, store.DB(b.Context()).Create(&user).Error)
		var channels []string
		for range 16 {
			row := models.Channel{ID: models.NewID(), CreatedBy: user.ID, CreatedAt: time.Now(), UpdatedAt: time.Now()}
			require.NoError(b, store.DB(b.Context()).Create(&row).Error)
			channels = append(channels, row.ID)
		}
		for _, spread := range []int{1, len(channels)} {
			for _, logged := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s/channels=%d/log=%t", kind, spread, logged), func(b *testing.B) {
					var next atomic.Int64
					b.SetParallelism(8) // times two processors
					b.RunParallel(func(pb *testing.PB) {
						channel := channels[int(next.Add(1))%spread]
						for pb.Next() {
							err := store.Tx(b.Context(), func(tx *models.Store) error {
								row := models.Post{ID: models.NewID(), ChannelID: channel, AuthorID: user.ID, Body: "Hello", CreatedAt: time.Now()}
								if err := tx.DB(b.Context()).Create(&row).Error; err != nil || !logged {
									return err
								}
								_, err := tx.Record(b.Context(), models.Change{Scope: "channel:" + channel, Type: "post.created", EntityKind: "post",
									EntityID: row.ID, At: time.Now()})
								return err
							})
							if err != nil {
								b.Error(err)
							}
						}
					})
				})
			}
		}
	}
}
