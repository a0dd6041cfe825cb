package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/config"
)

// sources is where a command's settings come from.
func sources(cmd *cobra.Command, file string) config.Sources {
	given := map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if key := strings.ReplaceAll(f.Name, "-", "_"); config.Known(key) {
			given[key] = f.Value.String()
		}
	})
	return config.Sources{Dir: ".", File: file, Environ: os.Environ(), Flags: given}
}

// configFlags gives a command a flag for every setting; load then reads all sources.
func configFlags(cmd *cobra.Command) (load func() (config.Config, error)) {
	file := cmd.Flags().String("config", "", "configuration file, TOML or JSON (default ./lectern.toml if it is there)")
	for _, s := range config.Settings {
		cmd.Flags().String(s.Flag(), "", s.Usage)
	}
	return func() (config.Config, error) { return config.Load(sources(cmd, *file)) }
}

func configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Check or show the settings"}
	check := &cobra.Command{Use: "check", Short: "Check the settings of all sources without starting", Args: cobra.NoArgs}
	loadChecked := configFlags(check)
	check.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := loadChecked()
		if err != nil {
			return err
		}
		for _, w := range cfg.Warnings() {
			fmt.Fprintln(cmd.OutOrStdout(), "warning: "+w.Sentence)
		}
		fmt.Fprintln(cmd.OutOrStdout(), "The settings are in order.")
		return nil
	}
	show := &cobra.Command{Use: "print", Short: "Show what is set, and where; secrets are masked", Args: cobra.NoArgs}
	loadShown := configFlags(show)
	show.RunE = func(cmd *cobra.Command, _ []string) error {
		if _, err := loadShown(); err != nil {
			return err
		}
		given, err := config.Describe(sources(cmd, cmd.Flag("config").Value.String()))
		if err != nil {
			return err
		}
		for _, g := range given {
			fmt.Fprintf(cmd.OutOrStdout(), "%s = %q  # %s\n", g.Key, g.Text, g.Origin)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "# the other %d settings have their defaults, see lectern serve --help\n", len(config.Settings)-len(given))
		return nil
	}
	cmd.AddCommand(check, show)
	return cmd
}
