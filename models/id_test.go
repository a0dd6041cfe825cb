package models_test

import (
	"encoding/binary"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
)

// later is an id made by a clock that goes before ours.
func later(by time.Duration) string {
	id := uuid.Must(uuid.NewV7())
	ms := uint64(time.Now().Add(by).UnixMilli())
	binary.BigEndian.PutUint64(id[:8], ms<<16|uint64(binary.BigEndian.Uint16(id[6:8])))
	return id.String()
}

func TestIDsGoOnWhenTheClockWasSetBack(t *testing.T) {
	for name, databaseURL := range map[string]string{"SQLite": "", "PostgreSQL": testenv.MigratedPostgres(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var before []string
			for _, by := range []time.Duration{8 * time.Hour, 400 * 24 * time.Hour, 200 * 365 * 24 * time.Hour} {
				store, err := models.Open(t.Context(), databaseURL, dir, slog.New(slog.DiscardHandler))
				require.NoError(t, err)
				ids := make([]string, 1000)
				for i := range ids {
					ids[i] = models.NewID()
					id, err := uuid.Parse(ids[i])
					require.NoError(t, err)
					require.Equal(t, uuid.Version(7), id.Version())
				}
				require.True(t, slices.IsSorted(ids))
				for _, entry := range before {
					require.Greater(t, ids[0], entry, "what is new stands after it")
				}
				user, channel, post := models.NewID(), models.NewID(), later(by)
				now := time.Now().UTC()
				require.NoError(t, store.DB(t.Context()).Exec("INSERT INTO users (id, email, name, password_hash, locale, role, created_at, updated_at) VALUES (?, ?, 'A', '', 'en', 'user', ?, ?)",
					user, user, now, now).Error)
				require.NoError(t, store.DB(t.Context()).Exec("INSERT INTO channels (id, name, description, created_by, created_at, updated_at) VALUES (?, 'C', '', ?, ?, ?)",
					channel, user, now, now).Error)
				require.NoError(t, store.DB(t.Context()).Exec("INSERT INTO posts (id, channel_id, author_id, body, pinned, created_at) VALUES (?, ?, ?, 'Hello', FALSE, ?)",
					post, channel, user, now).Error)
				newest, at, err := store.NewestEntry(t.Context())
				require.NoError(t, err)
				require.Equal(t, post, newest)
				require.WithinDuration(t, now, at, time.Second)
				require.NoError(t, store.Close())
				before = append(before, post)
			}
			store, err := models.Open(t.Context(), databaseURL, dir, slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			defer store.Close()
			last := models.NewID()
			require.Greater(t, last, before[1])
			require.Less(t, last, before[2], "an id of the next centuries is nobody's clock")
		})
	}
}
