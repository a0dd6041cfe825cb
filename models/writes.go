package models

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"gorm.io/gorm"
)

// oneWriter is a pool of connections to SQLite, of which one at a time writes. SQLite itself would let the others ask again and again, in no
// order, each with a connection of its own: some would wait too long, and those who only read would find no connection left.
type oneWriter struct {
	*sql.DB
	turn chan struct{} // is taken while a transaction runs; who waits is served in order
}

func newOneWriter(pool *sql.DB) *oneWriter { return &oneWriter{DB: pool, turn: make(chan struct{}, 1)} }

// GetDBConn is how GORM finds the pool.
func (w *oneWriter) GetDBConn() (*sql.DB, error) { return w.DB, nil }

// BeginTx waits for its turn, but not for ever: after that SQLite decides, as it does between programs.
func (w *oneWriter) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	patience := time.NewTimer(busyTimeout)
	defer patience.Stop()
	done := sync.OnceFunc(func() { <-w.turn }) // GORM rolls back what it could not commit, too
	select {
	case w.turn <- struct{}{}:
	case <-patience.C:
		done = func() {}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	tx, err := w.DB.BeginTx(ctx, opts)
	if err != nil {
		done()
		return nil, err
	}
	return &writing{Tx: tx, done: done}, nil
}

// writing is a transaction in its turn.
type writing struct {
	*sql.Tx
	done func()
}

// Commit ends the turn, too.
func (w *writing) Commit() error {
	defer w.done()
	return w.Tx.Commit()
}

// Rollback ends the turn, too.
func (w *writing) Rollback() error {
	defer w.done()
	return w.Tx.Rollback()
}
