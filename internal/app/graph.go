package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"

	"lectern/controllers"
	"lectern/frontend"
	"lectern/internal/config"
	"lectern/internal/diskspace"
	"lectern/services"
	"lectern/ws"
)

// graph is the services while they are made: each step takes what those before it have put here.
type graph struct {
	*App
	options
	secrets [][]byte // the first signs, all are believed
	clock   services.Clock
	audit   *services.Audit
	entries *services.Entries
	deps    controllers.Deps
}

// build makes the services and the routes over them.
func (a *App) build(secrets [][]byte, o options) (http.Handler, error) {
	g := &graph{App: a, options: o, secrets: secrets, clock: services.SystemClock{}}
	g.audit = services.NewAudit(a.store, g.clock, a.log)
	for _, step := range []func() error{g.makeSockets, g.makeAuth, g.makeFiles, g.makeEntries, g.makeMeetings, g.makeCalls} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	g.makeChannels()
	g.makeAccounts()
	g.makeChanges()
	a.jobs = g.background()
	a.metrics.sockets(a.hub)
	a.metrics.lessons(a.meetings, a.calls, g.deps.Playback)
	g.serveWith()
	return controllers.Router(g.deps), nil
}

func (g *graph) makeSockets() error {
	public, err := url.Parse(g.cfg.PublicURL)
	if err != nil {
		return fmt.Errorf("public_url: %w", err)
	}
	g.hub = ws.New(ws.Config{Logger: g.logOf("sockets"), Origins: []string{public.Host}, RateLimits: g.cfg.RateLimits,
		OnPresence: func(userID string) {
			g.deps.Presence.Changed(context.Background(), userID)
			g.calls.DevicesChanged(userID)
		}})
	g.deps.Hub = g.hub
	g.deps.Presence = services.NewPresence(services.PresenceOptions{Store: g.store, Publisher: g.hub, Clock: g.clock, Log: g.log,
		InCall:    func(userID string) bool { return g.calls.Busy(userID) },
		InMeeting: func(userID string) bool { return g.meetings.Busy(userID) }})
	return nil
}

func (g *graph) makeAuth() (err error) {
	tokens := services.NewTokens(g.secrets[0], g.clock, g.secrets[1:]...)
	g.deps.Auth, err = services.NewAuth(g.store, tokens, services.AuthOptions{
		Passwords: g.passwords, SignUp: g.cfg.SignUp, Domains: g.cfg.SignUpDomains, PublicURL: g.cfg.PublicURL, Throttle: g.cfg.RateLimits,
		Mailer: g.mail, Sockets: g.hub, Audit: g.audit, Log: g.log}, g.clock)
	return err
}

func (g *graph) makeFiles() error {
	disk, err := services.NewDisk(filepath.Join(g.cfg.DataDir, "files"))
	if err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	g.deps.Files, err = services.NewFiles(g.store, disk, g.clock, services.FilesOptions{
		Incoming:   filepath.Join(g.cfg.DataDir, "incoming"),
		MaxBytes:   g.cfg.UploadMaxBytes,
		QuotaBytes: g.cfg.UploadQuotaBytes,
		Secret:     g.secrets[0],
		Older:      g.secrets[1:],
		Audit:      g.audit,
		Publisher:  g.hub,
		Log:        g.logOf("jobs"),
	})
	if err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	if g.deps.Uploads, err = services.NewUploads(g.deps.Files, filepath.Join(g.cfg.DataDir, "uploads")); err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	g.deps.Search = services.NewSearch(g.store, g.hub, g.deps.Files)
	return nil
}

// makeEntries makes what people write, and how others hear of it.
func (g *graph) makeEntries() (err error) {
	d := &g.deps
	if d.Pushes, err = g.openPush(g.clock); err != nil {
		return fmt.Errorf("push_key: %w", err)
	}
	d.Notifications = services.NewNotifications(g.store, g.hub, d.Pushes, g.clock)
	d.Preferences = services.NewPreferences(g.store, g.hub, d.Presence, g.clock)
	g.entries = services.NewEntries(g.store, g.hub, d.Files, d.Notifications, g.clock)
	d.Posts = services.NewPosts(g.entries)
	d.Lessons = services.NewMeetingPosts(g.entries)
	d.Scheduled = services.NewScheduled(d.Posts)
	d.Comments = services.NewComments(g.entries)
	d.Conversations = services.NewConversations(g.entries)
	d.Messages = services.NewMessages(d.Conversations)
	d.Reactions = services.NewReactions(g.entries, d.Messages)
	d.Reads = services.NewReads(g.store, g.hub, d.Notifications)
	return nil
}

func (g *graph) makeMeetings() (err error) {
	d := &g.deps
	d.Clock = services.NewServerClock(g.clock)
	d.Playback = services.NewPlayback(services.PlaybackOptions{Store: g.store, Files: d.Files, Comments: d.Comments, Publisher: g.hub,
		Clock: g.clock, Time: d.Clock, Log: g.logOf("playback"), Followed: g.metrics.playerSaid})
	d.Polls = services.NewPolls(services.PollsOptions{Store: g.store, Publisher: g.hub, Comments: d.Comments, Clock: g.clock, Log: g.log})
	if err := g.openSFU(); err != nil {
		return err
	}
	if d.ICE, err = g.openICE(g.secrets[0], g.sfu.UDPPort()); err != nil {
		return err
	}
	err = g.openMeetings()
	d.Meetings = g.meetings
	return err
}

func (g *graph) makeCalls() error {
	err := g.openCalls()
	g.deps.Calls = g.calls
	return err
}

func (g *graph) makeChannels() {
	d := &g.deps
	d.Channels = services.NewChannels(g.store, g.hub, g.meetings, g.audit,
		services.ChannelLimits{Members: g.cfg.ChannelMaxMembers, PerMaker: g.cfg.UserMaxChannels}, g.clock)
	d.Members = services.NewMembers(g.store, g.hub, d.Channels, g.meetings, d.Notifications, g.audit, g.clock)
	d.Invites = services.NewInvites(g.store, d.Members, g.audit, g.cfg.PublicURL, g.clock)
	g.meetings.Enrol = d.Members.Enrol
}

func (g *graph) makeAccounts() {
	d := &g.deps
	d.Accounts = services.NewAccounts(d.Auth, d.Members, d.Files, g.hub)
	d.Users = services.NewUsers(g.store, g.hub, d.Files, g.meetings, g.clock)
	d.Admin = services.NewAdmin(services.AdminOptions{Store: g.store, Publisher: g.hub, Sockets: g.hub, Files: d.Files, Audit: g.audit,
		Clock: g.clock, Version: g.version, Open: g.hub.Sockets, InProgress: g.meetings.InProgress, Warnings: g.warnings(), Disk: g.disk})
}

// makeChanges makes the log from which clients catch up.
func (g *graph) makeChanges() {
	d := &g.deps
	d.Changes = services.NewChanges(g.store, g.clock, g.log)
	d.Changes.Register(g.entries.Replays()...)
	d.Changes.Register(d.Channels.Replays()...)
	d.Changes.Register(d.Members.Replays()...)
	d.Changes.Register(d.Messages.Replays()...)
	d.Changes.Register(d.Notifications.Replays()...)
	d.Changes.Register(d.Preferences.Replays()...)
}

// background is what runs beside the requests.
func (g *graph) background() []services.Job {
	d := &g.deps
	retention := services.NewRetention(g.entries, services.RetentionOptions{Files: g.cfg.RetentionFiles, Messages: g.cfg.RetentionMessages,
		Audit: g.cfg.RetentionAudit, Clock: g.clock, Log: g.log})
	return []services.Job{
		{Name: "unused_files", Run: d.Files.Run},
		{Name: "expired_uploads", Run: d.Uploads.Run},
		{Name: "search_index", Run: d.Search.Run},
		{Name: "push", Run: d.Pushes.Run},
		{Name: "announcements", Run: d.Notifications.RunAnnouncements},
		{Name: "old_notifications", Run: d.Notifications.Run},
		{Name: "do_not_disturb", Run: d.Preferences.Run},
		{Name: "scheduled_posts", Run: d.Scheduled.Run},
		{Name: "old_changes", Run: d.Changes.Run},
		{Name: "storage_watch", Run: services.NewStorageWatch(g.disk, g.audit, g.log).Run},
		{Name: "retention", Run: retention.Run},
	}
}

// serveWith adds what the routes need beside the services.
func (g *graph) serveWith() {
	d := &g.deps
	d.Log, d.Tracer, d.Metrics = g.logOf("http"), g.tracer, g.metrics.Registry
	d.Version, d.PublicURL = g.version, g.cfg.PublicURL
	d.Ready = g.ready
	d.Web = frontend.Dist()
	d.Limits = limits(g.cfg, g.clock)
	d.MetricsReaders = controllers.MetricsReaders(g.cfg.Metrics)
	d.EmbedOrigins, d.TrustedProxies = g.cfg.EmbedOrigins, g.cfg.TrustedProxies
}

// warnings are the codes of what the settings should make an administrator think of.
func (a *App) warnings() []string {
	var codes []string
	for _, w := range a.cfg.Warnings() {
		codes = append(codes, w.Code)
	}
	return codes
}

// disk is the space of the data folder.
func (a *App) disk() (services.Space, error) {
	space, err := diskspace.Of(a.cfg.DataDir)
	return services.Space(space), err
}

// limits are the configured rates.
func limits(cfg config.Config, clock services.Clock) controllers.Limits {
	if !cfg.RateLimits {
		return controllers.Limits{}
	}
	of := func(r config.Rate) *services.RateLimit { return services.NewRateLimit(r.PerSecond, r.Burst, clock) }
	return controllers.Limits{
		Credentials: of(cfg.Rates.Credentials),
		Letters:     of(cfg.Rates.Letters),
		Refresh:     of(cfg.Rates.Refresh),
		Reads:       of(cfg.Rates.Reads),
		Mutations:   of(cfg.Rates.Mutations),
		Uploads:     of(cfg.Rates.Uploads),
		Searches:    of(cfg.Rates.Searches),
		Invites:     of(cfg.Rates.Invites),
		Sockets:     of(cfg.Rates.Sockets),
		Commands:    of(cfg.Rates.Commands),
		Joins:       of(cfg.Rates.Joins),
	}
}
