package services_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// disconnected keeps whose sockets were closed.
type disconnected []string

func (d *disconnected) Disconnect(userID, _ string) { *d = append(*d, userID) }

func newAdmin(t *testing.T, c *class) (*services.Admin, *disconnected) {
	t.Helper()
	closed := &disconnected{}
	return services.NewAdmin(services.AdminOptions{Store: c.store, Publisher: c.pub, Sockets: closed, Files: c.files, Clock: c.clock,
		Disk:  func() (services.Space, error) { return services.Space{Free: 1 << 40, Total: 1 << 41}, nil },
		Audit: services.NewAudit(c.store, c.clock, testenv.Log(t)), Open: func() int { return 7 }, InProgress: func() (int, int) { return 1, 2 }}), closed
}

// promoted makes an account an administrator's.
func promoted(t *testing.T, store *models.Store, actor services.Actor) services.Actor {
	t.Helper()
	require.NoError(t, store.UpdateUser(t.Context(), actor.UserID, map[string]any{"role": models.RoleAdmin}))
	actor.Admin = true
	return actor
}

func TestOnlyAdministratorsAdminister(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		admin, _ := newAdmin(t, c)
		_, err := admin.Users(ctx, c.outside, "", models.Page{Limit: 1})
		requireKind(t, services.KindForbidden, err)
		_, err = admin.UpdateUser(ctx, c.outside, c.student.UserID, wire.UpdateUserRequest{})
		requireKind(t, services.KindForbidden, err)
		_, err = admin.Channels(ctx, c.outside, models.Page{Limit: 1})
		requireKind(t, services.KindForbidden, err)
		_, err = admin.Events(ctx, c.outside, models.AuditFilter{}, models.Page{Limit: 1})
		requireKind(t, services.KindForbidden, err)
		_, err = admin.Storage(ctx, c.outside)
		requireKind(t, services.KindForbidden, err)
		_, err = admin.Health(ctx, c.outside)
		requireKind(t, services.KindForbidden, err)

		late := services.Actor{UserID: c.outside.UserID, Admin: true} // demoted since its token was looked at
		_, err = admin.UpdateUser(ctx, late, c.student.UserID, wire.UpdateUserRequest{Role: new(models.RoleAdmin)})
		requireKind(t, services.KindForbidden, err)
	})
}

func TestAdministratorsWhoDemoteEachOtherAtOnceLeaveOneBehind(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		admin, _ := newAdmin(t, c)
		pair := []services.Actor{promoted(t, store, c.student), promoted(t, store, c.classmate)}
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i := range pair {
			both.Go(func() {
				_, errs[i] = admin.UpdateUser(t.Context(), pair[i], pair[1-i].UserID, wire.UpdateUserRequest{Role: new(models.RoleUser)})
			})
		}
		both.Wait()
		require.True(t, (errs[0] == nil) != (errs[1] == nil), "%v", errs)
	})
}

func TestWhatAdministratorsSee(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c, ctx := newClass(t, store), t.Context()
		admin, closed := newAdmin(t, c)
		me := promoted(t, store, c.outside)
		second := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Millisecond) // later than the session of the registration
		first := second.Add(-time.Hour)
		for _, at := range []time.Time{first, second} {
			require.NoError(t, store.AddSession(ctx, &models.Session{ID: models.NewID(), UserID: c.student.UserID, RotatedAt: at,
				CreatedAt: at, LastUsedAt: at, ExpiresAt: at.Add(time.Hour)}))
		}
		c.upload(c.student, "a", []byte("12345"))

		list, err := admin.Users(ctx, me, "STUDENT", models.Page{Limit: 5})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		require.True(t, second.Equal(time.Time(*list.Items[0].LastSeenAt)))
		require.EqualValues(t, 5, list.Items[0].Bytes)
		require.Equal(t, 1, list.Items[0].Channels)
		all, err := admin.Users(ctx, me, "", models.Page{Limit: 3})
		require.NoError(t, err)
		require.Len(t, all.Items, 3)
		rest, err := admin.Users(ctx, me, "", models.Page{Limit: 3, After: *all.NextCursor})
		require.NoError(t, err)
		require.Len(t, rest.Items, 2)
		require.Nil(t, rest.NextCursor)
		none, err := admin.Users(ctx, me, "%_!", models.Page{Limit: 3})
		require.NoError(t, err)
		require.Empty(t, none.Items)

		changed, err := admin.UpdateUser(ctx, me, c.student.UserID, wire.UpdateUserRequest{Disabled: new(true)})
		require.NoError(t, err)
		require.NotNil(t, changed.DisabledAt)
		again, err := admin.UpdateUser(ctx, me, c.student.UserID, wire.UpdateUserRequest{Disabled: new(true)})
		require.NoError(t, err)
		require.Equal(t, changed.DisabledAt, again.DisabledAt)
		require.Equal(t, disconnected{c.student.UserID}, *closed, "once")
		var open int64
		require.NoError(t, store.DB(ctx).Model(&models.Session{}).Where("user_id = ? AND ended_at IS NULL", c.student.UserID).Count(&open).Error)
		require.Zero(t, open)
		_, err = admin.UpdateUser(ctx, me, me.UserID, wire.UpdateUserRequest{Disabled: new(true)})
		requireKind(t, services.KindConflict, err)

		use, err := admin.Storage(ctx, me)
		require.NoError(t, err)
		require.EqualValues(t, 5, use.Bytes)
		require.Equal(t, c.student.UserID, use.Users[0].User.ID)
		channels, err := admin.Channels(ctx, me, models.Page{Limit: 5})
		require.NoError(t, err)
		require.Equal(t, 4, channels.Items[0].MemberCount)
		health, err := admin.Health(ctx, me)
		require.NoError(t, err)
		require.Equal(t, store.Postgres(), health.Database == "postgresql")
		require.Equal(t, []int{7, 1, 2}, []int{health.Sockets, health.Meetings, health.Participants})
	})
}
