package services

import (
	"context"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"lectern/internal/wire"
	"lectern/models"
)

// maxEmoji is how many different emoji an entry may have.
const maxEmoji = 20

// Reactions are the emoji under posts, comments and messages.
type Reactions struct {
	*Entries
	messages *Messages
}

// NewReactions prepares it.
func NewReactions(entries *Entries, messages *Messages) *Reactions {
	return &Reactions{entries, messages}
}

// Add puts the actor's emoji under an entry (kind models.EntryPost, EntryComment or EntryMessage); doing it twice changes nothing.
func (s *Reactions) Add(ctx context.Context, actor Actor, kind, entryID, emoji string) error {
	if !isEmoji(emoji) {
		return Invalid("emoji", "It must be one emoji.")
	}
	return s.change(ctx, actor, kind, entryID, func(tx *models.Store) (bool, error) {
		present, err := tx.Reactions(ctx, kind, []string{entryID})
		if err != nil {
			return false, err
		}
		groups := groupReactions(present[entryID])
		if len(groups) >= maxEmoji && !slices.ContainsFunc(groups, func(g wire.Reaction) bool { return g.Emoji == emoji }) {
			return false, &Error{Kind: KindConflict, Message: "There are already 20 different reactions here."}
		}
		return tx.AddReaction(ctx, models.Reaction{EntryKind: kind, EntryID: entryID, UserID: actor.UserID, Emoji: emoji, CreatedAt: stamp(s.clock)})
	})
}

// Remove takes the actor's emoji away; doing it twice changes nothing.
func (s *Reactions) Remove(ctx context.Context, actor Actor, kind, entryID, emoji string) error {
	if !isEmoji(emoji) {
		return Invalid("emoji", "It must be one emoji.")
	}
	return s.change(ctx, actor, kind, entryID, func(tx *models.Store) (bool, error) {
		return tx.RemoveReaction(ctx, models.Reaction{EntryKind: kind, EntryID: entryID, UserID: actor.UserID, Emoji: emoji})
	})
}

// change runs fn in the place's turn and, when it changed something, publishes all reactions of the entry.
func (s *Reactions) change(ctx context.Context, actor Actor, kind, entryID string, fn func(tx *models.Store) (bool, error)) error {
	entry, err := s.findEntry(ctx, actor, kind, entryID)
	if err != nil {
		return err
	}
	defer s.inOrder(entry.place)()
	if _, err := s.findEntry(ctx, actor, kind, entryID); err != nil { // it may be gone since
		return err
	}
	var seq int64
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		seq = 0
		changed, err := fn(tx)
		if err != nil || !changed {
			return err
		}
		rows, err := tx.Reactions(ctx, kind, []string{entryID})
		if err != nil {
			return err
		}
		entry.event.Reactions = groupReactions(rows[entryID])
		if seq, err = record(ctx, tx, entry.scope, wire.EventReactionChanged, kind, entry.key); err != nil || entry.event.ChannelID == "" {
			return err
		}
		_, err = Authorize(ctx, tx, actor, entry.event.ChannelID, ActionPost) // archived, or sent out, in this moment
		return err
	})
	if err != nil || seq == 0 {
		return err
	}
	s.pub.PublishChangeTo(entry.topics, entry.scope, seq, wire.EventReactionChanged, entry.event)
	return nil
}

// reacted is an entry under which somebody reacts.
type reacted struct {
	event  wire.ReactionChanged // still without reactions
	place  string               // the channel's or conversation's id
	scope  string
	topics []string // of who hears of it
	key    string   // as the log of changes names it
}

// findEntry gives an entry that the actor may react to.
func (s *Reactions) findEntry(ctx context.Context, actor Actor, kind, id string) (*reacted, error) {
	if kind == models.EntryMessage {
		_, conversation, err := s.messages.find(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		return &reacted{wire.ReactionChanged{Kind: kind, ID: id, ConversationID: conversation.ID}, conversation.ID,
			ConversationTopic(conversation.ID), topicsOf(conversation), id}, nil
	}
	event, member, err := s.findInChannel(ctx, actor, kind, id)
	if err != nil {
		return nil, err
	}
	if err := allow(member, ActionPost); err != nil {
		return nil, err
	}
	key, scope := id, ChannelTopic(event.ChannelID)
	if kind == models.EntryComment {
		key = commentKey(event.PostID, id)
	}
	return &reacted{event, event.ChannelID, scope, []string{scope}, key}, nil
}

// findInChannel gives the event of a post or comment that the actor may read, and the actor's place in its channel.
func (s *Reactions) findInChannel(ctx context.Context, actor Actor, kind, id string) (wire.ReactionChanged, *models.Member, error) {
	event := wire.ReactionChanged{Kind: kind, ID: id}
	if kind == models.EntryPost {
		row, member, err := s.findPost(ctx, actor, id)
		if err != nil {
			return event, nil, err
		}
		event.ChannelID, event.PostID = row.ChannelID, id
		return event, member, nil
	}
	row, member, err := s.findComment(ctx, actor, id)
	if err != nil {
		return event, nil, err
	}
	event.ChannelID, event.PostID = row.ChannelID, row.PostID
	return event, member, nil
}

// maxEmojiBytes holds the longest emoji in use: a kiss between two people with skin tones has 35.
const maxEmojiBytes = 40

// isEmoji tells whether a text is one user-perceived character (Unicode Standard Annex #29) that is a pictograph, or a
// sign or digit turned into one by an emoji variation selector or a keycap (Unicode Technical Standard #51).
func isEmoji(text string) bool {
	if text == "" || len(text) > maxEmojiBytes || !utf8.ValidString(text) || uniseg.GraphemeClusterCount(text) != 1 {
		return false
	}
	const variation, keycap, information = '\ufe0f', '\u20e3', 'ℹ'
	first, size := utf8.DecodeRuneInString(text)
	if unicode.Is(unicode.So, first) {
		return true
	}
	turned := slices.ContainsFunc([]rune(text[size:]), func(r rune) bool { return r == variation || r == keycap })
	return turned && (unicode.IsPunct(first) || unicode.IsSymbol(first) || unicode.IsDigit(first) || first == information)
}
