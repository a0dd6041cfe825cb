package services

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// AdminOptions is what Admin needs.
type AdminOptions struct {
	Store      *models.Store
	Publisher  Publisher
	Sockets    Disconnector
	Files      *Files
	Audit      *Audit
	Clock      Clock
	Version    string
	Open       func() int                          // sockets open now
	InProgress func() (meetings, participants int) // meetings now
	Warnings   []string                            // codes, see wire.WarningNoMail
	Disk       func() (Space, error)               // of the data folder
}

// Admin is for the administrators of the installation. Running it opens nobody's classroom: no method shows what is
// written in a channel.
type Admin struct {
	AdminOptions
	started time.Time
}

// NewAdmin prepares it; uptime counts from now.
func NewAdmin(o AdminOptions) *Admin { return &Admin{o, o.Clock.Now()} }

// Users is a page of all accounts, or of those whose name or address contains a text; oldest first.
func (s *Admin) Users(ctx context.Context, actor Actor, text string, page models.Page) (*wire.List[wire.AdminUser], error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	v := invalid{}
	text = v.line("q", text, 0, 254)
	if err := v.err(); err != nil {
		return nil, err
	}
	rows, next, err := s.Store.AllUsers(ctx, strings.ToValidUTF8(text, ""), page)
	if err != nil {
		return nil, err
	}
	items, err := s.users(ctx, rows)
	return &wire.List[wire.AdminUser]{Items: items, NextCursor: next}, err
}

func (s *Admin) users(ctx context.Context, rows []models.User) ([]wire.AdminUser, error) {
	ids := make([]string, len(rows))
	for i, u := range rows {
		ids[i] = u.ID
	}
	seen, err := s.Store.LastSeen(ctx, ids)
	if err != nil {
		return nil, err
	}
	channels, err := s.Store.ChannelCounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	storage, err := s.storageOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]wire.AdminUser, len(rows))
	for i, u := range rows {
		items[i] = wire.AdminUser{User: profile(u, s.Publisher), Email: u.Email, Role: u.Role, DisabledAt: wire.AtPtr(u.DisabledAt),
			Channels: channels[u.ID], Bytes: storage[u.ID], CreatedAt: wire.At(u.CreatedAt)}
		if at, ok := seen[u.ID]; ok {
			items[i].LastSeenAt = wire.AtPtr(&at)
		}
	}
	return items, nil
}

func (s *Admin) storageOf(ctx context.Context, ids []string) (map[string]int64, error) {
	bytes := map[string]int64{}
	if len(ids) == 0 {
		return bytes, nil
	}
	rows, err := s.Store.StorageOf(ctx, len(ids), ids...)
	for _, r := range rows {
		bytes[r.OwnerID] = r.Bytes
	}
	return bytes, err
}

// UpdateUser changes the fields present of another account. Disabling it ends its sessions and closes its windows at once.
// Nobody changes oneself, so that an administrator is always left.
func (s *Admin) UpdateUser(ctx context.Context, actor Actor, id string, req wire.UpdateUserRequest) (*wire.AdminUser, error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	v := invalid{}
	if req.Role != nil {
		v.oneOf("role", *req.Role, models.RoleUser, models.RoleAdmin)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	if actor.UserID == id {
		return nil, &Error{Kind: KindConflict, Message: "You cannot change your own rights. Ask another administrator."}
	}
	var before, after models.User
	err := s.Store.Tx(ctx, func(tx *models.Store) (err error) {
		before, after, err = s.change(ctx, tx, actor, id, req)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.record(ctx, actor, before, after)
	if before.DisabledAt == nil && after.DisabledAt != nil {
		s.Sockets.Disconnect(id, "")
	}
	items, err := s.users(ctx, []models.User{after})
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

// change writes the changes; two administrators who demote each other at once do not both succeed.
func (s *Admin) change(ctx context.Context, tx *models.Store, actor Actor, id string, req wire.UpdateUserRequest) (before, after models.User, err error) {
	mine, err := tx.LockUser(ctx, actor.UserID)
	if err != nil {
		return before, after, err
	}
	if mine.Role != models.RoleAdmin || mine.DisabledAt != nil {
		return before, after, AuthorizeAdmin(Actor{})
	}
	user, err := tx.User(ctx, id)
	if errors.Is(err, models.ErrNotFound) || (err == nil && user.DeletedAt != nil) {
		return before, after, NotFound("user")
	}
	if err != nil {
		return before, after, err
	}
	before, after = *user, *user
	set(&after.Role, req.Role)
	now := stamp(s.Clock)
	if req.Disabled != nil && *req.Disabled != (before.DisabledAt != nil) {
		if after.DisabledAt = nil; *req.Disabled {
			after.DisabledAt = &now
			if _, err := tx.EndSessions(ctx, id, "", now); err != nil {
				return before, after, err
			}
		}
	}
	err = tx.UpdateUser(ctx, id, map[string]any{"role": after.Role, "disabled_at": after.DisabledAt, "updated_at": now})
	return before, after, err
}

func (s *Admin) record(ctx context.Context, actor Actor, before, after models.User) {
	target := AuditTarget{"user", after.ID}
	if before.Role != after.Role {
		s.Audit.Record(ctx, actor, AuditUserRole, target, map[string]any{"from": before.Role, "to": after.Role})
	}
	switch {
	case before.DisabledAt == nil && after.DisabledAt != nil:
		s.Audit.Record(ctx, actor, AuditUserDisabled, target, nil)
	case before.DisabledAt != nil && after.DisabledAt == nil:
		s.Audit.Record(ctx, actor, AuditUserEnabled, target, nil)
	}
}

// Channels is a page of all channels, oldest first.
func (s *Admin) Channels(ctx context.Context, actor Actor, page models.Page) (*wire.List[wire.AdminChannel], error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	rows, next, err := s.Store.AllChannels(ctx, page)
	if err != nil {
		return nil, err
	}
	ids, makers := make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		ids[i], makers[i] = row.ID, row.CreatedBy
	}
	users, err := s.Store.Users(ctx, makers)
	if err != nil {
		return nil, err
	}
	counts, err := s.Store.MemberCounts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	running := map[string]bool{}
	active, err := s.Store.ActiveMeetings(ctx, ids...)
	for _, m := range active {
		running[m.ChannelID] = true
	}
	items := make([]wire.AdminChannel, len(rows))
	for i, row := range rows {
		items[i] = wire.AdminChannel{ID: row.ID, Name: row.Name, CreatedBy: profile(users[row.CreatedBy], s.Publisher),
			MemberCount: counts[row.ID], Meeting: running[row.ID], CreatedAt: wire.At(row.CreatedAt)}
	}
	return &wire.List[wire.AdminChannel]{Items: items, NextCursor: next}, err
}

// Events is a page of the audit log, newest first, of one action and about one user if they are named.
func (s *Admin) Events(ctx context.Context, actor Actor, filter models.AuditFilter, page models.Page) (*wire.List[wire.AuditEvent], error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	v := invalid{}
	filter.Action = v.line("action", filter.Action, 0, 64)
	if id, ok := models.ParseID(filter.UserID); ok {
		filter.UserID = id
	} else if filter.UserID != "" {
		v["user_id"] = "There is no such user."
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	rows, next, err := s.Store.AuditEvents(ctx, filter, page)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, row := range rows {
		if row.ActorID != nil {
			ids = append(ids, *row.ActorID)
		}
		if row.TargetKind == "user" {
			ids = append(ids, row.TargetID)
		}
	}
	users, err := s.Store.Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]wire.AuditEvent, len(rows))
	for i, row := range rows {
		items[i] = wire.AuditEvent{ID: row.ID, At: wire.At(row.At), Action: row.Action, TargetKind: row.TargetKind, TargetID: row.TargetID,
			IP: row.IP, Detail: json.RawMessage(row.Detail)}
		if row.ActorID != nil {
			items[i].Actor = s.known(users, *row.ActorID)
		}
		if row.TargetKind == "user" {
			items[i].Target = s.known(users, row.TargetID)
		}
	}
	return &wire.List[wire.AuditEvent]{Items: items, NextCursor: next}, nil
}

// known is the profile of one of some users, or nil.
func (s *Admin) known(users map[string]models.User, id string) *wire.Profile {
	user, ok := users[id]
	if !ok {
		return nil
	}
	p := profile(user, s.Publisher)
	return &p
}

// topUsers is how many users Storage names.
const topUsers = 10

// Storage tells what uploads take.
func (s *Admin) Storage(ctx context.Context, actor Actor) (*wire.StorageUse, error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	total, err := s.Store.StoredBytes(ctx)
	if err != nil {
		return nil, err
	}
	top, err := s.Store.StorageOf(ctx, topUsers)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(top))
	for i, row := range top {
		ids[i] = row.OwnerID
	}
	users, err := s.Store.Users(ctx, ids)
	use := &wire.StorageUse{Bytes: total.Bytes, Files: total.Files, QuotaBytes: s.Files.Quota(), Users: make([]wire.UserStorage, len(top))}
	for i, row := range top {
		use.Users[i] = wire.UserStorage{User: profile(users[row.OwnerID], s.Publisher), Bytes: row.Bytes, Files: row.Files}
	}
	return use, err
}

// Health is how the program does at this moment.
func (s *Admin) Health(ctx context.Context, actor Actor) (*wire.ServerHealth, error) {
	if err := AuthorizeAdmin(actor); err != nil {
		return nil, err
	}
	storage, err := s.storageWarnings(ctx)
	if err != nil {
		return nil, err
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	health := &wire.ServerHealth{Version: s.Version, UptimeS: int64(s.Clock.Now().Sub(s.started).Seconds()), Database: "sqlite",
		Goroutines: runtime.NumGoroutine(), MemoryBytes: memory.Sys, Sockets: s.Open(),
		Warnings: append(append([]string{}, s.Warnings...), storage...)}
	if s.Store.Postgres() {
		health.Database = "postgresql"
	}
	health.Meetings, health.Participants = s.InProgress()
	return health, nil
}
