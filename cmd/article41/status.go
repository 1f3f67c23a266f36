package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"article41"
	"article41/country"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

func statusCommand(a *app) *cobra.Command {
	var q asked
	var territory string
	c := &cobra.Command{
		Use:   "status [REGIME]",
		Short: "What was in force: one regime, or every regime in the record",
		Example: "  article41 status mali --as-of 2023-09-01\n" +
			"  article41 status --territory SSD --as-of 2018-07-13\n" +
			"  article41 status mali --as-of 2023-09-01 --known-at 2023-08-15",
		Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.regimes,
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			if len(args) == 1 && territory != "" {
				return errUse{fmt.Errorf("a regime or --territory, not both")}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				s, err := arc.Status(c.Context(), at, record.RegimeID(args[0]))
				if err != nil {
					return err
				}
				if q.asJSON {
					return a.writeJSON(s)
				}
				writeStatus(a.out, s)
				return nil
			}
			var all []article41.Status
			if territory != "" {
				code, err := country.Parse(territory)
				if err != nil {
					return errUse{err}
				}
				all, err = arc.Over(c.Context(), at, code)
				if err != nil {
					return err
				}
			} else if all, err = arc.Statuses(c.Context(), at); err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(all)
			}
			for _, s := range all {
				if territory != "" {
					writeStatus(a.out, s)
					fmt.Fprintln(a.out)
				}
			}
			if territory == "" {
				rows := [][]string{}
				for _, s := range all {
					rows = append(rows, []string{string(s.Regime), string(s.Overall), s.Sentence})
				}
				table(a.out, rows)
				writeBasis(a.out, at, arc.Basis())
			}
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&territory, "territory", "", "only measures that reach this `state` (ISO 3166 code or name)")
	return c
}

func writeStatus(w io.Writer, s article41.Status) {
	fmt.Fprintf(w, "%s\n%s\n\n", s.Name, s.Sentence)
	writeStates(w, slices.Concat(s.Measures, s.Authorizations, s.Bodies))
	for _, o := range s.CarveOuts {
		fmt.Fprintf(w, "carve-out for %s: %s\n", o.Touches, symbol.Paragraph{Doc: o.Decision, Para: o.Paragraph})
	}
	known := "not known"
	if s.KnownThrough != nil {
		known = s.KnownThrough.String()
	}
	fmt.Fprintf(w, "\nas of %s, known at %s; chain known through %s; record %s\n", s.AsOf, s.KnownAt, known, s.Basis.Record)
}

// writeStates writes a line a component. The claims that contest several of them
// are written once, below the last of a row that shares them.
func writeStates(w io.Writer, states []regime.State) {
	var said []record.Stance
	for i, m := range states {
		fmt.Fprintf(w, "%s: %s\n", m.Name, m.Sentence)
		switch {
		case len(m.Positions) == 0 || i+1 < len(states) && slices.Equal(m.Positions, states[i+1].Positions):
		case slices.Equal(m.Positions, said):
			fmt.Fprintln(w, "    claimed by each as above")
		default:
			said = m.Positions
			for _, p := range said {
				fmt.Fprintf(w, "    %s: %s\n", p.Claimant, p.Says)
			}
		}
		for _, v := range m.Void {
			fmt.Fprintf(w, "    void: %s of %s: %s\n", v.Symbol, v.On, v.Why)
		}
		for _, k := range m.Conflicts {
			fmt.Fprintf(w, "    %s, of %s: %s %s: %s [%s, %s]\n", k.Speaker, k.Symbol, k.Hedge, k.About, k.Says, k.Source, k.Sure)
		}
	}
}

func writeBasis(w io.Writer, at record.At, b article41.Basis) {
	fmt.Fprintf(w, "\nas of %s, known at %s; record %s\n", at.AsOf, at.KnownAt, b.Record)
}
