package services_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
)

// audited lists the actions in the audit log, the newest first.
func audited(t *testing.T, store *models.Store) (actions []string) {
	t.Helper()
	rows, _, err := store.AuditEvents(t.Context(), models.AuditFilter{}, models.Page{Limit: 100})
	require.NoError(t, err)
	for _, r := range rows {
		actions = append(actions, r.Action)
	}
	return actions
}

func TestALowDiskIsWrittenDownOnce(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		const gib = 1 << 30
		c, ctx := newClass(t, store), t.Context()
		space, broken := services.Space{Free: 100 * gib, Total: 4000 * gib}, error(nil)
		disk := func() (services.Space, error) { return space, broken }
		watch := services.NewStorageWatch(disk, services.NewAudit(store, c.clock, testenv.Log(t)), testenv.Log(t))
		admin := services.NewAdmin(services.AdminOptions{Store: store, Files: c.files, Clock: c.clock, Disk: disk,
			Open: func() int { return 0 }, InProgress: func() (int, int) { return 0, 0 }})
		warned := func() []string {
			health, err := admin.Health(ctx, services.Actor{Admin: true})
			require.NoError(t, err)
			return health.Warnings
		}
		look := func(free uint64) {
			space.Free = free * gib
			require.NoError(t, watch.Look(ctx))
		}
		look(100) // a fortieth, but plenty
		require.Empty(t, audited(t, store))
		require.Empty(t, warned())
		look(19)
		look(18)
		require.Equal(t, []string{services.AuditDiskLow}, audited(t, store))
		require.Equal(t, []string{wire.WarningDiskLow}, warned())
		look(30)
		look(0)
		require.Len(t, audited(t, store), 2, "it was well in between")
		broken = errors.New("no such file system")
		require.ErrorIs(t, watch.Look(ctx), broken)
		require.Empty(t, warned())
	})
}

func TestWhoComesNearTheQuota(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, store *models.Store) {
		c := newClass(t, store)
		disk, err := services.NewDisk(t.TempDir())
		require.NoError(t, err)
		c.files, err = services.NewFiles(store, disk, c.clock, services.FilesOptions{Incoming: t.TempDir(), MaxBytes: 1000, QuotaBytes: 1000,
			Secret: oldSecret, Audit: services.NewAudit(store, c.clock, testenv.Log(t)), Publisher: c.pub, Log: testenv.Log(t)})
		require.NoError(t, err)
		admin, _ := newAdmin(t, c)
		warned := func() []string {
			health, err := admin.Health(t.Context(), services.Actor{Admin: true})
			require.NoError(t, err)
			return health.Warnings
		}
		c.upload(c.student, "a.txt", bytes.Repeat([]byte("a"), 899))
		require.Empty(t, audited(t, store))
		require.NotContains(t, warned(), wire.WarningQuotaNear)
		require.Empty(t, c.pub.take())
		c.upload(c.student, "b.txt", []byte("b"))
		told := c.pub.take()
		require.Equal(t, []string{"user storage.quota_near"}, names(told))
		require.Equal(t, wire.StorageQuotaNear{UsedBytes: 900, QuotaBytes: 1000}, told[0].data)
		c.upload(c.student, "c.txt", []byte("c"))
		require.Equal(t, []string{services.AuditQuotaNear}, audited(t, store), "once")
		require.Empty(t, c.pub.take())
		require.Contains(t, warned(), wire.WarningQuotaNear)
	})
}
