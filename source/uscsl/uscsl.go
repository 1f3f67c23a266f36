// Package uscsl reads the US Consolidated Screening List, in the CSV that the
// International Trade Administration publishes: thirteen lists of Commerce,
// State and the Treasury in one table, one entry a row.
//
// Each row belongs to one of the lists. Its short name ("SDN", "EL", "DPL")
// stands first among the entry's programmes and before its number in the
// reference: SDN-27154 is OFAC's 27154. A row without an entity number has the
// table's own _id there, which is a digest of the row: an amendment of such a
// row reads as one entry removed and another listed.
//
// Countries are two-letter codes as published. The table does not say which
// aliases are weak, so they are kept unrated, and it says nothing of whether an
// entry without a type is a person. It carries no date: give one.
//
// A list is damaged if its rows' references can be read: it loads, and what is
// unreadable is dropped and named. It is cut if it ends inside a row or a
// reference is missing: refused ([ErrCut]) unless accepted as partial by hand.
// No connection, no clock.
//
//	list, entries, err := uscsl.Read(file, uscsl.Options{Date: day})
package uscsl

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "us-csl"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date, which it does not state; DateBasis says where it
	// comes from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 256 MiB, forty
	// times the real list), MaxEntry one row (0: 1 MiB), MaxElement one cell
	// (0: 256 KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 256<<20), or(o.MaxEntry, 1<<20), or(o.MaxElement, 256<<10)
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
	list, entries, err := read(r, o.orDefault())
	if err != nil {
		return record.List{}, nil, fmt.Errorf("%s list: %w", Source, err)
	}
	return list, entries, nil
}

// Bounds of what is held: complaints of one list, and its entries (the real
// list has 14,159).
const (
	maxComplaints = 20_000
	maxEntries    = 200_000
)

// reading is a list while it is read.
type reading struct {
	opt        Options
	list       record.List
	column     map[string]int // by the header's name
	header     []string
	entries    []record.Listed
	at         map[string]int // entry by reference
	line       []int          // where each entry stands
	complaints []record.Complaint
}

func (x *reading) complain(place, problem string) {
	x.complaints = append(x.complaints, record.Complaint{Place: place, Problem: problem})
}

// cut is the answer to something missing: an error, or a complaint where a cut
// list is accepted.
func (x *reading) cut(place, problem string) error {
	if !x.opt.AcceptPartial {
		return fmt.Errorf("%w: %w: %s: %s", record.ErrInvalid, ErrCut, place, problem)
	}
	x.list.Partial = true
	x.complain(place, problem)
	return nil
}

func read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{opt: o, at: map[string]int{}, list: record.List{List: Source, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
	if x.list.Date.IsZero() {
		x.list.Basis = ""
	}
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return x.list, nil, err
	}
	hash := sha256.New()
	in := sheet.Bound(plain, o.MaxBytes, o.MaxEntry)
	br, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return x.list, nil, err
	}
	switch head := sheet.Begins(br); {
	case sheet.IsHTML(head):
		return x.list, nil, fmt.Errorf("%w: an HTML page, not the Consolidated Screening List", record.ErrInvalid)
	case head == "":
		return x.list, nil, fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case head[0] == '{' || head[0] == '[' || head[0] == '<':
		return x.list, nil, fmt.Errorf("%w: not the CSV of the Consolidated Screening List: it begins with %.30q", record.ErrInvalid, head)
	}
	if err := x.rows(newTable(br, in)); err != nil {
		return x.list, nil, err
	}
	if len(x.entries) == 0 {
		return x.list, nil, fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	x.list.Complaints = x.complaints
	x.list.Damaged = len(x.complaints) > 0
	x.list.Count = len(x.entries)
	x.list.Content = listing.Contents(x.entries)
	return x.list, x.entries, nil
}

func (x *reading) rows(t *table) error {
	head, err := t.next()
	if err != nil {
		return err
	}
	if err := x.headed(head); err != nil {
		return err
	}
	for {
		r, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := x.row(r); err != nil {
			return err
		}
		if len(x.complaints) > maxComplaints {
			return fmt.Errorf("%w: more than %d complaints, the last at line %d", record.ErrInvalid, maxComplaints, r.line)
		}
		if len(x.entries) > maxEntries {
			return fmt.Errorf("%w: line %d: more than %d entries", record.ErrInvalid, r.line, maxEntries)
		}
	}
}

// headed reads the header: the columns are found by name, in any order.
func (x *reading) headed(r row) error {
	x.column = map[string]int{}
	for i, cell := range r.cells {
		name, _, _ := sheet.Text(cell, x.opt.MaxElement)
		if name = strings.ToLower(name); name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		x.header = append(x.header, name)
		if _, twice := x.column[name]; !twice {
			x.column[name] = i
		}
	}
	for _, needed := range []string{"_id", "source", "entity_number", "type", "name", "alt_names"} {
		if _, ok := x.column[needed]; !ok {
			return fmt.Errorf("%w: line %d: not the Consolidated Screening List: its header has no column %s: it begins with %.40q", record.ErrInvalid, r.line, needed, strings.Join(r.cells, ","))
		}
	}
	return nil
}

var (
	short    = regexp.MustCompile(`\(([A-Z][A-Za-z-]*)(?: List)?\)`)
	anID     = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
	sortOf   = map[string]string{"": "", "individual": "person", "entity": "entity", "vessel": "vessel", "aircraft": "aircraft"}
	linkedTo = regexp.MustCompile(`\(Linked To: (.+?)\)(?:;|$)`)
)

// shortName is the short name of the list that a row belongs to.
func shortName(source string) string {
	if m := short.FindStringSubmatch(source); m != nil {
		return m[1]
	}
	name, _, _ := strings.Cut(source, " - ")
	return strings.Join(strings.Fields(name), "_")
}

func (x *reading) row(r row) error {
	place := fmt.Sprintf("line %d", r.line)
	if r.cut {
		if err := x.cut(place, r.broken); err != nil {
			return err
		}
	}
	e := record.Listed{List: Source, Version: x.list.Date}
	p := &page{x: x, r: r, entry: &e, place: place}
	source, number := p.reference()
	if source == "" || number == "" {
		return x.cut(place, fmt.Sprintf("the entry's reference cannot be read: source %.40q, number %.40q", source, number))
	}
	list := shortName(source)
	e.Ref = list + "-" + number
	p.place += ": " + e.Ref
	e.Programme = []string{list}
	wrong := r.broken
	if wrong == "" && len(r.cells) != len(x.header) {
		wrong = fmt.Sprintf("%d columns, not %d", len(r.cells), len(x.header))
	}
	if wrong != "" {
		// The cells may be one another's: only the reference is trusted.
		x.complain(p.place, wrong+": the row is dropped")
		for _, ours := range []string{"names", "programme", "births", "nationalities", "gender", "positions", "listed_on", "addresses", "documents", "comments", "links", "extra"} {
			e.Dropped = append(e.Dropped, record.Complaint{Place: ours + ": the row", Problem: wrong})
		}
	} else {
		p.fields(source)
	}
	if err := x.add(p.place, r.line, e); err != nil {
		return err
	}
	if wrong != "" && r.last {
		return x.cut(place, "the list ends inside a row: "+wrong)
	}
	return nil
}

// add takes a further entry. The same entry twice is kept once; two entries
// under one reference are an error.
func (x *reading) add(place string, line int, e record.Listed) error {
	i, twice := x.at[e.Ref]
	switch {
	case !twice:
		x.at[e.Ref] = len(x.entries)
		x.entries = append(x.entries, e)
		x.line = append(x.line, line)
	case listing.Content(x.entries[i]) == listing.Content(e):
		x.complain(place, fmt.Sprintf("stands at line %d already, the same: kept once", x.line[i]))
	case x.opt.AcceptPartial:
		x.list.Partial = true
		x.complain(place, fmt.Sprintf("stands at line %d already, and differs: left out", x.line[i]))
	default:
		return fmt.Errorf("%w: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, e.Ref, x.line[i], line)
	}
	return nil
}

// page is one row while it is read.
type page struct {
	x     *reading
	r     row
	entry *record.Listed
	place string
}

// reference gives what names the entry; the cells that hold it come first.
func (p *page) reference() (source, number string) {
	source, _, _ = sheet.Text(p.r.cell(p.x.column["source"]), p.x.opt.MaxElement)
	for _, column := range []string{"entity_number", "_id"} {
		if s, _, _ := sheet.Text(p.r.cell(p.x.column[column]), p.x.opt.MaxElement); anID.MatchString(s) {
			return source, s
		}
	}
	return source, ""
}

// read gives a cell's text; what cannot be read is dropped under the name of
// our field and complained of.
func (p *page) read(ours, column string) string {
	i, ok := p.x.column[column]
	if !ok {
		return ""
	}
	s, problem, ok := sheet.Text(p.r.cell(i), p.x.opt.MaxElement)
	if problem != "" {
		p.x.complain(p.place+": "+column, problem)
	}
	if !ok {
		p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: ours + ": " + column, Problem: problem})
	}
	return s
}

// several parts a cell that holds several values.
func (p *page) several(ours, column string) []string {
	var out []string
	for s := range strings.SplitSeq(p.read(ours, column), ";") {
		s = strings.TrimSpace(s)
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (p *page) extra(name, value string) {
	if value != "" {
		p.entry.Extra = append(p.entry.Extra, record.Extra{Name: name, Value: value})
	}
}
