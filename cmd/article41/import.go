package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/record"
	"article41/sheet"
	"article41/source/voeten"
)

func importCommand(a *app) *cobra.Command {
	var q asked
	var day string
	var o sheet.Options
	var accept bool
	c := &cobra.Command{
		Use:   "import SOURCE FILE…",
		Short: "Bring versions of a published list into the database",
		Long:  "Bring versions of a published list into the database: all of a file or nothing of it.\nA list that carries no date of its own takes --list-date, else the day of import.\nWith --json each file answers with one object.\n\nSources:\n" + titles() + voteTitles() + "  voeten       roll calls of the General Assembly, the wide CSV of Voeten's data\n",
		Example: "  article41 import un consolidated.xml\n" +
			"  article41 import un 2022.xml.gz 2023.xml.gz --db my.db",
		Args: cobra.MinimumNArgs(2), ValidArgsFunction: sourceNames,
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == voeten.Source {
				return a.importRollCalls(c.Context(), q, args[1:])
			}
			o.Date, o.DateBasis = date.DayOf(a.now()), "import-day"
			if day != "" {
				d, err := date.ParseDay(day)
				if err != nil {
					return errUse{fmt.Errorf("--list-date: %w", err)}
				}
				o.Date, o.DateBasis = d, "given"
			}
			if s, ok := voteSourceOf(args[0]); ok {
				arc, err := a.archive(c.Context(), q, true)
				if err != nil {
					return err
				}
				if err := a.takeVotes(c.Context(), arc, s, args[1:], q.asJSON); err != nil {
					return err
				}
				return arc.Keep(c.Context())
			}
			src, err := sourceOf(record.SourceID(args[0]))
			if err != nil {
				return err
			}
			if o.List != "" && !src.named {
				return errUse{fmt.Errorf("--as: the list %s has an id of its own", src.id)}
			}
			gone := 0.0
			if accept {
				gone = 1
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			for _, path := range args[1:] {
				done, err := a.take(c.Context(), arc, src, path, o, gone)
				if err != nil {
					return err
				}
				if q.asJSON {
					err = a.writeJSON(done)
				} else {
					writeImported(a.out, path, done)
				}
				if err != nil {
					return err
				}
			}
			return arc.Keep(c.Context())
		},
	}
	q.place(c)
	c.Flags().StringVar(&day, "list-date", "", "the `day` of a list that states none")
	c.Flags().StringVar((*string)(&o.List), "as", "", "the `id` of a collection or a list of one's own, where the source has none (ftm, house)")
	c.Flags().BoolVar(&accept, "accept", false, "accept a list that lacks more than half of the version before")
	c.Flags().BoolVar(&o.AcceptPartial, "accept-partial", false, "accept a list that is cut, as partial")
	return c
}

// take reads one version of a list and takes it in.
func (a *app) take(ctx context.Context, arc *article41.Archive, s source, path string, o sheet.Options, gone float64) (article41.Imported, error) {
	in, done, err := s.incoming(path, o)
	if err != nil {
		return article41.Imported{}, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	defer done()
	in.MostGone = gone
	out, err := arc.Take(ctx, a.now(), in)
	if err != nil {
		return out, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	return out, nil
}

func writeImported(w io.Writer, path string, d article41.Imported) {
	if d.Again {
		fmt.Fprintf(w, "%s: %s of %s is held already; nothing added\n", path, d.Source, d.ListDate)
		return
	}
	against := "the first version held"
	if d.Against != nil {
		against = "against the version of " + d.Against.String()
	}
	fmt.Fprintf(w, "%s: %s of %s (%s): %s; %d added, %d changed, %d removed, %s\n",
		path, d.Source, d.ListDate, d.DateBasis, entries(d.Entries), d.Added, d.Changed, d.Removed, against)
	for i, k := range d.Complaints {
		if i == 20 {
			fmt.Fprintf(w, "    … and %s more (--json shows all)\n", counted(len(d.Complaints)-i, "complaint", "complaints"))
			break
		}
		fmt.Fprintf(w, "    %s: %s\n", k.Place, k.Problem)
	}
}
