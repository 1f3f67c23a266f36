package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/account"
	"article41/country"
	"article41/date"
	"article41/export"
	"article41/monitor"
	"article41/record"
)

// incidentDesk is where incidents are worked on: drafts and notices on the shelf
// of the database, sealed under the keys beside it.
func (a *app) incidentDesk(ctx context.Context, arc *article41.Archive) (*monitor.Desk, error) {
	s, err := a.shelf()
	if err != nil {
		return nil, err
	}
	v, err := a.vault(ctx)
	if err != nil {
		return nil, err
	}
	return &monitor.Desk{Shelf: s, Vault: v, Ledger: arc.Ledger(), Random: rand.Reader}, nil
}

func monitorCommand(a *app) *cobra.Command {
	c := &cobra.Command{Use: "monitor", Short: "Incidents: who says what, how sure, on which evidence"}
	c.AddCommand(monitorShow(a), monitorFind(a), monitorImport(a), monitorExport(a), monitorVerify(a), monitorWithdraw(a), monitorEvidence(a), monitorTakeIn(a), monitorHandOut(a), monitorCustody(a), monitorRelease(a), monitorHedges(a))
	return c
}

func monitorShow(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{Use: "show ID", Short: "One incident with its claims, each by its speaker", Example: "  article41 monitor show moura-2022", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			in, err := arc.Incident(c.Context(), at, record.IncidentID(args[0]))
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(in)
			}
			fmt.Fprintf(a.out, "%s\n%s, %s\n\n", in.Sentence, in.When.Text(), in.Incident.Place.Name)
			for _, t := range in.Claims {
				fmt.Fprintf(a.out, "%s (%s): %s: %s", t.Speaker, t.Hedge, t.About, t.Says)
				if t.Counts != "" {
					fmt.Fprintf(a.out, " [%s %s]", article41.Counted(t), t.Counts)
				}
				fmt.Fprintf(a.out, " [%s, %s]\n", t.Source, t.Sure)
			}
			corrected := func(es []record.Erratum) {
				for _, e := range es {
					fmt.Fprintf(a.out, "corrected on %s: %s: “%s” became “%s”: %s\n", e.On, e.What, e.Was, e.Is, e.Why)
				}
			}
			corrected(in.Errata)
			for _, f := range in.Findings {
				fmt.Fprintf(a.out, "\nfinding: %s (%s; %s)\n", f.Title, f.By, monitor.WordsOf(monitor.Levels(), f.Level))
				corrected(f.Errata)
			}
			if in.Licence != "" {
				fmt.Fprintf(a.out, "\nlicence: %s\n", in.Licence)
			}
			return nil
		}}
	q.flags(c)
	return c
}

func monitorFind(a *app) *cobra.Command {
	var q asked
	var f monitor.Filter
	var state, hedge, regime, source string
	c := &cobra.Command{Use: "find [WORDS]", Short: "Incidents that fit, with counts", Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			f.Words, f.Hedge, f.Regime, f.Source = strings.Join(args, " "), record.Hedge(hedge), record.RegimeID(regime), record.SourceID(source)
			if state != "" {
				if f.Country, err = country.Parse(state); err != nil {
					return errUse{err}
				}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			found, err := arc.Incidents(c.Context(), at, f)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(found)
			}
			fmt.Fprintf(a.out, "%d of %d incidents\n", found.Total, found.All)
			rows := [][]string{}
			for _, b := range found.Rows {
				rows = append(rows, []string{string(b.ID), b.When.String(), b.Title})
			}
			table(a.out, rows)
			if found.Total == 0 {
				return errNothing
			}
			return nil
		}}
	q.flags(c)
	c.Flags().StringVar(&state, "country", "", "a `state`, by code or name")
	c.Flags().StringVar(&f.Violation, "violation", "", "a `code` of what was done")
	c.Flags().StringVar(&hedge, "hedge", "", "a `hedge` that some claim has")
	c.Flags().StringVar(&regime, "regime", "", "a `regime` it is linked to")
	c.Flags().StringVar(&source, "source", "", "whose record: curated, desk, ucdp or acled")
	c.Flags().StringVar(&f.Year, "year", "", "the `year` it began in")
	c.Flags().IntVar(&f.Limit, "limit", 50, "how many to show")
	return c
}

func monitorImport(a *app) *cobra.Command {
	var q asked
	var day string
	c := &cobra.Command{Use: "import ucdp|acled FILE", Short: "Bring in a publisher's events, with their codes and licence", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			feed, err := monitor.FeedOf(args[0])
			if err != nil {
				return errUse{err}
			}
			known, err := date.ParseDay(day)
			if err != nil {
				return errUse{fmt.Errorf("--date: the day on which the publisher released this file: %w", err)}
			}
			f, err := os.Open(args[1])
			if err != nil {
				return errUnable{err}
			}
			defer f.Close()
			ins, problems, err := feed.Read(f)
			if err != nil {
				return errUnable{err}
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			done, err := arc.PublishIncidents(c.Context(), a.now(), feed.ID, known, ins, nil)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(struct {
					article41.IncidentsImported
					Licence  string            `json:"licence"`
					Problems []monitor.Problem `json:"problems"`
				}{done, feed.Licence, append([]monitor.Problem{}, problems...)})
			}
			fmt.Fprintf(a.out, "%s: %d events read, %d new, %d changed, %d as before\nlicence: %s\n", feed.Title, done.Read, done.Added, done.Changed, done.Same, feed.Licence)
			for _, p := range problems {
				if says, ok := strings.CutPrefix(p.Says, monitor.Kept); ok {
					fmt.Fprintf(a.err, "kept: %s: %s\n", p.Field, says)
				} else {
					fmt.Fprintln(a.err, "left out:", p)
				}
			}
			return nil
		}}
	q.place(c)
	c.Flags().StringVar(&day, "date", "", "the `day` on which the publisher released the file, YYYY-MM-DD")
	return c
}

func monitorExport(a *app) *cobra.Command {
	var q asked
	var files []string
	var findings bool
	c := &cobra.Command{Use: "export FILE ID…", Short: "Incidents with their findings and evidence as a bundle that verifies offline (.zip), or as rows (.csv)", Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			var ins []record.Incident
			var fs []record.Finding
			for _, id := range args[1:] {
				in, err := arc.Incident(c.Context(), at, record.IncidentID(id))
				if err != nil {
					return err
				}
				ins, fs = append(ins, in.Incident), append(fs, in.Findings...)
			}
			var b bytes.Buffer
			if findings {
				err = export.FindingsCSV(&b, fs)
			} else if strings.HasSuffix(args[0], ".csv") {
				err = export.IncidentsCSV(&b, ins)
			} else {
				var held []monitor.File
				for _, name := range files {
					body, err := os.ReadFile(name)
					if err != nil {
						return errUnable{err}
					}
					held = append(held, monitor.File{Name: filepath.Base(name), Bytes: body})
				}
				var key ed25519.PrivateKey
				if a.store != nil {
					if key, err = signingKey(a.signingKeyFile()); err != nil {
						return errUnable{err}
					}
				} else {
					fmt.Fprintln(a.err, "article41: there is no database, so no key: the bundle is not signed")
				}
				basis := arc.Basis()
				err = monitor.WriteBundle(&b, monitor.Manifest{Made: a.now().UTC(), Record: basis.Record, Position: basis.Position}, ins, fs, held, key)
			}
			if err != nil {
				return err
			}
			if err := os.WriteFile(args[0], b.Bytes(), 0o600); err != nil {
				return errUnable{err}
			}
			fmt.Fprintf(a.out, "%s: %d incidents, %d findings\n", args[0], len(ins), len(fs))
			return nil
		}}
	q.flags(c)
	c.Flags().BoolVar(&findings, "findings", false, "rows of the findings instead (.csv), one for each person they name")
	c.Flags().StringArrayVar(&files, "evidence", nil, "put this `file` in too; its hash must stand as evidence; may be repeated")
	return c
}

func monitorVerify(a *app) *cobra.Command {
	var asJSON bool
	var key string
	c := &cobra.Command{Use: "verify BUNDLE", Short: "Whether a bundle is whole, without a network or a database", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := os.ReadFile(args[0])
			if err != nil {
				return errUnable{err}
			}
			m, by, problems, err := monitor.VerifyBundle(b, key)
			if err != nil {
				return errUnable{err}
			}
			if asJSON {
				err = a.writeJSON(struct {
					Sound    bool             `json:"sound"`
					SignedBy string           `json:"signed_by"` // public key in base64; "": nobody
					Problems []string         `json:"problems"`
					Manifest monitor.Manifest `json:"manifest"`
				}{len(problems) == 0, by, append([]string{}, problems...), m})
			} else if len(problems) == 0 {
				fmt.Fprintf(a.out, "whole: %d files, record %s, made %s\n", len(m.Files), m.Record, m.Made.Format(time.RFC3339))
				switch {
				case by == "":
					fmt.Fprintln(a.out, "signed by nobody")
				case key == "":
					fmt.Fprintf(a.out, "signed by the key %s; whose it is, a bundle cannot tell: compare it, or give it with --key\n", by)
				default:
					fmt.Fprintf(a.out, "signed by the key that was asked for\n")
				}
			}
			for _, p := range problems {
				fmt.Fprintln(a.err, p)
			}
			if err == nil && len(problems) > 0 {
				err = errNothing
			}
			return err
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().StringVar(&key, "key", "", "the public `key`, in base64, that must have signed it")
	return c
}

func monitorWithdraw(a *app) *cobra.Command {
	var q asked
	var finding, why string
	c := &cobra.Command{Use: "withdraw ID --why REASON", Short: "Take back an incident, or one finding, that was published here; nothing is deleted", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			d, err := a.incidentDesk(c.Context(), arc)
			if err != nil {
				return err
			}
			id := record.IncidentID(args[0])
			if err := d.Withdraw(account.With(c.Context(), account.Local()), a.now(), id, record.FindingID(finding), why); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s shows as withdrawn, with the reason; what stood there stays in the ledger\n", cmp.Or(finding, args[0]))
			return nil
		}}
	q.place(c)
	c.Flags().StringVar(&why, "why", "", "the `reason`, which is shown")
	c.Flags().StringVar(&finding, "finding", "", "only this `finding` of the incident")
	return c
}

func monitorEvidence(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "evidence FILE…", Short: "The hash and type of files, and what is dangerous in them", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			type answer struct {
				record.Evidence
				Warnings []string `json:"warnings"`
			}
			out := []answer{}
			for _, name := range args {
				b, err := readBounded(name, monitor.MaxEvidence)
				if err != nil {
					return errUnable{err}
				}
				e, warn, err := monitor.Examine(filepath.Base(name), b)
				if err != nil {
					return err
				}
				out = append(out, answer{e, append([]string{}, warn...)})
				if !asJSON {
					fmt.Fprintf(a.out, "%s  %s  %s\n", e.SHA256, e.Type, e.Title)
					for _, w := range warn {
						fmt.Fprintln(a.out, "    careful:", w)
					}
				}
			}
			if asJSON {
				return a.writeJSON(out)
			}
			return nil
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

// readBounded reads a file that has at most so many bytes, and one more to see
// that it has more.
func readBounded(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

func monitorHedges(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "hedges [FILE]", Short: "Where a text holds back, denies or could not verify, and who does (standard input without a file)", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			in := a.in
			if len(args) == 1 {
				f, err := os.Open(args[0])
				if err != nil {
					return errUnable{err}
				}
				defer f.Close()
				in = f
			}
			b, err := io.ReadAll(io.LimitReader(in, 1<<20))
			if err != nil {
				return errUnable{err}
			}
			got := monitor.ReadHedges(string(b))
			if asJSON {
				return a.writeJSON(got)
			}
			rows := [][]string{}
			for _, h := range got.Hedges {
				code := string(h.Code)
				if h.Kind != monitor.HoldsBack {
					code = string(h.Kind)
				}
				if h.Negated != "" {
					code += ", turned round by “" + h.Negated + "”"
				}
				rows = append(rows, []string{fmt.Sprint(h.From), h.Words, code, h.Speaker})
			}
			table(a.out, rows)
			for _, u := range got.Unread {
				fmt.Fprintf(a.err, "not read: “%s”: %s\n", u.Words, u.Why)
			}
			if len(got.Hedges) == 0 {
				return errNothing
			}
			return nil
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}
