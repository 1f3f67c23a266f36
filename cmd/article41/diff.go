package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// difference is the answer of diff.
type difference struct {
	Old     edition `json:"old"`
	New     edition `json:"new"`
	Added   int     `json:"added"`
	Changed int     `json:"changed"`
	Removed int     `json:"removed"`
	listing.Difference
}

type edition struct {
	Source  record.SourceID `json:"source"`
	Date    date.Day        `json:"list_date"`
	Entries int             `json:"entries"`
	Damaged bool            `json:"damaged,omitempty"`
	Digest  record.Digest   `json:"digest"`
}

func diffCommand(a *app) *cobra.Command {
	var asJSON bool
	var source string
	c := &cobra.Command{
		Use:     "diff OLD NEW",
		Short:   "What differs between two files of one list: listed, amended, delisted",
		Example: "  article41 diff 2025-08-16.xml 2025-11-15.xml",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			var lists [2]record.List
			var entries [2][]record.Listed
			for i, path := range args {
				var err error
				o := sheet.Options{Date: date.DayOf(a.now()), DateBasis: "import-day"}
				if lists[i], entries[i], err = read(record.SourceID(source), path, o); err != nil {
					return err
				}
			}
			d := article41.Diff(lists[0], entries[0], lists[1], entries[1])
			out := difference{of(lists[0]), of(lists[1]), len(d.Listed), len(d.Amended), len(d.Delisted), d}
			if asJSON {
				return a.writeJSON(out)
			}
			writeDifference(a.out, out)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().StringVar(&source, "source", "un", "whose list it is")
	return c
}

func of(l record.List) edition { return edition{l.List, l.Date, l.Count, l.Damaged, l.Digest} }

func writeDifference(w io.Writer, d difference) {
	fmt.Fprintf(w, "%s of %s against %s: %d added, %d amended, %d removed\n", d.New.Source, d.New.Date, d.Old.Date, d.Added, d.Changed, d.Removed)
	for _, l := range d.Listed {
		fmt.Fprintf(w, "+ %s  %s\n", l.Ref, listing.Caption(l))
	}
	for _, m := range d.Amended {
		fmt.Fprintf(w, "~ %s  %s: %s\n", m.Ref, listing.Caption(m.New), strings.Join(m.Fields, ", "))
	}
	for _, l := range d.Delisted {
		fmt.Fprintf(w, "- %s  %s\n", l.Ref, listing.Caption(l))
	}
}
