package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"lectern/internal/config"
	"lectern/models"
)

// migrateCommand is for operators who want to see a migration before the server does it at its start.
func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "See or bring up to date the database's schema; the server does it at its start, too"}
	cmd.AddCommand(
		migration("status", "Say which migrations the database has", installed, func(cmd *cobra.Command, store *models.Store) error { return sayStatus(cmd, store) }),
		migration("up", "Migrate to what this program needs", makeFolder, func(cmd *cobra.Command, store *models.Store) error {
			if err := store.Migrate(cmd.Context(), logger(os.Stderr, config.LogLevels{Default: slog.LevelInfo})); err != nil {
				return err
			}
			return sayStatus(cmd, store)
		}),
	)
	return cmd
}

func sayStatus(cmd *cobra.Command, store *models.Store) error {
	schema, err := store.Schema(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "schema %d of %d\n", schema.Current, schema.Newest)
	for _, name := range schema.Pending {
		fmt.Fprintf(cmd.OutOrStdout(), "pending %s\n", name)
	}
	if schema.Current > schema.Newest {
		return &models.NewerSchemaError{Schema: schema}
	}
	return nil
}

func migration(use, short string, check func(config.Config) error, do func(*cobra.Command, *models.Store) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs}
	load := configFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if err := check(cfg); err != nil {
			return err
		}
		return withStore(cmd, cfg, func(store *models.Store) error { return do(cmd, store) })
	}
	return cmd
}

// withStore opens the database as it is.
func withStore(cmd *cobra.Command, cfg config.Config, do func(*models.Store) error) error {
	store, err := models.Connect(cmd.Context(), cfg.DatabaseURL, cfg.DataDir)
	if err != nil {
		return err
	}
	defer store.Close()
	return do(store)
}
