// Package ch reads the Swiss list: all subjects and entities sanctioned under the
// ordinances of the Federal Council, in the XML of the State Secretariat for
// Economic Affairs (SECO).
//
// It is written to the published shape and was not tried on a real file.
//
// The file keeps history: a target that was taken off stays in it, and every
// modification repeats what was added and removed. A target whose newest
// modification is "de-listed" is no entry here; the others are, under the number
// of the target ("ssid"), with what the target itself says now. Names come in
// parts with spellings of each; a family name that stands first is put last. The
// programme is the ordinance's key ("Belarus"). A foreign identifier that has
// the form of the UN's is kept as the extra field "un_reference". Places stand
// at the file's end and are looked up by number.
//
// A list is damaged if every target's number can be read: it loads, and what is
// unreadable is dropped and named. It is cut if its root does not close, a number
// is missing, or it says that it is not the whole list: refused ([ErrCut]) unless
// accepted as partial by hand. No connection, no clock.
//
//	list, entries, err := ch.Read(file, ch.Options{})
package ch

import (
	"fmt"
	"io"

	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "ch"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = sheet.ErrCut

// Options says how to read. The bounds are 512 MiB for the whole list, ten times
// the real one, 8 MiB for a target with its history and 256 KiB for a field.
type Options = sheet.Options

// Read reads one version of the list, plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{Reading: sheet.Begin(Source, o.Or(512<<20, 8<<20, 256<<10)), places: map[string]place{}, sets: map[string]program{}}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("ch list: %w", err)
	}
	return x.List, x.Entries, nil
}

// reading is a list while it is read.
type reading struct {
	sheet.Reading
	targets []target
	places  map[string]place   // by number
	sets    map[string]program // by the number of an annex
}

// name is what the list is called in an error.
const name = "the Swiss list"

func (x *reading) read(r io.Reader) error {
	f, err := sheet.Open(r, x.Opt, name)
	if err != nil {
		return err
	}
	if f.Head[0] != '<' {
		return fmt.Errorf("%w: not %s: it begins with %.30q", record.ErrInvalid, name, f.Head)
	}
	if err := x.Walk(f, sheet.XML{What: name, Entry: "target", Root: "swiss-sanctions-list", Rooted: x.headed, Element: x.element, Count: func() int { return len(x.targets) }}); err != nil {
		return err
	}
	for _, t := range x.targets { // now that all places are known
		if err := x.entry(t); err != nil {
			return err
		}
	}
	x.targets = nil
	return x.Finish(f.Hash.Sum(nil))
}
