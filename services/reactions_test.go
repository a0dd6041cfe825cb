package services_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestReactions(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		ctx := t.Context()
		post := c.post(c.owner, "x")
		comment := c.comment(c.owner, post.ID, "y")
		for kind, id := range map[string]string{models.EntryPost: post.ID, models.EntryComment: comment.ID} {
			c.pub.take()
			require.NoError(t, c.reactions.Add(ctx, c.student, kind, id, "👍"))
			require.NoError(t, c.reactions.Add(ctx, c.student, kind, id, "👍"))
			c.clock.turn(1e9)
			require.NoError(t, c.reactions.Add(ctx, c.student, kind, id, "❤️"))
			c.clock.turn(1e9)
			require.NoError(t, c.reactions.Add(ctx, c.owner, kind, id, "👍"))
			events := c.pub.take()
			require.Equal(t, []string{"channel reaction.changed", "channel reaction.changed", "channel reaction.changed"}, names(events))
			require.Equal(t, wire.ReactionChanged{Kind: kind, ID: id, ChannelID: c.channel, PostID: post.ID, Reactions: []wire.Reaction{
				{Emoji: "👍", UserIDs: []string{c.student.UserID, c.owner.UserID}}, {Emoji: "❤️", UserIDs: []string{c.student.UserID}}}}, events[2].data)

			require.NoError(t, c.reactions.Remove(ctx, c.student, kind, id, "👍"))
			require.NoError(t, c.reactions.Remove(ctx, c.student, kind, id, "👍"))
			require.NoError(t, c.reactions.Remove(ctx, c.student, kind, id, "❤️"))
			require.NoError(t, c.reactions.Remove(ctx, c.owner, kind, id, "👍"))
			events = c.pub.take()
			require.Len(t, events, 3)
			require.Equal(t, []wire.Reaction{}, events[2].data.(wire.ReactionChanged).Reactions)

			requireKind(t, services.KindNotFound, c.reactions.Add(ctx, c.outside, kind, id, "👍"))
			requireKind(t, services.KindNotFound, c.reactions.Remove(ctx, c.outside, kind, id, "👍"))
			requireKind(t, services.KindNotFound, c.reactions.Add(ctx, c.student, kind, models.NewID(), "👍"))
			require.Empty(t, c.pub.take())
		}
	})
}

func TestAnEntryHasAtMostTwentyEmoji(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "x")
		for r := '😀'; r < '😀'+20; r++ {
			require.NoError(t, c.reactions.Add(t.Context(), c.student, models.EntryPost, post.ID, string(r)))
		}
		requireKind(t, services.KindConflict, c.reactions.Add(t.Context(), c.student, models.EntryPost, post.ID, "👍"))
		require.NoError(t, c.reactions.Add(t.Context(), c.owner, models.EntryPost, post.ID, "😀"), "one of the twenty")
	})
}

func TestTheLastReactionEventIsTheWholeTruth(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "x")
		actors := []services.Actor{c.owner, c.assistant, c.student, c.classmate}
		errs := make([]error, len(actors))
		var all sync.WaitGroup
		for i, actor := range actors {
			all.Go(func() { errs[i] = c.reactions.Add(t.Context(), actor, models.EntryPost, post.ID, "👏") })
		}
		all.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		events := c.pub.take()
		last := events[len(events)-1].data.(wire.ReactionChanged)
		require.Len(t, last.Reactions[0].UserIDs, len(actors))
	})
}

func TestOnlyOneEmojiIsAReaction(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		post := c.post(c.owner, "x")
		for _, emoji := range []string{"👍", "👍🏽", "❤️", "❤", "🇹🇼", "1️⃣", "#️⃣", "‼️", "ℹ️", "↔️", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👨🏿", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"} {
			require.NoError(t, c.reactions.Add(t.Context(), c.student, models.EntryPost, post.ID, emoji), emoji)
		}
		for _, text := range []string{"", "a", "A\ufe0f", "好", "1", "👍👍", "👍a", " ", "\x00", "\ufe0f", "\u200d", "\xff", "<b>", "👍" + string(make([]rune, 60))} {
			requireField(t, "emoji", c.reactions.Add(t.Context(), c.student, models.EntryPost, post.ID, text))
			requireField(t, "emoji", c.reactions.Remove(t.Context(), c.student, models.EntryPost, post.ID, text))
		}
	})
}
