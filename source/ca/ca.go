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
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "ca"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date, which it never states; DateBasis says where it comes
	// from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 64 MiB, thirty times
	// the real one), MaxEntry one record (0: 1 MiB), MaxElement one field (0: 256
	// KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 64<<20), or(o.MaxEntry, 1<<20), or(o.MaxElement, 256<<10)
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// Read reads one version of the list, plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	o = o.orDefault()
	x := &reading{opt: o, at: map[string]int{}, list: record.List{List: Source, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("ca list: %w", err)
	}
	return x.list, x.entries, nil
}

// maxComplaints bounds what is said of one list.
const maxComplaints = 20_000

// reading is a list while it is read.
type reading struct {
	opt        Options
	list       record.List
	entries    []record.Listed
	line       []int          // where each begins
	at         map[string]int // of an entry, by reference
	complaints []record.Complaint
}

func (x *reading) complain(place, format string, args ...any) {
	x.complaints = append(x.complaints, record.Complaint{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// cut is the answer to something missing: an error, or a complaint where a cut
// list is accepted.
func (x *reading) cut(place, format string, args ...any) error {
	if !x.opt.AcceptPartial {
		return fmt.Errorf("%w: %w: %s: %s", record.ErrInvalid, ErrCut, place, fmt.Sprintf(format, args...))
	}
	x.list.Partial = true
	x.complain(place, format, args...)
	return x.tooMany(place)
}

func (x *reading) tooMany(place string) error {
	if len(x.complaints) > maxComplaints {
		return fmt.Errorf("%w: more than %d complaints, the last at %s", record.ErrInvalid, maxComplaints, place)
	}
	return nil
}

func (x *reading) read(r io.Reader) error {
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return err
	}
	hash := sha256.New()
	in := sheet.Bound(plain, x.opt.MaxBytes, x.opt.MaxEntry)
	text, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return err
	}
	switch head := sheet.Begins(text); {
	case sheet.IsHTML(head):
		return fmt.Errorf("%w: an HTML page, not Canada's list", record.ErrInvalid)
	case head == "":
		return fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case head[0] != '<':
		return fmt.Errorf("%w: not Canada's list: it begins with %.30q", record.ErrInvalid, head)
	}
	if err := x.xml(text, in); err != nil {
		return err
	}
	if len(x.entries) == 0 {
		return fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if x.list.Date.IsZero() {
		x.list.Basis = ""
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	x.list.Complaints = x.complaints
	x.list.Damaged = len(x.complaints) > 0
	x.list.Count = len(x.entries)
	x.list.Content = listing.Contents(x.entries)
	return nil
}

// xml reads the records. A bare "&" is read as text, as elsewhere.
func (x *reading) xml(r io.Reader, in *sheet.Bounded) error {
	// The XML reader stops at a character that XML does not know; one that is
	// marked instead loses its field only.
	d := xml.NewDecoder(transform.NewReader(r, runes.Map(sheet.Legal)))
	d.Strict = false
	d.CharsetReader = sheet.Charset
	root, closed := false, false
	for {
		in.Next()
		line, _ := d.InputPos()
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return x.broken(line, err) // nil where a cut list is accepted
		}
		switch t := t.(type) {
		case xml.Directive:
			if strings.HasPrefix(strings.ToLower(string(t)), "doctype html") {
				return fmt.Errorf("%w: line %d: an HTML page, not Canada's list", record.ErrInvalid, line)
			}
			return fmt.Errorf("%w: line %d: a document type declaration: refused, the list has none", record.ErrInvalid, line)
		case xml.EndElement:
			closed = closed || t.Name.Local == "data-set"
		case xml.StartElement:
			if !root {
				if t.Name.Local != "data-set" {
					return fmt.Errorf("%w: not Canada's list: its root is <%.40s>, not <data-set>", record.ErrInvalid, t.Name.Local)
				}
				root = true
				continue
			}
			if t.Name.Local != "record" {
				x.complain(fmt.Sprintf("line %d", line), "unknown element <%.40s>: passed over", t.Name.Local)
				if err := d.Skip(); err != nil {
					return x.broken(line, err)
				}
				if err := x.tooMany(fmt.Sprintf("line %d", line)); err != nil {
					return err
				}
				continue
			}
			var raw struct {
				Fields []field `xml:",any"`
			}
			if err := d.DecodeElement(&raw, &t); err != nil {
				return x.broken(line, err)
			}
			if err := x.entry(line, raw.Fields); err != nil {
				return err
			}
		}
	}
	if line, _ := d.InputPos(); !root || !closed {
		return x.cut(fmt.Sprintf("line %d", line), "the input ends before </data-set>, after %d entries", len(x.entries))
	}
	return nil
}

// broken is the answer to XML that cannot be read on.
func (x *reading) broken(line int, err error) error {
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: the record that begins at line %d is larger than %d bytes", record.ErrInvalid, line, x.opt.MaxEntry)
	}
	var wrong *xml.SyntaxError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%w: line %d: %w", record.ErrInvalid, line, err)
	}
	if len(x.entries) == 0 {
		return fmt.Errorf("%w: not Canada's list: %w", record.ErrInvalid, err)
	}
	return x.cut(fmt.Sprintf("line %d", wrong.Line), "cannot be read on, after %d entries: %s", len(x.entries), wrong.Msg)
}

// add takes a further entry. The same record twice is kept once; two records
// under one reference are an error.
func (x *reading) add(place string, line int, e record.Listed) error {
	if i, twice := x.at[e.Ref]; twice {
		if listing.Content(x.entries[i]) == listing.Content(e) {
			x.complain(place, "stands at line %d already, word for word: kept once", x.line[i])
			return x.tooMany(place)
		}
		err := fmt.Errorf("%w: %s: the record stands at line %d and again at line %d, and differs", record.ErrInvalid, place, x.line[i], line)
		if !x.opt.AcceptPartial {
			return err
		}
		x.list.Partial = true
		x.complain(place, "entry left out: %v", err)
		return x.tooMany(place)
	}
	x.at[e.Ref] = len(x.entries)
	x.entries = append(x.entries, e)
	x.line = append(x.line, line)
	return x.tooMany(place)
}
