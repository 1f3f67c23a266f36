package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"article41/receipt"
	"article41/record"
	"article41/sqlite"
)

// backedUp is the answer of backup and restore.
type backedUp struct {
	From    string         `json:"from"`
	To      string         `json:"to,omitempty"` // "": only verified
	Head    record.Head    `json:"head"`
	Log     *receipt.Audit `json:"log,omitempty"` // restore verifies; backup leaves that to it
	Seconds float64        `json:"seconds"`
}

func backupCommand(a *app) *cobra.Command {
	var db string
	var asJSON bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a copy of the database as of one moment, while it is in use; without keys",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			began := a.now()
			if err := a.open(c.Context(), db, false); err != nil {
				return err
			}
			s, ok := a.store.(*sqlite.Store)
			if !ok {
				return errUse{errors.New("backup copies a database file; for PostgreSQL use its own pg_dump, or article41 copy")}
			}
			if err := s.Backup(c.Context(), args[0]); err != nil {
				return errUnable{err}
			}
			out := backedUp{From: a.db, To: args[0]}
			made, err := a.ledger(c.Context(), args[0], false)
			if err != nil {
				return errUnable{fmt.Errorf("the backup cannot be opened: %w", err)}
			}
			defer made.Close()
			if out.Head, err = made.Head(c.Context()); err != nil {
				return errUnable{err}
			}
			out.Seconds = a.now().Sub(began).Round(time.Millisecond).Seconds()
			if asJSON {
				return a.writeJSON(out)
			}
			fmt.Fprintf(a.out, "%s holds %s, head %s. It has no keys in it: keep %s.keys and the master key elsewhere.\n", args[0], entries(out.Head.Position), out.Head.Digest, a.db)
			return nil
		},
	}
	c.Flags().StringVar(&db, "db", "", "the database `file` (default article41.db)")
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

func restoreCommand(a *app) *cobra.Command {
	var db string
	var only, asJSON bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Verify a backup and put it in the place of a database that is gone; --verify only looks",
		Long: "restore reads the whole backup, its pages, its chain of digests and its log, before it puts a copy in\n" +
			"the database's place. What is there stays: move it away first. Keys are not in a backup: what was\n" +
			"erased since it was made stays erased.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			if db == "" {
				db = defaultDB
			}
			began := a.now()
			if !only && exists(db) {
				return errUse{fmt.Errorf("%s is there: move it away first, and %s-wal with it; nothing was changed", db, db)}
			}
			part := db + ".restoring"
			if only {
				f, err := os.CreateTemp("", "article41-verify-*.db")
				if err != nil {
					return errUnable{err}
				}
				part = f.Name()
				f.Close()
			}
			// Opened as a database the backup itself would be written to.
			defer func() {
				if err != nil || only {
					for _, end := range []string{"", "-wal", "-shm"} {
						os.Remove(part + end)
					}
				}
			}()
			if err := copyFile(args[0], part); err != nil {
				return errUnable{err}
			}
			refused := "is not restored"
			if only {
				refused = "does not verify"
			}
			if st, err := os.Stat(part); err != nil || st.Size() == 0 { // which would open as a new database
				return errUnable{errors.Join(fmt.Errorf("%s %s: it is empty", args[0], refused), err)}
			}
			out := backedUp{From: args[0]}
			err = a.verifyFile(c.Context(), part, &out)
			if errors.Is(err, sqlite.ErrDamaged) { // whose words and path are of the copy in hand
				return errUnable{fmt.Errorf("%s %s: it is cut short or damaged: take another backup", args[0], refused)}
			}
			if err != nil {
				return errUnable{fmt.Errorf("%s %s: %w", args[0], refused, err)}
			}
			if !only {
				if err := os.Rename(part, db); err != nil {
					return errUnable{err}
				}
				out.To = db
			}
			out.Seconds = a.now().Sub(began).Round(time.Millisecond).Seconds()
			if asJSON {
				return a.writeJSON(out)
			}
			fmt.Fprintf(a.out, "%s is sound: %s, head %s; a log of %s\n", args[0], entries(out.Head.Position), out.Head.Digest, counted(out.Log.Size, "leaf", "leaves"))
			if !only {
				fmt.Fprintf(a.out, "restored to %s; put its keys beside it: %s.keys, %s, and the master key\n", db, db, keyFile(db))
			}
			return nil
		},
	}
	c.Flags().StringVar(&db, "db", "", "the database `file` to make (default article41.db)")
	c.Flags().BoolVar(&only, "verify", false, "verify the backup and put nothing anywhere")
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

// verifyFile reads a database file whole.
func (a *app) verifyFile(ctx context.Context, path string, out *backedUp) error {
	s, err := sqlite.Open(ctx, path, sqlite.Options{Now: a.now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Sound(ctx); err != nil {
		return err
	}
	if out.Head, err = s.Head(ctx); err != nil {
		return err
	}
	found, err := receipt.Check(ctx, s.Shelf(), s)
	if err != nil {
		return err
	}
	if out.Log = &found; len(found.Problems) > 0 {
		return fmt.Errorf("%w: %s", record.ErrInvalid, found.Problems[0])
	}
	return s.Close()
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
