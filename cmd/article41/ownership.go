package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"article41"
	"article41/record"
)

func ownershipCommand(a *app) *cobra.Command {
	var q asked
	var list string
	c := &cobra.Command{
		Use:   "ownership ENTRY",
		Short: "Whether somebody listed owns or controls an entry, by the rule of each authority",
		Long:  "Whether somebody listed owns or controls an entry: controlled, not, or cannot say, by the rule of each\nauthority, with the links it rests on. Lists name few owners of few firms: \"cannot say\" is no clearance.",
		Example: "  article41 ownership 12345\n" +
			"  article41 ownership tl-7 --list my-collection --as-of 2026-01-05",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			o, err := arc.Ownership(c.Context(), at, record.SourceID(list), args[0])
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(o)
			}
			writeOwnership(a.out, o)
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&list, "list", "", "whose list it is, by `id` (without it, every list held is looked in)")
	return c
}

func writeOwnership(w io.Writer, o article41.Ownership) {
	fmt.Fprintln(w, o.Sentence)
	for _, t := range o.Tests {
		fmt.Fprintf(w, "\n%s: %s. %s\n    %s; %s (%s)\n", t.Authority, t.Answer, t.Why, t.Rule, t.Cite, t.Sure)
		for _, h := range t.Path {
			share := "no percentage given"
			if h.Percent != "" {
				share = h.Percent + " percent as given"
			}
			fmt.Fprintf(w, "    %s > %s: %s [%s]\n", h.Owner, h.Asset, share, h.Said)
		}
	}
	fmt.Fprintln(w)
	for _, l := range o.Links {
		fmt.Fprintf(w, "%s %s %s %s %s\n", l.Kind, l.To, l.Percent, l.From, l.Until)
	}
	fmt.Fprintf(w, "as of %s, known at %s; record %s\n", o.AsOf, o.KnownAt, o.Basis.Record)
}
