// Package testenv runs Lectern for tests: the whole app on a free port with its own data folder, clients that speak to
// it, and databases of both kinds.
package testenv

import (
	"context"
	"io"
	"log/slog"
	"os"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"lectern/internal/app"
	"lectern/internal/config"
	"lectern/models"
)

// CheapPasswords makes hashing fast where its strength is not the subject.
var CheapPasswords = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// EachDatabase runs a test on SQLite and on PostgreSQL, each time with an empty, migrated database.
func EachDatabase(t *testing.T, test func(t *testing.T, store *models.Store)) {
	t.Helper()
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		t.Run(kind, func(t *testing.T) {
			at, dir := "", t.TempDir()
			if kind == "PostgreSQL" {
				at = MigratedPostgres(t)
			} else {
				putMigrated(t, dir)
			}
			store, err := models.Open(t.Context(), at, dir, Log(t))
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, store.Close()) })
			test(t, store)
		})
	}
}

// Log is quiet unless LECTERN_TEST_LOG is set.
func Log(t testing.TB) *slog.Logger {
	var out io.Writer = io.Discard
	if os.Getenv("LECTERN_TEST_LOG") != "" {
		out = t.Output()
	}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Env is a running Lectern.
type Env struct {
	URL    string // http://127.0.0.1:port
	App    *app.App
	Config config.Config
	t      testing.TB
	stop   func()
}

// Option changes the configuration that Start uses.
type Option func(*config.Config)

// Start runs the whole app until the test ends: SQLite in a temporary folder, free ports on 127.0.0.1, no relay, no rate limits.
func Start(t testing.TB, opts ...Option) *Env {
	t.Helper()
	cfg := config.Default()
	cfg.Listen = "127.0.0.1:0"
	cfg.DataDir = t.TempDir()
	cfg.ICEUDPPort, cfg.ICETCPPort, cfg.TURNPort = 0, 0, -1
	cfg.RateLimits = false
	for _, opt := range opts {
		opt(&cfg)
	}
	if cfg.DatabaseURL == "" {
		putMigrated(t, cfg.DataDir)
	}
	e := &Env{Config: cfg, t: t}
	e.start()
	t.Cleanup(func() { e.stop() })
	return e
}

func (e *Env) start() {
	e.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, e.Config, Log(e.t), app.WithPasswordParams(CheapPasswords))
	if err != nil {
		cancel()
		require.NoError(e.t, err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- a.Run(ctx) }()
	e.App, e.URL = a, "http://"+a.Addr()
	e.stop = func() {
		cancel()
		require.NoError(e.t, <-stopped)
	}
}

// Restart stops the program as an operator does and starts it again, on another port if Listen asks for any. The clients
// named follow.
func (e *Env) Restart(clients ...*Client) {
	e.t.Helper()
	e.stop()
	e.start()
	for _, c := range clients {
		c.URL = e.URL
	}
}
