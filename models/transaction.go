package models

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// transaction is what belongs to an outermost one.
type transaction struct {
	scopes []string // locked by Record, in order
	last   []func() error
}

// A transaction that PostgreSQL breaks off, because it and another one wait for each other, is tried so often, with a pause in between that
// grows by up to txPause.
const (
	txTries = 5
	txPause = 50 * time.Millisecond
)

// Tx runs fn in one transaction; an error or a panic rolls it back. When the database breaks it off, though it might do at another
// time, fn runs again: it sets anew whatever it gives to its surroundings, and has no effects beside the database. Within a
// transaction Tx is a part of that.
func (s *Store) Tx(ctx context.Context, fn func(*Store) error) error {
	if s.transaction != nil {
		return s.run(ctx, s.transaction, fn)
	}
	for try := 1; ; try++ {
		err := s.run(ctx, &transaction{}, func(tx *Store) error {
			if err := fn(tx); err != nil {
				return err
			}
			return tx.finish()
		})
		if try == txTries || !brokenOff(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rand.N(time.Duration(try) * txPause)):
		}
	}
}

// run is one try, or a part of one.
func (s *Store) run(ctx context.Context, t *transaction, fn func(*Store) error) error {
	ctx, done := s.watcher.Begin(ctx, "transaction", "")
	var undone error // fn's wish, and no trouble of the database
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		undone = fn(&Store{db: tx, dialect: s.dialect, transaction: t, watcher: s.watcher})
		return undone
	})
	if undone != nil {
		done("", nil)
	} else {
		done("", trouble(err))
	}
	return err
}

// finish does what is to be done last.
func (s *Store) finish() error {
	for _, step := range s.transaction.last {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// brokenOff tells whether PostgreSQL ended a transaction for the sake of another one.
func brokenOff(err error) bool {
	const serializationFailure, deadlockDetected = "40001", "40P01" // PostgreSQL's Appendix A
	var answer *pgconn.PgError
	return errors.As(err, &answer) && (answer.Code == serializationFailure || answer.Code == deadlockDetected)
}
