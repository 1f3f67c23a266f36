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
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "us-csl"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = sheet.ErrCut

// Options says how to read. The bounds are 256 MiB for the whole list, forty times
// the real one, 1 MiB for a row and 256 KiB for a cell.
type Options = sheet.Options

// Read reads one version of the list, plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{Reading: sheet.Begin(Source, o.Or(256<<20, 1<<20, 256<<10))}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("%s list: %w", Source, err)
	}
	return x.List, x.Entries, nil
}

// reading is a list while it is read.
type reading struct {
	sheet.Reading
	column map[string]int // by the header's name
	header []string
}

func (x *reading) read(r io.Reader) error {
	f, err := sheet.Open(r, x.Opt, "the Consolidated Screening List")
	if err != nil {
		return err
	}
	if c := f.Head[0]; c == '{' || c == '[' || c == '<' {
		return fmt.Errorf("%w: not the CSV of the Consolidated Screening List: it begins with %.30q", record.ErrInvalid, f.Head)
	}
	if err := x.rows(sheet.NewTable(f.Text, f.In)); err != nil {
		return err
	}
	return x.Finish(f.Hash.Sum(nil))
}

func (x *reading) rows(t *sheet.Table) error {
	head, err := t.Next()
	if err != nil {
		return err
	}
	if err := x.headed(head); err != nil {
		return err
	}
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := x.row(r); err != nil {
			return err
		}
	}
}

// headed reads the header: the columns are found by name, in any order.
func (x *reading) headed(r sheet.Row) error {
	x.column = map[string]int{}
	for i, cell := range r.Cells {
		name, _, _ := sheet.Text(cell, x.Opt.MaxElement)
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
			return fmt.Errorf("%w: line %d: not the Consolidated Screening List: its header has no column %s: it begins with %.40q", record.ErrInvalid, r.Line, needed, strings.Join(r.Cells, ","))
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

func (x *reading) row(r sheet.Row) error {
	place := fmt.Sprintf("line %d", r.Line)
	if r.Cut {
		if err := x.Cut(place, "%s", r.Broken); err != nil {
			return err
		}
	}
	e := record.Listed{List: Source, Version: x.List.Date}
	p := &page{x: x, r: r, entry: &e, place: place}
	source, number := p.reference()
	if source == "" || number == "" {
		return x.Cut(place, "the entry's reference cannot be read: source %.40q, number %.40q", source, number)
	}
	list := shortName(source)
	e.Ref = list + "-" + number
	p.place += ": " + e.Ref
	e.Programme = []string{list}
	wrong := r.Broken
	if wrong == "" && len(r.Cells) != len(x.header) {
		wrong = fmt.Sprintf("%d columns, not %d", len(r.Cells), len(x.header))
	}
	if wrong != "" {
		// The cells may be one another's: only the reference is trusted.
		x.Complain(p.place, "%s: the row is dropped", wrong)
		for _, ours := range []string{"names", "programme", "births", "nationalities", "gender", "positions", "listed_on", "addresses", "documents", "comments", "links", "extra"} {
			e.Dropped = append(e.Dropped, record.Complaint{Place: ours + ": the row", Problem: wrong})
		}
	} else {
		p.fields(source)
	}
	if err := x.Add(p.place, r.Line, e); err != nil {
		return err
	}
	if wrong != "" && r.Last {
		return x.Cut(place, "the list ends inside a row: %s", wrong)
	}
	return nil
}

// page is one row while it is read.
type page struct {
	x     *reading
	r     sheet.Row
	entry *record.Listed
	place string
}

// reference gives what names the entry; the cells that hold it come first.
func (p *page) reference() (source, number string) {
	source, _, _ = sheet.Text(p.r.Cell(p.x.column["source"]), p.x.Opt.MaxElement)
	for _, column := range []string{"entity_number", "_id"} {
		if s, _, _ := sheet.Text(p.r.Cell(p.x.column[column]), p.x.Opt.MaxElement); anID.MatchString(s) {
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
	s, problem, ok := sheet.Text(p.r.Cell(i), p.x.Opt.MaxElement)
	if problem != "" {
		p.x.Complain(p.place+": "+column, "%s", problem)
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
