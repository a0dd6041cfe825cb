package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Message is an entry of a conversation. A deleted one keeps its row without body, so that its ClientID stays used up.
type Message struct {
	ID             string `gorm:"primaryKey"`
	ConversationID string
	AuthorID       string
	Body           string
	ReplyToID      *string // of the same conversation
	CallID         *string // of the line that a call left; unique
	ClientID       *string // unique with AuthorID
	CreatedAt      time.Time
	EditedAt       *time.Time
	DeletedAt      *time.Time
}

// Message finds a message by id, also a deleted one.
func (s *Store) Message(ctx context.Context, id string) (*Message, error) {
	var row Message
	err := s.DB(ctx).First(&row, "id = ?", id).Error
	return &row, err
}

// MessageByClientID finds the message that an author made with a client id, also a deleted one.
func (s *Store) MessageByClientID(ctx context.Context, authorID, clientID string) (*Message, error) {
	var row Message
	err := s.DB(ctx).First(&row, "author_id = ? AND client_id = ?", authorID, clientID).Error
	return &row, err
}

// MessageOfCall finds the line that a call left.
func (s *Store) MessageOfCall(ctx context.Context, callID string) (*Message, error) {
	var row Message
	err := s.DB(ctx).First(&row, "call_id = ?", callID).Error
	return &row, err
}

// Messages lists a page of a conversation, the newest first unless the page says otherwise.
func (s *Store) Messages(ctx context.Context, conversationID string, page Page) ([]Message, *string, error) {
	var rows []Message
	err := s.DB(ctx).Scopes(notDeleted, page.In("conversation_id", conversationID, true)).Find(&rows).Error
	rows, next := Cut(page, rows, func(m Message) string { return m.ID })
	return rows, next, err
}

// MessagesAround lists the messages around one, the newest first: half of the limit before it and it with the rest after.
// The cursor continues to older ones.
func (s *Store) MessagesAround(ctx context.Context, conversationID, id string, limit int) ([]Message, *string, error) {
	query := func() *gorm.DB { return s.DB(ctx).Where("conversation_id = ?", conversationID).Scopes(notDeleted) }
	return Around(query, id, limit, true, func(m Message) string { return m.ID })
}

// MessagesByID finds those of some messages of a conversation that are not deleted.
func (s *Store) MessagesByID(ctx context.Context, conversationID string, ids []string) ([]Message, error) {
	var rows []Message
	err := s.DB(ctx).Where("conversation_id = ? AND id IN ?", conversationID, ids).Scopes(notDeleted).Order("id").Find(&rows).Error
	return rows, err
}

// QuotedMessages finds the messages that others answer, also deleted ones, by id.
func (s *Store) QuotedMessages(ctx context.Context, ids []string) (map[string]Message, error) {
	var rows []Message
	err := s.DB(ctx).Find(&rows, "id IN ?", ids).Error
	byID := make(map[string]Message, len(rows))
	for _, m := range rows {
		byID[m.ID] = m
	}
	return byID, err
}

// DeleteMessage takes away what a message says and everything tied to it, and tells whether it was there.
func (s *Store) DeleteMessage(ctx context.Context, id string, at time.Time) (deleted bool, err error) {
	res := s.DB(ctx).Model(&Message{}).Where("id = ?", id).Scopes(notDeleted).
		Updates(map[string]any{"body": "", "reply_to_id": nil, "edited_at": nil, "deleted_at": at})
	if res.Error != nil || res.RowsAffected == 0 {
		return false, res.Error
	}
	for _, row := range []any{&Reaction{}, &Attachment{}} {
		if err := s.DB(ctx).Where("entry_kind = ? AND entry_id = ?", EntryMessage, id).Delete(row).Error; err != nil {
			return false, err
		}
	}
	return true, nil
}
