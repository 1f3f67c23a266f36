package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/record"
	"article41/watch"
)

// watching is what the commands of watch and alerts share.
type watching struct {
	asked
}

func (w *watching) flags(a *app, c *cobra.Command) {
	w.cmd = c
	w.place(c)
	a.sealing.flags(c.Flags())
}

// watchDesk opens the desk on the database, and the archive it screens against.
func (a *app) watchDesk(ctx context.Context, q asked) (*watch.Desk, *article41.Archive, error) {
	arc, err := a.archive(ctx, q, true)
	if err != nil {
		return nil, nil, err
	}
	d, err := a.openDesk(ctx)
	return d, arc, err
}

func (a *app) openDesk(ctx context.Context) (*watch.Desk, error) {
	s, err := a.shelf()
	if err != nil {
		return nil, err
	}
	v, err := a.vault(ctx)
	if err != nil {
		return nil, err
	}
	p, err := a.housePolicy(ctx)
	if err != nil {
		return nil, err
	}
	return watch.New(s, v, p), nil
}

// watchers opens the desk when it is first asked for, and again if the policy was
// set anew meanwhile.
func (a *app) watchers() func(context.Context) (*watch.Desk, error) {
	var mu sync.Mutex
	var d *watch.Desk
	return func(ctx context.Context) (*watch.Desk, error) {
		mu.Lock()
		defer mu.Unlock()
		p, err := a.housePolicy(ctx)
		if err != nil || d != nil && d.Policy().Used() == p.Used() {
			return d, err
		}
		d, err = a.openDesk(ctx)
		return d, err
	}
}

func watchCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "watch",
		Short: "Keep customers and screen them again as the lists and the law change",
		Long: "Keep customers, sealed each under a key of its own, and screen again only what a change can touch.\n" +
			"What comes of it are alerts: article41 alerts. While article41 serve runs on the same database, it\nscreens by itself and states once a day that it did.",
		Example: "  article41 watch add customers.csv\n  article41 watch run\n  article41 alerts",
	}
	c.AddCommand(watchAdd(a), watchList(a), watchRemove(a), watchRun(a), watchProof(a), watchPolicy(a), watchWhitelist(a))
	return c
}

// addedFile is what became of a file of customers.
type addedFile struct {
	File string `json:"file"`
	watch.Added
	Ignored []string     `json:"columns_ignored,omitempty"`
	Refused []refusedRow `json:"refused"`
}

type refusedRow struct {
	Row  int    `json:"row"`
	Says string `json:"says"`
}

func watchAdd(a *app) *cobra.Command {
	var w watching
	c := &cobra.Command{
		Use:   "add FILE…",
		Short: "Keep the customers of a CSV, Parquet or XLSX file",
		Long: "Keep the customers of files: columns id, kind, name, aliases, birth_date, country, gender, imo,\nidentifiers (passport:FR:12AB34567; lei:VALUE), former_ids. Several values are parted by semicolons.\n" +
			"A customer already kept under the id is changed. A row that cannot be used is named and left out;\nthe exit status is then 1.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			out, refused := []addedFile{}, false
			for _, name := range args {
				one, err := a.addFile(c.Context(), d, name)
				if err != nil {
					return err
				}
				out, refused = append(out, one), refused || len(one.Refused) > 0
				if !w.asJSON {
					fmt.Fprintf(a.out, "%s: %s new, %d changed, %d as before, %s refused\n", name, counted(one.New, "customer", "customers"), one.Changed, one.Unchanged, counted(len(one.Refused), "row", "rows"))
					for _, col := range one.Ignored {
						fmt.Fprintf(a.out, "  column %q is read by nobody\n", col)
					}
					for _, r := range one.Refused {
						fmt.Fprintf(a.out, "  row %d: %s\n", r.Row, r.Says)
					}
				}
			}
			if w.asJSON {
				if err := a.writeJSON(out); err != nil {
					return err
				}
			}
			if refused {
				return errNothing
			}
			return nil
		},
	}
	w.flags(a, c)
	return c
}

func (a *app) addFile(ctx context.Context, d *watch.Desk, name string) (addedFile, error) {
	out := addedFile{File: name, Refused: []refusedRow{}}
	f, err := os.Open(name)
	if err != nil {
		return out, errUnable{err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return out, errUnable{err}
	}
	say := a.howFar()
	var page []watch.Customer
	var rows []int // of the page
	var given watch.Given
	write := func() error {
		n, err := d.Add(ctx, page...)
		out.New, out.Changed, out.Unchanged = out.New+n.New, out.Changed+n.Changed, out.Unchanged+n.Unchanged
		for _, i := range n.Erased {
			out.Refused = append(out.Refused, refusedRow{rows[i], "id: this customer was erased, and is not taken back"})
		}
		page, rows = page[:0], rows[:0]
		say(watch.Progress{Doing: "keep customers", Done: out.New + out.Changed + out.Unchanged})
		return err
	}
	out.Ignored, err = watch.Read(f, info.Size(), watch.Options{}, func(r watch.Row) error {
		if r.Err != nil {
			out.Refused = append(out.Refused, refusedRow{r.Number, r.Err.Error()})
			return nil
		}
		if before := given.Twice(r.Number, r.Customer); before > 0 {
			out.Refused = append(out.Refused, refusedRow{r.Number, fmt.Sprintf("id: row %d has it with other words; that row was taken", before)})
			return nil
		}
		rows = append(rows, r.Number)
		if page = append(page, r.Customer); len(page) == 1000 {
			return write()
		}
		return nil
	})
	if err == nil {
		err = write()
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// howFar says on standard error how far a long work is: at most once a second.
func (a *app) howFar() func(watch.Progress) {
	last := time.Now()
	return func(p watch.Progress) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		if p.Of > 0 {
			fmt.Fprintf(a.err, "%s: %d of %d\n", p.Doing, p.Done, p.Of)
			return
		}
		fmt.Fprintf(a.err, "%s: %d\n", p.Doing, p.Done)
	}
}

func watchList(a *app) *cobra.Command {
	var w watching
	var cursor string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "The customers that are kept, opened",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if limit < 1 || limit > 10_000 {
				return errUse{fmt.Errorf("--limit %d: want 1 to 10000", limit)}
			}
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			out, next, err := d.Customers(c.Context(), cursor, limit)
			if err != nil {
				return err
			}
			if w.asJSON {
				return a.writeJSON(map[string]any{"customers": append([]watch.Customer{}, out...), "next": next})
			}
			rows := [][]string{{"id", "kind", "name", "born"}}
			for _, x := range out {
				rows = append(rows, []string{string(x.ID), x.Kind.String(), x.Name, x.Born})
			}
			table(a.out, rows)
			if next != "" {
				fmt.Fprintf(a.out, "more: --cursor %s\n", next)
			}
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().StringVar(&cursor, "cursor", "", "go on where the answer before ended")
	c.Flags().IntVar(&limit, "limit", 1000, "at most so many")
	return c
}

func watchRemove(a *app) *cobra.Command {
	var w watching
	var erase bool
	c := &cobra.Command{
		Use:   "remove ID…",
		Short: "Stop watching customers; with --erase destroy what is kept of them",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			for _, id := range args {
				if err := d.Remove(c.Context(), watch.CustomerID(id), erase); err != nil {
					return err
				}
			}
			if w.asJSON {
				return a.writeJSON(map[string]any{"removed": len(args), "erased": erase})
			}
			fmt.Fprintf(a.out, "%d removed; the next screening says so on their alerts\n", len(args))
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().BoolVar(&erase, "erase", false, "destroy the customer's key: name, evidence and reasons cannot be read again, nor kept anew under the id")
	return c
}

func watchRun(a *app) *cobra.Command {
	var w watching
	var full bool
	c := &cobra.Command{
		Use:   "run",
		Short: "Screen what changed: in the lists, in the law, among the customers",
		Long:  "Screen what changed since the last time: entries that are new, described otherwise or bound anew,\nagainst the customers they may mean; and new customers against every entry. --full screens all. A run\nthat was killed is taken up again by the next one.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, arc, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			if full {
				if err := d.Full(c.Context()); err != nil {
					return err
				}
			}
			out, err := a.watchOnce(c.Context(), d, arc, a.howFar())
			if err != nil {
				return err
			}
			if w.asJSON {
				return a.writeJSON(out)
			}
			fmt.Fprintf(a.out, "Screened as of %s under policy %s: %s changed and touched %s; %s against every entry.\n"+
				"%s opened, %d opened again, %d otherwise changed.\n",
				out.Mark.AsOf, out.Mark.Policy, entries(out.Entries), counted(out.Touched, "customer", "customers"), counted(out.Customers, "customer", "customers"), counted(out.Opened, "alert", "alerts"), out.Reopened, out.Changed)
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().BoolVar(&full, "full", false, "screen every customer against every entry")
	return c
}

// watchOnce screens what changed, up to the lists as they stand.
func (a *app) watchOnce(ctx context.Context, d *watch.Desk, arc *article41.Archive, say func(watch.Progress)) (watch.Screened, error) {
	lists, err := arc.Watched(ctx, date.DayOf(a.now()))
	if err != nil {
		return watch.Screened{}, err
	}
	return d.Screen(ctx, lists, a.now(), say)
}

func watchProof(a *app) *cobra.Command {
	var w watching
	var list bool
	var from string
	c := &cobra.Command{
		Use:   "proof",
		Short: "State, signed, that the base is screened up to the lists; also when nothing changed",
		Long:  "Screen what changed, then state, signed as a receipt: the digest of the base, the lists by digest, the\npolicy, the engine, how many alerts stand where, and the digest of the statement before. --list shows\nthose kept. article41 verify checks the receipt.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, arc, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			if list {
				return a.listProofs(c.Context(), d, from, w.asJSON)
			}
			p, err := a.prove(c.Context(), d, arc, w.db)
			if err != nil {
				return err
			}
			if w.asJSON {
				return a.writeJSON(p)
			}
			a.writeProof(p)
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().BoolVar(&list, "list", false, "show the proofs that are kept")
	c.Flags().StringVar(&from, "from", "", "with --list: from this `day` on")
	return c
}

func (a *app) prove(ctx context.Context, d *watch.Desk, arc *article41.Archive, db string) (watch.Proven, error) {
	all, err := a.receipts(ctx)
	if err != nil {
		return watch.Proven{}, err
	}
	lists, err := arc.Watched(ctx, date.DayOf(a.now()))
	if err != nil {
		return watch.Proven{}, err
	}
	if _, err := d.Screen(ctx, lists, a.now(), a.howFar()); err != nil {
		return watch.Proven{}, err
	}
	p, err := d.Prove(ctx, lists, a.now(), all.issuer)
	if err != nil {
		return p, err
	}
	p.Signed.Proof, err = all.proofOf(ctx, *p.Signed)
	return p, err
}

func (a *app) listProofs(ctx context.Context, d *watch.Desk, from string, asJSON bool) error {
	var since time.Time
	if from != "" {
		day, err := date.ParseDay(from)
		if err != nil {
			return errUse{fmt.Errorf("--from: %w", err)}
		}
		since = day.At(0, 0)
	}
	ps, err := d.Proofs(ctx, since)
	if err != nil {
		return err
	}
	if asJSON {
		all, err := a.receipts(ctx)
		if err != nil {
			return err
		}
		for _, p := range ps {
			if p.Commitment == "" {
				continue // made before proofs were leaves
			}
			if p.Signed.Proof, err = all.proofOf(ctx, *p.Signed); err != nil {
				return errUnable{err}
			}
		}
		return a.writeJSON(ps)
	}
	for _, p := range ps {
		a.writeProof(p)
	}
	if len(ps) == 0 {
		return errNothing
	}
	return nil
}

func (a *app) writeProof(p watch.Proven) {
	x := p.Proof
	fmt.Fprintf(a.out, "%s: %s screened as of %s under policy %s by %s, record %s.\n  base %s\n", x.At.Format("2006-01-02 15:04:05 UTC"),
		counted(x.Customers, "customer", "customers"), x.Mark.AsOf, x.Mark.Policy, x.Mark.Engine, x.Mark.Record, x.Base)
	for _, l := range x.Mark.Lists {
		v := "not held for that day"
		if l.Version != nil {
			v = "version of " + l.Version.String()
		}
		fmt.Fprintf(a.out, "  list %s: %s, %s\n", l.List, v, entries(l.Entries))
	}
	fmt.Fprintf(a.out, "  alerts: %d open, %d proposed, %d true hits, %d not the same; %d opened and %d decided since the proof before\n  digest %s\n",
		x.Alerts[watch.Open], x.Alerts[watch.Proposed], x.Alerts[watch.TrueHit], x.Alerts[watch.NotSame], x.Opened, x.Decided, p.Digest)
}

func watchPolicy(a *app) *cobra.Command {
	var w watching
	c := &cobra.Command{
		Use:   "policy [FILE.yaml]",
		Short: "Show the policy that everything on the database is screened by, or put a file in its place",
		Long: "Show the policy that everything on the database is screened by, or put a file in its place: names that are\n" +
			"asked, customers, receipts and proofs. docs/policy.md says what a file holds. The next screening is then one\nof every customer.",
		Example: "  article41 watch policy\n  article41 watch policy ours.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := a.archive(c.Context(), w.asked, true); err != nil {
				return err
			}
			s, err := a.shelf()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				p, err := readPolicy(args[0])
				if err != nil {
					return err
				}
				if err := watch.KeepPolicy(c.Context(), s, *p); err != nil {
					return err
				}
			}
			p, err := watch.ReadPolicy(c.Context(), s)
			if err != nil {
				return err
			}
			return a.writePolicy(p, w.asJSON)
		},
	}
	w.flags(a, c)
	return c
}

func watchWhitelist(a *app) *cobra.Command {
	var w watching
	c := &cobra.Command{
		Use:   "whitelist FILE.csv",
		Short: "Take over decisions made elsewhere: customer id, list, entry, reason, who, when",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return errUnable{err}
			}
			defer f.Close()
			rows, err := watch.ReadWhitelist(f)
			if err != nil {
				return err
			}
			d, arc, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			lists, err := arc.Watched(c.Context(), date.DayOf(a.now()))
			if err != nil {
				return err
			}
			rows, err = d.Whitelist(c.Context(), lists, rows, a.now())
			if err != nil {
				return err
			}
			bad := false
			for _, r := range rows {
				bad = bad || r.Err != nil
				if !w.asJSON {
					fmt.Fprintf(a.out, "row %d, %s: %s\n", r.Row, r.Entry, r.Outcome)
				}
			}
			if w.asJSON {
				if err := a.writeJSON(rows); err != nil {
					return err
				}
			}
			if bad {
				return errNothing
			}
			return nil
		},
	}
	w.flags(a, c)
	return c
}

// watchEvery screens what changed for as long as the server runs, if customers are
// kept, and states once a day that it did.
func (a *app) watchEvery(ctx context.Context, arc *article41.Archive, desk func(context.Context) (*watch.Desk, error), db string, failed func(string, error)) {
	proven := date.Day{}
	for {
		if err := a.watchTurn(ctx, arc, desk, db, &proven); err != nil && ctx.Err() == nil {
			failed("watch the customers", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchPause):
		}
	}
}

// watchPause is how long a change may wait until it is screened for.
const watchPause = 5 * time.Second

func (a *app) watchTurn(ctx context.Context, arc *article41.Archive, desk func(context.Context) (*watch.Desk, error), db string, proven *date.Day) error {
	s, err := a.shelf()
	if err != nil {
		return err
	}
	p, err := a.housePolicy(ctx)
	if err != nil {
		return err
	}
	if p.Used() != arc.Policy().Used() { // kept by another process meanwhile
		arc.Use(p)
	}
	if kept, err := watch.Keeps(ctx, s); err != nil || !kept {
		return err
	}
	d, err := desk(ctx)
	if err != nil {
		return err
	}
	if _, err := a.watchOnce(ctx, d, arc, func(watch.Progress) {}); err != nil {
		return err
	}
	today := date.DayOf(a.now())
	if *proven == today {
		return nil
	}
	if ps, err := d.Proofs(ctx, today.At(0, 0)); err != nil || len(ps) > 0 {
		if err == nil {
			*proven = today
		}
		return err
	}
	_, err = a.prove(ctx, d, arc, db)
	if err == nil {
		*proven = today
	}
	if errors.Is(err, record.ErrConflict) { // a customer came meanwhile: the next turn
		return nil
	}
	return err
}
