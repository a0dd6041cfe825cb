package models

import "os"

// keepPrivate makes a database's file for its owner alone, and takes it from others on the machine where they had it: a data folder may
// have been made for all. What SQLite lays beside it gets the same rights. Where this cannot be done, opening the database says why.
func keepPrivate(path string) {
	// Never opened when it is there: closing it would give up the locks that this process has on it (fcntl(2)).
	if file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
		_ = file.Close()
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Mode().Perm()&0o007 != 0 {
			_ = os.Chmod(path+suffix, info.Mode().Perm()&^0o007)
		}
	}
}
