package services

import (
	"context"

	"lectern/internal/wire"
	"lectern/models"
)

// Reads are the marks up to which members have read their channels.
type Reads struct {
	store    *models.Store
	pub      Publisher
	notifier Notifier
}

// NewReads prepares it.
func NewReads(store *models.Store, pub Publisher, notifier Notifier) *Reads {
	return &Reads{store, pub, notifier}
}

// MarkChannel moves the actor's mark up to and including an entry of the channel, never back, and tells the actor's own
// windows. The notifications of what was read by that are read, too.
func (s *Reads) MarkChannel(ctx context.Context, actor Actor, channelID, upTo string) error {
	place, err := Authorize(ctx, s.store, actor, channelID, ActionRead)
	if err != nil {
		return err
	}
	unknown := Invalid("up_to", "There is no such post or comment in this channel.")
	upTo, ok := models.ParseID(upTo)
	if !ok {
		return unknown
	}
	known, err := s.store.IsEntry(ctx, channelID, upTo)
	if err != nil {
		return err
	}
	if !known {
		return unknown
	}
	seen := models.Seen{ChannelID: channelID, UpTo: upTo}
	set(&seen.After, place.LastReadID)
	var seq int64
	var tell func()
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		seq = 0
		moved, err := tx.MarkRead(ctx, channelID, actor.UserID, upTo)
		if err != nil || !moved {
			return err
		}
		if tell, err = s.notifier.Seen(ctx, tx, actor.UserID, seen); err != nil {
			return err
		}
		seq, err = record(ctx, tx, UserTopic(actor.UserID), wire.EventChannelRead, changedRead, channelID)
		return err
	})
	if err != nil || seq == 0 {
		return err
	}
	unread, err := s.store.UnreadCounts(context.WithoutCancel(ctx), actor.UserID)
	if err != nil {
		return err
	}
	s.pub.PublishChange(UserTopic(actor.UserID), seq, wire.EventChannelRead,
		wire.ChannelRead{ChannelID: channelID, LastReadID: upTo, UnreadCount: unread[channelID]})
	tell()
	return nil
}
