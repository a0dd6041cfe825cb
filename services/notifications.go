package services

import (
	"context"
	"fmt"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Limits of notifications: how many one request may mark by their ids, and of how many the log of changes tells one by one
// whether they are read; and for how long they are kept, looked at so often and deleted so many at once.
const (
	maxReadAtOnce     = 100
	toldAgain         = 200
	notificationsKept = 90 * 24 * time.Hour
	pruneEvery        = time.Hour
	pruneBatch        = 1000
)

// Notifications are what people are told: listed under the bell, sent to their windows, pushed to their devices.
type Notifications struct {
	store  *models.Store
	pub    Publisher
	pushes *Pushes
	clock  Clock
	diary  diary // of announcements
}

// NewNotifications prepares it.
func NewNotifications(store *models.Store, pub Publisher, pushes *Pushes, clock Clock) *Notifications {
	return &Notifications{store: store, pub: pub, pushes: pushes, clock: clock, diary: newDiary()}
}

var _ Notifier = (*Notifications)(nil)

// List is a page of the actor's notifications, the newest first, with the number of those not read.
func (s *Notifications) List(ctx context.Context, actor Actor, page models.Page) (*wire.Notifications, error) {
	rows, next, err := s.store.Notifications(ctx, actor.UserID, page)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, s.store, rows)
	if err != nil {
		return nil, err
	}
	unread, err := s.store.UnreadNotifications(ctx, actor.UserID)
	return &wire.Notifications{Items: items, NextCursor: next, UnreadCount: unread[actor.UserID]}, err
}

// Read marks some of the actor's notifications, or all up to one.
func (s *Notifications) Read(ctx context.Context, actor Actor, req wire.ReadNotificationsRequest) error {
	v := invalid{}
	ids := make([]string, 0, len(req.IDs))
	for _, text := range req.IDs {
		if id, ok := models.ParseID(text); ok {
			ids = append(ids, id)
		} else {
			v["ids"] = "One of these is not an id."
		}
	}
	upTo, ok := models.ParseID(req.UpTo)
	switch {
	case len(req.IDs) > maxReadAtOnce:
		v["ids"] = fmt.Sprintf("At most %d can be named; use up_to for more.", maxReadAtOnce)
	case len(req.IDs) > 0 && req.UpTo != "", len(req.IDs) == 0 && req.UpTo == "":
		v["ids"] = "Give either ids or up_to."
	case req.UpTo != "" && !ok:
		v["up_to"] = "This is not an id."
	}
	if err := v.err(); err != nil {
		return err
	}
	var tell func()
	err := s.store.Tx(ctx, func(tx *models.Store) (err error) {
		if upTo == "" {
			ids, err = tx.ReadNotifications(ctx, actor.UserID, ids, stamp(s.clock))
		} else {
			ids, err = tx.ReadNotificationsUpTo(ctx, actor.UserID, upTo, stamp(s.clock))
		}
		if err == nil {
			tell, err = s.read(ctx, tx, actor.UserID, ids, upTo)
		}
		return err
	})
	if err == nil {
		tell()
	}
	return err
}

// Seen implements Notifier.
func (s *Notifications) Seen(ctx context.Context, tx *models.Store, userID string, seen models.Seen) (func(), error) {
	ids, err := tx.ReadNotificationsOf(ctx, userID, seen, stamp(s.clock))
	if err != nil {
		return nil, err
	}
	return s.read(ctx, tx, userID, ids, "")
}

// read prepares to tell a user's windows what was marked.
func (s *Notifications) read(ctx context.Context, tx *models.Store, userID string, ids []string, upTo string) (func(), error) {
	if len(ids) == 0 {
		return func() {}, nil
	}
	unread, err := tx.UnreadNotifications(ctx, userID)
	if err != nil {
		return nil, err
	}
	var seq int64
	change := models.Change{Scope: UserTopic(userID), Type: wire.EventNotificationsRead, EntityKind: changedNotifications, EntityID: userID, At: stamp(s.clock)}
	err = tx.RecordLast(ctx, []models.Change{change}, func(seqs map[string]int64) { seq = seqs[change.Scope] })
	event := wire.NotificationsRead{IDs: ids, UpTo: upTo, UnreadCount: unread[userID]}
	if upTo != "" {
		event.IDs = []string{}
	}
	return func() { s.pub.PublishChange(UserTopic(userID), seq, wire.EventNotificationsRead, event) }, err
}

// In the log of changes: one new notification, by its id, and what became of the others of a user, by the user's.
const (
	changedNotification  = "notification"
	changedNotifications = "notifications"
)

// Replays tell of notifications again. Of those marked and gone since nothing is known but what is left.
func (s *Notifications) Replays() []Replay {
	return []Replay{
		{Kind: changedNotification, Created: wire.EventNotificationCreated, Updated: wire.EventNotificationCreated, Load: s.loadNew},
		{Kind: changedNotifications, Created: wire.EventNotificationsRead, Updated: wire.EventNotificationsRead, Load: s.loadRead},
	}
}

func (s *Notifications) loadNew(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
	rows, err := s.store.NotificationsByID(ctx, actor.UserID, ids)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, s.store, rows)
	return told(ids, items, func(n wire.Notification) string { return n.ID }, nil), err
}

func (s *Notifications) loadRead(ctx context.Context, actor Actor, _ string, _ []string) (map[string]Told, error) {
	upTo, ids, err := s.store.ReadMarks(ctx, actor.UserID, toldAgain)
	if err != nil {
		return nil, err
	}
	unread, err := s.store.UnreadNotifications(ctx, actor.UserID)
	return map[string]Told{actor.UserID: {Data: wire.NotificationsRead{IDs: ids, UpTo: upTo, UnreadCount: unread[actor.UserID]}}}, err
}

// Run deletes old notifications until ctx ends.
func (s *Notifications) Run(ctx context.Context, did Did) { every(ctx, pruneEvery, did, s.Prune) }

// Prune deletes the notifications that are older than is kept.
func (s *Notifications) Prune(ctx context.Context) error {
	before := stamp(s.clock).Add(-notificationsKept)
	for {
		n, err := s.store.PruneNotifications(ctx, before, pruneBatch)
		if err != nil || n < pruneBatch {
			return err
		}
	}
}
