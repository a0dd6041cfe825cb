package models

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Kinds of a notification, see wire.Notification.
const (
	NotifyMention    = "mention"
	NotifyMentionAll = "mention_all"
	NotifyReply      = "reply"
	NotifyPost       = "post"
	NotifyComment    = "comment"
	NotifyMessage    = "message"
	NotifyMissedCall = "missed_call"
	NotifyMeeting    = "meeting"
	NotifyAdded      = "added"
)

// Notification tells a user of something, once: user, entity and kind are unique together. EntityID is the id of what it is
// about, which for an entry is also its PostID, CommentID or MessageID.
type Notification struct {
	ID             string `gorm:"primaryKey"`
	UserID         string
	Kind           string
	EntityID       string
	ActorID        string
	ChannelID      *string
	PostID         *string
	CommentID      *string
	ConversationID *string
	MessageID      *string
	CallID         *string
	MeetingID      *string
	Silent         bool
	ReadAt         *time.Time
	CreatedAt      time.Time
}

// AddNotifications stores those that are new, and returns them.
func (s *Store) AddNotifications(ctx context.Context, rows []Notification) ([]Notification, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var added []string
	err := s.DB(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, insertBatch).Error
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	if err := s.DB(ctx).Model(&Notification{}).Where("id IN ?", ids).Pluck("id", &added).Error; err != nil {
		return nil, err
	}
	if len(added) == len(rows) {
		return rows, nil
	}
	is := make(map[string]bool, len(added))
	for _, id := range added {
		is[id] = true
	}
	fresh := make([]Notification, 0, len(added))
	for _, r := range rows {
		if is[r.ID] {
			fresh = append(fresh, r)
		}
	}
	return fresh, nil
}

// insertBatch rows are written by one statement: binding parameters takes SQLite's driver the square of their number.
// countBatch users have fewer than a statement of either database may have.
const (
	insertBatch = 40
	countBatch  = 1000
)

// visible leaves out what is about a channel that its user is no longer in.
func visible(db *gorm.DB) *gorm.DB {
	return db.Where(`(channel_id IS NULL OR EXISTS (SELECT 1 FROM members m
		WHERE m.channel_id = notifications.channel_id AND m.user_id = notifications.user_id))`)
}

// Notifications lists a page of a user's, the newest first unless the page says otherwise.
func (s *Store) Notifications(ctx context.Context, userID string, page Page) ([]Notification, *string, error) {
	var rows []Notification
	err := s.DB(ctx).Where("user_id = ?", userID).Scopes(visible, page.Scope("id", true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(n Notification) string { return n.ID })
	return rows, next, err
}

// UnreadNotifications counts those of each of some users, at most MaxUnread.
func (s *Store) UnreadNotifications(ctx context.Context, userIDs ...string) (map[string]int, error) {
	counts := make(map[string]int, len(userIDs))
	for some := range slices.Chunk(userIDs, countBatch) {
		var rows []struct {
			UserID string
			N      int
		}
		err := s.DB(ctx).Model(&Notification{}).Select("user_id, count(*) AS n").Where("user_id IN ? AND read_at IS NULL", some).
			Scopes(visible).Group("user_id").Find(&rows).Error
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			counts[r.UserID] = min(r.N, MaxUnread)
		}
	}
	return counts, nil
}

// Seen is what a user has read of a channel or a conversation: the entries after one id up to and including another.
type Seen struct {
	ChannelID, ConversationID string // one of the two
	After, UpTo               string
}

// ReadNotifications marks some of a user's notifications as read, and returns the ids of those that were not.
func (s *Store) ReadNotifications(ctx context.Context, userID string, ids []string, at time.Time) ([]string, error) {
	return s.markNotifications(ctx, at, s.DB(ctx).Where("user_id = ? AND id IN ?", userID, ids))
}

// ReadNotificationsUpTo is ReadNotifications for all up to and including one.
func (s *Store) ReadNotificationsUpTo(ctx context.Context, userID, upTo string, at time.Time) ([]string, error) {
	return s.markNotifications(ctx, at, s.DB(ctx).Where("user_id = ? AND id <= ?", userID, upTo))
}

// ReadNotificationsOf is ReadNotifications for those that tell of entries that were seen.
func (s *Store) ReadNotificationsOf(ctx context.Context, userID string, seen Seen, at time.Time) ([]string, error) {
	query := s.DB(ctx).Where("user_id = ? AND entity_id > ? AND entity_id <= ?", userID, seen.After, seen.UpTo)
	if seen.ChannelID != "" {
		query = query.Where("channel_id = ?", seen.ChannelID)
	} else {
		query = query.Where("conversation_id = ?", seen.ConversationID)
	}
	return s.markNotifications(ctx, at, query)
}

func (s *Store) markNotifications(ctx context.Context, at time.Time, which *gorm.DB) ([]string, error) {
	rows := []Notification{}
	err := which.Model(&rows).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}}}).
		Where("read_at IS NULL").Update("read_at", at).Error
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// DeleteNotificationsOf removes those that tell of a deleted post with its comments, comment or message, and returns them.
func (s *Store) DeleteNotificationsOf(ctx context.Context, kind, entryID string) ([]Notification, error) {
	rows := []Notification{}
	err := s.DB(ctx).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "user_id"}}}).
		Where(kind+"_id = ?", entryID).Delete(&rows).Error
	return rows, err
}

// NotificationsByID finds some of a user's.
func (s *Store) NotificationsByID(ctx context.Context, userID string, ids []string) ([]Notification, error) {
	var rows []Notification
	err := s.DB(ctx).Where("user_id = ? AND id IN ?", userID, ids).Scopes(visible).Order("id").Find(&rows).Error
	return rows, err
}

// NotificationsOf lists all of a user's, oldest first.
func (s *Store) NotificationsOf(ctx context.Context, userID string) ([]Notification, error) {
	var rows []Notification
	err := s.DB(ctx).Order("id").Find(&rows, "user_id = ?", userID).Error
	return rows, err
}

// ReadMarks tells which of a user's notifications are read: all up to one ("" for none), and of the newest those with ids.
func (s *Store) ReadMarks(ctx context.Context, userID string, newest int) (upTo string, ids []string, err error) {
	var rows []Notification
	err = s.DB(ctx).Select("id, read_at").Where("user_id = ?", userID).Scopes(visible).Order("id DESC").Limit(newest).Find(&rows).Error
	if err != nil {
		return "", nil, err
	}
	var unread Notification
	res := s.DB(ctx).Select("id").Where("user_id = ? AND read_at IS NULL", userID).Scopes(visible).Order("id").Limit(1).Find(&unread)
	if res.Error != nil {
		return "", nil, res.Error
	}
	ids = []string{}
	for _, n := range rows {
		switch {
		case res.RowsAffected == 0 || n.ID < unread.ID:
			return n.ID, ids, nil
		case n.ReadAt != nil:
			ids = append(ids, n.ID)
		}
	}
	return "", ids, nil
}

// PruneNotifications deletes some of those made before an instant, and tells how many.
func (s *Store) PruneNotifications(ctx context.Context, before time.Time, limit int) (int64, error) {
	old := s.DB(ctx).Model(&Notification{}).Select("id").Where("created_at < ?", before).Limit(limit)
	res := s.DB(ctx).Delete(&Notification{}, "id IN (?)", old)
	return res.RowsAffected, res.Error
}

// NotificationTexts is what notifications tell of: who did it, by user id, and the channel's name and the entry's beginning,
// by notification id.
type NotificationTexts struct {
	Users          map[string]User
	Titles, Bodies map[string]string
}

// bodyStart is how many characters of an entry a notification may show, marks included.
const bodyStart = 1000

// NotificationTexts loads them for some notifications at once.
func (s *Store) NotificationTexts(ctx context.Context, rows []Notification) (*NotificationTexts, error) {
	actors, channels, entries := map[string]bool{}, map[string]bool{}, map[string]map[string]bool{"posts": {}, "comments": {}, "messages": {}}
	for _, n := range rows {
		actors[n.ActorID] = true
		if n.ChannelID != nil {
			channels[*n.ChannelID] = true
		}
		if table, id := n.entry(); id != "" {
			entries[table][id] = true
		}
	}
	users, err := s.Users(ctx, slices.Collect(maps.Keys(actors)))
	if err != nil {
		return nil, err
	}
	names, bodies := map[string]string{}, map[string]string{}
	if err := s.textsOf(ctx, "channels", "name", channels, names); err != nil {
		return nil, err
	}
	for table, ids := range entries {
		if err := s.textsOf(ctx, table, fmt.Sprintf("substr(body, 1, %d)", bodyStart), ids, bodies); err != nil {
			return nil, err
		}
	}
	texts := &NotificationTexts{Users: users, Titles: map[string]string{}, Bodies: map[string]string{}}
	for _, n := range rows {
		if n.ChannelID != nil {
			texts.Titles[n.ID] = names[*n.ChannelID]
		}
		_, id := n.entry()
		texts.Bodies[n.ID] = bodies[id]
	}
	return texts, nil
}

// entry is what a notification shows the beginning of; "" if it tells of no entry.
func (n Notification) entry() (table, id string) {
	switch {
	case n.CommentID != nil:
		return "comments", *n.CommentID
	case n.PostID != nil:
		return "posts", *n.PostID
	case n.MessageID != nil:
		return "messages", *n.MessageID
	}
	return "", ""
}

// textsOf adds an expression of some rows of a table to texts, by id.
func (s *Store) textsOf(ctx context.Context, table, expression string, ids map[string]bool, texts map[string]string) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []struct{ ID, Text string }
	err := s.DB(ctx).Table(table).Select("id, "+expression+" AS text").Where("id IN ?", slices.Collect(maps.Keys(ids))).Find(&rows).Error
	for _, r := range rows {
		texts[r.ID] = r.Text
	}
	return err
}
