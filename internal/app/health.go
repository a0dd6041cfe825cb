package app

import (
	"context"
	"fmt"
	"os"
)

// ready tells whether the database answers and the data folder can be written.
func (a *App) ready(ctx context.Context) error {
	if err := a.store.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	probe, err := os.CreateTemp(a.cfg.DataDir, ".ready-*")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}
