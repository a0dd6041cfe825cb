package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/backup"
	"lectern/internal/config"
	"lectern/internal/durable"
	"lectern/models"
)

func backupCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write database, files and secrets into one archive, while the server runs",
		Long: `Write database, files and secrets into one archive, while the server runs.

The archive is everything as it was at one moment, whichever database there is; "lectern restore" brings it back, also on the
other kind. It holds the secrets of the data folder: keep it as safe as them.`,
		Args: cobra.NoArgs,
	}
	load := configFlags(cmd)
	cmd.Flags().StringVar(&to, "to", "", `file to write, "-" for standard output (default lectern-<date>-<time>.tar.gz)`)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if to == "" {
			to = "lectern-" + time.Now().UTC().Format("20060102-150405") + ".tar.gz"
		}
		return writeBackup(cmd.Context(), cfg, to, cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	cmd.AddCommand(verifyCommand())
	return cmd
}

// writeBackup writes the archive under another name first, so that a file of the right name is always whole.
func writeBackup(ctx context.Context, cfg config.Config, to string, stdout, say io.Writer) error {
	if err := installed(cfg); err != nil {
		return err
	}
	store, err := models.Connect(ctx, cfg.DatabaseURL, cfg.DataDir)
	if err != nil {
		return err
	}
	defer store.Close()
	out, finish := stdout, func(err error) error { return err }
	if to != "-" {
		if out, finish, err = partial(to); err != nil {
			return err
		}
	}
	sum, err := backup.Write(ctx, store, cfg.DataDir, release(), out)
	if err = finish(err); err != nil {
		return err
	}
	fmt.Fprintf(say, "%s: %d rows, %d files, %d bytes in files\n", to, sum.TotalRows(), sum.Files, sum.Bytes)
	if n := len(sum.Missing); n > 0 {
		fmt.Fprintf(say, "warning: the bytes of %d files were not there, the first is %s\n", n, sum.Missing[0])
	}
	return nil
}

// partial makes a file under a name that says it is not whole; finish gives it its own, or removes it after an error. What is there
// already, from a crash or laid there by somebody else, is not written into: the archive has every secret.
func partial(path string) (io.Writer, func(error) error, error) {
	if err := os.Remove(path + ".part"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return file, func(err error) error {
		if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
			_ = os.Remove(file.Name())
			return err
		}
		if err := os.Rename(file.Name(), path); err != nil {
			return err
		}
		return durable.SyncDir(filepath.Dir(path))
	}, nil
}

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE",
		Short: "Read an archive to its end and check that it is whole",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withArchive(args[0], func(in io.Reader) error {
				manifest, sum, err := backup.Verify(cmd.Context(), in)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "whole: made %s by %s from %s, schema %d, %d rows, %d files\n", manifest.MadeAt.Format(time.RFC3339),
						manifest.Version, manifest.Database, manifest.Schema, sum.TotalRows(), sum.Files)
				}
				return err
			})
		},
	}
}

func withArchive(path string, do func(io.Reader) error) error {
	if path == "-" {
		return do(os.Stdin)
	}
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer file.Close()
	return do(file)
}

func restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring an archive back into an empty installation",
		Long: `Bring an archive back into an empty installation: a data folder and a database without accounts. The server must not run.
The database may be of the other kind than the one the archive was made from. When it fails, the data folder is left as it was.`,
		Args: cobra.ExactArgs(1),
	}
	load := configFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if err := ownFolder(cfg.DataDir); err != nil {
			return err
		}
		ground, err := backup.TakeGround(cfg.DataDir)
		if err != nil {
			return err
		}
		return ground.Leave(withArchive(args[0], func(in io.Reader) error {
			return withStore(cmd, cfg, func(store *models.Store) error {
				manifest, sum, err := backup.Restore(cmd.Context(), store, cfg.DataDir, in, logger(os.Stderr, config.LogLevels{Default: slog.LevelWarn}))
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "restored %d rows and %d files of %s; start the server\n", sum.TotalRows(), sum.Files, manifest.MadeAt.Format(time.RFC3339))
				}
				return err
			})
		}))
	}
	return cmd
}
