package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"article41/instrument"
	"article41/record"
)

func lawCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:   "law REGIME",
		Short: "Who carries a regime on: the EU, US, UK and Swiss law beside the Council's, with its own clocks",
		Example: "  article41 law mali --as-of 2023-10-01\n" +
			"  article41 law mali --as-of 2024-01-06",
		Args: cobra.ExactArgs(1), ValidArgsFunction: a.regimes,
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			l, err := arc.Carried(c.Context(), at, record.RegimeID(args[0]))
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(l)
			}
			fmt.Fprintf(a.out, "%s\nUN: %s\n", l.Name, l.UN.Sentence)
			for _, c := range l.Carriers {
				writeCarrier(a.out, c)
			}
			if len(l.Carriers) == 0 {
				fmt.Fprintln(a.out, "No instrument of another authority is in the record for this regime.")
			} else if len(l.Absent) > 0 {
				fmt.Fprintf(a.out, "\n%s: no instrument in the record for this regime\n", strings.Join(l.Absent, ", "))
			}
			writeBasis(a.out, at, l.Basis)
			return nil
		},
	}
	q.flags(c)
	return c
}

func writeCarrier(w io.Writer, c instrument.Carrier) {
	fmt.Fprintf(w, "\n%s  %s (%s)\n", c.Authority, c.Name, c.Short)
	for _, p := range c.Parts {
		fmt.Fprintf(w, "  %s: %s\n", p.Basis, p.Sentence)
	}
	for i, r := range c.Acts {
		if i == 5 {
			fmt.Fprintf(w, "    and %d acts before\n", len(c.Acts)-i)
			break
		}
		fmt.Fprintf(w, "    %s %s [%s, %s]\n", r.Adopted, r.String(), r.Cite.Source, r.Cite.Sure)
	}
	loaded := "no list of it is loaded"
	if len(c.Loaded) > 0 {
		loaded = fmt.Sprintf("lists loaded: %v", c.Loaded)
	}
	fmt.Fprintf(w, "  known through %s; %s\n", c.Through, loaded)
	if c.Note != "" {
		fmt.Fprintf(w, "  note: %s\n", c.Note)
	}
}

// writeAuthorities is which law binds an entry, a line an authority.
func writeAuthorities(w io.Writer, of []instrument.Standing) {
	if len(of) == 0 {
		return
	}
	fmt.Fprintln(w, "  which law binds:")
	for _, s := range of {
		fmt.Fprintf(w, "    %s: %s", s.Authority, s.Sentence)
		if s.Basis != "" {
			fmt.Fprintf(w, " [%s]", s.Basis)
		}
		for _, x := range s.Sightings {
			if x.Tie == instrument.TieName {
				fmt.Fprintf(w, " (tied by name and programme only: %s %s)", x.List, x.Ref)
			}
		}
		fmt.Fprintln(w)
	}
}
