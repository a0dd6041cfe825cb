package services_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/models"
	"lectern/services"
)

// recordMany keeps n changes of a scope, each in a transaction of its own.
func recordMany(t *testing.T, store *models.Store, scope string, n int, at time.Time) {
	t.Helper()
	for range n {
		require.NoError(t, store.Tx(t.Context(), func(tx *models.Store) error {
			_, err := tx.Record(t.Context(), models.Change{Scope: scope, Type: "thing.created", EntityKind: "thing", EntityID: models.NewID(), At: at})
			return err
		}))
	}
}

func newChanges(t *testing.T, store *models.Store, clock services.Clock) *services.Changes {
	changes := services.NewChanges(store, clock, testenv.Log(t))
	changes.Register(services.Replay{Kind: "thing", Created: "thing.created", Updated: "thing.updated",
		Load: func(_ context.Context, _ services.Actor, _ string, ids []string) (map[string]services.Told, error) {
			all := map[string]services.Told{}
			for _, id := range ids {
				all[id] = services.Told{Data: id}
			}
			return all, nil
		}})
	return changes
}

func TestNumbersOfAScopeHaveNoGap(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		const writers, each = 8, 25
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				for n := range each {
					err := store.Tx(t.Context(), func(tx *models.Store) error {
						for _, scope := range []string{"channel:c", "user:u"} {
							if _, err := tx.Record(t.Context(), models.Change{Scope: scope, At: time.Now().UTC()}); err != nil {
								return err
							}
						}
						if (i+n)%5 == 0 {
							return context.Canceled // this one takes its numbers back
						}
						return nil
					})
					if err != nil && err != context.Canceled {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		heads, err := store.Seqs(t.Context(), "channel:c", "user:u")
		require.NoError(t, err)
		for scope, head := range heads {
			rows, err := store.Changes(t.Context(), scope, 0, 1000)
			require.NoError(t, err)
			require.EqualValues(t, writers*each*4/5, len(rows))
			require.EqualValues(t, len(rows), head)
			for i, row := range rows {
				require.EqualValues(t, i+1, row.Seq)
			}
		}
	})
}

func TestScopesAreLockedInOrder(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		record := func(scopes ...string) error {
			return store.Tx(t.Context(), func(tx *models.Store) error {
				for _, scope := range scopes {
					if _, err := tx.Record(t.Context(), models.Change{Scope: scope}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		require.NoError(t, record("channel:1", "conversation:1", "user:1", "user:2", "user:1"))
		require.Error(t, record("user:1", "channel:1"))
		require.Error(t, record("user:2", "user:1"))
		_, err := store.Record(t.Context(), models.Change{Scope: "user:1"})
		require.Error(t, err, "outside a transaction")
		heads, err := store.Seqs(t.Context(), "channel:1", "user:2")
		require.NoError(t, err)
		require.Equal(t, map[string]int64{"channel:1": 1, "user:2": 1}, heads)
	})
}

func TestChangesArePagedAndForgotten(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		clock := newHandClock()
		changes, actor := newChanges(t, store, clock), register(t, store, "Ada")
		scope := services.UserTopic(actor.UserID)
		list := func(after int64) (int, int64, bool, bool) {
			t.Helper()
			page, err := changes.List(t.Context(), actor, scope, after, 200)
			require.NoError(t, err)
			return len(page.Items), page.Seq, page.More, page.Reset
		}
		expect := func(after int64, items int, seq int64, more, reset bool) {
			t.Helper()
			n, at, further, again := list(after)
			require.Equal(t, []any{items, seq, more, reset}, []any{n, at, further, again}, "after %d", after)
		}
		expect(0, 0, 0, false, false)
		recordMany(t, store, scope, 250, clock.Now())
		expect(0, 200, 200, true, false)
		expect(200, 50, 250, false, false)
		expect(250, 0, 250, false, false)
		expect(251, 0, 250, false, true) // a number of a time that a backup has undone

		clock.turn(31 * 24 * time.Hour)
		recordMany(t, store, scope, 10, clock.Now())
		dropped, err := changes.Drop(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 250, dropped)
		expect(249, 0, 260, false, true)
		expect(250, 10, 260, false, false)
		require.NoError(t, store.DB(t.Context()).Exec("UPDATE scopes SET seq = seq + 1000 WHERE scope = ?", scope).Error)
		expect(259, 0, 1260, false, true) // too many

		_, err = changes.List(t.Context(), actor, services.UserTopic(models.NewID()), 0, 10)
		require.Error(t, err)
	})
}

func TestEachEntityIsToldOnceAsItIs(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		changes, actor := newChanges(t, store, newHandClock()), register(t, store, "Ada")
		scope := services.UserTopic(actor.UserID)
		for _, event := range []string{"a thing.created", "b thing.created", "a thing.updated", "c thing.updated", "a thing.updated", "d stranger.created"} {
			kind := "thing"
			if event[0] == 'd' {
				kind = "stranger"
			}
			require.NoError(t, store.Tx(t.Context(), func(tx *models.Store) error {
				_, err := tx.Record(t.Context(), models.Change{Scope: scope, Type: event[2:], EntityKind: kind, EntityID: event[:1]})
				return err
			}))
		}
		told := func(after int64) (all []string) {
			page, err := changes.List(t.Context(), actor, scope, after, 100)
			require.NoError(t, err)
			require.EqualValues(t, 6, page.Seq)
			for _, c := range page.Items {
				all = append(all, c.Data.(string)+" "+c.Type)
			}
			return all
		}
		require.Equal(t, []string{"b thing.created", "c thing.updated", "a thing.created"}, told(0))
		require.Equal(t, []string{"c thing.updated", "a thing.updated"}, told(2))
		require.True(t, slices.Equal([]string(nil), told(5)))
	})
}
