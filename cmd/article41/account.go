package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/record"
)

// register opens the people and programs that have an account in a database.
func (a *app) register(ctx context.Context) (*account.Register, error) {
	s, err := a.shelf()
	if err != nil {
		return nil, err
	}
	v, err := a.vault(ctx)
	if err != nil {
		return nil, err
	}
	return &account.Register{Shelf: s, Vault: v, Random: rand.Reader}, nil
}

func (a *app) openRegister(ctx context.Context, db string, create bool) (*account.Register, error) {
	if err := a.open(ctx, db, create); err != nil {
		return nil, err
	}
	return a.register(ctx)
}

// within are the subcommands of one noun.
func under(use, short string, all ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return errUse{fmt.Errorf("say what to do: %s", strings.Join(names(all), ", "))}
	}}
	c.AddCommand(all...)
	return c
}

func names(all []*cobra.Command) (out []string) {
	for _, c := range all {
		out = append(out, c.Name())
	}
	return out
}

func rolesOf(words []string) []account.Role {
	out := make([]account.Role, len(words))
	for i, w := range words {
		out[i] = account.Role(w)
	}
	return out
}

func roleWords(roles []account.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ",")
}

// passwordIn reads a password as one line of the input: on a command line others
// of the machine could read it.
func (a *app) passwordIn() (string, error) {
	fmt.Fprintf(a.err, "Password (one line, at least %d characters): ", account.ShortestPassword)
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errUse{errors.Join(errors.New("no password on the standard input"), err)}
	}
	return line, nil
}

func accountCommand(a *app) *cobra.Command {
	var db, name string
	var roles []string
	var asJSON bool
	find := func(ctx context.Context, login string) (*account.Register, account.Account, error) {
		r, err := a.openRegister(ctx, db, false)
		if err != nil {
			return nil, account.Account{}, err
		}
		if strings.HasPrefix(login, "u-") {
			acc, err := r.Account(ctx, login)
			return r, acc, err
		}
		acc, err := r.Known(ctx, account.Here, login)
		if errors.Is(err, record.ErrNotFound) {
			err = fmt.Errorf("%w: no account signs in with this name; article41 account list has them all", record.ErrNotFound)
		}
		return r, acc, err
	}
	fresh := &cobra.Command{
		Use:   "new LOGIN",
		Short: "Make an account that signs in with a password, read from the standard input",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.openRegister(c.Context(), db, true)
			if err != nil {
				return err
			}
			if err := account.CheckRoles(rolesOf(roles)); err != nil {
				return err
			}
			word, err := a.passwordIn()
			if err != nil {
				return err
			}
			acc, err := r.NewAccount(c.Context(), a.now(), account.Account{Issuer: account.Here, Login: args[0], Name: name, Roles: rolesOf(roles)})
			if err != nil {
				return err
			}
			if err := r.SetPassword(c.Context(), acc.ID, word); err != nil {
				return errors.Join(err, r.Remove(c.Context(), acc.ID))
			}
			if asJSON {
				return a.writeJSON(acc)
			}
			fmt.Fprintf(a.out, "made account %s with the roles %s\n", acc.ID, roleWords(acc.Roles))
			return nil
		},
	}
	fresh.Flags().StringVar(&name, "name", "", "the `name` that colleagues see (default the login)")
	fresh.Flags().StringSliceVar(&roles, "role", []string{string(account.Reader)}, "a `role`; may be repeated")
	password := &cobra.Command{
		Use: "password LOGIN", Short: "Set a new password, read from the standard input; its sessions end", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, acc, err := find(c.Context(), args[0])
			if err != nil {
				return err
			}
			word, err := a.passwordIn()
			if err != nil {
				return err
			}
			return r.SetPassword(c.Context(), acc.ID, word)
		},
	}
	set := &cobra.Command{
		Use: "roles LOGIN ROLE…", Short: "Set what an account may do", Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			r, acc, err := find(c.Context(), args[0])
			if err != nil {
				return err
			}
			return r.SetRoles(c.Context(), acc.ID, rolesOf(args[1:]))
		},
	}
	out := &cobra.Command{
		Use: "sign-out LOGIN", Short: "End all sessions of an account", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, acc, err := find(c.Context(), args[0])
			if err != nil {
				return err
			}
			return r.SignOut(c.Context(), acc.ID)
		},
	}
	remove := &cobra.Command{
		Use: "remove LOGIN", Short: "Take an account out and erase what is personal of it, for good", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, acc, err := find(c.Context(), args[0])
			if err != nil {
				return err
			}
			return r.Remove(c.Context(), acc.ID)
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "All accounts", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.openRegister(c.Context(), db, false)
			if err != nil {
				return err
			}
			all, err := r.Accounts(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				if all == nil {
					all = []account.Account{}
				}
				return a.writeJSON(all)
			}
			rows := [][]string{{"ID", "SIGNS IN AS", "NAME", "BY", "ROLES"}}
			for _, acc := range all {
				rows = append(rows, []string{acc.ID, acc.Login, acc.Name, acc.Issuer, roleWords(acc.Roles)})
			}
			table(a.out, rows)
			return nil
		},
	}
	c := under("account", "Who may sign in", fresh, password, set, out, remove, list)
	c.PersistentFlags().StringVar(&db, "db", "", "the database `file` (default article41.db)")
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}
