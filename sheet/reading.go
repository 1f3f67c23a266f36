package sheet

import (
	"errors"
	"fmt"
	"slices"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// ErrCut says that a list is not whole. Options.AcceptPartial reads what there is.
var ErrCut = errors.New("the list is cut")

// Options says how a list is to be read; every reader takes them.
type Options struct {
	// List is the list's id where a publisher has several or the house names its
	// own; a reader of one list passes it over.
	List record.SourceID
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date if it states none; DateBasis says where it comes
	// from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression, MaxEntry one entry or row,
	// MaxElement one field. 0 is the reader's own bound, a multiple of the real list.
	MaxBytes, MaxEntry, MaxElement int
}

// Or fills in what was not said: the reader's bounds, and where a list comes from.
func (o Options) Or(bytes, entry, element int) Options {
	or := func(n *int, otherwise int) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	or(&o.MaxBytes, bytes)
	or(&o.MaxEntry, entry)
	or(&o.MaxElement, element)
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// Bounds of what is held of one list: what is said of it, and its entries (the
// longest real ones have some 20,000).
const (
	MaxComplaints = 20_000
	MaxEntries    = 200_000
)

// Reading is a list while it is read.
type Reading struct {
	Opt        Options
	List       record.List
	Entries    []record.Listed
	Complaints []record.Complaint
	End        int            // the line at which Walk came to the end of the list
	lines      []int          // where each entry begins
	at         map[string]int // of an entry, by reference
}

// Begin begins a list. Its options are whole: see [Options.Or].
func Begin(id record.SourceID, o Options) Reading {
	return Reading{Opt: o, at: map[string]int{},
		List: record.List{List: id, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
}

// Complain says what is wrong at a place; the list loads.
func (x *Reading) Complain(place, format string, args ...any) {
	x.Complaints = append(x.Complaints, record.Complaint{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// Cut is the answer to something missing: an error, or a complaint where a cut
// list is accepted.
func (x *Reading) Cut(place, format string, args ...any) error {
	if !x.Opt.AcceptPartial {
		return fmt.Errorf("%w: %w: %s: %s", record.ErrInvalid, ErrCut, place, fmt.Sprintf(format, args...))
	}
	x.List.Partial = true
	x.Complain(place, format, args...)
	return x.TooMany(place)
}

// TooMany refuses what is no list any more.
func (x *Reading) TooMany(place string) error {
	if len(x.Complaints) > MaxComplaints {
		return fmt.Errorf("%w: more than %d complaints, the last at %s", record.ErrInvalid, MaxComplaints, place)
	}
	if len(x.Entries) > MaxEntries {
		return fmt.Errorf("%w: %s: more than %d entries", record.ErrInvalid, place, MaxEntries)
	}
	return nil
}

// Add takes a further entry. The same entry twice is kept once; two entries under
// one reference are an error. same says of what the reader holds beside the entries
// whether that agrees too.
func (x *Reading) Add(place string, line int, e record.Listed, same ...bool) error {
	i, twice := x.at[e.Ref]
	if !twice {
		x.at[e.Ref] = len(x.Entries)
		x.Entries = append(x.Entries, e)
		x.lines = append(x.lines, line)
		return x.TooMany(place)
	}
	if !slices.Contains(same, false) && listing.Content(x.Entries[i]) == listing.Content(e) {
		x.Complain(place, "entry %s stands at line %d already, word for word: kept once", e.Ref, x.lines[i])
		return x.TooMany(place)
	}
	err := fmt.Errorf("%w: %s: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, place, e.Ref, x.lines[i], line)
	if !x.Opt.AcceptPartial {
		return err
	}
	x.List.Partial = true
	x.Complain(place, "entry left out: %v", err)
	return x.TooMany(place)
}

// Held finds an entry that was added, by its reference: its place among the
// entries and the line it began at.
func (x *Reading) Held(ref string) (i, line int, ok bool) {
	if i, ok = x.at[ref]; ok {
		line = x.lines[i]
	}
	return i, line, ok
}

// Line is where the ith entry began.
func (x *Reading) Line(i int) int { return x.lines[i] }

// Finish closes the list, whose bytes have this digest.
func (x *Reading) Finish(digest []byte) error {
	if len(x.Entries) == 0 {
		return fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if x.List.Date.IsZero() {
		x.List.Basis = ""
	}
	for i := range x.Entries {
		x.Entries[i].List, x.Entries[i].Version = x.List.List, x.List.Date
	}
	x.List.Digest = record.Digest(digest)
	x.List.Complaints = x.Complaints
	x.List.Damaged = len(x.Complaints) > 0
	x.List.Count = len(x.Entries)
	x.List.Content = listing.Contents(x.Entries)
	return nil
}

// Page is one entry while it is read, with what is wrong with it.
type Page struct {
	Of    *Reading
	Entry *record.Listed
	Place string
}

// Complain says what is wrong with a field, under the publisher's name of it.
func (p *Page) Complain(theirs, problem string) {
	p.Of.Complain(p.Place+": "+theirs, "%s", problem)
}

// Drop leaves a field out and says so, in the entry under our name of it and in
// the list's complaints under the publisher's.
func (p *Page) Drop(ours, theirs, problem string) {
	p.Complain(theirs, problem)
	p.Entry.Dropped = append(p.Entry.Dropped, record.Complaint{Place: ours + ": " + theirs, Problem: problem})
}

// Read gives a field's text; what cannot be read is dropped.
func (p *Page) Read(ours, theirs, raw string) string {
	if raw == "" {
		return ""
	}
	s, problem, ok := Text(raw, p.Of.Opt.MaxElement)
	if !ok {
		p.Drop(ours, theirs, problem)
	} else if problem != "" {
		p.Complain(theirs, problem)
	}
	return s
}

// Extra keeps a field that has no place of its own, once.
func (p *Page) Extra(name, value string) {
	if value != "" {
		Once(&p.Entry.Extra, record.Extra{Name: name, Value: value})
	}
}

// Comment adds a line to the publisher's sentences.
func (p *Page) Comment(s string) {
	if s != "" && p.Entry.Comments != "" {
		p.Entry.Comments += "\n"
	}
	p.Entry.Comments += s
}

// Once appends what is something and stands there not yet.
func Once[T comparable](to *[]T, values ...T) {
	var none T
	for _, v := range values {
		if v != none && !slices.Contains(*to, v) {
			*to = append(*to, v)
		}
	}
}
