package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Conversation is the talk of two people, or of one with themselves. FirstID is the one of the two that sorts first; there is
// one conversation per pair.
type Conversation struct {
	ID        string `gorm:"primaryKey"`
	FirstID   string
	SecondID  string
	CreatedAt time.Time
}

// Peer is the other of the two.
func (c Conversation) Peer(userID string) string {
	if c.FirstID == userID {
		return c.SecondID
	}
	return c.FirstID
}

// UserIDs are those who talk, each once.
func (c Conversation) UserIDs() []string {
	if c.FirstID == c.SecondID {
		return []string{c.FirstID}
	}
	return []string{c.FirstID, c.SecondID}
}

// ConversationMember is what is one user's own in a conversation. The marks are ids of messages, ordered by time.
type ConversationMember struct {
	ConversationID  string `gorm:"primaryKey"`
	UserID          string `gorm:"primaryKey"`
	LastReadID      *string
	LastDeliveredID *string
	Muted           bool
}

// AddConversation keeps a new conversation of two users, who may be the same; ErrDuplicate when they have one.
func (s *Store) AddConversation(ctx context.Context, userID, otherID string, at time.Time) (*Conversation, error) {
	row := &Conversation{ID: NewID(), FirstID: min(userID, otherID), SecondID: max(userID, otherID), CreatedAt: at}
	if err := s.DB(ctx).Create(row).Error; err != nil {
		return nil, err
	}
	var members []ConversationMember
	for _, id := range row.UserIDs() {
		members = append(members, ConversationMember{ConversationID: row.ID, UserID: id})
	}
	return row, s.DB(ctx).Create(&members).Error
}

// Conversation finds a conversation by id.
func (s *Store) Conversation(ctx context.Context, id string) (*Conversation, error) {
	var c Conversation
	err := s.DB(ctx).First(&c, "id = ?", id).Error
	return &c, err
}

// ConversationOf finds the conversation of two users.
func (s *Store) ConversationOf(ctx context.Context, userID, otherID string) (*Conversation, error) {
	var c Conversation
	err := s.DB(ctx).First(&c, "first_id = ? AND second_id = ?", min(userID, otherID), max(userID, otherID)).Error
	return &c, err
}

// ConversationMember finds a user's side of a conversation; ErrNotFound when it is not theirs.
func (s *Store) ConversationMember(ctx context.Context, id, userID string) (*ConversationMember, error) {
	var m ConversationMember
	err := s.DB(ctx).First(&m, "conversation_id = ? AND user_id = ?", id, userID).Error
	return &m, err
}

// Conversations lists a page of a user's conversations, the newest first: ordered by id, which a later message does not change.
func (s *Store) Conversations(ctx context.Context, userID string, page Page) ([]Conversation, *string, error) {
	var rows []Conversation
	err := s.DB(ctx).Where("id IN (SELECT conversation_id FROM conversation_members WHERE user_id = ?)", userID).
		Scopes(page.Scope("id", true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(c Conversation) string { return c.ID })
	return rows, next, err
}

// ConversationSides finds both sides of some conversations, by conversation and user.
func (s *Store) ConversationSides(ctx context.Context, ids []string) (map[string]map[string]ConversationMember, error) {
	var rows []ConversationMember
	err := s.DB(ctx).Find(&rows, "conversation_id IN ?", ids).Error
	sides := make(map[string]map[string]ConversationMember, len(ids))
	for _, m := range rows {
		if sides[m.ConversationID] == nil {
			sides[m.ConversationID] = map[string]ConversationMember{}
		}
		sides[m.ConversationID][m.UserID] = m
	}
	return sides, err
}

// Peers lists whom a user has conversations with.
func (s *Store) Peers(ctx context.Context, userID string) ([]string, error) {
	var ids []string
	err := s.DB(ctx).Raw(`SELECT second_id FROM conversations WHERE first_id = @user AND second_id <> @user
		UNION ALL SELECT first_id FROM conversations WHERE second_id = @user AND first_id <> @user`, map[string]any{"user": userID}).Scan(&ids).Error
	return ids, err
}

// ShareChannel tells whether two users are members of one channel.
func (s *Store) ShareChannel(ctx context.Context, userID, otherID string) (bool, error) {
	var share bool
	err := s.DB(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM members a JOIN members b ON b.channel_id = a.channel_id
		WHERE a.user_id = ? AND b.user_id = ?)`, userID, otherID).Scan(&share).Error
	return share, err
}

// MuteConversation changes a user's switch and tells whether it was the other way.
func (s *Store) MuteConversation(ctx context.Context, id, userID string, muted bool) (bool, error) {
	res := s.DB(ctx).Model(&ConversationMember{}).
		Where("conversation_id = ? AND user_id = ? AND muted <> ?", id, userID, muted).Update("muted", muted)
	return res.RowsAffected == 1, res.Error
}

// Columns of a user's marks in a conversation.
const (
	MarkRead      = "last_read_id"
	MarkDelivered = "last_delivered_id"
)

// MoveMark moves one of a user's marks forward and tells whether it moved. What was read has been delivered, too.
func (s *Store) MoveMark(ctx context.Context, id, userID, mark, upTo string) (bool, error) {
	move := func(column string) (bool, error) {
		res := s.DB(ctx).Model(&ConversationMember{}).
			Where("conversation_id = ? AND user_id = ?", id, userID).
			Where(clause.Or(clause.Eq{Column: column}, clause.Lt{Column: column, Value: upTo})).
			Update(column, upTo)
		return res.RowsAffected == 1, res.Error
	}
	moved, err := move(mark)
	if err == nil && mark == MarkRead {
		_, err = move(MarkDelivered)
	}
	return moved, err
}

// LatestMessages finds the newest message of each of some conversations that has any.
func (s *Store) LatestMessages(ctx context.Context, ids []string) (map[string]Message, error) {
	var rows []Message
	err := s.DB(ctx).Where(`id IN (SELECT (SELECT m.id FROM messages m
			WHERE (m.conversation_id, m.id) > (c.id, '') AND (m.conversation_id, m.id) < (c.id, ?) AND m.deleted_at IS NULL
			ORDER BY m.conversation_id DESC, m.id DESC LIMIT 1)
		FROM conversations c WHERE c.id IN ?)`, afterAllIDs, ids).Find(&rows).Error
	latest := make(map[string]Message, len(rows))
	for _, m := range rows {
		latest[m.ConversationID] = m
	}
	return latest, err
}

// UnreadMessages counts in each of some conversations what others wrote since a user's read mark, at most MaxUnread.
func (s *Store) UnreadMessages(ctx context.Context, userID string, ids []string) (map[string]int, error) {
	var rows []struct {
		ConversationID string
		N              int
	}
	err := s.DB(ctx).Raw(`SELECT c.conversation_id, (SELECT count(*) FROM (SELECT 1 FROM messages m
			WHERE (m.conversation_id, m.id) > (c.conversation_id, COALESCE(c.last_read_id, ''))
			AND (m.conversation_id, m.id) < (c.conversation_id, @end) AND m.author_id <> c.user_id AND m.deleted_at IS NULL
			ORDER BY m.conversation_id, m.id LIMIT @max) AS m) AS n
		FROM conversation_members c WHERE c.user_id = @user AND c.conversation_id IN @ids`,
		map[string]any{"user": userID, "max": MaxUnread, "end": afterAllIDs, "ids": ids}).Scan(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ConversationID] = r.N
	}
	return counts, err
}

// notDeleted restricts a query to messages that say something.
func notDeleted(db *gorm.DB) *gorm.DB { return db.Where("deleted_at IS NULL") }
