package services

import (
	"context"
	"errors"
	"slices"
	"time"
)

// An upload that nothing uses is kept so long, and looked for so often.
const (
	unusedKept   = 24 * time.Hour
	collectEvery = time.Hour
	collectBatch = 100
)

// Run deletes unused files until ctx ends.
func (f *Files) Run(ctx context.Context, did Did) {
	every(ctx, collectEvery, did, func(ctx context.Context) error {
		n, err := f.Collect(ctx)
		if n > 0 {
			f.opts.Log.Info("unused files deleted", "files", n)
		}
		blobs, swept := f.Sweep(ctx)
		if blobs > 0 {
			f.opts.Log.Warn("bytes without a file deleted", "blobs", blobs)
		}
		return errors.Join(err, swept)
	})
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

// Sweep deletes the bytes stored more than a day ago that no file has, and tells how many: a crash between storing them and
// writing their row leaves such.
func (f *Files) Sweep(ctx context.Context) (deleted int, err error) {
	for blobs, err := range f.storage.Older(stamp(f.clock).Add(-unusedKept)) {
		if err != nil {
			return deleted, err
		}
		for some := range slices.Chunk(blobs, collectBatch) {
			used, err := f.store.BlobsInUse(ctx, some)
			if err != nil {
				return deleted, err
			}
			for _, sha256 := range some {
				if used[sha256] {
					continue
				}
				if err := f.forget(ctx, sha256); err != nil {
					return deleted, err
				}
				deleted++
			}
		}
	}
	return deleted, nil
}

// forget removes bytes unless a file has got them in the meantime.
func (f *Files) forget(ctx context.Context, sha256 string) error {
	f.blobs.Lock()
	defer f.blobs.Unlock()
	return f.dropBlob(ctx, sha256)
}
