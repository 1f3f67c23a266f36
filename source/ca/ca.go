// Package ca reads the Consolidated Canadian Autonomous Sanctions List, in the
// XML of Global Affairs Canada.
//
// A record has no number of its own: its reference is the regulations' country,
// the schedule and the item in it, "belarus-1-part-1-12", as the regulations
// name it. Where Canada renumbers a schedule, the reference changes with it. A
// record without an item is known by a digest of its name. The regulations
// ("Belarus") are its programme.
//
// Aliases stand in one field as free text: parted at ";", at the names of
// languages ("Russian: …"), where the script changes at a line's end, and for a
// person at "," and " / " too, but not for a body, whose name may hold a comma.
// A date in the column of births is a ship's year of build where the record has
// an IMO number.
//
// These are Canada's own measures; what it enacts of the UN's lists is not in
// them. The list carries no date: give one. It is damaged if every record can be
// read: it loads, and what is unreadable is dropped and named. It is cut if its
// root does not close or a record names nobody: refused ([ErrCut]) unless
// accepted as partial by hand. No connection, no clock.
//
//	list, entries, err := ca.Read(file, ca.Options{Date: day})
package ca

import (
	"encoding/xml"
	"fmt"
	"io"

	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "ca"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = sheet.ErrCut

// Options says how to read. The bounds are 64 MiB for the whole list, thirty times
// the real one, 1 MiB for a record and 256 KiB for a field.
type Options = sheet.Options

// Read reads one version of the list, plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{sheet.Begin(Source, o.Or(64<<20, 1<<20, 256<<10))}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("ca list: %w", err)
	}
	return x.List, x.Entries, nil
}

// reading is a list while it is read.
type reading struct{ sheet.Reading }

// name is what the list is called in an error.
const name = "Canada's list"

func (x *reading) read(r io.Reader) error {
	f, err := sheet.Open(r, x.Opt, name)
	if err != nil {
		return err
	}
	if f.Head[0] != '<' {
		return fmt.Errorf("%w: not %s: it begins with %.30q", record.ErrInvalid, name, f.Head)
	}
	if err := x.Walk(f, sheet.XML{What: name, Entry: "record", Root: "data-set", Element: x.element, Count: func() int { return len(x.Entries) }}); err != nil {
		return err
	}
	return x.Finish(f.Hash.Sum(nil))
}

// element reads one child of the root.
func (x *reading) element(d *xml.Decoder, line int, t xml.StartElement) error {
	if t.Name.Local != "record" {
		return x.Skip(d, line, t)
	}
	var raw struct {
		Fields []field `xml:",any"`
	}
	if err := d.DecodeElement(&raw, &t); err != nil {
		return err
	}
	return x.entry(line, raw.Fields)
}
