package services

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Storage keeps blobs under the SHA-256 (hex) of their bytes.
type Storage interface {
	// Put makes the bytes of a staged file durable under their hash. It takes the file over: afterwards the staged name
	// is gone. Putting the same bytes again is harmless.
	Put(sha256 string, staged *os.File) error
	// Open reads a blob; fs.ErrNotExist when there is none.
	Open(sha256 string) (io.ReadSeekCloser, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(sha256 string) error
}

// Disk is a Storage in a directory of the local file system: abcdef… lies at ab/abcdef….
type Disk struct{ dir string }

// NewDisk uses, and makes if need be, a directory. Staged files must be on the same file system.
func NewDisk(dir string) (*Disk, error) {
	return &Disk{dir}, os.MkdirAll(dir, 0o700)
}

// Put flushes the file and renames it, so that a blob is either whole or not there, even after a power failure.
func (d *Disk) Put(sha256 string, staged *os.File) error {
	if err := staged.Sync(); err != nil {
		return err
	}
	path := d.path(sha256)
	folder := filepath.Dir(path)
	if err := os.Mkdir(folder, 0o700); err == nil {
		if err := syncDir(d.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(staged.Name(), path); err != nil {
		return err
	}
	return syncDir(folder)
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

func (d *Disk) path(sha256 string) string { return filepath.Join(d.dir, sha256[:2], sha256) }

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
