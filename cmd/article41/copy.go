package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41/queue"
	"article41/record"
	"article41/shelf"
)

// copied is the answer of copy.
type copied struct {
	From  string      `json:"from"`
	To    string      `json:"to"`
	Head  record.Head `json:"head"`  // of both ledgers
	Items int         `json:"items"` // of the shelf
	// Left are the answers of queues, which stay where they are.
	Left map[queue.Name]int64 `json:"left,omitempty"`
}

func copyCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy a whole installation to another database, and verify it",
		Long: "copy moves an installation between a file and a PostgreSQL database, or to a second file.\n" +
			"The ledger comes over range by range, so that both end with the same head to the byte; a copy\n" +
			"that broke off goes on where it ended, and a target that lags behind is brought up to date.\n" +
			"What lies beside the ledger (alerts, comments, accounts) is copied to an empty target only.\n" +
			"The file of keys is not copied: bring it yourself. Nor are the rows and answers of queues: while\n" +
			"rows wait for an answer nothing is copied, and answers that stay behind are counted. Read them\n" +
			"(article41 answers) before you leave the old database.",
		Example: "  article41 copy article41.db 'postgres://article41@db.example/article41'\n  article41 copy 'postgres://article41@db.example/article41' backup.db",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			out := copied{From: address(args[0]), To: address(args[1])}
			from, err := a.ledger(c.Context(), args[0], false)
			if err != nil {
				return err
			}
			defer from.Close()
			if out.Left, err = settled(c.Context(), from); err != nil {
				return errUnable{err}
			}
			to, err := a.ledger(c.Context(), args[1], true)
			if err != nil {
				return err
			}
			defer to.Close()
			before, err := to.Head(c.Context())
			if err != nil {
				return errUnable{err}
			}
			if out.Head, err = record.Copy(c.Context(), from, to, nil); err != nil {
				return errUnable{err}
			}
			if err := record.Verify(c.Context(), to); err != nil {
				return errUnable{fmt.Errorf("verify the copy: %w", err)}
			}
			if out.Items, err = copyShelf(c.Context(), from, to, before.Position == 0); err != nil {
				return errUnable{err}
			}
			if q.asJSON {
				return a.writeJSON(out)
			}
			fmt.Fprintf(a.out, "%s holds the same as %s: %s, head %s; %s beside the ledger\n",
				out.To, out.From, entries(out.Head.Position), out.Head.Digest, counted(out.Items, "item", "items"))
			for _, name := range slices.Sorted(maps.Keys(out.Left)) {
				fmt.Fprintf(a.out, "queue %s: %d answers stay in %s\n", name, out.Left[name], out.From)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	return c
}

// settled counts the answers of each queue, and refuses where rows wait for one.
func settled(ctx context.Context, from record.Store) (map[queue.Name]int64, error) {
	s, ok := from.(interface{ Queue() queue.Store })
	if !ok {
		return nil, nil
	}
	names, err := s.Queue().Queues(ctx)
	if err != nil {
		return nil, err
	}
	left := map[queue.Name]int64{}
	for _, name := range names {
		counts, err := s.Queue().Counts(ctx, name)
		if err != nil {
			return nil, err
		}
		if n := counts.Taken - counts.Answered; n > 0 {
			return nil, fmt.Errorf("%w: queue %s: %d rows wait for an answer, and queues are not copied; let the workers finish first (article41 worker --queue %s)", record.ErrConflict, name, n, name)
		}
		left[name] = counts.Answered
	}
	return left, nil
}

// shelved is a store that keeps what changes too.
type shelved interface{ Shelf() shelf.Store }

func copyShelf(ctx context.Context, from, to record.Store, fresh bool) (int, error) {
	a, ok := from.(shelved)
	b, both := to.(shelved)
	if !ok || !both {
		return 0, nil
	}
	if !fresh && shelf.Same(ctx, a.Shelf(), b.Shelf()) == nil {
		return 0, nil // an earlier copy brought it all
	}
	n, err := shelf.Copy(ctx, a.Shelf(), b.Shelf())
	if err != nil {
		return n, fmt.Errorf("the ledger is copied; what lies beside it is not: %w", err)
	}
	return n, shelf.Same(ctx, a.Shelf(), b.Shelf())
}

// ledger opens a database of any engine; a file that is not there only if it may
// be made.
func (a *app) ledger(ctx context.Context, name string, create bool) (record.Store, error) {
	for _, s := range stores {
		if !strings.HasPrefix(name, s.prefix) {
			continue
		}
		if s.prefix == "" && !create && !exists(name) {
			return nil, errUnable{fmt.Errorf("%s: there is no such database", name)}
		}
		opened, err := s.open(ctx, a, name)
		if err != nil {
			return nil, errUnable{errors.Join(fmt.Errorf("open %s", address(name)), err)}
		}
		return opened, nil
	}
	return nil, errUse{fmt.Errorf("%q names no database", name)}
}

// address is a database's name without the password that may stand in it.
func address(name string) string {
	at := strings.LastIndexByte(name, '@')
	start := strings.Index(name, "://")
	if start < 0 || at < start {
		return name
	}
	user, _, _ := strings.Cut(name[start+3:at], ":")
	return name[:start+3] + user + name[at:]
}
