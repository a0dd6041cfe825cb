package services

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Changes are kept so long, and deleted in batches so often. Who was away for longer, or has missed more than maxCatchUp,
// asks for the things themselves.
const (
	changesKept    = 30 * 24 * time.Hour
	dropEvery      = time.Hour
	dropBatch      = 1000
	maxCatchUp     = 1000
	ChangesPerPage = 200 // when not asked otherwise
	MaxChanges     = 500 // at most
)

// record keeps a durable event in the log of its scope (a ChannelTopic, ConversationTopic or UserTopic), inside the transaction
// of what changed, and returns its number for Publisher.PublishChange after the commit. See models.Store.Record for why nothing
// is written after it, and channels come before conversations before users. The id is whatever the Replay of that kind understands.
func record(ctx context.Context, tx *models.Store, scope, event, kind, id string) (seq int64, err error) {
	return tx.Record(ctx, models.Change{Scope: scope, Type: event, EntityKind: kind, EntityID: id, At: stamp(SystemClock{})})
}

// Replay tells how changes of one kind of entity are told again: as the entity is now.
type Replay struct {
	Kind string // as record was told
	// Created and Updated name the events: Created when the entity came into being among the changes asked for.
	Created, Updated string
	// Load tells of some entities of a scope as the actor sees them now, by id. What is missing in the answer is left out.
	Load func(ctx context.Context, actor Actor, scope string, ids []string) (map[string]Told, error)
}

// Told is an event's data. Event is set for an entity that is gone, otherwise it is the Replay's Created or Updated.
type Told struct {
	Event string
	Data  any
}

// told gathers what Replay.Load answers: the things that were found, by key, and for the other keys what gone says, if it is
// not nil.
func told[T any](keys []string, things []T, key func(T) string, gone func(key string) Told) map[string]Told {
	all := make(map[string]Told, len(keys))
	for _, thing := range things {
		all[key(thing)] = Told{Data: thing}
	}
	for _, k := range keys {
		if _, found := all[k]; !found && gone != nil {
			all[k] = gone(k)
		}
	}
	return all
}

// Changes answer what happened in a scope since a client last knew it.
type Changes struct {
	store   *models.Store
	clock   Clock
	log     *slog.Logger
	replays map[string]Replay
}

// NewChanges prepares it; each noun adds its own kinds with Register.
func NewChanges(store *models.Store, clock Clock, log *slog.Logger) *Changes {
	return &Changes{store: store, clock: clock, log: log, replays: map[string]Replay{}}
}

// Register adds kinds of entities, before the first request.
func (s *Changes) Register(replays ...Replay) {
	for _, r := range replays {
		s.replays[r.Kind] = r
	}
}

// Heads gives the newest number of each scope that the actor may follow.
func (s *Changes) Heads(ctx context.Context, actor Actor) (*wire.Heads, error) {
	heads, err := s.store.Heads(ctx, actor.UserID)
	return &wire.Heads{Heads: heads}, err
}

// List tells what happened in a scope after a number, with things as they are now.
func (s *Changes) List(ctx context.Context, actor Actor, scope string, after int64, limit int) (*wire.Changes, error) {
	if err := s.authorize(ctx, actor, scope); err != nil {
		return nil, err
	}
	heads, err := s.store.Seqs(ctx, scope)
	if err != nil {
		return nil, err
	}
	head, reset := heads[scope], &wire.Changes{Items: []wire.Change{}, Seq: heads[scope], Reset: true}
	if after > head || head-after > maxCatchUp { // after a restored backup a number can be too high
		return reset, nil
	}
	rows, err := s.store.Changes(ctx, scope, after, limit)
	if err != nil {
		return nil, err
	}
	if after < head && (len(rows) == 0 || rows[0].Seq != after+1) { // dropped since
		return reset, nil
	}
	items, err := s.replay(ctx, actor, scope, rows)
	if err != nil {
		return nil, err
	}
	answer := &wire.Changes{Items: items, Seq: after}
	if len(rows) > 0 {
		answer.Seq = rows[len(rows)-1].Seq
	}
	answer.More = answer.Seq < head
	return answer, nil
}

// authorize lets those pass who may follow a scope.
func (s *Changes) authorize(ctx context.Context, actor Actor, scope string) error {
	kind, id, _ := strings.Cut(scope, ":")
	id, ok := models.ParseID(id)
	switch {
	case !ok || scope != kind+":"+id || !slices.Contains([]string{"channel", "conversation", "user"}, kind):
		return Invalid("scope", "It must be channel:, conversation: or user: and an id.")
	case kind == "user" && id == actor.UserID:
		return nil
	case kind == "channel":
		_, err := Authorize(ctx, s.store, actor, id, ActionRead)
		return hide(err, "scope")
	case kind == "conversation":
		_, err := s.store.ConversationMember(ctx, id, actor.UserID)
		if !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	return NotFound("scope")
}

// replay tells the rows again, each entity once, in the place of its last change.
func (s *Changes) replay(ctx context.Context, actor Actor, scope string, rows []models.Change) ([]wire.Change, error) {
	type entity struct{ kind, id string }
	first, last, ids := map[entity]models.Change{}, map[entity]int64{}, map[string][]string{}
	for _, row := range rows {
		e := entity{row.EntityKind, row.EntityID}
		if _, seen := first[e]; !seen {
			first[e] = row
			ids[e.kind] = append(ids[e.kind], e.id)
		}
		last[e] = row.Seq
	}
	present := map[string]map[string]Told{}
	for kind, some := range ids {
		r, known := s.replays[kind]
		if !known {
			continue // of a later version of Lectern
		}
		found, err := r.Load(ctx, actor, scope, some)
		if err != nil {
			return nil, err
		}
		present[kind] = found
	}
	items := []wire.Change{}
	for _, row := range rows {
		e := entity{row.EntityKind, row.EntityID}
		r, known := s.replays[e.kind]
		if !known || last[e] != row.Seq {
			continue
		}
		now, listed := present[e.kind][e.id]
		switch {
		case !listed:
			continue
		case now.Event != "":
		case first[e].Type == r.Created:
			now.Event = r.Created
		default:
			now.Event = r.Updated
		}
		items = append(items, wire.Change{Seq: row.Seq, Type: now.Event, Data: now.Data, At: wire.At(row.At)})
	}
	return items, nil
}

// Run drops old changes until ctx ends.
func (s *Changes) Run(ctx context.Context, did Did) {
	every(ctx, dropEvery, did, func(ctx context.Context) error {
		n, err := s.Drop(ctx)
		if n > 0 {
			s.log.Info("old changes deleted", "changes", n)
		}
		return err
	})
}

// Drop deletes the changes that are older than is kept, and tells how many.
func (s *Changes) Drop(ctx context.Context) (dropped int64, err error) {
	before := stamp(s.clock).Add(-changesKept)
	for {
		n, err := s.store.DropChanges(ctx, before, dropBatch)
		dropped += n
		if err != nil || n < dropBatch {
			return dropped, err
		}
	}
}
