package services

import (
	"context"
	"errors"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// Conversations are the talks of two people: who may begin one, and what each of the two sees of it.
type Conversations struct{ *Entries }

// NewConversations prepares it.
func NewConversations(entries *Entries) *Conversations { return &Conversations{entries} }

// in is the same, within a transaction.
func (s *Conversations) in(tx *models.Store) *Conversations { return &Conversations{s.Entries.in(tx)} }

// changedConversation is its kind in the log of changes of the two users: that there is one, and whether it is muted.
const changedConversation = "conversation"

// findConversation gives a conversation that the actor is one of the two of.
func findConversation(ctx context.Context, store *models.Store, actor Actor, id string) (*models.Conversation, error) {
	row, err := store.Conversation(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && !slices.Contains(row.UserIDs(), actor.UserID) {
		return nil, NotFound("conversation")
	}
	return row, err
}

// topicsOf reach all sockets of the two.
func topicsOf(c *models.Conversation) []string {
	topics := make([]string, 0, 2)
	for _, id := range c.UserIDs() {
		topics = append(topics, UserTopic(id))
	}
	return topics
}

// List is a page of the actor's conversations, the newest first.
func (s *Conversations) List(ctx context.Context, actor Actor, page models.Page) (*wire.List[wire.Conversation], error) {
	rows, next, err := s.store.Conversations(ctx, actor.UserID, page)
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, actor.UserID, rows...)
	return &wire.List[wire.Conversation]{Items: items, NextCursor: next}, err
}

// Get gives one of the actor's conversations.
func (s *Conversations) Get(ctx context.Context, actor Actor, id string) (*wire.Conversation, error) {
	row, err := findConversation(ctx, s.store, actor, id)
	if err != nil {
		return nil, err
	}
	return s.one(ctx, actor.UserID, *row)
}

// Open gives the actor's conversation with another user, or with themselves, and tells whether it is new. Only people who
// share a channel can begin one.
func (s *Conversations) Open(ctx context.Context, actor Actor, userID string) (conversation *wire.Conversation, created bool, err error) {
	row, created, err := s.open(ctx, actor, userID)
	if err != nil {
		return nil, false, err
	}
	conversation, err = s.one(context.WithoutCancel(ctx), actor.UserID, *row)
	return conversation, created, err
}

// Between implements Talks: the conversation in which the two may talk now.
func (s *Conversations) Between(ctx context.Context, actor Actor, userID string) (string, error) {
	row, _, err := s.open(ctx, actor, userID)
	if err != nil {
		return "", err
	}
	return row.ID, s.reachable(ctx, row.Peer(actor.UserID))
}

func (s *Conversations) open(ctx context.Context, actor Actor, userID string) (row *models.Conversation, created bool, err error) {
	unknown := Invalid("user_id", "There is no such user.")
	userID, ok := models.ParseID(userID)
	if !ok {
		return nil, false, unknown
	}
	row, err = s.store.ConversationOf(ctx, actor.UserID, userID)
	if !errors.Is(err, models.ErrNotFound) {
		return row, false, err
	}
	if err := s.reachable(ctx, userID); errors.Is(err, models.ErrNotFound) {
		return nil, false, unknown
	} else if err != nil {
		return nil, false, err
	}
	if userID != actor.UserID {
		share, err := s.store.ShareChannel(ctx, actor.UserID, userID)
		if err != nil {
			return nil, false, err
		}
		if !share {
			return nil, false, Forbidden("You can write to people with whom you share a channel.")
		}
	}
	seqs := map[string]int64{} // by user
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		if row, err = tx.AddConversation(ctx, actor.UserID, userID, stamp(s.clock)); err != nil {
			return err
		}
		for _, id := range row.UserIDs() {
			if seqs[id], err = record(ctx, tx, UserTopic(id), wire.EventConversationCreated, changedConversation, row.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, models.ErrDuplicate) { // the other one, at the same moment
		row, err = s.store.ConversationOf(ctx, actor.UserID, userID)
		return row, false, err
	}
	if err != nil {
		return nil, false, err
	}
	return row, true, s.tell(ctx, row, wire.EventConversationCreated, seqs)
}

// tell shows some of the two a conversation as they see it.
func (s *Conversations) tell(ctx context.Context, row *models.Conversation, event string, seqs map[string]int64) error {
	for id, seq := range seqs {
		shown, err := s.one(context.WithoutCancel(ctx), id, *row)
		if err != nil {
			return err
		}
		s.pub.PublishChange(UserTopic(id), seq, event, shown)
	}
	return nil
}

// reachable refuses to write to somebody who will not read it.
func (s *Conversations) reachable(ctx context.Context, userID string) error {
	user, err := s.store.User(ctx, userID)
	switch {
	case err != nil:
		return err
	case user.DeletedAt != nil:
		return &Error{Kind: KindConflict, Message: "This account was deleted: nobody would read it."}
	case user.DisabledAt != nil:
		return &Error{Kind: KindConflict, Message: "This account is closed at the moment: nobody would read it."}
	}
	return nil
}

// Update mutes a conversation for the actor, or no longer.
func (s *Conversations) Update(ctx context.Context, actor Actor, id string, req wire.UpdateConversationRequest) (*wire.Conversation, error) {
	row, err := findConversation(ctx, s.store, actor, id)
	if err != nil {
		return nil, err
	}
	if req.Muted != nil {
		seqs := map[string]int64{}
		err := s.store.Tx(ctx, func(tx *models.Store) error {
			changed, err := tx.MuteConversation(ctx, id, actor.UserID, *req.Muted)
			if err == nil && changed {
				seqs[actor.UserID], err = record(ctx, tx, UserTopic(actor.UserID), wire.EventConversationUpdated, changedConversation, id)
			}
			return err
		})
		if err == nil {
			err = s.tell(ctx, row, wire.EventConversationUpdated, seqs)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.one(ctx, actor.UserID, *row)
}

func (s *Conversations) one(ctx context.Context, userID string, row models.Conversation) (*wire.Conversation, error) {
	shown, err := s.wire(ctx, userID, row)
	if err != nil {
		return nil, err
	}
	return &shown[0], nil
}

// wire shows conversations as one of the two sees them.
func (s *Conversations) wire(ctx context.Context, userID string, rows ...models.Conversation) ([]wire.Conversation, error) {
	shown := make([]wire.Conversation, len(rows))
	if len(rows) == 0 {
		return shown, nil
	}
	ids, scopes, peers := make([]string, len(rows)), make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		ids[i], scopes[i], peers[i] = row.ID, ConversationTopic(row.ID), row.Peer(userID)
	}
	seqs, err := s.store.Seqs(ctx, scopes...) // first: what is read below is at least as new
	if err != nil {
		return nil, err
	}
	users, err := s.store.Users(ctx, peers)
	if err != nil {
		return nil, err
	}
	sides, err := s.store.ConversationSides(ctx, ids)
	if err != nil {
		return nil, err
	}
	private, err := s.store.Preferences(ctx, append(peers, userID)...)
	if err != nil {
		return nil, err
	}
	unread, err := s.store.UnreadMessages(ctx, userID, ids)
	if err != nil {
		return nil, err
	}
	latest, err := s.latest(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		mine, theirs := sides[row.ID][userID], sides[row.ID][peers[i]]
		shown[i] = wire.Conversation{ID: row.ID, Peer: profile(users[peers[i]], s.pub), LastMessage: latest[row.ID], UnreadCount: unread[row.ID],
			LastReadID: mine.LastReadID, Muted: mine.Muted, Seq: seqs[scopes[i]], CreatedAt: wire.At(row.CreatedAt)}
		if peers[i] != userID && private[userID].ReadReceipts && private[peers[i]].ReadReceipts {
			shown[i].PeerReadID, shown[i].PeerDeliveredID = theirs.LastReadID, theirs.LastDeliveredID
		}
	}
	return shown, nil
}

// latest shows the newest message of each of some conversations that has any.
func (s *Conversations) latest(ctx context.Context, ids []string) (map[string]*wire.Message, error) {
	rows, err := s.store.LatestMessages(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]models.Message, 0, len(rows))
	for _, row := range rows {
		list = append(list, row)
	}
	messages, err := (&Messages{Conversations: s}).wire(ctx, list...)
	byConversation := make(map[string]*wire.Message, len(messages))
	for i := range messages {
		byConversation[messages[i].ConversationID] = &messages[i]
	}
	return byConversation, err
}
