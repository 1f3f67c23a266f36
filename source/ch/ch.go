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
const Source record.SourceID = "ch"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date if it states none; DateBasis says where it comes
	// from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 512 MiB, ten times
	// the real one), MaxEntry one target with its history (0: 8 MiB), MaxElement one
	// field (0: 256 KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 512<<20), or(o.MaxEntry, 8<<20), or(o.MaxElement, 256<<10)
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
	x := &reading{opt: o, at: map[string]int{}, places: map[string]place{}, sets: map[string]program{}, list: record.List{List: Source, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("ch list: %w", err)
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
	targets    []target
	places     map[string]place   // by number
	sets       map[string]program // by the number of an annex
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
		return fmt.Errorf("%w: an HTML page, not the Swiss list", record.ErrInvalid)
	case head == "":
		return fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case head[0] != '<':
		return fmt.Errorf("%w: not the Swiss list: it begins with %.30q", record.ErrInvalid, head)
	}
	if err := x.xml(text, in); err != nil {
		return err
	}
	for _, t := range x.targets { // now that all places are known
		if err := x.entry(t); err != nil {
			return err
		}
	}
	x.targets = nil
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
				return fmt.Errorf("%w: line %d: an HTML page, not the Swiss list", record.ErrInvalid, line)
			}
			return fmt.Errorf("%w: line %d: a document type declaration: refused, the list has none", record.ErrInvalid, line)
		case xml.EndElement:
			closed = closed || t.Name.Local == "swiss-sanctions-list"
		case xml.StartElement:
			if !root {
				if t.Name.Local != "swiss-sanctions-list" {
					return fmt.Errorf("%w: not the Swiss list: its root is <%.40s>, not <swiss-sanctions-list>", record.ErrInvalid, t.Name.Local)
				}
				root = true
				if err := x.headed(line, t.Attr); err != nil {
					return err
				}
				continue
			}
			if err := x.element(d, line, t); err != nil {
				return x.broken(line, err)
			}
		}
	}
	if line, _ := d.InputPos(); !root || !closed {
		return x.cut(fmt.Sprintf("line %d", line), "the input ends before </swiss-sanctions-list>, after %d targets", len(x.targets))
	}
	return nil
}

// broken is the answer to XML that cannot be read on.
func (x *reading) broken(line int, err error) error {
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: the target that begins at line %d is larger than %d bytes", record.ErrInvalid, line, x.opt.MaxEntry)
	}
	var wrong *xml.SyntaxError
	if errors.Is(err, record.ErrInvalid) {
		return err
	}
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%w: line %d: %w", record.ErrInvalid, line, err)
	}
	if len(x.targets) == 0 {
		return fmt.Errorf("%w: not the Swiss list: %w", record.ErrInvalid, err)
	}
	return x.cut(fmt.Sprintf("line %d", wrong.Line), "cannot be read on, after %d targets: %s", len(x.targets), wrong.Msg)
}

// add takes a further entry. The same target twice is kept once; two under one
// number are an error.
func (x *reading) add(place string, line int, e record.Listed) error {
	if i, twice := x.at[e.Ref]; twice {
		if listing.Content(x.entries[i]) == listing.Content(e) {
			x.complain(place, "stands at line %d already, word for word: kept once", x.line[i])
			return x.tooMany(place)
		}
		err := fmt.Errorf("%w: %s: the target stands at line %d and again at line %d, and differs", record.ErrInvalid, place, x.line[i], line)
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
