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

// Reactions are the emoji under posts and comments.
type Reactions struct{ *Entries }

// NewReactions prepares it.
func NewReactions(entries *Entries) *Reactions { return &Reactions{entries} }

// Add puts the actor's emoji under an entry (kind models.EntryPost or EntryComment); doing it twice changes nothing.
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

// change runs fn in the channel's turn and, when it changed something, publishes all reactions of the entry.
func (s *Reactions) change(ctx context.Context, actor Actor, kind, entryID string, fn func(tx *models.Store) (bool, error)) error {
	event, member, err := s.findEntry(ctx, actor, kind, entryID)
	if err != nil {
		return err
	}
	if !Can(member.Role, ActionPost) {
		return Forbidden("Your role in this channel does not allow this.")
	}
	defer s.inOrder(event.ChannelID)()
	if _, _, err := s.findEntry(ctx, actor, kind, entryID); err != nil { // it may be gone since
		return err
	}
	var seq int64
	err = s.store.Tx(ctx, func(tx *models.Store) error {
		changed, err := fn(tx)
		if err != nil || !changed {
			return err
		}
		rows, err := tx.Reactions(ctx, kind, []string{entryID})
		if err != nil {
			return err
		}
		event.Reactions = groupReactions(rows[entryID])
		if kind == models.EntryComment {
			entryID = commentKey(event.PostID, entryID)
		}
		seq, err = record(ctx, tx, ChannelTopic(event.ChannelID), wire.EventReactionChanged, kind, entryID)
		return err
	})
	if err != nil || seq == 0 {
		return err
	}
	s.pub.PublishChange(ChannelTopic(event.ChannelID), seq, wire.EventReactionChanged, event)
	return nil
}

// findEntry gives the event of an entry that the actor may read, still without reactions.
func (s *Reactions) findEntry(ctx context.Context, actor Actor, kind, id string) (wire.ReactionChanged, *models.Member, error) {
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
