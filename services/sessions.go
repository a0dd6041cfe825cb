package services

import (
	"context"
	"errors"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// maxSessions bounds the list; whoever has more can end all others at once.
const maxSessions = 100

// Sessions lists the devices on which one is signed in, the last used first.
func (a *Auth) Sessions(ctx context.Context, actor Actor) (*wire.List[wire.DeviceSession], error) {
	rows, err := a.store.LiveSessions(ctx, actor.UserID, a.now(), maxSessions)
	if err != nil {
		return nil, err
	}
	list := &wire.List[wire.DeviceSession]{Items: make([]wire.DeviceSession, len(rows))}
	for i, row := range rows {
		list.Items[i] = wire.DeviceSession{ID: row.ID, Device: deviceOf(row.UserAgent), IP: row.IP, CreatedAt: wire.At(row.CreatedAt),
			LastUsedAt: wire.At(row.LastUsedAt), Current: row.ID == actor.SessionID}
	}
	return list, nil
}

// EndSession signs one of one's own devices out; ending it twice is no mistake.
func (a *Auth) EndSession(ctx context.Context, actor Actor, id string) error {
	row, err := a.store.Session(ctx, id)
	if errors.Is(err, models.ErrNotFound) || (err == nil && row.UserID != actor.UserID) {
		return NotFound("session")
	}
	if err != nil {
		return err
	}
	if err := a.end(ctx, row.UserID, row.ID); err != nil {
		return err
	}
	a.opts.Audit.Record(ctx, actor, AuditSessionEnded, AuditTarget{Kind: "session", ID: id}, nil)
	return nil
}

// EndOtherSessions signs all other devices out.
func (a *Auth) EndOtherSessions(ctx context.Context, actor Actor) error {
	if err := a.endAll(ctx, actor.UserID, actor.SessionID); err != nil {
		return err
	}
	a.opts.Audit.Record(ctx, actor, AuditSessionEnded, AuditTarget{Kind: "user", ID: actor.UserID}, nil)
	return nil
}

// end ends a session and closes its sockets.
func (a *Auth) end(ctx context.Context, userID, sessionID string) error {
	if err := a.store.EndSession(ctx, sessionID, a.now()); err != nil {
		return err
	}
	a.opts.Sockets.Disconnect(userID, sessionID)
	return nil
}

// endAll ends a user's sessions but the one to keep, which may be empty.
func (a *Auth) endAll(ctx context.Context, userID, keep string) error {
	ended, err := a.store.EndSessions(ctx, userID, keep, a.now())
	for _, id := range ended {
		a.opts.Sockets.Disconnect(userID, id)
	}
	return err
}

// deviceOf reads the two words people know from a User-Agent. Browsers name those that they pretend to be, so the order counts.
func deviceOf(agent string) wire.Device {
	return wire.Device{
		Browser: firstOf(agent, "Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox", "Firefox", "FxiOS", "Firefox",
			"CriOS", "Chrome", "Chrom", "Chrome", "Safari", "Safari"),
		System: firstOf(agent, "iPhone", "iOS", "iPad", "iPadOS", "Android", "Android", "CrOS", "ChromeOS", "Windows", "Windows",
			"Macintosh", "macOS", "Linux", "Linux"),
	}
}

// firstOf takes pairs of a mark and its word, and gives the word of the first mark found.
func firstOf(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}
