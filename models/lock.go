package models

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// SQLiteName is the file in the data folder that is the database, unless that is PostgreSQL.
const SQLiteName = "lectern.db"

// LockName is the file in the data folder that a running server holds locked. The system lets go of it when the server ends,
// however it ends.
const LockName = "lock"

// ErrInUse: another server works with the same data folder.
var ErrInUse = errors.New("another Lectern is running on this data folder; stop it first, or give this one another data_dir")

// LockDataDir takes a data folder for this process alone until release is called. The folder is made if need be.
func LockDataDir(dataDir string) (release func() error, err error) {
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data_dir: %w", err)
	}
	lock := flock.New(filepath.Join(dataDir, LockName), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("data_dir: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("data_dir: %w", ErrInUse)
	}
	return lock.Unlock, nil
}
