package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// held are the bytes of a snapshot's files under second names, so that they stay while the archive is written, even if
// somebody deletes them meanwhile. That takes no space and hardly any time.
type held struct {
	dir     string
	blobs   []string // SHA-256 of those that are there
	missing []string
}

func holdFiles(ctx context.Context, snap *snapshot, dataDir string) (*held, error) {
	blobs, err := snap.blobs(ctx)
	if err != nil {
		return nil, err
	}
	h := &held{missing: []string{}}
	if len(blobs) == 0 {
		return h, nil
	}
	if h.dir, err = os.MkdirTemp(dataDir, ".backup-*"); err != nil {
		return nil, err
	}
	for _, sha256 := range blobs {
		err := os.Link(blobPath(dataDir, sha256), h.path(sha256))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			h.missing = append(h.missing, sha256)
		case err != nil:
			h.release()
			return nil, err
		default:
			h.blobs = append(h.blobs, sha256)
		}
	}
	return h, nil
}

func (h *held) path(sha256 string) string { return filepath.Join(h.dir, sha256) }

func (h *held) release() {
	if h.dir != "" {
		_ = os.RemoveAll(h.dir)
	}
}

// blobPath is where services.Disk keeps bytes.
func blobPath(dataDir, sha256 string) string {
	return filepath.Join(dataDir, "files", sha256[:2], sha256)
}
