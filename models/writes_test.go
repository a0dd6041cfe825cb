package models_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lectern/models"
)

// TestWritersWaitInLineAndReadersDoNot: there are more who want to write than connections, while one transaction takes its time.
func TestWritersWaitInLineAndReadersDoNot(t *testing.T) {
	const connections, writers = 3, 12
	store, err := models.Open(t.Context(), "", t.TempDir(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	require.NoError(t, store.LimitConnections(connections))
	scope := func(tx *models.Store) error {
		_, err := tx.Record(t.Context(), models.Change{Scope: "channel:1", Type: "post.created", At: time.Now()})
		return err
	}
	holds, enough := make(chan struct{}), make(chan struct{})
	var writing, begun sync.WaitGroup
	write := func(fn func(*models.Store) error) {
		begun.Add(1)
		writing.Go(func() {
			begun.Done()
			assert.NoError(t, store.Tx(t.Context(), fn))
		})
	}
	write(func(tx *models.Store) error {
		close(holds)
		<-enough
		return scope(tx)
	})
	<-holds
	for range writers {
		write(scope)
	}
	begun.Wait()
	for range 50 {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second) // less than SQLite lets a writer wait
		_, err := store.Seqs(ctx, "channel:1")
		cancel()
		require.NoError(t, err, "no connection is left to read")
	}
	close(enough)
	writing.Wait()
	seqs, err := store.Seqs(t.Context(), "channel:1")
	require.NoError(t, err)
	require.EqualValues(t, writers+1, seqs["channel:1"])
}

// TestATurnEndsHoweverTheTransactionDoes: undone, broken off by a panic, or by a caller who has gone.
func TestATurnEndsHoweverTheTransactionDoes(t *testing.T) {
	store, err := models.Open(t.Context(), "", t.TempDir(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	require.ErrorIs(t, store.Tx(t.Context(), func(*models.Store) error { return models.ErrNotFound }), models.ErrNotFound)
	require.Panics(t, func() { _ = store.Tx(t.Context(), func(*models.Store) error { panic("on purpose") }) })
	gone, leave := context.WithCancel(t.Context())
	require.Error(t, store.Tx(gone, func(*models.Store) error { leave(); return nil }), "a commit fails, and is rolled back after it")
	require.ErrorIs(t, store.Tx(gone, func(*models.Store) error { return nil }), context.Canceled)
	at := time.Now()
	for range 3 {
		require.NoError(t, store.Tx(t.Context(), func(*models.Store) error { return nil }))
	}
	require.Less(t, time.Since(at), 4*time.Second, "somebody's turn has not ended")
}
