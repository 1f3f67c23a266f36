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
	"article41/record"
	"article41/sheet"
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

// source is one publisher's list: how one file of it is read and, where it comes
// as several, a folder or zip of them.
type source struct {
	id    record.SourceID
	title string
	read  func(io.Reader, sheet.Options) (record.List, []record.Listed, error)
	set   func(fs.FS, sheet.Options) (record.List, []record.Listed, error)
	named bool // there are many of its kind; the user says which it is
	// stream, if there is one, reads a file entry by entry, however large it is.
	stream func(io.ReadSeeker, sheet.Options) (article41.Incoming, error)
}

// sources is the table of publishers whose lists can be imported.
var sources = []source{
	{id: un.Source, title: "UN Security Council Consolidated List, XML", read: un.Read},
	{id: ofac.SDN, title: "OFAC SDN list: sdn.csv, the folder or zip of the CSV set, sdn.xml or sdn_advanced.xml", read: as(ofac.SDN, ofac.Read), set: setAs(ofac.SDN, ofac.ReadSet)},
	{id: ofac.NonSDN, title: "OFAC non-SDN lists: cons_prim.csv, its set, or the XML", read: as(ofac.NonSDN, ofac.Read), set: setAs(ofac.NonSDN, ofac.ReadSet)},
	{id: "us-csl", title: "US Consolidated Screening List, CSV", read: uscsl.Read},
	{id: uk.Source, title: "UK Sanctions List, CSV, xlsx, ODS or XML", read: as(uk.Source, uk.Read)},
	{id: uk.OFSI, title: "OFSI consolidated list (to January 2026), CSV or xlsx", read: as(uk.OFSI, uk.Read)},
	{id: eu.Source, title: "EU consolidated financial sanctions list, FSF XML 1.1", read: as(eu.Source, eu.Read), set: setAs(eu.Source, eu.ReadSet)},
	{id: eu.Journal, title: "annexes of EU regulations as tables, one CSV or a folder of them", read: as(eu.Journal, eu.Read), set: setAs(eu.Journal, eu.ReadSet)},
	{id: ca.Source, title: "Canada's consolidated autonomous sanctions list, XML", read: ca.Read},
	{id: ch.Source, title: "Switzerland's SECO list, XML", read: ch.Read},
	{id: ftm.Source, named: true, title: "FollowTheMoney entities, JSON lines", read: func(r io.Reader, o sheet.Options) (record.List, []record.Listed, error) {
		return ftm.Read(r, ftmOptions(o))
	}, stream: func(r io.ReadSeeker, o sheet.Options) (article41.Incoming, error) {
		c, err := ftm.Open(r, ftmOptions(o))
		if err != nil {
			return article41.Incoming{}, err
		}
		return article41.Incoming{List: c.List, Each: c.Each}, nil
	}},
	{id: house.Source, named: true, title: "a list of one's own, CSV", read: house.Read},
}

func ftmOptions(o sheet.Options) ftm.Options {
	return ftm.Options{List: o.List, Date: o.Date, DateBasis: o.DateBasis, Name: o.Name, AcceptPartial: o.AcceptPartial}
}

// as has a reader of several lists read this one.
func as(id record.SourceID, read func(io.Reader, sheet.Options) (record.List, []record.Listed, error)) func(io.Reader, sheet.Options) (record.List, []record.Listed, error) {
	return func(r io.Reader, o sheet.Options) (record.List, []record.Listed, error) {
		o.List = id
		return read(r, o)
	}
}

// setAs does the same for a list that comes as a set of files.
func setAs(id record.SourceID, read func(fs.FS, sheet.Options) (record.List, []record.Listed, error)) func(fs.FS, sheet.Options) (record.List, []record.Listed, error) {
	return func(f fs.FS, o sheet.Options) (record.List, []record.Listed, error) {
		o.List = id
		return read(f, o)
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
func read(id record.SourceID, path string, o sheet.Options) (record.List, []record.Listed, error) {
	s, err := sourceOf(id)
	if err != nil {
		return record.List{}, nil, err
	}
	o.Name = filepath.Base(path)
	l, entries, err := s.open(path, o)
	if err != nil {
		return l, nil, errUnable{fmt.Errorf("%s: %w", path, err)}
	}
	return l, entries, nil
}

// incoming opens one version of a list to be taken in; done closes it.
func (s source) incoming(path string, o sheet.Options) (in article41.Incoming, done func() error, err error) {
	o.Name = filepath.Base(path)
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

func (s source) open(path string, o sheet.Options) (record.List, []record.Listed, error) {
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
