package services

import (
	"context"
	"errors"
	"time"

	"lectern/models"
)

// announceBatch members are told in one transaction: what is written in a class of a thousand must not hold up everybody else
// who writes.
const announceBatch = 100

// Announce implements Notifier.
func (s *Notifications) Announce(ctx context.Context, tx *models.Store, a models.Announcement) (func(), error) {
	a.ID, a.CreatedAt, a.Told = models.NewID(), stamp(s.clock), append(a.Told, a.ActorID)
	waits, err := tx.Announce(ctx, &a)
	if err != nil || !waits {
		return func() {}, err
	}
	return s.diary.Wake, nil
}

// RunAnnouncements tells people what is announced, until ctx ends. What an earlier run of the program left is gone on with.
func (s *Notifications) RunAnnouncements(ctx context.Context, did Did) {
	s.diary.follow(ctx, s.clock, did, s.AnnounceDue, func(ctx context.Context) (*time.Time, error) {
		return nil, nil // what is announced is due, and Wake says so
	})
}

// AnnounceDue works off all that is announced. One that fails does not keep the others from being told.
func (s *Notifications) AnnounceDue(ctx context.Context) error {
	ids, err := s.store.Announcements(ctx)
	for _, id := range ids {
		for more := true; more; {
			var failed error
			more, failed = s.announce(ctx, id)
			err = errors.Join(err, failed)
		}
	}
	return err
}

// announce tells the next members of an announcement, and whether there may be more. How far it has come is written with
// their notifications, so that nobody is told twice.
func (s *Notifications) announce(ctx context.Context, id string) (more bool, err error) {
	var tell func()
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		a, err := tx.LockAnnouncement(ctx, id)
		if err != nil {
			return err
		}
		members, err := tx.Audience(ctx, a, announceBatch)
		if err != nil {
			return err
		}
		notes := make([]models.Notification, len(members))
		for i, m := range members {
			notes[i] = s.announced(a, m)
		}
		if more = len(members) == announceBatch; more {
			err = tx.MoveAnnouncement(ctx, a, members[len(members)-1].UserID)
		} else {
			err = tx.DeleteAnnouncement(ctx, a)
		}
		if err == nil {
			tell, err = s.Notify(ctx, tx, notes...)
		}
		return err
	})
	switch {
	case errors.Is(err, models.ErrNotFound): // taken back, or done by another server
		return false, nil
	case err != nil:
		return false, err
	}
	tell()
	return more, nil
}

// announced is the notification of a member, who may have read of the thing itself before their turn came.
func (s *Notifications) announced(a *models.Announcement, m models.Member) models.Notification {
	n := models.Notification{UserID: m.UserID, Kind: a.Kind, EntityID: a.EntityID, ActorID: a.ActorID, ChannelID: &a.ChannelID, PostID: a.PostID,
		CommentID: a.CommentID, MeetingID: a.MeetingID}
	if !a.Edited && m.LastReadID != nil && *m.LastReadID >= a.EntityID {
		now := stamp(s.clock)
		n.ReadAt, n.Silent = &now, true
	}
	return n
}
