package models_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

func TestCommitsOutliveAPowerCut(t *testing.T) {
	models.Durably(t)
	store, err := models.Open(t.Context(), "", t.TempDir(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer store.Close()
	full := func(s *models.Store) error {
		var level int
		require.NoError(t, s.DB(t.Context()).Raw("PRAGMA synchronous").Scan(&level).Error)
		require.GreaterOrEqual(t, level, 2, "FULL (https://sqlite.org/pragma.html#pragma_synchronous)")
		return nil
	}
	pool, err := store.SQL()
	require.NoError(t, err)
	for range 3 { // each connection has its own
		conn, err := pool.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, full(store))
		require.NoError(t, store.Tx(t.Context(), full))
	}
}
