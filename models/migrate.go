package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"lectern/migrations"
)

// Schema tells which migrations a database has: Current is the newest of them, Newest the newest that this program knows.
type Schema struct {
	Current int64
	Newest  int64
	Pending []string // file names, in order
}

// NewerSchemaError: a newer program has migrated the database; this one would not understand what it finds.
type NewerSchemaError struct{ Schema Schema }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("a newer Lectern has worked with this database (its schema is %d, this program knows %d): install that version again, or restore a backup",
		e.Schema.Current, e.Schema.Newest)
}

// Migrate brings the schema up to date. Programs that start at once wait for each other. It never goes backwards: of a schema
// that is newer than this program it answers a NewerSchemaError.
func (s *Store) Migrate(ctx context.Context, log *slog.Logger) error { return s.MigrateTo(ctx, 0, log) }

// MigrateTo is Migrate up to a version; 0 means the newest.
func (s *Store) MigrateTo(ctx context.Context, version int64, log *slog.Logger) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	schema, err := schemaOf(ctx, provider)
	if err != nil {
		return err
	}
	if schema.Current > schema.Newest {
		return &NewerSchemaError{schema}
	}
	if version == 0 {
		version = schema.Newest
	}
	results, err := provider.UpTo(ctx, version)
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	for _, r := range results {
		log.Info("database migrated", "migration", filepath.Base(r.Source.Path), "took", r.Duration)
	}
	return nil
}

// Check reads through the file of SQLite, and tells what is wrong with it. PostgreSQL looks after itself.
func (s *Store) Check(ctx context.Context) error {
	if s.Postgres() {
		return nil
	}
	var verdict string
	if err := s.DB(ctx).Raw("PRAGMA quick_check(1)").Scan(&verdict).Error; err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New(verdict)
	}
	return nil
}

// Schema tells how far the database is.
func (s *Store) Schema(ctx context.Context) (Schema, error) {
	provider, err := s.provider()
	if err != nil {
		return Schema{}, err
	}
	return schemaOf(ctx, provider)
}

func schemaOf(ctx context.Context, provider *goose.Provider) (schema Schema, err error) {
	if schema.Current, schema.Newest, err = provider.GetVersions(ctx); err != nil {
		return schema, fmt.Errorf("read the schema's version: %w", err)
	}
	for _, source := range provider.ListSources() {
		if source.Version > schema.Current {
			schema.Pending = append(schema.Pending, filepath.Base(source.Path))
		}
	}
	return schema, nil
}

func (s *Store) provider() (*goose.Provider, error) {
	folder, opts := "sqlite", []goose.ProviderOption(nil)
	if s.Postgres() {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		folder, opts = "postgres", append(opts, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations.FS, folder)
	if err != nil {
		return nil, err
	}
	conn, err := s.SQL()
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(s.dialect, conn, files, opts...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}
