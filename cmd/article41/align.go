package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/align"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/source/voeten"
	"article41/symbol"
)

// aligned are the flags of a question about roll calls.
type aligned struct {
	asked
	from, to, topic, body string
	votes                 []string
	consensus             bool
	ballots               string
	year                  int
	asCSV                 bool
}

func (q *aligned) windowFlags(c *cobra.Command) {
	q.flags(c)
	c.Flags().StringVar(&q.from, "from", "", "count votes from this `day`, month or year on")
	c.Flags().StringVar(&q.to, "to", "", "count votes to this `day`, month or year, included")
	c.Flags().StringVar(&q.topic, "topic", "", "count votes with this `text` in symbol, title, agenda, regime or issue")
	c.Flags().StringVar(&q.body, "body", "", "count votes of the Council (`SC`) or the Assembly (GA) only")
	q.files(c)
}

func (q *aligned) files(c *cobra.Command) {
	c.Flags().StringVar(&q.ballots, "ballots", "", "count the Assembly's roll calls of this `file` too (the wide CSV of Voeten's data, plain or gzipped)")
	c.Flags().BoolVar(&q.asCSV, "csv", false, "answer in CSV")
}

// filter reads the window.
func (q *aligned) filter() (align.Filter, error) {
	f := align.Filter{Topic: q.topic, Consensus: q.consensus}
	var err error
	if f.Body, err = align.ParseBody(q.body); err != nil {
		return f, fmt.Errorf("--body: %w", err)
	}
	for _, d := range []struct {
		name, text string
		last       bool
		to         *date.Day
	}{{"--from", q.from, false, &f.From}, {"--to", q.to, true, &f.To}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = date.ParseEdge(d.text, d.last); err != nil {
			return f, errUse{fmt.Errorf("%s: %w", d.name, err)}
		}
	}
	for _, v := range q.votes {
		for _, one := range strings.Split(v, ",") {
			s, err := symbol.Parse(one)
			if err != nil {
				return f, errUse{fmt.Errorf("--votes: %w", err)}
			}
			f.IDs = append(f.IDs, s)
		}
	}
	return f, nil
}

// rollCalls reads the file of ballots, if one is named.
func (a *app) rollCalls(path string) ([]record.Assembly, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errUnable{err}
	}
	defer f.Close()
	votes, complaints, err := voeten.Read(f, voeten.Options{})
	if err != nil {
		return nil, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	for _, c := range complaints[:min(10, len(complaints))] {
		fmt.Fprintf(a.err, "article41: %s: %s: %s\n", path, c.Place, c.Problem)
	}
	if n := len(complaints) - 10; n > 0 {
		fmt.Fprintf(a.err, "article41: %s: and %d more complaints\n", path, n)
	}
	return votes, nil
}

// withRolls readies a question about roll calls.
func (a *app) withRolls(ctx context.Context, q *aligned) (record.At, *article41.Archive, []record.Assembly, error) {
	at, err := a.at(q.asked)
	if err != nil {
		return at, nil, nil, err
	}
	ballots, err := a.rollCalls(q.ballots)
	if err != nil {
		return at, nil, nil, err
	}
	arc, err := a.archive(ctx, q.asked, false)
	return at, arc, ballots, err
}

// show writes an answer in the form that was asked for.
func (a *app) show(q *aligned, v any, rows [][]string, text func(io.Writer)) error {
	switch {
	case q.asJSON:
		return a.writeJSON(v)
	case q.asCSV:
		w := csv.NewWriter(a.out)
		w.WriteAll(rows)
		return w.Error()
	}
	text(a.out)
	return nil
}

func alignCommand(a *app) *cobra.Command {
	var q aligned
	var resamples int
	var seed uint64
	c := &cobra.Command{
		Use:   "align A [B]",
		Short: "How alike two states or groups voted, with what is not counted",
		Long: "How alike two states or groups voted in the Council and in the Assembly: raw share,\nLijphart's index, S, kappa and pi, each with an interval. With one state, its agreement\n" +
			"with every other. A side is a state (FRA), several (MLI+BFA+NER) or a group: " + strings.Join(align.GroupWords(), ", ") + ".\ndocs/alignment.md has the formulas and their limits.",
		Example: "  article41 align FRA JPN --votes S/2023/638,S/2023/639\n  article41 align MLI RUS --body GA --from 2011 --to 2020 --ballots roll-calls.csv.gz\n" +
			"  article41 align drift --pole RUS --state MLI\n  article41 align mali",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := q.filter()
			if err != nil {
				return err
			}
			if resamples < 1 {
				return errUse{fmt.Errorf("--resamples %d: want 1 or more: no figure is shown without its interval", resamples)}
			}
			ask := article41.AlignQuery{Filter: f, Resamples: resamples, Seed: seed}
			if ask.A, err = align.ParseSide(args[0]); err != nil {
				return errUse{err}
			}
			if len(args) == 2 {
				if ask.B, err = align.ParseSide(args[1]); err != nil {
					return errUse{err}
				}
			} else if !ask.A.One() {
				return errUse{fmt.Errorf("%s: want one state, or two sides", args[0])}
			}
			at, arc, ballots, err := a.withRolls(c.Context(), &q)
			if err != nil {
				return err
			}
			ask.Ballots = ballots
			if len(args) == 1 {
				g, err := arc.Neighbours(c.Context(), at, ask.A.States[0], ask)
				if err != nil {
					return err
				}
				err = a.show(&q, g, article41.NeighbourRows(g), func(w io.Writer) { writeNeighbours(w, g) })
				if err == nil && len(g.Rows) == 0 {
					return errNothing
				}
				return err
			}
			g, err := arc.Align(c.Context(), at, ask)
			if err != nil {
				return err
			}
			err = a.show(&q, g, article41.AgreementRows(g), func(w io.Writer) { writeAgreement(w, g) })
			if err == nil && g.N == 0 {
				return errNothing
			}
			return err
		},
	}
	q.windowFlags(c)
	c.Flags().StringSliceVar(&q.votes, "votes", nil, "count exactly these votes, by `symbol`")
	c.Flags().BoolVar(&q.consensus, "consensus", false, "count what the Council adopted without a vote as a yes of all who sat")
	c.Flags().IntVar(&resamples, "resamples", align.Resamples, "how often the votes are resampled for the interval")
	c.Flags().Uint64Var(&seed, "seed", align.Seed, "the seed of the resampling")
	c.AddCommand(alignMaliCommand(a), alignMapCommand(a), alignDriftCommand(a), alignIdealsCommand(a), alignBlocsCommand(a), alignExpectCommand(a))
	return c
}

func writeAgreement(w io.Writer, g article41.Agreement) {
	fmt.Fprintln(w, g.Sentence)
	fmt.Fprintln(w)
	table(w, article41.AgreementRows(g))
	fmt.Fprintf(w, "\n%d votes counted, %d of them with an abstention; %d adopted without a vote counted.\n", g.N, g.Abstained, g.Consensus)
	l := g.Left
	fmt.Fprintf(w, "Not counted: %d one of the two not seated, %d without a vote, %d ballot not recorded, %d absent, %d not participating, %d obliged to abstain.\n",
		l.NotMember, l.Consensus, l.Unrecorded, l.Absent, l.NotParticipating, l.Obliged)
	writeWindow(w, g.Window, g.Method)
}

func writeWindow(w io.Writer, x article41.Window, method string) {
	fmt.Fprintf(w, "Selection: %d votes (%d Council, %d Assembly)", x.Selected, x.Council, x.Assembly)
	if x.First != nil {
		fmt.Fprintf(w, ", %s to %s", x.First, x.Last)
	}
	fmt.Fprintln(w, ".")
	writeMissing(w, x.Missing)
	fmt.Fprintf(w, "Method: %s\n", method)
}

func writeMissing(w io.Writer, lines []string) {
	for _, m := range lines {
		fmt.Fprintf(w, "Missing: %s\n", m)
	}
}

func writeNeighbours(w io.Writer, g article41.Neighbours) {
	if len(g.Rows) == 0 {
		fmt.Fprintf(w, "%s took a position in no vote of the selection together with another state.\n", g.Of.Name)
	} else {
		fmt.Fprintf(w, "%s voted most like %s (Lijphart %.2f over %d votes).\n\n", g.Of.Name, g.Rows[0].Name, *g.Rows[0].Lijphart, g.Rows[0].N)
		table(w, article41.NeighbourRows(g))
	}
	writeWindow(w, g.Window, g.Method)
}

func alignMaliCommand(a *app) *cobra.Command {
	var q aligned
	c := &cobra.Command{
		Use:   "mali [FIRST SECOND]",
		Short: "Whether Mali moved toward Russia, vote by vote and year by year, and what is not known",
		Args: cobra.MatchAll(cobra.MaximumNArgs(2), func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return fmt.Errorf("want two states or none")
			}
			return nil
		}),
		RunE: func(c *cobra.Command, args []string) error {
			states := []country.Code{"MLI", "RUS"}
			for i, s := range args {
				code, err := country.Parse(s)
				if err != nil {
					return errUse{err}
				}
				states[i] = code
			}
			at, arc, ballots, err := a.withRolls(c.Context(), &q)
			if err != nil {
				return err
			}
			x, err := arc.Shift(c.Context(), at, states[0], states[1], ballots)
			if err != nil {
				return err
			}
			return a.show(&q, x, article41.ShiftRows(x), func(w io.Writer) { writeShift(w, x) })
		},
	}
	q.flags(c)
	q.files(c)
	return c
}

func writeShift(w io.Writer, x article41.Shift) {
	fmt.Fprintln(w, x.Sentence)
	for _, s := range x.Says {
		fmt.Fprintf(w, "- %s\n", s)
	}
	fmt.Fprintln(w)
	for _, v := range x.Assembly {
		fmt.Fprintf(w, "%s, %s: %s\n", v.Resolution, v.On, v.Sentence)
	}
	fmt.Fprintln(w)
	table(w, article41.ShiftRows(x))
	fmt.Fprintln(w)
	for _, u := range x.Unknown {
		fmt.Fprintf(w, "Not known: %s\n", u)
	}
	fmt.Fprintf(w, "Method: %s\nIdeal points: %s\n", x.Method, x.Source)
}

func alignMapCommand(a *app) *cobra.Command {
	var q aligned
	c := &cobra.Command{
		Use:     "map",
		Short:   "A map of states by how alike they voted in a year or window",
		Example: "  article41 align map --body SC --year 2023",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			at, arc, ask, err := a.mapQuery(c.Context(), &q)
			if err != nil {
				return err
			}
			m, err := arc.AlignMap(c.Context(), at, ask)
			if err != nil {
				return err
			}
			return a.show(&q, m, article41.MapRows(m), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n\n", m.Sentence)
				table(w, article41.MapRows(m))
				if m.Published != nil {
					fmt.Fprintf(w, "\nCorrelation of the first dimension with the published ideal points: %.3f over %d states.\n", *m.Published, m.PublishedN)
				}
				fmt.Fprintf(w, "Axes: %s.\n", m.Fixed)
				writeWindow(w, m.Window, m.Method)
			})
		},
	}
	q.windowFlags(c)
	q.yearFlag(c)
	return c
}

func (q *aligned) yearFlag(c *cobra.Command) {
	c.Flags().IntVar(&q.year, "year", 0, "count the votes of this `year`: of the Assembly, the session that opened in it")
}

func (a *app) mapQuery(ctx context.Context, q *aligned) (record.At, *article41.Archive, article41.MapQuery, error) {
	var ask article41.MapQuery
	f, err := q.filter()
	if err != nil {
		return record.At{}, nil, ask, err
	}
	if f.Body == "" {
		f.Body = align.Council
		if q.ballots != "" {
			f.Body = align.Assembly
		}
	}
	at, arc, ballots, err := a.withRolls(ctx, q)
	return at, arc, article41.MapQuery{Filter: f, Year: q.year, Ballots: ballots}, err
}

func alignDriftCommand(a *app) *cobra.Command {
	var q aligned
	var pole, state, before, after, by string
	c := &cobra.Command{
		Use:     "drift",
		Short:   "Who moved toward or away from a state between two runs of years, ranked",
		Example: "  article41 align drift --pole RUS --before 2015-2020 --after 2021-2023 --state MLI",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ask := article41.DriftQuery{By: article41.DriftBy(by)}
			var err error
			if ask.Pole, err = country.Parse(pole); err != nil {
				return errUse{fmt.Errorf("--pole: %w", err)}
			}
			if state != "" {
				if ask.State, err = country.Parse(state); err != nil {
					return errUse{fmt.Errorf("--state: %w", err)}
				}
			}
			if ask.Body, err = align.ParseBody(q.body); err != nil {
				return err
			}
			if ask.Before, err = article41.ParseYears(before); err != nil {
				return fmt.Errorf("--before: %w", err)
			}
			if ask.After, err = article41.ParseYears(after); err != nil {
				return fmt.Errorf("--after: %w", err)
			}
			at, arc, ballots, err := a.withRolls(c.Context(), &q)
			if err != nil {
				return err
			}
			ask.Ballots = ballots
			d, err := arc.Drift(c.Context(), at, ask)
			if err != nil {
				return err
			}
			return a.show(&q, d, article41.DriftRows(d), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n", d.Sentence)
				if d.Place != "" {
					fmt.Fprintln(w, d.Place)
				}
				fmt.Fprintln(w)
				table(w, article41.DriftRows(d))
				writeMissing(w, d.Missing)
				fmt.Fprintf(w, "Unit: %s.\nSource: %s.\nMethod: %s\n", d.Unit, d.Source, d.Method)
			})
		},
	}
	q.flags(c)
	q.files(c)
	c.Flags().StringVar(&q.body, "body", "", "with --by votes: SC or GA (default GA)")
	c.Flags().StringVar(&pole, "pole", "RUS", "the `state` toward which a move is measured")
	c.Flags().StringVar(&state, "state", "MLI", "tell this `state`'s place in the sentence")
	c.Flags().StringVar(&before, "before", "2018-2020", "the first run of `years`")
	c.Flags().StringVar(&after, "after", "2021-2023", "the second run of `years`")
	c.Flags().StringVar(&by, "by", string(article41.ByIdeals), "measure by ideals (published points), foreign-policy (the same) or votes (roll calls held)")
	return c
}

func alignIdealsCommand(a *app) *cobra.Command {
	var q aligned
	var from, to int
	c := &cobra.Command{
		Use:     "ideals STATE…",
		Short:   "The published ideal points of states, year by year",
		Example: "  article41 align ideals MLI RUS FRA USA --from 1960",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var states []country.Code
			for _, s := range args {
				code, err := country.Parse(s)
				if err != nil {
					return errUse{err}
				}
				states = append(states, code)
			}
			at, arc, _, err := a.withRolls(c.Context(), &q)
			if err != nil {
				return err
			}
			x, err := arc.IdealPoints(c.Context(), at, states, from, to)
			if err != nil {
				return err
			}
			return a.show(&q, x, article41.IdealRows(x), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n\n", x.Sentence)
				table(w, article41.IdealRows(x))
				writeMissing(w, x.Missing)
				fmt.Fprintf(w, "Source: %s.\nMethod: %s\n", x.Source, x.Method)
			})
		},
	}
	q.flags(c)
	c.Flags().BoolVar(&q.asCSV, "csv", false, "answer in CSV")
	c.Flags().IntVar(&from, "from", 1960, "the first `year`")
	c.Flags().IntVar(&to, "to", 0, "the last `year` (default the last published)")
	return c
}

func alignBlocsCommand(a *app) *cobra.Command {
	var q aligned
	var want int
	c := &cobra.Command{
		Use:   "blocs",
		Short: "Which states voted together in a year or window, and how stable that is",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			at, arc, ask, err := a.mapQuery(c.Context(), &q)
			if err != nil {
				return err
			}
			b, err := arc.Blocs(c.Context(), at, ask, want)
			if err != nil {
				return err
			}
			return a.show(&q, b, article41.BlocRows(b), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n", b.Sentence)
				for i, x := range b.Blocs {
					var names []string
					for _, s := range x.States {
						names = append(names, string(s.Code))
					}
					cohesion := "–"
					if x.Cohesion != nil {
						cohesion = strconv.FormatFloat(*x.Cohesion, 'f', 2, 64)
					}
					fmt.Fprintf(w, "\nBloc %d: %d states, cohesion %s, stability %.2f\n  %s\n", i+1, len(x.States), cohesion, x.Stability, strings.Join(names, " "))
				}
				fmt.Fprintln(w)
				writeWindow(w, b.Window, b.Method)
			})
		},
	}
	q.windowFlags(c)
	q.yearFlag(c)
	c.Flags().IntVar(&want, "blocs", 0, "how many `blocs` (default what the silhouette says)")
	return c
}

func alignExpectCommand(a *app) *cobra.Command {
	var q aligned
	var show int
	c := &cobra.Command{
		Use:   "expected",
		Short: "The most and least expected votes of a year or window, and each state's minority index",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			at, arc, ask, err := a.mapQuery(c.Context(), &q)
			if err != nil {
				return err
			}
			x, err := arc.Expectations(c.Context(), at, ask, show)
			if err != nil {
				return err
			}
			return a.show(&q, x, article41.ExpectedRows(x), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n\n", x.Sentence)
				table(w, article41.ExpectedRows(x))
				fmt.Fprintln(w)
				table(w, article41.MinorityRows(x))
				fmt.Fprintln(w)
				writeWindow(w, x.Window, x.Method)
			})
		},
	}
	q.windowFlags(c)
	q.yearFlag(c)
	c.Flags().IntVar(&show, "show", 10, "how many `votes` at each end")
	return c
}

// importRollCalls takes the Assembly's roll calls of a file into the database.
func (a *app) importRollCalls(ctx context.Context, q asked, paths []string) error {
	arc, err := a.archive(ctx, q, true)
	if err != nil {
		return err
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return errUnable{err}
		}
		votes, complaints, err := voeten.Read(f, voeten.Options{})
		f.Close()
		if err != nil {
			return errUnable{fmt.Errorf("%s: %w", path, err)}
		}
		done, err := arc.ImportAssembly(ctx, a.now(), voeten.Source, votes, complaints)
		if err != nil {
			return errUnable{fmt.Errorf("%s: %w", path, err)}
		}
		if q.asJSON {
			if err := a.writeJSON(done); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s: %d roll calls of the General Assembly; %d added, %d changed, %d held already\n", path, done.Votes, done.Added, done.Changed, done.Again)
		for i, k := range done.Complaints {
			if i == 20 {
				fmt.Fprintf(a.out, "    … and %d more complaints (--json shows all)\n", len(done.Complaints)-i)
				break
			}
			fmt.Fprintf(a.out, "    %s: %s\n", k.Place, k.Problem)
		}
	}
	return nil
}
