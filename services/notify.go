package services

import (
	"context"
	"maps"
	"slices"
	"strings"

	"lectern/internal/fulltext"
	"lectern/internal/wire"
	"lectern/models"
)

// Notify implements Notifier.
func (s *Notifications) Notify(ctx context.Context, tx *models.Store, notes ...models.Notification) (func(), error) {
	now := stamp(s.clock)
	rows := make([]models.Notification, 0, len(notes))
	for _, n := range notes {
		if n.UserID != n.ActorID {
			n.ID, n.CreatedAt = models.NewID(), now
			rows = append(rows, n)
		}
	}
	rows, err := tx.AddNotifications(ctx, rows)
	if err != nil || len(rows) == 0 {
		return func() {}, err
	}
	shown, err := s.wire(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	return func() {
		for i, row := range rows {
			s.pub.Publish(UserTopic(row.UserID), wire.EventNotificationCreated, shown[i])
		}
	}, nil
}

// Forget implements Notifier.
func (s *Notifications) Forget(ctx context.Context, tx *models.Store, kind, entryID string) (func(), error) {
	rows, err := tx.DeleteNotificationsOf(ctx, kind, entryID)
	if err != nil || len(rows) == 0 {
		return func() {}, err
	}
	gone := map[string][]string{}
	for _, row := range rows {
		gone[row.UserID] = append(gone[row.UserID], row.ID)
	}
	events := make(map[string]wire.NotificationsDeleted, len(gone))
	for _, userID := range slices.Sorted(maps.Keys(gone)) {
		unread, err := tx.CountUnreadNotifications(ctx, userID)
		if err != nil {
			return nil, err
		}
		events[userID] = wire.NotificationsDeleted{IDs: gone[userID], UnreadCount: unread}
	}
	return func() {
		for userID, event := range events {
			s.pub.Publish(UserTopic(userID), wire.EventNotificationDeleted, event)
		}
	}, nil
}

// wire shows notifications with what they tell of as it is now.
func (s *Notifications) wire(ctx context.Context, store *models.Store, rows []models.Notification) ([]wire.Notification, error) {
	items := make([]wire.Notification, len(rows))
	if len(rows) == 0 {
		return items, nil
	}
	about, err := store.NotificationTexts(ctx, rows)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		n := wire.Notification{ID: row.ID, Kind: row.Kind, Actor: profile(about.Users[row.ActorID], s.pub), Title: about.Titles[row.ID],
			Snippet: snippet(about.Bodies[row.ID]), Read: row.ReadAt != nil, Silent: row.Silent, CreatedAt: wire.At(row.CreatedAt)}
		set(&n.ChannelID, row.ChannelID)
		set(&n.PostID, row.PostID)
		set(&n.CommentID, row.CommentID)
		set(&n.ConversationID, row.ConversationID)
		set(&n.MessageID, row.MessageID)
		set(&n.CallID, row.CallID)
		set(&n.MeetingID, row.MeetingID)
		items[i] = n
	}
	return items, nil
}

// snippetLength is how much of a text a notification shows, in characters.
const snippetLength = 140

// snippet is the beginning of a Markdown text in one line, without marks.
func snippet(markdown string) string {
	text := []rune(strings.Join(strings.Fields(fulltext.Plain(markdown)), " "))
	if len(text) <= snippetLength {
		return string(text)
	}
	return strings.TrimRight(string(text[:snippetLength-1]), " ") + "…"
}
