package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"lectern/models"
	"lectern/services"
)

// operatorCommand is one that works on the accounts of a migrated database, beside a running server or without one.
func operatorCommand(use, short string, args cobra.PositionalArgs, do func(*cobra.Command, *services.Operator, []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: args}
	load := configFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if err := installed(cfg); err != nil {
			return err
		}
		return withStore(cmd, cfg, func(store *models.Store) error {
			schema, err := store.Schema(cmd.Context())
			if err != nil {
				return err
			}
			if schema.Current != schema.Newest {
				return fmt.Errorf("the schema is %d and this program needs %d: run lectern migrate up, or start the server", schema.Current, schema.Newest)
			}
			operator, err := services.NewOperator(store, services.DefaultPasswordParams, services.SystemClock{})
			if err != nil {
				return err
			}
			return explained(do(cmd, operator, args))
		})
	}
	return cmd
}

// explained adds what is wrong with each field to a domain error.
func explained(err error) error {
	var domain *services.Error
	if !errors.As(err, &domain) || len(domain.Fields) == 0 {
		return err
	}
	var parts []string
	for field, sentence := range domain.Fields {
		parts = append(parts, field+": "+sentence)
	}
	return errors.New(strings.Join(parts, " "))
}

func createUserCommand() *cobra.Command {
	var user services.NewUser
	cmd := operatorCommand("create-user EMAIL", "Open an account; without --password-stdin its password is made and shown once", cobra.ExactArgs(1),
		func(cmd *cobra.Command, operator *services.Operator, args []string) (err error) {
			user.Email = args[0]
			if user.Name == "" {
				user.Name, _, _ = strings.Cut(user.Email, "@")
			}
			password, made, err := passwordOf(cmd)
			if err != nil {
				return err
			}
			user.Password = password
			if _, err := operator.CreateUser(cmd.Context(), user); err != nil {
				return err
			}
			sayPassword(cmd.OutOrStdout(), user.Email, password, made)
			return nil
		})
	passwordFlag(cmd)
	cmd.Flags().StringVar(&user.Name, "name", "", "name that others see (default: what stands before the @)")
	cmd.Flags().StringVar(&user.Locale, "locale", "zh-TW", "zh-TW or en")
	cmd.Flags().BoolVar(&user.Admin, "admin", false, "an administrator of the installation")
	return cmd
}

func setPasswordCommand() *cobra.Command {
	cmd := operatorCommand("reset-password EMAIL", "Give an account a new password and end its sessions", cobra.ExactArgs(1),
		func(cmd *cobra.Command, operator *services.Operator, args []string) error {
			password, made, err := passwordOf(cmd)
			if err != nil {
				return err
			}
			user, err := operator.SetPassword(cmd.Context(), args[0], password)
			if err != nil {
				return err
			}
			sayPassword(cmd.OutOrStdout(), user.Email, password, made)
			return nil
		})
	passwordFlag(cmd)
	return cmd
}

func passwordFlag(cmd *cobra.Command) {
	cmd.Flags().Bool("password-stdin", false, "read the password from the standard input")
}

// passwordOf reads the password from the standard input when asked to, else it makes one. A flag's value would stand in the
// list of processes.
func passwordOf(cmd *cobra.Command) (password string, made bool, err error) {
	fromInput, err := cmd.Flags().GetBool("password-stdin")
	if err != nil || !fromInput {
		return strings.ToLower(rand.Text()[:20]), true, err
	}
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

func sayPassword(out io.Writer, email, password string, made bool) {
	if made {
		fmt.Fprintf(out, "%s has this password, which is not shown again: %s\n", email, password)
		return
	}
	fmt.Fprintf(out, "%s has the new password.\n", email)
}

func listUsersCommand() *cobra.Command {
	return operatorCommand("list", "List the accounts", cobra.NoArgs, func(cmd *cobra.Command, operator *services.Operator, _ []string) error {
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "EMAIL\tNAME\tROLE\tSTATE\tSINCE")
		err := operator.Users(cmd.Context(), func(u models.User) error {
			state := "open"
			if u.DisabledAt != nil {
				state = "disabled"
			}
			_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Email, u.Name, u.Role, state, u.CreatedAt.Format("2006-01-02"))
			return err
		})
		return errors.Join(err, table.Flush())
	})
}
