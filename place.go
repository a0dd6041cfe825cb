package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lectern/internal/config"
	"lectern/models"
)

// installed refuses a place where there is nothing yet, for commands that care for what is there. Mostly they were not told
// the settings of the server; making a second, empty installation would hide that.
func installed(cfg config.Config) error {
	if cfg.DatabaseURL != "" {
		return nil
	}
	_, err := os.Stat(filepath.Join(cfg.DataDir, models.SQLiteName))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no installation here: %s has no database. Name the server's folder (--data-dir) or settings (--config), "+
			"or make an installation by lectern migrate up or by starting the server", cfg.DataDir)
	}
	return err
}

// makeFolder makes the data folder of a new installation.
func makeFolder(cfg config.Config) error {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	return ownFolder(cfg.DataDir)
}

// ownFolder keeps root from leaving files in somebody else's data folder that the server could not read.
func ownFolder(dataDir string) error {
	if user := foreignOwner(dataDir); user != "" {
		return fmt.Errorf("data_dir: %s belongs to %s, and the server could not read what root makes there: run this as %[2]s (runuser -u %[2]s -- lectern …)", dataDir, user)
	}
	return nil
}
