package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/record"
	"article41/source/ca"
	"article41/source/ch"
	"article41/source/eu"
	"article41/source/ftm"
	"article41/source/house"
	"article41/source/ofac"
	"article41/source/uk"
	"article41/source/un"
	"article41/source/uscsl"
)

// opening is how a list is to be read.
type opening struct {
	date    date.Day // for a list that states none
	basis   string
	name    string
	partial bool
}

// source is one publisher's list: how one file of it is read and, where it comes
// as several, a folder or zip of them.
type source struct {
	id    record.SourceID
	title string
	read  func(io.Reader, opening) (record.List, []record.Listed, error)
	set   func(fs.FS, opening) (record.List, []record.Listed, error)
}

// sources is the table of publishers whose lists can be imported.
var sources = []source{
	{"un", "UN Security Council Consolidated List, XML", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return un.Read(r, un.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil},
	ofacList(ofac.SDN, "OFAC SDN list: sdn.csv, the folder or zip of the CSV set, or sdn.xml"),
	ofacList(ofac.NonSDN, "OFAC non-SDN lists: cons_prim.csv, its set, or the XML"),
	{"us-csl", "US Consolidated Screening List, CSV", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return uscsl.Read(r, uscsl.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil},
	ukList(uk.Source, "UK Sanctions List, CSV or xlsx"),
	ukList(uk.OFSI, "OFSI consolidated list (to January 2026), CSV or xlsx"),
	euList(eu.Source, "EU consolidated financial sanctions list, FSF XML 1.1"),
	euList(eu.Journal, "annexes of EU regulations as tables, one CSV or a folder of them"),
	{ca.Source, "Canada's consolidated autonomous sanctions list, XML", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ca.Read(r, ca.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil},
	{ch.Source, "Switzerland's SECO list, XML", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ch.Read(r, ch.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil},
	{ftm.Source, "FollowTheMoney entities, JSON lines", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ftm.Read(r, ftm.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil},
	{house.Source, "a list of one's own, CSV", func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return house.Read(r, house.Options{Date: o.date, DateBasis: o.basis, Name: o.name})
	}, nil},
}

func euList(id record.SourceID, title string) source {
	options := func(o opening) eu.Options {
		return eu.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial}
	}
	return source{id, title,
		func(r io.Reader, o opening) (record.List, []record.Listed, error) { return eu.Read(r, options(o)) },
		func(f fs.FS, o opening) (record.List, []record.Listed, error) { return eu.ReadSet(f, options(o)) },
	}
}

func ukList(id record.SourceID, title string) source {
	return source{id, title, func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return uk.Read(r, uk.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}, nil}
}

func ofacList(id record.SourceID, title string) source {
	options := func(o opening) ofac.Options {
		return ofac.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial}
	}
	return source{id, title,
		func(r io.Reader, o opening) (record.List, []record.Listed, error) { return ofac.Read(r, options(o)) },
		func(f fs.FS, o opening) (record.List, []record.Listed, error) { return ofac.ReadSet(f, options(o)) },
	}
}

// titles are the table of sources for the help.
func titles() string {
	var b strings.Builder
	for _, s := range sources {
		fmt.Fprintf(&b, "  %-12s %s\n", s.id, s.title)
	}
	return b.String()
}

// read reads one version of a list from a file or, where the publisher's list is
// several files, from a folder or zip of them.
func read(id record.SourceID, path string, o opening) (record.List, []record.Listed, error) {
	i := slices.IndexFunc(sources, func(s source) bool { return s.id == id })
	if i < 0 {
		var ids []string
		for _, s := range sources {
			ids = append(ids, string(s.id))
		}
		return record.List{}, nil, errUse{fmt.Errorf("source %q: want one of %s", id, strings.Join(ids, ", "))}
	}
	o.name = filepath.Base(path)
	l, entries, err := sources[i].open(path, o)
	if err != nil {
		return l, nil, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	return l, entries, nil
}

func (s source) open(path string, o opening) (record.List, []record.Listed, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return record.List{}, nil, err
	case info.IsDir() && s.set != nil:
		return s.set(os.DirFS(path), o)
	case info.IsDir():
		return record.List{}, nil, fmt.Errorf("%w: a folder: this list is one file", record.ErrInvalid)
	case strings.EqualFold(filepath.Ext(path), ".zip") && s.set != nil:
		z, err := zip.OpenReader(path)
		if err != nil {
			return record.List{}, nil, err
		}
		defer z.Close()
		return s.set(z, o)
	}
	f, err := os.Open(path)
	if err != nil {
		return record.List{}, nil, err
	}
	defer f.Close()
	return s.read(f, o)
}

func importCommand(a *app) *cobra.Command {
	var q asked
	var day string
	var o opening
	c := &cobra.Command{
		Use:   "import SOURCE FILE…",
		Short: "Bring versions of a published list into the database",
		Long:  "Bring versions of a published list into the database: all of a file or nothing of it.\nA list that carries no date of its own takes --list-date, else the day of import.\nWith --json each file answers with one object.\n\nSources:\n" + titles(),
		Example: "  article41 import un consolidated.xml\n" +
			"  article41 import un 2022.xml.gz 2023.xml.gz --db my.db",
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			o.date, o.basis = date.DayOf(a.now()), "import-day"
			if day != "" {
				d, err := date.ParseDay(day)
				if err != nil {
					return errUse{fmt.Errorf("--list-date: %w", err)}
				}
				o.date, o.basis = d, "given"
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			for _, path := range args[1:] {
				l, entries, err := read(record.SourceID(args[0]), path, o)
				if err != nil {
					return err
				}
				done, err := arc.Import(c.Context(), a.now(), l, entries)
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
			return nil
		},
	}
	q.place(c)
	c.Flags().StringVar(&day, "list-date", "", "the `day` of a list that states none")
	c.Flags().BoolVar(&o.partial, "accept-partial", false, "accept a list that is cut, as partial")
	return c
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
	fmt.Fprintf(w, "%s: %s of %s (%s): %d entries; %d added, %d changed, %d removed, %s\n",
		path, d.Source, d.ListDate, d.DateBasis, d.Entries, d.Added, d.Changed, d.Removed, against)
	for i, k := range d.Complaints {
		if i == 20 {
			fmt.Fprintf(w, "    … and %d more complaints (--json shows all)\n", len(d.Complaints)-i)
			break
		}
		fmt.Fprintf(w, "    %s: %s\n", k.Place, k.Problem)
	}
}
