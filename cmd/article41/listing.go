package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"article41"
	"article41/record"
)

func listingCommand(a *app) *cobra.Command {
	var q asked
	var list string
	c := &cobra.Command{
		Use:     "listing ID",
		Short:   "One listed entry: where it stood on a day, what bound it, and its history",
		Example: "  article41 listing MLi.005 --as-of 2019-12-18",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			e, err := arc.Entry(c.Context(), at, record.SourceID(list), args[0], true)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(e)
			}
			writeEntry(a.out, e)
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&list, "list", "un", "whose list it is, by `id`")
	return c
}

func writeEntry(w io.Writer, e article41.Entry) {
	fmt.Fprintf(w, "%s  %s (%s)\n%s\n\n", e.ID, e.Caption, e.RegimeName, e.Sentence)
	writeStates(w, e.Standing.Law)
	writeAuthorities(w, e.Authorities)
	fmt.Fprintf(w, "\non %s: %s\n", e.AsOf.Text(), e.Presence.Presence)
	if e.Held != "" {
		fmt.Fprintf(w, "    %s\n", e.Held)
	}
	for _, s := range e.Spans {
		fmt.Fprintf(w, "on the lists of %s to %s", s.First, s.Last)
		if !s.Gone.IsZero() {
			fmt.Fprintf(w, "; not on that of %s", s.Gone)
		}
		fmt.Fprintln(w)
		for _, n := range s.Said[len(s.Said)-1].Names {
			fmt.Fprintf(w, "    %s (%s)\n", n.Text, n.Quality)
		}
	}
	for _, s := range e.Steps {
		fmt.Fprintf(w, "%s %s %s %s [%s, %s]\n", s.On, s.Do, components(s.Measures), s.By, s.Cite.Source, s.Cite.Sure)
	}
	fmt.Fprintf(w, "\nas of %s, known at %s; record %s\n", e.AsOf, e.KnownAt, e.Basis.Record)
}
