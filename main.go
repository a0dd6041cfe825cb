// Lectern is a self-hosted classroom in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"lectern/internal/app"
	"lectern/internal/config"
	"lectern/internal/logs"
)

// version is set at release builds: -ldflags "-X main.version=v1.2.3".
var version = "dev"

// @title                      Lectern
// @version                    1
// @description                A self-hosted classroom: channels with posts and files, live meetings, and video that everybody watches in step. Events and media signalling go over the socket at /ws, described in PROTOCOL.md. Errors are application/problem+json.
// @license.name               Apache-2.0
// @BasePath                   /api/v1
// @accept                     json
// @produce                    json
// @securityDefinitions.apikey Bearer
// @in                         header
// @name                       Authorization
// @description                "Bearer " and the access token of /auth/login, which lives 15 minutes.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "lectern: "+oneLine(err.Error()))
		stop()
		if errors.Is(err, errNotWhole) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:               "lectern",
		Short:             "A self-hosted classroom in one program",
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(serveCommand(), adminCommand(), backupCommand(), restoreCommand(), migrateCommand(), configCommand(), healthcheckCommand(), doctorCommand(), loadtestCommand(), &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintf(cmd.OutOrStdout(), "lectern %s (%s, %s/%s)\n", release(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	})
	return root
}

// gcPercent is half of Go's default: the heap is small and the packet path allocates nothing, so collecting twice as often
// costs next to no time, and a class that comes in at once leaves half the garbage.
const gcPercent = 50

func serveCommand() *cobra.Command {
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: "Run the server.\n\nEvery setting can stand in a file (TOML or JSON), in .env, in the environment as LECTERN_… or here as a flag;\n" +
			"the later of these wins.",
		Args: cobra.NoArgs,
	}
	load := configFlags(serve)
	serve.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(gcPercent)
		}
		log := logger(os.Stderr, cfg.LogLevels)
		a, err := app.New(cmd.Context(), cfg, log, app.WithVersion(release()))
		if err != nil {
			return err
		}
		return a.Run(cmd.Context())
	}
	return serve
}

// logger writes text to a terminal and JSON elsewhere.
func logger(out *os.File, levels config.LogLevels) *slog.Logger {
	return logs.New(out, terminal(out), levels.Of)
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// release is the version, with the commit that Go recorded when there is no other.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if version != "dev" || !ok {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + " " + s.Value[:12]
		}
	}
	return version
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
