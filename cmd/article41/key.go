package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/date"
	"article41/record"
)

// newKey is what key new and key rotate answer: the token, which is shown once.
type newKey struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

func keyCommand(a *app) *cobra.Command {
	var db, expires string
	var roles []string
	var asJSON bool
	var rate float64
	var quota int64
	var grace time.Duration
	tell := func(k newKey) error {
		if asJSON {
			return a.writeJSON(k)
		}
		fmt.Fprintf(a.out, "%s\n%s\nThis is shown once. Send it as Authorization: Bearer %s…\n", k.ID, k.Token, k.Token[:8])
		return nil
	}
	fresh := &cobra.Command{
		Use:     "new LABEL",
		Short:   "Make a key for a program and show it, once",
		Example: "  article41 key new \"payment hub\" --role screener --expires 2027-06-30 --rate 200 --quota 1000000",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			k := account.Key{Label: args[0], Roles: rolesOf(roles), Rate: rate, Quota: quota}
			if len(k.Label) > 100 || rate < 0 || quota < 0 {
				return fmt.Errorf("%w: a label has at most 100 bytes; rate and quota are not below 0", record.ErrInvalid)
			}
			if expires != "" {
				d, err := date.ParseDay(expires)
				if err != nil {
					return errUse{fmt.Errorf("--expires: %w", err)}
				}
				end := d.AddDays(1).At(0, 0).UTC()
				k.Expires = &end
			}
			r, err := a.openRegister(c.Context(), db, true)
			if err != nil {
				return err
			}
			k, token, err := r.NewKey(c.Context(), a.now(), k)
			if err != nil {
				return err
			}
			return tell(newKey{k.ID, token})
		},
	}
	f := fresh.Flags()
	f.StringSliceVar(&roles, "role", []string{string(account.Reader)}, "a `role`; may be repeated")
	f.StringVar(&expires, "expires", "", "the last `day` it counts, YYYY-MM-DD (default never)")
	f.Float64Var(&rate, "rate", 0, "requests a `second` (default the server's)")
	f.Int64Var(&quota, "quota", 0, "requests a `day`, UTC (default any)")
	rotate := &cobra.Command{
		Use: "rotate ID", Short: "Give a key a new secret and show it, once", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.openRegister(c.Context(), db, false)
			if err != nil {
				return err
			}
			token, err := r.RotateKey(c.Context(), a.now(), args[0], grace)
			if err != nil {
				return wantsID(err)
			}
			return tell(newKey{args[0], token})
		},
	}
	rotate.Flags().DurationVar(&grace, "grace", 0, "how long the secret before counts still, such as `24h`")
	revoke := &cobra.Command{
		Use: "revoke ID", Short: "End a key at once and for good", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.openRegister(c.Context(), db, false)
			if err != nil {
				return err
			}
			return wantsID(r.RevokeKey(c.Context(), a.now(), args[0]))
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "All keys, with their use", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.openRegister(c.Context(), db, false)
			if err != nil {
				return err
			}
			all, err := r.Keys(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				if all == nil {
					all = []account.Key{}
				}
				return a.writeJSON(all)
			}
			rows := [][]string{{"ID", "LABEL", "ROLES", "EXPIRES", "LAST USED", "STATE"}}
			for _, k := range all {
				rows = append(rows, []string{k.ID, k.Label, roleWords(k.Roles), moment(k.Expires, "never"), lastUse(k.Used), keyState(k, a.now())})
			}
			table(a.out, rows)
			return nil
		},
	}
	c := under("key", "Keys with which programs ask", fresh, list, rotate, revoke)
	c.PersistentFlags().StringVar(&db, "db", "", "the database `file` (default article41.db)")
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

func moment(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func lastUse(u *account.Use) string {
	if u == nil {
		return "never"
	}
	return moment(&u.Last, "")
}

func keyState(k account.Key, now time.Time) string {
	switch {
	case k.Revoked != nil:
		return "revoked"
	case k.Expires != nil && !now.Before(*k.Expires):
		return "expired"
	}
	return "good"
}

// wantsID says what a key is named by, to who gave its label.
func wantsID(err error) error {
	if errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("%w: a key is named by its ID, the first column of `article41 key list`", err)
	}
	return err
}
