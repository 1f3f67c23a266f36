package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"article41"
	"article41/data"
	"article41/date"
	"article41/door"
	"article41/policy"
	"article41/postgres"
	"article41/record"
	"article41/source/curated"
	"article41/sqlite"
)

// defaultDB is the database beside the program's working folder.
const defaultDB = "article41.db"

// app wires a command: it opens what the flags name and closes it.
type app struct {
	world
	operation operation // of serve
	store     record.Store
	db        string // the file or address of store
	sealing   sealing
	ruling    *policy.Policy // the file that was named with --policy
	door      *door.Door     // nil where whoever asks is the local owner
}

// stores is the table of stores, by how a --db value begins; the rest is a file.
var stores = []struct {
	prefix string
	open   func(ctx context.Context, a *app, name string) (record.Store, error)
}{
	{"postgres", func(ctx context.Context, a *app, name string) (record.Store, error) {
		s, err := postgres.Open(ctx, name, postgres.Options{Now: a.now})
		if err != nil {
			return nil, err
		}
		return s, nil
	}},
	{"", func(ctx context.Context, a *app, name string) (record.Store, error) {
		s, err := sqlite.Open(ctx, name, sqlite.Options{Now: a.now})
		if err != nil {
			return nil, err
		}
		return s, nil
	}},
}

// asked are the flags of a question.
type asked struct {
	cmd     *cobra.Command
	db      string
	overlay string
	policy  string
	asJSON  bool
	asOf    string
	knownAt string
	least   uint64 // the position that must be there
}

// flags adds the flags that a question has.
func (q *asked) flags(c *cobra.Command) {
	q.cmd = c
	q.place(c)
	c.Flags().Uint64Var(&q.least, "min-position", 0, "answer only from a ledger that has come to this `position`; waits five seconds for it")
	c.Flags().StringVar(&q.asOf, "as-of", "", "the legal `day` asked about, YYYY-MM-DD at New York (default today)")
	c.Flags().StringVar(&q.knownAt, "known-at", "", "the last `day` whose publications count (default today)")
}

func (q *asked) place(c *cobra.Command) {
	c.Flags().StringVar(&q.db, "db", "", "the database `file` (default article41.db if it is there, else the shipped record alone)")
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	q.laid(c)
}

// laid adds the flag of the overlay.
func (q *asked) laid(c *cobra.Command) {
	c.Flags().StringVar(&q.overlay, "overlay", "", "lay this `folder` over the record; none takes it out (default overlay beside the database, if it is there)")
}

// at are the coordinates of the question.
func (a *app) at(q asked) (record.At, error) {
	today := date.DayOf(a.now())
	at := record.At{AsOf: today, KnownAt: today}
	for _, f := range []struct {
		name, value string
		to          *date.Day
	}{{"--as-of", q.asOf, &at.AsOf}, {"--known-at", q.knownAt, &at.KnownAt}} {
		if f.value == "" && (q.cmd == nil || !q.cmd.Flags().Changed(f.name[2:])) {
			continue
		}
		d, err := date.ParseDay(f.value)
		if err != nil {
			return at, errUse{fmt.Errorf("%s: %w", f.name, err)}
		}
		*f.to = d
	}
	return at, nil
}

// shipped is the record in the binary.
func shipped() (article41.Shipped, error) {
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	return article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, err
}

// unruled opens the archive for a question: on the database if it is there, else
// on the shipped record alone, with a word if one was named. Only a writer
// (create) makes a database: a mistyped name must not become one.
func (a *app) unruled(ctx context.Context, q asked, create bool) (*article41.Archive, error) {
	rec, err := shipped()
	if err != nil {
		return nil, err
	}
	name := q.db
	named := name != ""
	if !named {
		name = defaultDB
	}
	if !create && !exists(name) && !strings.Contains(name, ":") {
		if named {
			fmt.Fprintf(a.err, "article41: %s: there is no such database; answering from the shipped record alone\n", name)
		}
		arc, err := article41.Open(ctx, nil, rec, a.now())
		if err != nil {
			return nil, err
		}
		return arc, a.lay(ctx, arc, q.overlay, "")
	}
	if err := a.open(ctx, name, true); err != nil {
		return nil, err
	}
	arc, err := article41.Open(ctx, a.store, rec, a.now())
	if err != nil {
		return nil, errUnable{fmt.Errorf("open %s: %w", name, err)}
	}
	return arc, a.lay(ctx, arc, q.overlay, name)
}

// open opens the database alone, without the archive, for commands that touch
// only what changes.
func (a *app) open(ctx context.Context, name string, create bool) (err error) {
	if name == "" {
		name = defaultDB
	}
	if !create && !exists(name) && !strings.Contains(name, ":") {
		return errUnable{fmt.Errorf("%s: there is no such database", name)}
	}
	for _, s := range stores {
		if strings.HasPrefix(name, s.prefix) {
			if a.store, err = s.open(ctx, a, name); err != nil {
				a.store = nil
				return errUnable{fmt.Errorf("open %s: %w", name, err)}
			}
			a.db = name
			return nil
		}
	}
	return fmt.Errorf("%w: --db %q", record.ErrInvalid, name)
}

func (a *app) close() error {
	err := a.sealing.close()
	if a.store != nil {
		err = errors.Join(err, a.store.Close())
	}
	return err
}

// writeJSON writes an answer, indented, without HTML escapes.
func (a *app) writeJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table writes aligned columns.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, c)
		}
		fmt.Fprintln(t)
	}
	t.Flush()
}
