package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/export"
	"article41/record"
)

// agenda is a calendar with what it rests on: the shape of calendar --json.
type agenda struct {
	AsOf    date.Day        `json:"as_of"`
	KnownAt date.Day        `json:"known_at"`
	From    date.Day        `json:"from"`
	To      date.Day        `json:"to"`
	Regime  record.RegimeID `json:"regime,omitempty"`
	// FailedThrough is the day of the newest draft in the record that failed: a
	// veto after it is not in the calendar.
	FailedThrough date.Day        `json:"failed_drafts_through"`
	Basis         article41.Basis `json:"basis"`
	Due           []article41.Due `json:"due"`
}

func calendarCommand(a *app) *cobra.Command {
	var q asked
	var from, to, only string
	var asICal bool
	var alarms []int
	c := &cobra.Command{
		Use:   "calendar",
		Short: "What falls due: sunsets, the Assembly's debates on vetoes, reviews",
		Example: "  article41 calendar --as-of 2026-11-23\n" +
			"  article41 calendar --regime mali --as-of 2023-09-01 --from 2023-08-01 --to 2023-10-31\n" +
			"  article41 calendar --ics --alarm 28,7 > sunsets.ics",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			if asICal && q.asJSON {
				return errUse{fmt.Errorf("--json and --ics: give one of them")}
			}
			g := agenda{AsOf: at.AsOf, KnownAt: at.KnownAt, From: at.AsOf.AddMonths(-12), To: at.AsOf.AddMonths(12), Regime: record.RegimeID(only)}
			for _, f := range []struct {
				name, value string
				to          *date.Day
			}{{"--from", from, &g.From}, {"--to", to, &g.To}} {
				if f.value == "" {
					continue
				}
				if *f.to, err = date.ParseDay(f.value); err != nil {
					return errUse{fmt.Errorf("%s: %w", f.name, err)}
				}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			name := "UN sanctions"
			if only != "" {
				s, err := arc.Status(c.Context(), at, g.Regime)
				if err != nil {
					return err
				}
				name = s.Name
			}
			if g.Due, err = arc.Calendar(c.Context(), at, g.From, g.To); err != nil {
				return err
			}
			if only != "" {
				g.Due = slices.DeleteFunc(g.Due, func(d article41.Due) bool { return !d.Concerns(g.Regime) })
			}
			if g.FailedThrough, err = arc.FailedThrough(c.Context(), at); err != nil {
				return err
			}
			g.Basis = arc.Basis()
			switch {
			case asICal:
				return export.WriteCalendar(a.out, g.Due, export.Calendar{Name: name, Stamp: a.now(), Alarms: alarms})
			case q.asJSON:
				err = a.writeJSON(g)
			default:
				writeAgenda(a.out, g)
			}
			if err == nil && len(g.Due) == 0 {
				return errNothing
			}
			return err
		},
	}
	q.flags(c)
	c.Flags().StringVar(&from, "from", "", "the first `day` (default a year before the day asked about)")
	c.Flags().StringVar(&to, "to", "", "the last `day` (default a year after the day asked about)")
	c.Flags().StringVar(&only, "regime", "", "only what concerns this regime's `id`")
	c.Flags().BoolVar(&asICal, "ics", false, "answer as iCalendar, for a calendar program")
	c.Flags().IntSliceVar(&alarms, "alarm", []int{28, 7}, "with --ics: remind this many `days` before")
	return c
}

func writeAgenda(w io.Writer, g agenda) {
	if len(g.Due) == 0 {
		fmt.Fprintf(w, "Nothing falls due from %s to %s.\n", g.From.Text(), g.To.Text())
	}
	rows := [][]string{}
	for _, d := range g.Due {
		by := d.Symbol.String()
		if d.Paragraph != nil {
			by += " para " + *d.Paragraph
		}
		rows = append(rows, []string{d.Day.String(), string(d.Status), string(d.Sure), by, d.Title})
	}
	table(w, rows)
	for _, d := range g.Due {
		if d.Kind == article41.DueDebate {
			fmt.Fprintf(w, "\n%s: %s\n", d.Symbol, d.Assumption)
		}
	}
	for _, n := range notes(g.Due) {
		fmt.Fprintf(w, "\n%s %s\n", n.text, strings.Join(n.of, ", "))
	}
	fmt.Fprint(w, "\nUntil a day includes that day, a calendar day at Headquarters in New York.\n")
	if !g.FailedThrough.IsZero() {
		fmt.Fprintf(w, "The newest draft in the record that failed is of %s; a later veto is not in this calendar.\n", g.FailedThrough.Text())
	}
	writeBasis(w, record.At{AsOf: g.AsOf, KnownAt: g.KnownAt}, g.Basis)
}

// note is one warning with the regimes it holds for.
type note struct {
	text string
	of   []string
}

func notes(days []article41.Due) []note {
	var out []note
	for _, d := range days {
		if d.Warning == "" {
			continue
		}
		i := slices.IndexFunc(out, func(n note) bool { return n.text == d.Warning })
		if i < 0 {
			i, out = len(out), append(out, note{text: d.Warning})
		}
		if !slices.Contains(out[i].of, string(d.Regime)) {
			out[i].of = append(out[i].of, string(d.Regime))
		}
	}
	return out
}
