package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Watcher hears of every query, and of every transaction as a whole.
type Watcher interface {
	// Begin hears that one begins: its operation (create, query, update, delete, row, raw or transaction) and its table, "" where
	// that is not known. What it returns is the context for the database, and a function that hears of the end. sql has
	// placeholders, no values; "" for a transaction. err is only what an operator should know of.
	Begin(ctx context.Context, operation, table string) (context.Context, func(sql string, err error))
}

// Watch lets w hear of all that is done from now on. It is called once, before anybody else uses the store.
func (s *Store) Watch(w Watcher) error {
	s.watcher = w
	callbacks := s.db.Callback()
	const before, after = "lectern:begin", "lectern:end"
	return errors.Join(
		callbacks.Create().Before("*").Register(before, begin(w, "create")), callbacks.Create().After("*").Register(after, end),
		callbacks.Query().Before("*").Register(before, begin(w, "query")), callbacks.Query().After("*").Register(after, end),
		callbacks.Update().Before("*").Register(before, begin(w, "update")), callbacks.Update().After("*").Register(after, end),
		callbacks.Delete().Before("*").Register(before, begin(w, "delete")), callbacks.Delete().After("*").Register(after, end),
		callbacks.Row().Before("*").Register(before, begin(w, "row")), callbacks.Row().After("*").Register(after, end),
		callbacks.Raw().Before("*").Register(before, begin(w, "raw")), callbacks.Raw().After("*").Register(after, end),
	)
}

const watchKey = "lectern:watch"

func begin(w Watcher, operation string) func(*gorm.DB) {
	return func(db *gorm.DB) {
		ctx, done := w.Begin(db.Statement.Context, operation, db.Statement.Table)
		db.Statement.Context = ctx
		db.InstanceSet(watchKey, done)
	}
}

func end(db *gorm.DB) {
	if done, ok := db.InstanceGet(watchKey); ok {
		done.(func(string, error))(db.Statement.SQL.String(), trouble(db.Error))
	}
}

// trouble leaves out the answers of the database that the program expects.
func trouble(err error) error {
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDuplicate) || errors.Is(err, ErrReference) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// unwatched is the Watcher of a store that nobody watches.
type unwatched struct{}

func (unwatched) Begin(ctx context.Context, _, _ string) (context.Context, func(string, error)) {
	return ctx, func(string, error) {}
}
