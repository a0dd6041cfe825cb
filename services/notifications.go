package services

import (
	"context"
	"fmt"

	"lectern/internal/wire"
	"lectern/models"
)

// maxReadAtOnce is how many notifications one request may mark by their ids.
const maxReadAtOnce = 100

// Notifications are what people are told: listed under the bell, sent to their windows, pushed to their devices.
type Notifications struct {
	store *models.Store
	pub   Publisher
	clock Clock
}

// NewNotifications prepares it.
func NewNotifications(store *models.Store, pub Publisher, clock Clock) *Notifications {
	return &Notifications{store: store, pub: pub, clock: clock}
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
	unread, err := s.store.CountUnreadNotifications(ctx, actor.UserID)
	return &wire.Notifications{Items: items, NextCursor: next, UnreadCount: unread}, err
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
	unread, err := tx.CountUnreadNotifications(ctx, userID)
	if err != nil {
		return nil, err
	}
	event := wire.NotificationsRead{IDs: ids, UpTo: upTo, UnreadCount: unread}
	if upTo != "" {
		event.IDs = []string{}
	}
	return func() { s.pub.Publish(UserTopic(userID), wire.EventNotificationsRead, event) }, nil
}
