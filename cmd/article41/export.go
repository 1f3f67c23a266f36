package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"article41"
	"article41/export"
	"article41/record"
)

func exportCommand(a *app) *cobra.Command {
	var q asked
	var list, format, to string
	var public bool
	c := &cobra.Command{
		Use:   "export",
		Short: "Write a list as of a day: JSON lines, CSV, FollowTheMoney or Parquet",
		Example: "  article41 export --list un --as-of 2022-10-06 --format csv --out un.csv\n" +
			"  article41 export --list ofac --format ftm > ofac.ftm.json",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			var use article41.ListUse
			n := 0
			write := func(w io.Writer) error {
				return export.WriteList(w, format, func(yield func(record.Listed) error) error {
					use, err = arc.OnList(c.Context(), at, record.SourceID(list), !public, func(e record.Listed) error {
						n++
						return yield(e)
					})
					return err
				})
			}
			if to == "" {
				return write(a.out)
			}
			if err := writeWhole(to, write); err != nil {
				return err
			}
			type wrote struct {
				File    string            `json:"file"`
				Entries int               `json:"entries"`
				List    article41.ListUse `json:"list"`
			}
			if q.asJSON {
				return a.writeJSON(wrote{to, n, use})
			}
			table(a.out, [][]string{{to, list + " of " + use.Version.String(), format, strconv.Itoa(n) + " entries"}})
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&list, "list", "un", "whose list it is, by `id`")
	c.Flags().StringVar(&format, "format", "jsonl", "jsonl, csv, ftm or parquet")
	c.Flags().StringVar(&to, "out", "", "the `file` to write, whole or not at all (default standard output)")
	c.Flags().BoolVar(&public, "public", false, "leave out addresses, documents and the publisher's comments")
	return c
}

// writeWhole writes a file whole or not at all.
func writeWhole(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return errUnable{err}
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
