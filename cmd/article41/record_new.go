package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/source/curated"
	"article41/symbol"
)

// desk is where an editor works: the folder of the record, or an overlay over it.
type desk struct {
	folder string
	over   bool
	base   curated.Record // under an overlay
}

// lint reads the folder as check does.
func (d desk) lint(fsys fs.FS) (curated.Record, []curated.Problem) {
	if d.over {
		return curated.ReadOverlay(fsys, d.base)
	}
	return curated.Read(fsys)
}

// archive answers from what the desk has.
func (d desk) archive(ctx context.Context, a *app, rec curated.Record) (*article41.Archive, error) {
	if !d.over {
		return article41.Open(ctx, nil, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, a.now())
	}
	arc, err := article41.Open(ctx, nil, article41.Shipped{Edition: d.base.Edition, Entries: d.base.Entries}, a.now())
	if err != nil {
		return nil, err
	}
	return arc, arc.Lay(ctx, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, a.now())
}

// said is what the editor says, as text, before it is read.
type said struct {
	regime, symbol, date, meeting, mode, tally, ballots, draft, title, published, penholders, cite, through string
	effects                                                                                                 []string
}

// written is the answer of record new.
type written struct {
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Text     string            `json:"text"`
	Written  bool              `json:"written"`
	Problems []curated.Problem `json:"problems"`
	States   []regime.State    `json:"states"` // what it touches, on its day
}

func newCommand(a *app) *cobra.Command {
	var q asked
	var folder, over string
	var s said
	var dry bool
	c := &cobra.Command{
		Use:   "new",
		Short: "Add an adopted text to a regime's file, linted as check lints it",
		Long: "Add an adopted text to data/regimes/<id>.yaml, or to that of an overlay. What is not given\n" +
			"as a flag is asked for. It is written only if the whole record, with it, has no problem.\n" +
			"An effect is one line: a deed, the components, and what else is known of it:\n" +
			"  extend travel-ban,assets-freeze until 2027-05-31 paragraph 1",
		Example: "  article41 record new\n" +
			"  article41 record new --regime south-sudan --symbol 'S/RES/9001' --date 2026-05-29 --meeting S/PV.10160 \\\n" +
			"    --tally 9-0-6 --cite 'verified UN-press SC/16400' \\\n" +
			"    --effect 'extend travel-ban,assets-freeze,arms-embargo until 2027-05-31 paragraph 1'",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := a.desk(c.Context(), q, folder, over, c.Flags().Changed("data"))
			if err != nil {
				return err
			}
			return a.write(c.Context(), d, s, q.asJSON, dry)
		},
	}
	f := c.Flags()
	f.BoolVar(&q.asJSON, "json", false, "answer in JSON")
	f.StringVar(&folder, "data", "", "the record's `folder` (default data, if it is there)")
	f.StringVar(&over, "overlay", "", "write to this overlay `folder` instead")
	f.StringVar(&q.db, "db", "", "the database `file` whose record the overlay lies over")
	f.StringVar(&s.regime, "regime", "", "the regime's `id`, such as south-sudan")
	f.StringVar(&s.symbol, "symbol", "", "the adopted text's `symbol`, such as S/RES/2781 (2025)")
	f.StringVar(&s.date, "date", "", "the `day` of adoption")
	f.StringVar(&s.meeting, "meeting", "", "the meeting's `symbol`, such as S/PV.9928")
	f.StringVar(&s.mode, "mode", "", "how, where it was no vote: without-vote, consensus, acclamation")
	f.StringVar(&s.tally, "tally", "", "the `count`, such as 9-0-6")
	f.StringVar(&s.ballots, "ballots", "", "who voted how, as `ballots`, such as 'no CHN; abstain RUS PAK'")
	f.StringVar(&s.draft, "draft", "", "the draft's `symbol`")
	f.StringVar(&s.title, "title", "", "the `title`, in our own words")
	f.StringVar(&s.published, "published", "", "the `day` of publication")
	f.StringVar(&s.penholders, "penholders", "", "the `states` that held the pen")
	f.StringArrayVar(&s.effects, "effect", nil, "an `effect`; may be given more than once")
	f.StringVar(&s.cite, "cite", "", "the `source`: verified or unverified, its id, and the place in it")
	f.StringVar(&s.through, "known-through", "", "also: the chain was looked at up to this `day`")
	f.BoolVar(&dry, "dry-run", false, "lint and show it, write nothing")
	return c
}

// desk finds where to write.
func (a *app) desk(ctx context.Context, q asked, folder, over string, data bool) (desk, error) {
	if over == "" || data {
		if folder == "" && exists(filepath.Join("data", "version.yaml")) {
			folder = "data"
		}
		if folder == "" {
			return desk{}, errUse{errors.New("where to? --data names the record's folder, --overlay one of your own")}
		}
		return desk{folder: folder}, nil
	}
	arc, err := a.archive(ctx, q, false)
	if err != nil {
		return desk{}, err
	}
	base, err := arc.Record(ctx)
	return desk{over, true, curated.Record{Edition: base.Edition, Entries: base.Entries}}, err
}

// write takes an adoption from what the editor says to a linted entry.
func (a *app) write(ctx context.Context, d desk, s said, asJSON, dry bool) error {
	if d.over {
		if err := os.MkdirAll(d.folder, 0o755); err != nil {
			return errUnable{err}
		}
	}
	before, problems := d.lint(os.DirFS(d.folder))
	if len(problems) > 0 {
		writeProblems(a.err, d.folder, problems)
		return fmt.Errorf("%w: %s has %d problems already: mend them first", record.ErrInvalid, d.folder, len(problems))
	}
	arc, err := d.archive(ctx, a, before)
	if err != nil {
		return err
	}
	e := editor{a: a, in: bufio.NewScanner(a.in), arc: arc, ctx: ctx}
	adopted, err := e.gather(s)
	if err != nil {
		return err
	}
	name := "regimes/" + string(adopted.Regime) + ".yaml"
	path := filepath.Join(d.folder, filepath.FromSlash(name))
	text, err := os.ReadFile(path)
	if err != nil && !(d.over && errors.Is(err, fs.ErrNotExist)) {
		return errUnable{err}
	}
	text, line, err := curated.AddDecision(text, adopted, days(d.base, before))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	after, problems := d.lint(curated.Edited(os.DirFS(d.folder), name, text))
	out := written{File: path, Line: line, Text: adopted.Write("  "), Problems: append([]curated.Problem{}, problems...), States: []regime.State{}}
	if len(problems) > 0 {
		if asJSON {
			if err := a.writeJSON(out); err != nil {
				return err
			}
		} else {
			refuse(a, d.folder, name, text, problems)
		}
		return errNothing
	}
	if arc, err = d.archive(ctx, a, after); err != nil {
		return err
	}
	if out.States, err = touched(ctx, arc, adopted); err != nil {
		return err
	}
	if !asJSON {
		fmt.Fprintf(a.out, "%s:%d:\n%s%d problems. On %s:\n", path, line, out.Text, len(problems), adopted.Vote.Date)
		writeStates(a.out, out.States)
	}
	if !dry && (!e.talks || e.yes("write it?")) {
		if err := replace(path, text); err != nil {
			return err
		}
		out.Written = true
	}
	switch {
	case asJSON:
		return a.writeJSON(out)
	case !out.Written:
		fmt.Fprintln(a.out, "nothing was written")
	case d.over:
		fmt.Fprintf(a.out, "written; lay it over the record: article41 record overlay %s\n", d.folder)
	default:
		fmt.Fprintln(a.out, "written; raise the number in version.yaml, then: go generate ./data, or article41 record sign")
	}
	return nil
}

// refuse shows each problem with the line it is about.
func refuse(a *app, folder, name string, text []byte, problems []curated.Problem) {
	lines := strings.Split(string(text), "\n")
	for _, p := range problems {
		writeProblems(a.out, folder, []curated.Problem{p})
		if p.File == name && p.Line > 0 && p.Line <= len(lines) {
			fmt.Fprintf(a.out, "    %s\n", strings.TrimSpace(lines[p.Line-1]))
		}
	}
	fmt.Fprintf(a.out, "%d problems; nothing was written\n", len(problems))
}

// days tells on which day a decision of the records was taken.
func days(records ...curated.Record) func(symbol.Symbol) date.Day {
	on := map[symbol.Symbol]date.Day{}
	for _, r := range records {
		for _, e := range r.Entries {
			var v record.Vote
			if e.Kind == record.KindVote && e.Decode(&v) == nil {
				on[v.ID] = v.Date
				if v.Draft != "" {
					on[v.Draft] = v.Date
				}
			}
		}
	}
	return func(s symbol.Symbol) date.Day { return on[s] }
}

// touched are the states of what the adoption has effects on, on its day.
func touched(ctx context.Context, arc *article41.Archive, k curated.Adoption) ([]regime.State, error) {
	st, err := arc.Status(ctx, record.At{AsOf: k.Vote.Date, KnownAt: k.Vote.Date}, k.Regime)
	if err != nil {
		return nil, err
	}
	out := []regime.State{}
	for _, s := range slices.Concat(st.Measures, st.Authorizations, st.Bodies) {
		if slices.ContainsFunc(k.Effects, func(e record.Effect) bool { return slices.Contains(e.What, s.ID) }) {
			out = append(out, s)
		}
	}
	return out, nil
}

// replace writes a file whole or not at all.
func replace(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return errUnable{err}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return errUnable{err}
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return errUnable{err}
	}
	return nil
}
