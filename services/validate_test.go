package services_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

func TestWhatCannotBeSeenIsNoText(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		channels := services.NewChannels(store, c.pub, nil, services.NewAudit(store, c.clock, testenv.Log(t)), roomy, c.clock)
		rename := func(name string) error {
			_, err := channels.Update(ctx, c.owner, c.channel, wire.UpdateChannelRequest{Name: &name})
			return err
		}
		write := func(body string) error {
			_, _, err := c.posts.Create(ctx, c.student, c.channel, wire.CreateEntryRequest{Body: body})
			return err
		}
		for _, text := range []string{"\u200b", "\ufeff\u2060", "\u3164", "\u2800", "\ufe0f", "\u00ad\u200d"} {
			requireField(t, "name", rename(text))
			requireField(t, "body", write(text))
		}
		requireField(t, "name", rename("Anna \u202etxt.exe"))
		for _, text := range []string{"林", "👩‍🔬", "한글", "x\u200by", "?", "❤️", "שלום", "1️⃣"} {
			require.NoError(t, rename(text), text)
			require.NoError(t, write(text), text)
		}
	})
}
