package services

import (
	"context"
	"errors"
	"os"
	"slices"

	"lectern/models"
)

// Run forgets expired uploads until ctx ends.
func (u *Uploads) Run(ctx context.Context, did Did) { every(ctx, collectEvery, did, u.Collect) }

// Collect forgets the uploads that have expired, and removes the bytes that belong to none.
func (u *Uploads) Collect(ctx context.Context) error {
	if err := u.files.store.DeleteExpiredUploads(ctx, stamp(u.files.clock)); err != nil {
		return err
	}
	entries, err := os.ReadDir(u.dir)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(entries, collectBatch) {
		var ids []string
		for _, entry := range some {
			if _, ok := models.ParseID(entry.Name()); ok {
				ids = append(ids, entry.Name())
			}
		}
		known, err := u.files.store.KnownUploads(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if known[id] {
				continue
			}
			done, err := u.busy.enter(ctx, id, func() {}) // a part may be arriving for one that has just expired
			if err != nil {
				continue // the next hour will do
			}
			err = os.Remove(u.path(id))
			done()
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
