package services

import (
	"context"
	"errors"
	"slices"

	"lectern/internal/wire"
	"lectern/models"
)

// Messages are the entries of a conversation.
type Messages struct{ *Conversations }

// NewMessages prepares it.
func NewMessages(conversations *Conversations) *Messages { return &Messages{conversations} }

func (s *Messages) in(tx *models.Store) *Messages { return &Messages{s.Conversations.in(tx)} }

// List gives a page of a conversation, the newest message first unless the page says otherwise; with around the messages
// around that one, the newest first.
func (s *Messages) List(ctx context.Context, actor Actor, conversationID, around string, page models.Page) (*wire.List[wire.Message], error) {
	if _, err := findConversation(ctx, s.store, actor, conversationID); err != nil {
		return nil, err
	}
	rows, next, err := []models.Message(nil), (*string)(nil), error(nil)
	if around == "" {
		rows, next, err = s.store.Messages(ctx, conversationID, page)
	} else {
		rows, next, err = s.store.MessagesAround(ctx, conversationID, around, page.Limit)
	}
	if err != nil {
		return nil, err
	}
	items, err := s.wire(ctx, rows...)
	return &wire.List[wire.Message]{Items: items, NextCursor: next}, err
}

// Send writes a message and tells whether it is new: a retry with the same client_id gives the first one, for ever.
func (s *Messages) Send(ctx context.Context, actor Actor, conversationID string, req wire.CreateMessageRequest) (*wire.Message, bool, error) {
	conversation, err := findConversation(ctx, s.store, actor, conversationID)
	if err != nil {
		return nil, false, err
	}
	d, err := checkDraft(wire.CreateEntryRequest{Body: req.Body, FileIDs: req.FileIDs, ClientID: req.ClientID})
	if err != nil {
		return nil, false, err
	}
	defer s.inOrder(conversationID)()
	if d.clientID != nil {
		if first, err := s.first(ctx, actor, conversation, *d.clientID); !errors.Is(err, models.ErrNotFound) {
			return first, false, err
		}
	}
	if err := s.reachable(ctx, conversation.Peer(actor.UserID)); err != nil {
		return nil, false, err
	}
	row := models.Message{ID: models.NewID(), ConversationID: conversationID, AuthorID: actor.UserID, Body: d.body, ClientID: d.clientID,
		CreatedAt: stamp(s.clock)}
	var message *wire.Message
	publish := func() {}
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		quoted, err := quote(ctx, tx, &row, req.ReplyTo)
		if err != nil {
			return err
		}
		if err := tx.DB(ctx).Create(&row).Error; err != nil {
			return err
		}
		to := models.Attachment{EntryKind: models.EntryMessage, EntryID: row.ID, ConversationID: &conversationID}
		if err := attach(ctx, tx, actor, to, d.fileIDs); err != nil {
			return err
		}
		message, publish, err = s.created(ctx, tx, conversation, row, s.note(conversation, row, quoted))
		return err
	})
	if errors.Is(err, models.ErrDuplicate) && d.clientID != nil { // another node, at the same moment
		first, err := s.first(ctx, actor, conversation, *d.clientID)
		return first, false, err
	}
	if err != nil {
		s.doubts.note(err, actor.UserID, d.clientID)
		return nil, false, err
	}
	publish()
	return message, true, nil
}

// created is the last step of a transaction that made a message: publish, after the commit, shows it to the two. It is shown as
// it was read within the transaction, so that nothing can fail between the two.
func (s *Messages) created(ctx context.Context, tx *models.Store, conversation *models.Conversation, row models.Message,
	note *models.Notification) (*wire.Message, func(), error) {
	message, err := s.in(tx).one(ctx, row)
	if err != nil {
		return nil, nil, err
	}
	tell, err := s.notify(ctx, tx, conversation, note)
	if err != nil {
		return nil, nil, err
	}
	scope := ConversationTopic(conversation.ID)
	seq, err := record(ctx, tx, scope, wire.EventMessageCreated, models.EntryMessage, row.ID)
	if err != nil {
		return nil, nil, err
	}
	return message, func() {
		s.pub.PublishChangeTo(topicsOf(conversation), scope, seq, wire.EventMessageCreated, message)
		tell()
	}, nil
}

// notify tells the other one, if there is something to tell and they have not muted the conversation.
func (s *Messages) notify(ctx context.Context, tx *models.Store, conversation *models.Conversation, note *models.Notification) (tell func(), err error) {
	if note == nil {
		return func() {}, nil
	}
	side, err := tx.ConversationMember(ctx, conversation.ID, note.UserID)
	if err != nil || side.Muted {
		return func() {}, err
	}
	return s.notifier.Notify(ctx, tx, *note)
}

// note tells the other one of a message; nil when there is nobody else.
func (s *Messages) note(conversation *models.Conversation, row models.Message, quoted *models.Message) *models.Notification {
	peer := conversation.Peer(row.AuthorID)
	if peer == row.AuthorID {
		return nil
	}
	kind := models.NotifyMessage
	switch {
	case Mentions(row.Body, peer):
		kind = models.NotifyMention
	case quoted != nil && quoted.AuthorID == peer:
		kind = models.NotifyReply
	}
	return &models.Notification{UserID: peer, Kind: kind, EntityID: row.ID, ActorID: row.AuthorID, ConversationID: &row.ConversationID,
		MessageID: &row.ID}
}

// quote notes which message of the same conversation a new one answers, if it answers one.
func quote(ctx context.Context, tx *models.Store, row *models.Message, replyTo string) (*models.Message, error) {
	if replyTo == "" {
		return nil, nil
	}
	unknown := Invalid("reply_to", "There is no such message in this conversation.")
	id, ok := models.ParseID(replyTo)
	if !ok {
		return nil, unknown
	}
	quoted, err := tx.Message(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && quoted.ConversationID != row.ConversationID {
		return nil, unknown
	}
	row.ReplyToID = &id // one that was deleted in the meantime is answered all the same
	return quoted, err
}

// first finds the message that an earlier try made.
func (s *Messages) first(ctx context.Context, actor Actor, conversation *models.Conversation, clientID string) (*wire.Message, error) {
	row, err := s.store.MessageByClientID(ctx, actor.UserID, clientID)
	if err != nil {
		return nil, err
	}
	switch {
	case row.ConversationID != conversation.ID:
		return nil, &Error{Kind: KindConflict, Message: "This client_id was used for a message in another conversation."}
	case row.DeletedAt != nil:
		return nil, &Error{Kind: KindConflict, Message: "This message was sent before, and has been deleted since."}
	}
	message, err := s.one(ctx, *row)
	if err != nil {
		return nil, err
	}
	created := models.Change{Scope: ConversationTopic(conversation.ID), Type: wire.EventMessageCreated, EntityKind: models.EntryMessage, EntityID: row.ID}
	return message, s.resolve(ctx, actor.UserID, &clientID, topicsOf(conversation), created, message)
}

// Update changes the text; only the author may.
func (s *Messages) Update(ctx context.Context, actor Actor, id string, req wire.UpdateMessageRequest) (*wire.Message, error) {
	conversation, err := s.own(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	defer s.inOrder(conversation.ID)()
	row, _, err := s.find(ctx, actor, id) // as it is now that nobody else changes it
	if err != nil {
		return nil, err
	}
	message, err := s.one(ctx, *row)
	if err != nil {
		return nil, err
	}
	v := invalid{}
	body := v.entryText(req.Body, len(message.Files) > 0)
	if err := v.err(); err != nil || body == message.Body {
		return message, err
	}
	called := Mentions(row.Body, conversation.Peer(actor.UserID))
	row.Body, row.EditedAt = body, new(stamp(s.clock))
	note := s.note(conversation, *row, nil)
	if called || note != nil && note.Kind != models.NotifyMention { // they were told of the message as it was
		note = nil
	}
	tell := func() {}
	err = s.change(ctx, conversation, wire.EventMessageUpdated, id, func(tx *models.Store) (any, error) {
		err := tx.DB(ctx).Model(row).Select("body", "edited_at").Updates(row).Error
		if err == nil {
			message, err = s.in(tx).one(ctx, *row)
		}
		if err == nil {
			tell, err = s.notify(ctx, tx, conversation, note)
		}
		return message, err
	})
	if err == nil {
		tell()
	}
	return message, err
}

// Delete removes a message; only its author may.
func (s *Messages) Delete(ctx context.Context, actor Actor, id string) error {
	conversation, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.remove(ctx, conversation, id)
}

// remove deletes a message; it checks no permission.
func (s *Messages) remove(ctx context.Context, conversation *models.Conversation, id string) error {
	defer s.inOrder(conversation.ID)()
	tell := func() {}
	err := s.change(ctx, conversation, wire.EventMessageDeleted, id, func(tx *models.Store) (any, error) {
		deleted, err := tx.DeleteMessage(ctx, id, stamp(s.clock))
		if err != nil || !deleted {
			return nil, err
		}
		tell, err = s.notifier.Forget(ctx, tx, models.EntryMessage, id)
		return wire.MessageDeleted{ID: id, ConversationID: conversation.ID}, err
	})
	if err == nil {
		tell()
	}
	return err
}

// change runs do in a transaction and, when it answers something, gives the change a number and shows it to the two.
func (s *Messages) change(ctx context.Context, conversation *models.Conversation, event, id string, do func(tx *models.Store) (any, error)) error {
	var data any
	var seq int64
	scope := ConversationTopic(conversation.ID)
	err := s.store.Tx(ctx, func(tx *models.Store) (err error) {
		if data, err = do(tx); err == nil && data != nil {
			seq, err = record(ctx, tx, scope, event, models.EntryMessage, id)
		}
		return err
	})
	if err == nil && data != nil {
		s.pub.PublishChangeTo(topicsOf(conversation), scope, seq, event, data)
	}
	return err
}

// find gives a message of one of the actor's conversations.
func (s *Messages) find(ctx context.Context, actor Actor, id string) (*models.Message, *models.Conversation, error) {
	row, err := s.store.Message(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && row.DeletedAt != nil {
		return nil, nil, NotFound("message")
	}
	if err != nil {
		return nil, nil, err
	}
	conversation, err := findConversation(ctx, s.store, actor, row.ConversationID)
	return row, conversation, hide(err, "message")
}

// own gives the conversation of a message that the actor has written.
func (s *Messages) own(ctx context.Context, actor Actor, id string) (*models.Conversation, error) {
	row, conversation, err := s.find(ctx, actor, id)
	switch {
	case err != nil:
		return nil, err
	case row.AuthorID != actor.UserID:
		return nil, Forbidden("Only the author can change a message.")
	case row.CallID != nil:
		return nil, Forbidden("The line of a call cannot be changed.")
	}
	return conversation, nil
}

func (s *Messages) one(ctx context.Context, row models.Message) (*wire.Message, error) {
	messages, err := s.wire(ctx, row)
	if err != nil {
		return nil, err
	}
	return &messages[0], nil
}

func (s *Messages) wire(ctx context.Context, rows ...models.Message) ([]wire.Message, error) {
	messages := make([]wire.Message, len(rows))
	if len(rows) == 0 {
		return messages, nil
	}
	var ids, authors, replies, calls []string
	for _, r := range rows {
		ids, authors = append(ids, r.ID), append(authors, r.AuthorID)
		if r.ReplyToID != nil {
			replies = append(replies, *r.ReplyToID)
		}
		if r.CallID != nil {
			calls = append(calls, *r.CallID)
		}
	}
	quotes, err := s.quotes(ctx, replies)
	if err != nil {
		return nil, err
	}
	lines, err := CallBook{s.store, s.pub}.Lines(ctx, calls)
	if err != nil {
		return nil, err
	}
	parts, err := s.parts(ctx, models.EntryMessage, ids, authors)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		messages[i] = wire.Message{ID: r.ID, ConversationID: r.ConversationID, Author: parts.authors[r.AuthorID], Body: r.Body,
			Files: parts.files[r.ID], Reactions: parts.reactions[r.ID], ClientID: r.ClientID, CreatedAt: wire.At(r.CreatedAt),
			EditedAt: wire.AtPtr(r.EditedAt)}
		if r.ReplyToID != nil {
			messages[i].ReplyTo = quotes[*r.ReplyToID]
		}
		if r.CallID != nil {
			messages[i].Call = lines[*r.CallID]
		}
	}
	return messages, nil
}

// maxQuote is how much of a message an answer to it repeats, in characters.
const maxQuote = 200

// quotes shows what some messages answer.
func (s *Messages) quotes(ctx context.Context, ids []string) (map[string]*wire.Quote, error) {
	shown := map[string]*wire.Quote{}
	if len(ids) == 0 {
		return shown, nil
	}
	rows, err := s.store.QuotedMessages(ctx, ids)
	if err != nil {
		return nil, err
	}
	var authors []string
	for _, r := range rows {
		authors = append(authors, r.AuthorID)
	}
	parts, err := s.parts(ctx, models.EntryMessage, ids, authors)
	if err != nil {
		return nil, err
	}
	for id, r := range rows {
		body := []rune(r.Body)
		shown[id] = &wire.Quote{ID: id, Author: parts.authors[r.AuthorID], Body: string(body[:min(len(body), maxQuote)]),
			Files: len(parts.files[id]), Deleted: r.DeletedAt != nil}
	}
	return shown, nil
}

// RecordCall implements Talks: the line that a call leaves in its conversation, once, and the callee's notification if they
// missed it.
func (s *Messages) RecordCall(ctx context.Context, tx *models.Store, call *models.Call) (publish func(), err error) {
	conversation, err := tx.Conversation(ctx, call.ConversationID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.MessageOfCall(ctx, call.ID); !errors.Is(err, models.ErrNotFound) {
		return func() {}, err
	}
	row := models.Message{ID: models.NewID(), ConversationID: conversation.ID, AuthorID: call.CallerID, CallID: &call.ID, CreatedAt: stamp(s.clock)}
	if err := tx.DB(ctx).Create(&row).Error; err != nil {
		return nil, err
	}
	var note *models.Notification
	if call.Missed {
		note = &models.Notification{UserID: call.CalleeID, Kind: models.NotifyMissedCall, EntityID: call.ID, ActorID: call.CallerID,
			ConversationID: &conversation.ID, MessageID: &row.ID, CallID: &call.ID}
	}
	_, publish, err = s.created(ctx, tx, conversation, row, note)
	return publish, err
}

// Replays tell of conversations, their messages and marks again.
func (s *Messages) Replays() []Replay {
	return []Replay{
		{Kind: models.EntryMessage, Created: wire.EventMessageCreated, Updated: wire.EventMessageUpdated, Load: s.load},
		{Kind: changedConversation, Created: wire.EventConversationCreated, Updated: wire.EventConversationUpdated, Load: s.loadConversations},
		{Kind: changedMarks, Updated: wire.EventMessageRead, Load: s.loadMarks},
		{Kind: changedOwnMarks, Updated: wire.EventMessageRead, Load: s.loadOwnMarks},
	}
}

func (s *Messages) load(ctx context.Context, _ Actor, scope string, ids []string) (map[string]Told, error) {
	id := conversationOf(scope)
	rows, err := s.store.MessagesByID(ctx, id, ids)
	if err != nil {
		return nil, err
	}
	messages, err := s.wire(ctx, rows...)
	return told(ids, messages, func(m wire.Message) string { return m.ID }, func(gone string) Told {
		return Told{wire.EventMessageDeleted, wire.MessageDeleted{ID: gone, ConversationID: id}}
	}), err
}

func (s *Messages) loadConversations(ctx context.Context, actor Actor, _ string, ids []string) (map[string]Told, error) {
	var rows []models.Conversation
	if err := s.store.DB(ctx).Find(&rows, "id IN ?", ids).Error; err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(c models.Conversation) bool { return !slices.Contains(c.UserIDs(), actor.UserID) })
	conversations, err := s.Conversations.wire(ctx, actor.UserID, rows...)
	return told(ids, conversations, func(c wire.Conversation) string { return c.ID }, nil), err
}
