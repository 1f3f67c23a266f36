package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/record"
)

func screenCommand(a *app) *cobra.Command {
	var q asked
	var query article41.Query
	var lists []string
	var receipt, in, to string
	var threshold float64
	c := &cobra.Command{
		Use:   "screen NAME",
		Short: "Whether a name meets an entry of the lists, and which law bound it that day",
		Example: "  article41 screen \"Houka Houka Ag Alhousseini\" --as-of 2023-08-01\n" +
			"  article41 screen \"Хука Хука Аг Алхуссейни\" --born 1962 --as-of 2023-10-01\n" +
			"  article41 screen --in customers.jsonl --out answers.jsonl",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			if in != "" {
				return a.screenLines(c, q, at, in, to)
			}
			if len(args) == 0 || to != "-" {
				return errUse{fmt.Errorf("want a NAME, or --in FILE with --out\nusage: %s", c.UseLine())}
			}
			if c.Flags().Changed("threshold") {
				query.Threshold = &threshold
			}
			query.Name = strings.Join(args, " ")
			for _, l := range lists {
				query.Lists = append(query.Lists, record.SourceID(l))
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			s, err := arc.Screen(c.Context(), at, query)
			if err != nil {
				return err
			}
			if receipt != "" {
				if err := a.issue(c.Context(), receipt, q.db, s); err != nil {
					return err
				}
			}
			if q.asJSON {
				if err := a.writeJSON(s); err != nil {
					return err
				}
			} else {
				writeScreening(a.out, s)
			}
			if len(s.Hits) == 0 {
				return errNothing
			}
			return nil
		},
	}
	q.flags(c)
	q.ruled(c)
	f := c.Flags()
	f.StringVar(&query.Born, "born", "", "date of birth: YYYY, YYYY-MM or `YYYY-MM-DD`")
	f.StringSliceVar(&query.Countries, "country", nil, "nationality, a `code` or a name; may be repeated")
	f.StringVar(&query.Gender, "gender", "", "`m` or f")
	f.StringVar(&query.Kind, "kind", "", "`person`, entity, company, vessel or aircraft")
	f.StringSliceVar(&lists, "list", nil, "only these lists, by `id`; may be repeated")
	f.Float64Var(&threshold, "threshold", 0, "the `score` from which a hit is shown, from 0 to 1 (default the engine's)")
	f.IntVar(&query.Limit, "limit", 0, "at most this many hits")
	f.StringSliceVar(&query.Identifiers, "identifier", nil, "a `number` the bearer has, of a passport or a ship; may be repeated")
	f.StringVar(&in, "in", "", "screen a `file` of JSON lines, one query a line as POST /api/v1/screen takes it; - is standard input")
	f.StringVar(&to, "out", "-", "with --in: where the answers go, a JSON `file` of lines; - is standard output")
	f.StringVar(&receipt, "receipt", "", "write a signed receipt of the answer to this `file`")
	return c
}

func writeScreening(w io.Writer, s article41.Screening) {
	fmt.Fprintln(w, s.Verdict)
	for _, h := range s.Hits {
		under := h.RegimeName
		if under == "" {
			under = "list " + string(h.List)
		}
		fmt.Fprintf(w, "\n%s  %s (%s)  score %.3f, %s\n", h.ID, h.Caption, under, h.Score, h.Class)
		fmt.Fprintf(w, "  %s\n", h.Sentence)
		fmt.Fprintf(w, "  policy: %s (%s)\n", h.Decision.Do, h.Decision.Why)
		for _, m := range h.Law {
			fmt.Fprintf(w, "  %s: %s\n", m.Name, m.Sentence)
		}
		if h.Note != "" {
			fmt.Fprintf(w, "  note: %s\n", h.Note)
		}
		writeAuthorities(w, h.Authorities)
		for _, l := range strings.Split(strings.TrimSpace(h.Explanation.Words()), "\n") {
			fmt.Fprintf(w, "    %s\n", l)
		}
	}
	fmt.Fprintln(w)
	for _, l := range s.Lists {
		v := "not held for that day"
		if l.Version != nil {
			v = "version of " + l.Version.String()
		}
		fmt.Fprintf(w, "searched %s: %s, %s, from %s", l.List, v, entries(l.Entries), origin(l.Origin))
		if l.Note != "" {
			fmt.Fprintf(w, " (%s)", l.Note)
		}
		if l.Failed != "" {
			fmt.Fprintf(w, "; %s", l.Failed)
		}
		if l.Stale != "" {
			fmt.Fprintf(w, "; stale: %s", l.Stale)
		}
		if l.Complaints > 0 {
			fmt.Fprintf(w, "; %d complaints on reading: fields that could not be read, or files not given", l.Complaints)
		}
		if l.Partial {
			fmt.Fprint(w, "; cut, accepted as partial")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "policy %s, version %s (%.12s): %s\n", s.Policy.Name, s.Policy.Version, s.Policy.Digest, s.Policy.Do)
	if len(s.Policy.Missing) > 0 {
		fmt.Fprintf(w, "the policy wants lists that are not loaded: %s\n", everyone(s.Policy.Missing, ""))
	}
	fmt.Fprintf(w, "as of %s, known at %s; threshold %.2f; engine %s; record %s\n", s.AsOf, s.KnownAt, s.Threshold, s.Engine, s.Basis.Record)
}

func origin(o string) string {
	switch o {
	case "record":
		return "the shipped record"
	case "":
		return "nowhere"
	}
	return "an import"
}
