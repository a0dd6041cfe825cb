package services_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// presences notes whose presence was announced.
type presences struct{ users []string }

func (p *presences) Changed(_ context.Context, userID string) { p.users = append(p.users, userID) }

func TestPreferences(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx, seen := newClass(t, store), t.Context(), &presences{}
		s := services.NewPreferences(store, c.pub, seen, c.clock)
		got, err := s.Get(ctx, c.student)
		require.NoError(t, err)
		require.Equal(t, &wire.Preferences{ReadReceipts: true, Sounds: true, Push: true, HintsSeen: []string{}}, got)
		got, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{ReadReceipts: new(false), Sounds: new(false)})
		require.NoError(t, err)
		want := &wire.Preferences{Push: true, HintsSeen: []string{}}
		require.Equal(t, want, got)
		require.Equal(t, []publishedEvent{{services.UserTopic(c.student.UserID), wire.EventPreferencesUpdated, want}}, c.pub.take())
		_, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{})
		require.NoError(t, err)
		require.Empty(t, c.pub.take(), "nothing changed")
		require.Empty(t, seen.users)
		other, err := s.Get(ctx, c.classmate)
		require.NoError(t, err)
		require.True(t, other.ReadReceipts)
		for _, bad := range []wire.UpdatePreferencesRequest{{DNDMinutes: new(5)}, {DND: new(false), DNDMinutes: new(5)}, {DND: new(true), DNDMinutes: new(-1)},
			{DND: new(true), DNDMinutes: new(7*24*60 + 1)}} {
			_, err := s.Update(ctx, c.student, bad)
			requireField(t, "dnd_minutes", err)
		}
	})
}

func TestHintsThatWereSeen(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		s := services.NewPreferences(store, c.pub, &presences{}, c.clock)
		got, err := s.Update(ctx, c.student, wire.UpdatePreferencesRequest{HintsSeen: &[]string{"talk", "hand", "talk"}})
		require.NoError(t, err)
		require.Equal(t, []string{"hand", "talk"}, got.HintsSeen)
		c.pub.take()
		_, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{HintsSeen: &[]string{"hand", "talk"}})
		require.NoError(t, err)
		require.Empty(t, c.pub.take(), "nothing changed")
		got, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{Sounds: new(false)})
		require.NoError(t, err)
		require.Equal(t, []string{"hand", "talk"}, got.HintsSeen, "nobody spoke of them")
		other, err := s.Get(ctx, c.classmate)
		require.NoError(t, err)
		require.Empty(t, other.HintsSeen)

		many := make([]string, 33)
		for i := range many {
			many[i] = "hint-" + strconv.Itoa(i)
		}
		for _, bad := range [][]string{{""}, {"two words"}, {"Hand"}, {strings.Repeat("a", 33)}, many} {
			_, err := s.Update(ctx, c.student, wire.UpdatePreferencesRequest{HintsSeen: &bad})
			requireField(t, "hints_seen", err)
		}
		got, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{HintsSeen: &[]string{}})
		require.NoError(t, err)
		require.Empty(t, got.HintsSeen)
	})
}

func TestDoNotDisturbEndsByItself(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx, seen := newClass(t, store), t.Context(), &presences{}
		s := services.NewPreferences(store, c.pub, seen, c.clock)
		got, err := s.Update(ctx, c.student, wire.UpdatePreferencesRequest{DND: new(true), DNDMinutes: new(30)})
		require.NoError(t, err)
		until := wire.At(c.clock.Now().Add(30 * time.Minute))
		require.Equal(t, &wire.Preferences{ReadReceipts: true, DND: true, DNDUntil: &until, Sounds: true, Push: true, HintsSeen: []string{}}, got)
		require.Equal(t, []string{c.student.UserID}, seen.users)
		c.post(c.owner, at(c.student))
		c.clock.turn(30*time.Minute - time.Millisecond)
		require.NoError(t, s.EndDND(ctx))
		require.Len(t, seen.users, 1)
		c.pub.take()
		c.clock.turn(time.Millisecond)
		c.post(c.owner, at(c.student))
		require.Equal(t, []string{"mention", "mention silent"}, c.bell(c.student), "it counts no more though nobody has switched it off")
		require.NoError(t, s.EndDND(ctx))
		require.Equal(t, []string{c.student.UserID, c.student.UserID}, seen.users)
		events := c.pub.take()
		require.Equal(t, wire.EventPreferencesUpdated, events[len(events)-1].name)
		require.False(t, events[len(events)-1].data.(*wire.Preferences).DND)
		require.NoError(t, s.EndDND(ctx))
		require.Empty(t, c.pub.take())

		_, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{DND: new(true)})
		require.NoError(t, err)
		c.clock.turn(1000 * time.Hour)
		require.NoError(t, s.EndDND(ctx))
		got, err = s.Get(ctx, c.student)
		require.NoError(t, err)
		require.True(t, got.DND, "until it is switched off")
		_, err = s.Update(ctx, c.student, wire.UpdatePreferencesRequest{DND: new(false)})
		require.NoError(t, err)
		require.Len(t, seen.users, 4)
	})
}
