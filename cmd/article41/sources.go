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
	list    record.SourceID // the id of a collection or a house list; "" is the source's own
}

// source is one publisher's list: how one file of it is read and, where it comes
// as several, a folder or zip of them.
type source struct {
	id    record.SourceID
	title string
	read  func(io.Reader, opening) (record.List, []record.Listed, error)
	set   func(fs.FS, opening) (record.List, []record.Listed, error)
	named bool // there are many of its kind; the user says which it is
	// stream, if there is one, reads a file entry by entry, however large it is.
	stream func(io.ReadSeeker, opening) (article41.Incoming, error)
}

// sources is the table of publishers whose lists can be imported.
var sources = []source{
	{id: un.Source, title: "UN Security Council Consolidated List, XML", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return un.Read(r, un.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}},
	ofacList(ofac.SDN, "OFAC SDN list: sdn.csv, the folder or zip of the CSV set, or sdn.xml"),
	ofacList(ofac.NonSDN, "OFAC non-SDN lists: cons_prim.csv, its set, or the XML"),
	{id: "us-csl", title: "US Consolidated Screening List, CSV", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return uscsl.Read(r, uscsl.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}},
	ukList(uk.Source, "UK Sanctions List, CSV, xlsx, ODS or XML"),
	ukList(uk.OFSI, "OFSI consolidated list (to January 2026), CSV or xlsx"),
	euList(eu.Source, "EU consolidated financial sanctions list, FSF XML 1.1"),
	euList(eu.Journal, "annexes of EU regulations as tables, one CSV or a folder of them"),
	{id: ca.Source, title: "Canada's consolidated autonomous sanctions list, XML", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ca.Read(r, ca.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}},
	{id: ch.Source, title: "Switzerland's SECO list, XML", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ch.Read(r, ch.Options{Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}},
	{id: ftm.Source, named: true, title: "FollowTheMoney entities, JSON lines", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return ftm.Read(r, ftmOptions(o))
	}, stream: func(r io.ReadSeeker, o opening) (article41.Incoming, error) {
		c, err := ftm.Open(r, ftmOptions(o))
		if err != nil {
			return article41.Incoming{}, err
		}
		return article41.Incoming{List: c.List, Each: c.Each}, nil
	}},
	{id: house.Source, named: true, title: "a list of one's own, CSV", read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return house.Read(r, house.Options{List: o.list, Date: o.date, DateBasis: o.basis, Name: o.name})
	}},
}

func euList(id record.SourceID, title string) source {
	options := func(o opening) eu.Options {
		return eu.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial}
	}
	return source{id: id, title: title,
		read: func(r io.Reader, o opening) (record.List, []record.Listed, error) { return eu.Read(r, options(o)) },
		set:  func(f fs.FS, o opening) (record.List, []record.Listed, error) { return eu.ReadSet(f, options(o)) },
	}
}

func ftmOptions(o opening) ftm.Options {
	return ftm.Options{List: o.list, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial}
}

func ukList(id record.SourceID, title string) source {
	return source{id: id, title: title, read: func(r io.Reader, o opening) (record.List, []record.Listed, error) {
		return uk.Read(r, uk.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial})
	}}
}

func ofacList(id record.SourceID, title string) source {
	options := func(o opening) ofac.Options {
		return ofac.Options{List: id, Date: o.date, DateBasis: o.basis, Name: o.name, AcceptPartial: o.partial}
	}
	return source{id: id, title: title,
		read: func(r io.Reader, o opening) (record.List, []record.Listed, error) { return ofac.Read(r, options(o)) },
		set:  func(f fs.FS, o opening) (record.List, []record.Listed, error) { return ofac.ReadSet(f, options(o)) },
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

// sourceOf finds a source in the table.
func sourceOf(id record.SourceID) (source, error) {
	i := slices.IndexFunc(sources, func(s source) bool { return s.id == id })
	if i < 0 {
		var ids []string
		for _, s := range sources {
			ids = append(ids, string(s.id))
		}
		return source{}, errUse{fmt.Errorf("source %q: want one of %s", id, strings.Join(ids, ", "))}
	}
	return sources[i], nil
}

// read reads one version of a list from a file or, where the publisher's list is
// several files, from a folder or zip of them.
func read(id record.SourceID, path string, o opening) (record.List, []record.Listed, error) {
	s, err := sourceOf(id)
	if err != nil {
		return record.List{}, nil, err
	}
	o.name = filepath.Base(path)
	l, entries, err := s.open(path, o)
	if err != nil {
		return l, nil, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	return l, entries, nil
}

// incoming opens one version of a list to be taken in; done closes it.
func (s source) incoming(path string, o opening) (in article41.Incoming, done func() error, err error) {
	o.name = filepath.Base(path)
	done = func() error { return nil }
	if s.stream != nil {
		f, err := os.Open(path)
		if err != nil {
			return in, done, err
		}
		// What is no plain file cannot be read twice.
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if in, err = s.stream(f, o); err != nil {
				f.Close()
				return in, done, err
			}
			return in, f.Close, nil
		}
		f.Close()
	}
	l, entries, err := s.open(path, o)
	return article41.Whole(l, entries), done, err
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
