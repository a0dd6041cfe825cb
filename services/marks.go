package services

import (
	"context"
	"errors"
	"strings"

	"lectern/internal/wire"
	"lectern/models"
)

// Kinds of marks in the log of changes.
const (
	changedMarks    = "marks"     // in a conversation's scope, for both; by user id
	changedOwnMarks = "own_marks" // in a user's scope, when the other one must not know; by conversation id
)

func conversationOf(scope string) string { return strings.TrimPrefix(scope, ConversationTopic("")) }

// MarkRead moves the actor's mark up to and including a message, never back.
func (s *Conversations) MarkRead(ctx context.Context, actor Actor, conversationID, upTo string) error {
	return s.mark(ctx, actor, conversationID, models.MarkRead, upTo)
}

// MarkDelivered notes that everything up to and including a message has reached one of the actor's devices.
func (s *Conversations) MarkDelivered(ctx context.Context, actor Actor, conversationID, upTo string) error {
	return s.mark(ctx, actor, conversationID, models.MarkDelivered, upTo)
}

// mark moves a mark. The other one hears of it unless one of the two has switched read marks off; then only the actor's own
// windows do, and of a delivery nobody.
func (s *Conversations) mark(ctx context.Context, actor Actor, conversationID, mark, upTo string) error {
	conversation, err := findConversation(ctx, s.store, actor, conversationID)
	if err != nil {
		return err
	}
	unknown := Invalid("up_to", "There is no such message in this conversation.")
	upTo, ok := models.ParseID(upTo)
	if !ok {
		return unknown
	}
	message, err := s.store.Message(ctx, upTo)
	if errors.Is(err, models.ErrNotFound) || err == nil && message.ConversationID != conversationID {
		return unknown
	}
	if err != nil {
		return err
	}
	shared, err := s.shareMarks(ctx, conversation)
	if err != nil || mark == models.MarkDelivered && !shared {
		return err
	}
	event, scope, kind, id := wire.EventMessageDelivered, ConversationTopic(conversationID), changedMarks, actor.UserID
	if mark == models.MarkRead {
		event = wire.EventMessageRead
	}
	if !shared {
		scope, kind, id = UserTopic(actor.UserID), changedOwnMarks, conversationID
	}
	var seq int64
	var marks *wire.ConversationMarks
	var tell func()
	defer s.inOrder(conversationID)()
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		seq, tell = 0, func() {}
		before, err := tx.ConversationMember(ctx, conversationID, actor.UserID)
		if err != nil {
			return err
		}
		if moved, err := tx.MoveMark(ctx, conversationID, actor.UserID, mark, upTo); err != nil || !moved {
			return err
		}
		if marks, err = s.in(tx).marks(ctx, conversationID, actor.UserID, true); err != nil {
			return err
		}
		if mark == models.MarkRead {
			seen := models.Seen{ConversationID: conversationID, UpTo: upTo}
			set(&seen.After, before.LastReadID)
			if tell, err = s.notifier.Seen(ctx, tx, actor.UserID, seen); err != nil {
				return err
			}
		}
		seq, err = record(ctx, tx, scope, event, kind, id)
		return err
	})
	if err != nil || seq == 0 {
		return err
	}
	s.pub.PublishChangeTo([]string{UserTopic(actor.UserID)}, scope, seq, event, *marks)
	if peer := conversation.Peer(actor.UserID); shared && peer != actor.UserID {
		theirs := *marks
		theirs.UnreadCount = 0
		s.pub.PublishChangeTo([]string{UserTopic(peer)}, scope, seq, event, theirs)
	}
	tell()
	return nil
}

// shareMarks tells whether the two let each other know how far they have read.
func (s *Conversations) shareMarks(ctx context.Context, c *models.Conversation) (bool, error) {
	preferences, err := s.store.Preferences(ctx, c.UserIDs()...)
	for _, p := range preferences {
		if !p.ReadReceipts {
			return false, err
		}
	}
	return true, err
}

// marks are a user's; how much they have not read is their own affair.
func (s *Conversations) marks(ctx context.Context, conversationID, userID string, own bool) (*wire.ConversationMarks, error) {
	side, err := s.store.ConversationMember(ctx, conversationID, userID)
	if err != nil {
		return nil, err
	}
	marks := &wire.ConversationMarks{ConversationID: conversationID, UserID: userID, ReadID: side.LastReadID, DeliveredID: side.LastDeliveredID}
	if own {
		unread, err := s.store.UnreadMessages(ctx, userID, []string{conversationID})
		if err != nil {
			return nil, err
		}
		marks.UnreadCount = unread[conversationID]
	}
	return marks, nil
}

// loadMarks tells of the marks of the two, of the other's only while both allow it.
func (s *Conversations) loadMarks(ctx context.Context, actor Actor, scope string, userIDs []string) (map[string]Told, error) {
	conversation, err := s.store.Conversation(ctx, conversationOf(scope))
	if err != nil {
		return nil, err
	}
	shared, err := s.shareMarks(ctx, conversation)
	if err != nil {
		return nil, err
	}
	all := map[string]Told{}
	for _, id := range userIDs {
		if !shared && id != actor.UserID {
			continue
		}
		marks, err := s.marks(ctx, conversation.ID, id, id == actor.UserID)
		if err != nil {
			return nil, err
		}
		all[id] = Told{Data: *marks}
	}
	return all, nil
}

func (s *Conversations) loadOwnMarks(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
	all := map[string]Told{}
	for _, id := range ids {
		marks, err := s.marks(ctx, id, actor.UserID, true)
		if err != nil {
			return nil, err
		}
		all[id] = Told{Data: *marks}
	}
	return all, nil
}
