package services

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"lectern/internal/durable"
)

// Storage keeps blobs under the SHA-256 (hex) of their bytes.
type Storage interface {
	// Put makes the bytes of a staged file durable under their hash. It takes the file over: afterwards that is closed and its
	// name gone. Putting the same bytes again is harmless.
	Put(sha256 string, staged *os.File) error
	// Open reads a blob; fs.ErrNotExist when there is none.
	Open(sha256 string) (io.ReadSeekCloser, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(sha256 string) error
	// Older yields, some at a time, the blobs that were put before an instant.
	Older(before time.Time) iter.Seq2[[]string, error]
}

// Disk is a Storage in a directory of the local file system: abcdef… lies at ab/abcdef….
type Disk struct{ dir string }

// NewDisk uses, and makes if need be, a directory. Staged files must be on the same file system.
func NewDisk(dir string) (*Disk, error) {
	return &Disk{dir}, os.MkdirAll(dir, 0o700)
}

// Put flushes the file and renames it, so that a blob is either whole or not there, even after a power failure. Windows renames
// no open file.
func (d *Disk) Put(sha256 string, staged *os.File) error {
	if err := errors.Join(staged.Sync(), staged.Close()); err != nil {
		return err
	}
	path := d.path(sha256)
	folder := filepath.Dir(path)
	if err := os.Mkdir(folder, 0o700); err == nil {
		if err := durable.SyncDir(d.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(staged.Name(), path); err != nil {
		return err
	}
	return durable.SyncDir(folder)
}

// Open reads a blob.
func (d *Disk) Open(sha256 string) (io.ReadSeekCloser, error) {
	return os.Open(d.path(sha256))
}

// Delete removes a blob.
func (d *Disk) Delete(sha256 string) error {
	if err := os.Remove(d.path(sha256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Older yields the blobs of one folder at a time.
func (d *Disk) Older(before time.Time) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		folders, err := os.ReadDir(d.dir)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, folder := range folders {
			blobs, err := aged(filepath.Join(d.dir, folder.Name()), before)
			if !yield(blobs, err) {
				return
			}
		}
	}
}

// aged lists what is named like a blob in a folder and was written before an instant.
func aged(folder string, before time.Time) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		if hash, err := hex.DecodeString(entry.Name()); err == nil && len(hash) == sha256.Size && info.ModTime().Before(before) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func (d *Disk) path(sha256 string) string { return filepath.Join(d.dir, sha256[:2], sha256) }
