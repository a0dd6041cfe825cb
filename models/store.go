// Package models has the GORM structs and the queries of each noun. It knows the database and nothing above it.
package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrNotFound is gorm's: the row is not there.
var ErrNotFound = gorm.ErrRecordNotFound

// ErrDuplicate is gorm's: a unique index refused the row.
var ErrDuplicate = gorm.ErrDuplicatedKey

// ErrReference is returned when a row would point at one that is gone.
var ErrReference = gorm.ErrForeignKeyViolated

// Store is an open, migrated database.
type Store struct {
	db          *gorm.DB
	dialect     goose.Dialect
	transaction *transaction // nil outside
	watcher     Watcher
}

// Connections that nobody uses are kept for a while, so many of them: opening one costs more than most queries.
const (
	idleConnections = 16
	idleFor         = time.Minute
)

// busyTimeout is how long a transaction of SQLite waits for another one.
const busyTimeout = 5 * time.Second

// connectTimeout is how long Open waits for a server that does not answer.
const connectTimeout = 5 * time.Second

// Open connects as Connect does, and migrates.
func Open(ctx context.Context, databaseURL, dataDir string, log *slog.Logger) (*Store, error) {
	s, err := Connect(ctx, databaseURL, dataDir)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx, log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.resumeIDs(ctx, log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Connect opens PostgreSQL when databaseURL is set ("postgres://…"), else the SQLite file in dataDir, as it is.
func Connect(ctx context.Context, databaseURL, dataDir string) (*Store, error) {
	dialect, dialector := goose.DialectPostgres, gorm.Dialector(nil)
	if databaseURL != "" {
		pool, err := openPostgres(databaseURL)
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		dialector = postgres.New(postgres.Config{Conn: pool})
	} else {
		dialect = goose.DialectSQLite3
		keepPrivate(filepath.Join(dataDir, SQLiteName))
		// _txlock=immediate: a transaction takes the write lock at its start, so two of them queue up instead of failing.
		pool, err := sql.Open(sqlite.DriverName, fmt.Sprintf(
			"file:%s?_pragma=journal_mode(WAL)&_pragma=busy_timeout(%d)&_pragma=synchronous(%s)&_pragma=foreign_keys(1)&_txlock=immediate",
			filepath.Join(dataDir, SQLiteName), busyTimeout.Milliseconds(), synchronous))
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		dialector = &sqlite.Dialector{Conn: newOneWriter(pool)}
	}
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger:               logger.Discard,
		TranslateError:       true,
		DisableAutomaticPing: true, // it would wait as long as the server does
		NowFunc:              func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) },
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxIdleConns(idleConnections)
	pool.SetConnMaxIdleTime(idleFor)
	s := &Store{db: db, dialect: dialect, watcher: unwatched{}}
	reach, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := s.Ping(reach); err != nil {
		return nil, errors.Join(fmt.Errorf("reach database: %w", err), s.Close())
	}
	return s, nil
}

// openPostgres makes a pool of connections without JIT: it takes longer to compile a query than any of ours to run.
func openPostgres(databaseURL string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	return stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET jit = off")
		return err
	})), nil
}

// DB returns the handle bound to ctx; inside Tx it is the transaction.
func (s *Store) DB(ctx context.Context) *gorm.DB { return s.db.WithContext(ctx) }

// LimitConnections lets at most so many be open at a time; who needs one more waits.
func (s *Store) LimitConnections(most int) error {
	pool, err := s.SQL()
	if err == nil {
		pool.SetMaxOpenConns(most)
		pool.SetMaxIdleConns(min(most, idleConnections))
	}
	return err
}

// ServerConnections tells how many connections PostgreSQL grants to all its users together.
func (s *Store) ServerConnections(ctx context.Context) (n int, err error) {
	err = s.DB(ctx).Raw("SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int").Scan(&n).Error
	return n, err
}

// SQL is the connection pool beneath.
func (s *Store) SQL() (*sql.DB, error) { return s.db.DB() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	conn, err := s.SQL()
	if err != nil {
		return err
	}
	return conn.PingContext(ctx)
}

// Postgres tells which database it is, for the few queries that differ.
func (s *Store) Postgres() bool { return s.dialect == goose.DialectPostgres }

// Close closes the pool.
func (s *Store) Close() error {
	conn, err := s.SQL()
	if err != nil {
		return err
	}
	return conn.Close()
}
