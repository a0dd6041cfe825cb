package services

import (
	"context"
	"time"
)

// An upload that nothing uses is kept so long, and looked for so often.
const (
	unusedKept   = 24 * time.Hour
	collectEvery = time.Hour
	collectBatch = 100
)

// Run deletes unused files until ctx ends.
func (f *Files) Run(ctx context.Context) {
	tick := time.NewTicker(collectEvery)
	defer tick.Stop()
	for {
		n, err := f.Collect(ctx)
		if err != nil && ctx.Err() == nil {
			f.opts.Log.Error("unused files not deleted", "error", err)
		}
		if n > 0 {
			f.opts.Log.Info("unused files deleted", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Collect deletes the uploads of more than a day ago that nothing has used since, and tells how many. Something may begin
// to use one in the meantime: that one stays.
func (f *Files) Collect(ctx context.Context) (deleted int, err error) {
	before := stamp(f.clock).Add(-unusedKept)
	for {
		rows, err := f.store.UnusedFiles(ctx, before, collectBatch)
		if err != nil {
			return deleted, err
		}
		last := len(rows) < collectBatch
		for _, row := range rows {
			if err := f.remove(ctx, row); isKind(err, KindConflict) {
				last = true // it would be found again; the next hour will do
				continue
			} else if err != nil {
				return deleted, err
			}
			deleted++
		}
		if last {
			return deleted, nil
		}
	}
}
