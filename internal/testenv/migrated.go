package testenv

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/models"
)

// Migrating an empty database takes longer than most tests, with the race detector above all. So each process does it once
// for each kind of database, and its tests begin with copies.

func init() { models.ForgetOnPowerCut() } // nobody will miss them

// migratedFile is an empty, migrated SQLite database.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "lectern-migrated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate("", dir); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "lectern.db"))
})

func migrate(databaseURL, dir string) error {
	store, err := models.Open(context.Background(), databaseURL, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return store.Close() // with it the last of the log goes into the file
}

// putMigrated gives a data folder that has no database an empty, migrated one.
func putMigrated(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, "lectern.db")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	content, err := migratedFile()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// template names the migrated database of this process's own server; "" where the server is somebody else's, who should not
// find one left behind.
var template = sync.OnceValues(func() (string, error) {
	if os.Getenv(envDatabase) != "" {
		return "", nil
	}
	server, err := shared()
	if err != nil {
		return "", err
	}
	db, err := sql.Open("pgx", server.URL)
	if err != nil {
		return "", err
	}
	defer db.Close()
	const name = "lectern_migrated"
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	at, err := url.Parse(server.URL)
	if err != nil {
		return "", err
	}
	at.Path = "/" + name
	return name, migrate(at.String(), "")
})

// MigratedPostgres is Postgres with the schema, where that can be had faster than by migrating.
func MigratedPostgres(t testing.TB) string {
	t.Helper()
	from, err := template()
	require.NoError(t, err)
	return createDatabase(t, from)
}
