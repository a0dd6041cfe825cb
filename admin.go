package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lectern/internal/app"
)

// adminCommand has what an operator does on the server's machine.
func adminCommand() *cobra.Command {
	admin := &cobra.Command{Use: "admin", Short: "Care for an installation, on its machine"}
	rotate := &cobra.Command{
		Use:   "rotate-keys",
		Short: "Make a new secret for tokens",
		Long: "Make a new secret for tokens. The server uses it from its next start; the former ones stay good for tokens and\n" +
			"links that are out already, so nobody is signed out. The file jwt_secret in the\n" +
			"data folder keeps three, the newest first: after a leak delete the lines of the others.",
		Args: cobra.NoArgs,
	}
	load := configFlags(rotate)
	rotate.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if err := errors.Join(installed(cfg), ownFolder(cfg.DataDir)); err != nil {
			return err
		}
		if err := app.RotateKeys(cfg); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), "There is a new secret. Start the server again to use it.")
		return nil
	}
	admin.AddCommand(rotate, createUserCommand(), setPasswordCommand(), listUsersCommand())
	return admin
}
