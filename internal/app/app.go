// Package app builds the graph of Lectern's parts and runs it.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"lectern/internal/config"
	"lectern/internal/logs"
	"lectern/internal/mail"
	"lectern/internal/relay"
	"lectern/internal/tracing"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
	"lectern/sfu"
	"lectern/ws"
)

// Shutdown takes at most this long, and clients come back after a random part of restartRetry.
const (
	shutdownTime = 8 * time.Second
	restartRetry = 3 * time.Second
)

// App is the whole program, listening but not yet serving.
type App struct {
	cfg      config.Config
	log      *slog.Logger
	unlock   func() error // lets go of the data folder
	listener net.Listener
	secured  *tls.Config // nil: plain HTTP
	plain    *plainHTTP  // leads to HTTPS; nil: none
	server   *http.Server
	store    *models.Store
	mail     *mail.Mailer
	hub      *ws.Hub
	sfu      *sfu.Server
	relay    *relay.Server // nil: none, or elsewhere
	meetings *services.Meetings
	calls    *services.Calls
	jobs     []services.Job // run in the background from the start to the end
	metrics  *metrics
	tracer   *tracing.Tracer
}

// Option changes what New builds.
type Option func(*options)

type options struct {
	passwords argon2id.Params
	version   string
	authority *http.Client
}

// WithAuthorityClient reaches the ACME authority by a client that trusts it, for tests.
func WithAuthorityClient(c *http.Client) Option { return func(o *options) { o.authority = c } }

// WithVersion names the program's version to administrators.
func WithVersion(version string) Option { return func(o *options) { o.version = version } }

// WithPasswordParams makes password hashes cheaper, for tests.
func WithPasswordParams(p argon2id.Params) Option { return func(o *options) { o.passwords = p } }

// New takes the port, opens the database and builds everything. Its errors are for the person who starts the program.
func New(ctx context.Context, cfg config.Config, log *slog.Logger, opts ...Option) (_ *App, err error) {
	o := options{passwords: services.DefaultPasswordParams, version: "dev"}
	for _, opt := range opts {
		opt(&o)
	}
	a := &App{cfg: cfg, log: log, metrics: newMetrics(o.version)}
	defer func() {
		if err != nil {
			a.release()
		}
	}()
	if a.unlock, err = models.LockDataDir(cfg.DataDir); err != nil {
		return nil, err
	}
	if a.listener, err = net.Listen("tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if a.cfg.PublicURL == "" {
		a.cfg.PublicURL = a.localURL()
	}
	if err = a.openTLS(o.authority); err != nil {
		return nil, err
	}
	secrets, err := tokenSecrets(cfg)
	if err != nil {
		return nil, fmt.Errorf("jwt_secret: %w", err)
	}
	if a.store, err = models.Open(ctx, cfg.DatabaseURL, cfg.DataDir, a.logOf("database")); err != nil {
		return nil, err
	}
	if err = a.store.LimitConnections(cfg.Connections); err != nil {
		return nil, err
	}
	a.tracer, err = tracing.Open(ctx, tracing.Config{URL: cfg.Tracing.URL, Ratio: cfg.Tracing.Ratio, Version: o.version, Log: log})
	if err != nil {
		return nil, fmt.Errorf("traces_url: %w", err)
	}
	if err = errors.Join(a.store.Watch(a.watched()), a.metrics.storage(a.store, cfg)); err != nil {
		return nil, err
	}
	if a.mail, err = mail.New(mail.SMTP(cfg.SMTP), nil, a.logOf("mail")); err != nil {
		return nil, fmt.Errorf("smtp_host: %w", err)
	}
	handler, err := a.build(secrets, o)
	if err != nil {
		return nil, err
	}
	a.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(a.logOf("http").Handler(), slog.LevelDebug),
	}
	return a, nil
}

// Addr is the address taken, as host:port.
func (a *App) Addr() string { return a.listener.Addr().String() }

// localURL is where it answers on this machine.
func (a *App) localURL() string {
	at := config.LocalURL(a.Addr())
	if a.cfg.TLS.On() {
		at = strings.Replace(at, "http://", "https://", 1)
	}
	return at
}

// PublicURL is the address that people open.
func (a *App) PublicURL() string { return a.cfg.PublicURL }

// Run serves until ctx ends, then stops in order: no more connections, sockets told to return, requests drained, database
// closed. It returns nil after a clean stop.
func (a *App) Run(ctx context.Context) error {
	defer a.release()
	var background sync.WaitGroup
	defer background.Wait()
	jobs, endJobs := context.WithCancel(ctx)
	defer endJobs()
	for _, job := range a.jobs {
		background.Go(func() { job.Run(jobs, a.did(job.Name)) })
	}
	served := make(chan error, 1)
	go func() { served <- a.serve() }()
	a.log.Info("listening on " + a.localURL())
	for _, w := range a.cfg.Warnings() {
		a.log.Warn(w.Sentence)
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.log.Info("stopping")
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	drained := make(chan error, 1)
	go func() { drained <- a.server.Shutdown(deadline) }()
	a.plain.close(deadline)
	a.hub.Broadcast(wire.EventServerRestarting, wire.ServerRestarting{RetryMS: int(restartRetry.Milliseconds())})
	err := a.hub.Close(deadline)
	a.meetings.Close(deadline)
	a.calls.Close()
	if slow := <-drained; slow != nil {
		a.log.Warn("some requests were cut off", "error", slow)
		err = errors.Join(err, a.server.Close())
	}
	<-served
	err = errors.Join(err, a.mail.Close(deadline))
	if lost := a.tracer.Close(deadline); lost != nil {
		a.log.Warn("the last traces were not sent", "error", lost)
	}
	a.log.Info("stopped")
	return err
}

// did counts the turns of a job and logs what went wrong.
func (a *App) did(job string) services.Did {
	return func(took time.Duration, err error) {
		a.metrics.did(job, took, err)
		if err != nil {
			a.logOf("jobs").Error("a job failed; it will be tried again", "job", job, "error", err)
		}
	}
}

// logOf is the log of a part of the program, one of config.Components.
func (a *App) logOf(component string) *slog.Logger { return logs.Of(a.log, component) }

// release closes what New opened; the listener may be closed already.
func (a *App) release() {
	if a.listener != nil {
		_ = a.listener.Close()
	}
	if a.mail != nil {
		_ = a.mail.Close(context.Background()) // again; nothing waits any more
	}
	if a.sfu != nil {
		if err := a.sfu.Close(); err != nil {
			a.log.Error("close sfu", "error", err)
		}
	}
	if a.relay != nil {
		if err := a.relay.Close(); err != nil {
			a.log.Error("close relay", "error", err)
		}
	}
	if a.store != nil {
		if err := a.store.Close(); err != nil {
			a.log.Error("close database", "error", err)
		}
	}
	a.plain.close(context.Background())
	if a.unlock != nil {
		_ = a.unlock()
	}
}
