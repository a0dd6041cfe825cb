package services

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// How long do-not-disturb may last, and how often one that is over is looked for; how many hints a client may note as seen.
const (
	maxDNDMinutes = 7 * 24 * 60
	endDNDEvery   = 10 * time.Second
	endDNDBatch   = 100
	maxHints      = 32
)

// Preferences are what people have set for themselves.
type Preferences struct {
	store    *models.Store
	pub      Publisher
	presence presenceChanges
	clock    Clock
}

// presenceChanges is what Preferences needs of Presence.
type presenceChanges interface {
	// Changed announces what a user's presence is now.
	Changed(ctx context.Context, userID string)
}

// NewPreferences prepares it.
func NewPreferences(store *models.Store, pub Publisher, presence presenceChanges, clock Clock) *Preferences {
	return &Preferences{store: store, pub: pub, presence: presence, clock: clock}
}

// Get gives the actor's.
func (s *Preferences) Get(ctx context.Context, actor Actor) (*wire.Preferences, error) {
	row, err := preferencesOf(ctx, s.store, actor.UserID)
	if err != nil {
		return nil, err
	}
	return s.wire(row), nil
}

func preferencesOf(ctx context.Context, store *models.Store, userID string) (models.Preferences, error) {
	rows, err := store.Preferences(ctx, userID)
	return rows[userID], err
}

// wire shows them as they hold now.
func (s *Preferences) wire(row models.Preferences) *wire.Preferences {
	shown := &wire.Preferences{ReadReceipts: row.ReadReceipts, Sounds: row.Sounds, Push: row.Push, HintsSeen: strings.Fields(row.HintsSeen)}
	if row.Undisturbed(s.clock.Now()) {
		shown.DND, shown.DNDUntil = true, wire.AtPtr(row.DNDUntil)
	}
	return shown
}

// Update changes the fields present, and tells one's own windows.
func (s *Preferences) Update(ctx context.Context, actor Actor, req wire.UpdatePreferencesRequest) (*wire.Preferences, error) {
	v := invalid{}
	if req.DNDMinutes != nil && (*req.DNDMinutes < 0 || *req.DNDMinutes > maxDNDMinutes) {
		v["dnd_minutes"] = fmt.Sprintf("It must be from 0 (until it is switched off) to %d.", maxDNDMinutes)
	} else if req.DNDMinutes != nil && (req.DND == nil || !*req.DND) {
		v["dnd_minutes"] = "It goes with dnd: true."
	}
	hints := v.hints("hints_seen", req.HintsSeen)
	if err := v.err(); err != nil {
		return nil, err
	}
	return s.change(ctx, actor.UserID, func(row *models.Preferences) {
		set(&row.ReadReceipts, req.ReadReceipts)
		set(&row.Sounds, req.Sounds)
		set(&row.Push, req.Push)
		set(&row.HintsSeen, hints)
		if req.DND == nil {
			return
		}
		row.DND, row.DNDUntil = *req.DND, nil
		if req.DNDMinutes != nil && *req.DNDMinutes > 0 {
			row.DNDUntil = new(stamp(s.clock).Add(time.Duration(*req.DNDMinutes) * time.Minute))
		}
	})
}

var hintWord = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`)

// hints checks the words by which a client knows its hints, and gives them as they are stored: each once, in order.
func (v invalid) hints(field string, words *[]string) *string {
	if words == nil {
		return nil
	}
	seen := slices.Compact(slices.Sorted(slices.Values(*words)))
	switch {
	case len(seen) > maxHints:
		v[field] = fmt.Sprintf("There must be at most %d.", maxHints)
	case slices.ContainsFunc(seen, func(word string) bool { return !hintWord.MatchString(word) }):
		v[field] = "Each must be a word of 1 to 32 characters: a to z, 0 to 9, - and _."
	}
	return new(strings.Join(seen, " "))
}

// change stores what edit makes of a user's preferences, and tells of it if that is something else.
func (s *Preferences) change(ctx context.Context, userID string, edit func(row *models.Preferences)) (*wire.Preferences, error) {
	var before, after models.Preferences
	var seq int64
	err := s.store.Tx(ctx, func(tx *models.Store) (err error) {
		seq = 0
		if err := tx.LockMaker(ctx, userID); err != nil { // one change at a time
			return err
		}
		if before, err = preferencesOf(ctx, tx, userID); err != nil {
			return err
		}
		after = before
		if edit(&after); after == before {
			return nil
		}
		if err := tx.SavePreferences(ctx, after); err != nil {
			return err
		}
		seq, err = record(ctx, tx, UserTopic(userID), wire.EventPreferencesUpdated, kindPreferences, userID)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown := s.wire(after)
	if seq > 0 {
		s.pub.PublishChange(UserTopic(userID), seq, wire.EventPreferencesUpdated, shown)
	}
	if now := s.clock.Now(); before.DND && !after.DND || before.Undisturbed(now) != after.Undisturbed(now) {
		s.presence.Changed(ctx, userID)
	}
	return shown, nil
}

// Run ends do-not-disturb where its time is over, until ctx ends.
func (s *Preferences) Run(ctx context.Context, did Did) { every(ctx, endDNDEvery, did, s.EndDND) }

// EndDND switches it off where its time is over; it counts no more from that time on, but the windows must hear of it.
func (s *Preferences) EndDND(ctx context.Context) error {
	for {
		due, err := s.store.PastDND(ctx, s.clock.Now(), endDNDBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, userID := range due {
			_, err := s.change(ctx, userID, func(row *models.Preferences) {
				if !row.Undisturbed(s.clock.Now()) { // it may be prolonged since
					row.DND, row.DNDUntil = false, nil
				}
			})
			if err != nil {
				return err
			}
		}
	}
}

// kindPreferences is their name in the log of changes; the id is the user's.
const kindPreferences = "preferences"

// Replays tells the log of changes how preferences are told again.
func (s *Preferences) Replays() []Replay {
	return []Replay{{Kind: kindPreferences, Created: wire.EventPreferencesUpdated, Updated: wire.EventPreferencesUpdated,
		Load: func(ctx context.Context, actor Actor, _ string, _ []string) (map[string]Told, error) {
			shown, err := s.Get(ctx, actor)
			return map[string]Told{actor.UserID: {Data: shown}}, err
		}}}
}
