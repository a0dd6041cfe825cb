package app

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// probeSize is written to find out whether the disk takes anything more.
const probeSize = 64 << 10

// ready tells whether the database answers and the data folder takes what is written.
func (a *App) ready(ctx context.Context) error {
	if err := a.store.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	probe, err := os.CreateTemp(a.cfg.DataDir, ".ready-*")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	defer os.Remove(probe.Name())
	_, err = probe.Write(make([]byte, probeSize))
	if err = errors.Join(err, probe.Close()); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}
