package services

import (
	"cmp"
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
	rows, err := s.quiet(ctx, tx, notes)
	if err != nil {
		return nil, err
	}
	if rows, err = tx.AddNotifications(ctx, rows); err != nil || len(rows) == 0 {
		return func() {}, err
	}
	shown, err := s.wire(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	pushed, err := s.pushes.queue(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	changes := make([]models.Change, len(rows))
	for i, row := range rows {
		changes[i] = models.Change{Scope: UserTopic(row.UserID), Type: wire.EventNotificationCreated, EntityKind: changedNotification, EntityID: row.ID, At: row.CreatedAt}
	}
	var seqs map[string]int64
	err = tx.RecordLast(ctx, changes, func(numbers map[string]int64) { seqs = numbers })
	return func() {
		for i, row := range rows {
			s.pub.PublishChange(UserTopic(row.UserID), seqs[UserTopic(row.UserID)], wire.EventNotificationCreated, shown[i])
		}
		if pushed {
			s.pushes.Wake()
		}
	}, err
}

// quiet prepares those for others than the actor, in the order of the users; silent where somebody wants not to be disturbed.
func (s *Notifications) quiet(ctx context.Context, tx *models.Store, notes []models.Notification) ([]models.Notification, error) {
	now, userIDs := stamp(s.clock), []string{}
	for _, n := range notes {
		if n.UserID != n.ActorID {
			userIDs = append(userIDs, n.UserID)
		}
	}
	if len(userIDs) == 0 {
		return nil, nil
	}
	preferences, err := tx.Preferences(ctx, userIDs...)
	rows := make([]models.Notification, 0, len(userIDs))
	for _, n := range notes {
		if n.UserID != n.ActorID {
			n.ID, n.CreatedAt = models.NewID(), now
			n.Silent = n.Silent || preferences[n.UserID].Undisturbed(now)
			rows = append(rows, n)
		}
	}
	slices.SortFunc(rows, func(a, b models.Notification) int {
		return cmp.Or(strings.Compare(a.UserID, b.UserID), strings.Compare(a.ID, b.ID))
	})
	return rows, err
}

// Forget implements Notifier.
func (s *Notifications) Forget(ctx context.Context, tx *models.Store, kind, entryID string) (func(), error) {
	if err := tx.DeleteAnnouncementsOf(ctx, kind, entryID); err != nil { // first: it waits for one who is telling of it
		return nil, err
	}
	rows, err := tx.DeleteNotificationsOf(ctx, kind, entryID)
	if err != nil || len(rows) == 0 {
		return func() {}, err
	}
	gone := map[string][]string{}
	for _, row := range rows {
		gone[row.UserID] = append(gone[row.UserID], row.ID)
	}
	userIDs := slices.Sorted(maps.Keys(gone))
	unread, err := tx.UnreadNotifications(ctx, userIDs...)
	if err != nil {
		return nil, err
	}
	changes := make([]models.Change, len(userIDs))
	for i, id := range userIDs {
		changes[i] = models.Change{Scope: UserTopic(id), Type: wire.EventNotificationDeleted, EntityKind: changedNotifications, EntityID: id, At: stamp(s.clock)}
	}
	var seqs map[string]int64
	err = tx.RecordLast(ctx, changes, func(numbers map[string]int64) { seqs = numbers })
	return func() {
		for _, id := range userIDs {
			s.pub.PublishChange(UserTopic(id), seqs[UserTopic(id)], wire.EventNotificationDeleted, wire.NotificationsDeleted{IDs: gone[id], UnreadCount: unread[id]})
		}
	}, err
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
	snippets := map[string]string{} // many notifications tell of the same entry
	for i, row := range rows {
		body := about.Bodies[row.ID]
		if _, made := snippets[body]; !made {
			snippets[body] = snippet(body)
		}
		n := wire.Notification{ID: row.ID, Kind: row.Kind, Actor: profile(about.Users[row.ActorID], s.pub), Title: about.Titles[row.ID],
			Snippet: snippets[body], Read: row.ReadAt != nil, Silent: row.Silent, CreatedAt: wire.At(row.CreatedAt)}
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
