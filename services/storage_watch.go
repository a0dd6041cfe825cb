package services

import (
	"context"
	"log/slog"
	"time"

	"lectern/internal/wire"
	"lectern/models"
)

// Space is what a file system has, in bytes.
type Space struct{ Free, Total uint64 }

// The disk is low when less than diskLeast is free, or less than a twentieth of a disk on which that is not much.
const (
	diskLeast   = 1 << 30
	diskPlenty  = 20 << 30
	watchEvery  = 10 * time.Minute
	nearPercent = 90 // of the quota
)

func (s Space) low() bool { return s.Free < diskLeast || s.Free < s.Total/20 && s.Free < diskPlenty }

// NearQuota is how many bytes bring a person near the limit.
func NearQuota(quota int64) int64 { return quota / 100 * nearPercent }

// StorageWatch looks at the space that is left, and lets administrators know before it is none.
type StorageWatch struct {
	disk  func() (Space, error) // of the data folder
	audit *Audit
	log   *slog.Logger
	low   bool // as last seen; only Look changes it
}

// NewStorageWatch prepares it.
func NewStorageWatch(disk func() (Space, error), audit *Audit, log *slog.Logger) *StorageWatch {
	return &StorageWatch{disk: disk, audit: audit, log: log}
}

// Run looks now and then until ctx ends.
func (s *StorageWatch) Run(ctx context.Context, did Did) { every(ctx, watchEvery, did, s.Look) }

// Look writes it down, in the log and the audit log, when the disk gets low.
func (s *StorageWatch) Look(ctx context.Context) error {
	space, err := s.disk()
	if err != nil {
		return err
	}
	was := s.low
	s.low = space.low()
	if s.low && !was {
		s.log.Warn("the disk is nearly full: uploads and the database will soon fail", "free", space.Free, "total", space.Total)
		s.audit.Record(ctx, Actor{}, AuditDiskLow, AuditTarget{Kind: "server"}, map[string]any{"free": space.Free, "total": space.Total})
	}
	return nil
}

// storageWarnings are the codes of what an administrator should know about the space that is left.
func (s *Admin) storageWarnings(ctx context.Context) (codes []string, err error) {
	if space, err := s.Disk(); err == nil && space.low() { // else there is nothing to know
		codes = append(codes, wire.WarningDiskLow)
	}
	near, err := s.Store.PeopleWith(ctx, NearQuota(s.Files.Quota()))
	if near > 0 {
		codes = append(codes, wire.WarningQuotaNear)
	}
	return codes, err
}

// noteQuota writes it down, and tells the owner, when an upload brings them near the limit.
func (f *Files) noteQuota(ctx context.Context, actor Actor, row models.File, free int64) {
	used, near := f.opts.QuotaBytes-free, NearQuota(f.opts.QuotaBytes)
	if used < near && used+row.Size >= near {
		f.opts.Audit.Record(ctx, actor, AuditQuotaNear, AuditTarget{Kind: "user", ID: actor.UserID},
			map[string]any{"bytes": used + row.Size, "quota": f.opts.QuotaBytes})
		if f.opts.Publisher != nil {
			f.opts.Publisher.Publish(UserTopic(actor.UserID), wire.EventStorageQuotaNear,
				wire.StorageQuotaNear{UsedBytes: used + row.Size, QuotaBytes: f.opts.QuotaBytes})
		}
	}
}
