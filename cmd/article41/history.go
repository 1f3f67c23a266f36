package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/listing"
	"article41/record"
)

func historyCommand(a *app) *cobra.Command {
	var q asked
	var list string
	c := &cobra.Command{
		Use:   "history ENTRY",
		Short: "How one listed entry came, changed and went, version by version",
		Example: "  article41 history MLi.005\n" +
			"  article41 history 27154 --list ofac --known-at 2023-01-01",
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
			h, err := arc.History(c.Context(), at, record.SourceID(list), args[0], true)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(h)
			}
			writeHistory(a.out, h)
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&list, "list", "un", "whose list it is, by `id`")
	return c
}

func writeHistory(w io.Writer, h article41.EntryHistory) {
	fmt.Fprintf(w, "%s %s  %s\n", h.List, h.ID, h.Caption)
	for _, t := range h.Told {
		fmt.Fprintf(w, "%s  %s (%s)\n", t.Version, t.Did, origin(t.Origin))
		for _, f := range t.Fields {
			fmt.Fprintf(w, "    %s: %s\n", f.Name, changed(f))
		}
	}
	for _, s := range h.Steps {
		fmt.Fprintf(w, "%s  %s %s %s [%s, %s]\n", s.On, s.Do, components(s.Measures), s.By, s.Cite.Source, s.Cite.Sure)
	}
	if n := len(h.Held); n > 0 {
		fmt.Fprintf(w, "\n%d versions held, of %s to %s; what changed between two of them has no day of its own here\n", n, h.Held[0].Date, h.Held[n-1].Date)
	}
	fmt.Fprintf(w, "as of %s, known at %s; record %s\n", h.AsOf, h.KnownAt, h.Basis.Record)
}

func changed(f listing.Field) string {
	var parts []string
	for _, v := range f.Was {
		parts = append(parts, "- "+v)
	}
	for _, v := range f.Is {
		parts = append(parts, "+ "+v)
	}
	if len(parts) == 0 {
		return "amended"
	}
	return strings.Join(parts, "; ")
}

func changesCommand(a *app) *cobra.Command {
	var q asked
	var after string
	var limit int
	var f article41.LogFilter
	c := &cobra.Command{
		Use:   "changes",
		Short: "The change log: what came into the ledger, in order, after a cursor",
		Long:  "The change log: every public entry of the ledger in order, each under a cursor: 1, 2, 3 … without a\ngap, for good; it is the first column. Without --after the newest entries are shown. Ask again with\n--after and the last cursor, and nothing is lost and nothing comes twice; --after 0 begins at the beginning.",
		Example: "  article41 changes --after 6788\n" +
			"  article41 changes --after 6788 --list un --json",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := cursor(after)
			if err != nil {
				return err
			}
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			if q.knownAt == "" {
				at.KnownAt = date.Day{} // all, or a list that is dated tomorrow would be passed over for good
			}
			var log article41.Log
			if from == nil {
				log, err = arc.NewestChanges(c.Context(), at, limit, f)
			} else {
				log, err = arc.Changes(c.Context(), at, *from, limit, f)
			}
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(log)
			}
			for _, x := range log.Changes {
				fmt.Fprintf(a.out, "%d  %s  %s\n", x.Cursor, x.Known, x.Sentence)
			}
			if log.More {
				fmt.Fprintf(a.out, "… there is more: --after %d\n", log.Next)
			} else {
				fmt.Fprintf(a.out, "the log ends here; what comes next: --after %d\n", log.Next)
			}
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&after, "after", "", "the `cursor` after which to begin; 0: from the beginning")
	c.Flags().IntVar(&limit, "limit", 100, "at most so `many`")
	c.Flags().StringVar((*string)(&f.List), "list", "", "only what concerns the list of this `id`")
	c.Flags().StringVar((*string)(&f.Kind), "kind", "", "only entries of this `kind`: listed, list, vote, effects, …")
	return c
}

// cursor reads --after; nil if nothing was said.
func cursor(text string) (*uint64, error) {
	if text == "" {
		return nil, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return nil, errUse{fmt.Errorf("--after %q: not a cursor: want the number at the head of a line of this log, or the \"next\" of an earlier answer; 0 is the beginning", text)}
	}
	return &n, nil
}
