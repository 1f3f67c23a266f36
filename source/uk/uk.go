// Package uk reads the two lists of the United Kingdom: the UK Sanctions List
// of the Foreign, Commonwealth and Development Office ([Source]), the single
// list since 28 January 2026, and the older consolidated list of the Office of
// Financial Sanctions Implementation ([OFSI], "ConList").
//
// Both come as one table, CSV or xlsx: a line with the list's date, a header,
// and a row for each name, address and date of birth of an entry; one person
// may span eighty rows. The rows of an entry are tied by its group ID (ConList)
// or unique ID (UK Sanctions List), which is its reference; columns are found
// by their names. Name 6 is the surname or the name of a body, names 1 to 5
// come before it.
//
// The UN's reference, where the list gives one, is kept as the extra field
// "un_reference", in the UN's own spelling ("KPi.067"): it ties the entry to
// the UN's. "uk_reference" and "ofsi_group_id" tie the two UK lists.
//
// A list is damaged if every row's reference can be read: it loads, and what is
// unreadable is dropped and named. It is cut if it ends inside a row or a
// reference is missing: refused ([ErrCut]) unless accepted as partial by hand.
// The package does not read the XML, ODS, HTML or PDF of the same lists. No
// connection, no clock.
//
//	list, entries, err := uk.Read(file, uk.Options{})
package uk

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// The ids of the two lists.
const (
	Source record.SourceID = "uk"
	OFSI   record.SourceID = "uk-ofsi"
)

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = sheet.ErrCut

// Options says how to read. List is the list that is asked for, the other one is
// refused; empty: the header decides. The bounds are 256 MiB for the whole list,
// twenty times the real one, 1 MiB for a row and 256 KiB for a cell.
type Options = sheet.Options

// Read reads one version of a list, CSV (plain or gzipped) or xlsx. The entries
// are in the order of their first rows. Errors name the line; a list that is
// damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	list, entries, err := read(r, o.Or(256<<20, 1<<20, 256<<10))
	if err != nil {
		name := o.List
		if name == "" {
			name = Source
		}
		return record.List{}, nil, fmt.Errorf("%s list: %w", name, err)
	}
	return list, entries, nil
}

// Bounds of what is held: the list's rows (the longest real list has 15,261), and
// those of one entry.
const (
	maxTable = 200_000
	maxRows  = 5000
)

// rows gives the rows of a table, one by one; io.EOF ends them.
type rows interface{ Next() (sheet.Row, error) }

// reading is a list while it is read.
type reading struct {
	sheet.Reading
	header []string
	column map[string]int
	extra  []int // columns that have no place of their own
	groups []group
	group  map[string]int // by reference
	latin  bool           // the file is Windows-1252
}

// group is the rows of one entry.
type group struct {
	ref  string
	rows []sheet.Row
}

func read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{Reading: sheet.Begin("", o), group: map[string]int{}}
	switch o.List {
	case "", Source, OFSI:
	default:
		return x.List, nil, fmt.Errorf("%w: no list of the United Kingdom: want %s or %s", record.ErrInvalid, Source, OFSI)
	}
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return x.List, nil, err
	}
	hash := sha256.New()
	in := sheet.Bound(plain, o.MaxBytes, o.MaxEntry)
	var t rows
	if head, _ := plain.Peek(4); bytes.Equal(head, []byte("PK\x03\x04")) {
		if t, err = openSheet(io.TeeReader(plain, hash), o); err != nil {
			return x.List, nil, err
		}
	} else {
		br, err := sheet.Unmarked(io.TeeReader(in, hash))
		if err != nil {
			return x.List, nil, err
		}
		switch head := sheet.Begins(br); {
		case sheet.IsHTML(head):
			return x.List, nil, fmt.Errorf("%w: an HTML page, not a list of the United Kingdom", record.ErrInvalid)
		case head == "":
			return x.List, nil, fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
		case head[0] == '<' && (strings.HasPrefix(head, "<?xml") || strings.HasPrefix(head, "<designations")):
			d := newDesignations(br, in, o)
			if t = d; o.List == OFSI {
				return x.List, nil, fmt.Errorf("%w: XML: the list %s is not published so", record.ErrInvalid, OFSI)
			}
		case head[0] == '<' || head[0] == '{' || head[0] == '[':
			return x.List, nil, fmt.Errorf("%w: not a table of the United Kingdom's lists: it begins with %.30q", record.ErrInvalid, head)
		}
		if t == nil {
			t = sheet.NewTable(br, in)
		}
	}
	if err := x.headed(t); err != nil {
		return x.List, nil, err
	}
	if err := x.gather(t); err != nil {
		return x.List, nil, err
	}
	for _, g := range x.groups {
		place := fmt.Sprintf("line %d", g.rows[0].Line)
		if err := x.Add(place, g.rows[0].Line, x.entry(g)); err != nil {
			return x.List, nil, err
		}
	}
	return x.List, x.Entries, x.Finish(hash.Sum(nil))
}

// columns.csv names the columns of both lists in all layouts met, and ours.
//
//go:embed columns.csv
var columnsCSV string

var columns = sync.OnceValue(func() map[string]string {
	table, err := csv.NewReader(strings.NewReader(columnsCSV)).ReadAll()
	if err != nil {
		panic("uk: columns.csv: " + err.Error())
	}
	m := map[string]string{}
	for _, r := range table[1:] {
		m[bare(r[0])] = r[1]
	}
	return m
})

// bare is a header without case, space and punctuation, which differ between
// the layouts.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

var aDay = regexp.MustCompile(`[0-9]{1,2}(?:/[0-9]{1,2}/|-[A-Z][a-z]{2}-)[0-9]{4}`)

// headed reads the lines up to the header: the list's date stands before it.
func (x *reading) headed(t rows) error {
	for n := 0; n < 6; n++ {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		found := map[string]int{}
		var extra []int
		var header []string
		for i, cell := range r.Cells {
			s, _, _ := sheet.Text(cell, x.Opt.MaxElement)
			if s == "" {
				s = fmt.Sprintf("column %d", i+1)
			}
			header = append(header, s)
			if ours, known := columns()[bare(s)]; !known {
				extra = append(extra, i)
			} else if _, twice := found[ours]; !twice {
				found[ours] = i
			}
		}
		if _, ok := found["name6"]; ok {
			x.column, x.extra, x.header = found, extra, header
			return x.named(r.Line)
		}
		for _, cell := range r.Cells {
			if d, ok := day(aDay.FindString(cell)); ok {
				x.List.Date, x.List.Basis = d, "stated"
			}
		}
	}
	return fmt.Errorf(`%w: not a list of the United Kingdom: no header with "Name 6" among its first lines`, record.ErrInvalid)
}

// named tells the two lists apart by their header.
func (x *reading) named(line int) error {
	_, unique := x.column["unique"]
	_, ofGroup := x.column["group"]
	switch {
	case unique:
		x.List.List = Source
	case ofGroup:
		x.List.List = OFSI
		x.column["unique"] = x.column["group"]
	default:
		return fmt.Errorf(`%w: line %d: not a list of the United Kingdom: its header has neither "Unique ID" nor "Group ID"`, record.ErrInvalid, line)
	}
	if x.Opt.List != "" && x.Opt.List != x.List.List {
		return fmt.Errorf("%w: line %d: this is the list %s, by its header: read it as that", record.ErrInvalid, line, x.List.List)
	}
	for _, needed := range []string{"name1", "alias", "sort", "regime"} {
		if _, ok := x.column[needed]; !ok {
			return fmt.Errorf("%w: line %d: the header lacks the column of the %s", record.ErrInvalid, line, map[string]string{
				"name1": "first name", "alias": "kind of name", "sort": "kind of entry", "regime": "regime"}[needed])
		}
	}
	return nil
}

// reference is an entry's group ID or unique ID.
var reference = regexp.MustCompile(`^(?:[0-9]{1,9}|[A-Z]{2,6}[0-9]{2,6})$`)

// gather reads the rows and ties those of one entry.
func (x *reading) gather(t rows) error {
	wide, invalid := 0, 0
	for n := 1; ; n++ {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if n > maxTable {
			return fmt.Errorf("%w: line %d: more than %d rows", record.ErrInvalid, r.Line, maxTable)
		}
		for len(r.Cells) > len(x.header) && strings.TrimSpace(r.Cells[len(r.Cells)-1]) == "" {
			r.Cells = r.Cells[:len(r.Cells)-1]
		}
		place := fmt.Sprintf("line %d", r.Line)
		ref := strings.TrimSpace(r.Cell(x.column["unique"]))
		wrong := r.Broken
		switch {
		case wrong != "":
		case len(r.Cells) != len(x.header):
			wrong = fmt.Sprintf("%d columns, not %d: the reference cannot be trusted", len(r.Cells), len(x.header))
		case !reference.MatchString(ref):
			wrong = fmt.Sprintf("the entry's reference cannot be read: %.40q", ref)
		}
		if wrong != "" {
			if err := x.Cut(place, "%s", wrong); err != nil {
				return err
			}
			continue
		}
		for _, cell := range r.Cells {
			switch n := strings.IndexFunc(cell, func(r rune) bool { return r >= utf8.RuneSelf }); {
			case n < 0:
			case utf8.ValidString(cell):
				wide++
			default:
				invalid++
			}
		}
		i, known := x.group[ref]
		if !known {
			i = len(x.groups)
			x.group[ref] = i
			x.groups = append(x.groups, group{ref: ref})
		}
		if len(x.groups[i].rows) == maxRows {
			return fmt.Errorf("%w: %s: entry %s has more than %d rows", record.ErrInvalid, place, ref, maxRows)
		}
		x.groups[i].rows = append(x.groups[i].rows, r)
	}
	// ConList was Windows-1252 for years. A file in UTF-8 with a spoilt cell is
	// not: there the cell is dropped.
	x.latin = invalid > wide
	return nil
}

// page is one entry while it is read.
type page struct {
	x     *reading
	r     sheet.Row
	entry *record.Listed
	said  map[string]bool // complaints, so that eighty rows say a thing once
}

// read gives a cell's text; what cannot be read is dropped under the name of
// our field and complained of.
func (p *page) read(ours, column string) string {
	i, ok := p.x.column[column]
	if !ok {
		return ""
	}
	return p.cell(ours, i)
}

func (p *page) cell(ours string, i int) string {
	raw := p.r.Cell(i)
	if raw == "" {
		return ""
	}
	if p.x.latin {
		if s, err := charmap.Windows1252.NewDecoder().String(raw); err == nil {
			raw = s
		}
	}
	s, problem, ok := sheet.Text(raw, p.x.Opt.MaxElement)
	if problem != "" {
		p.complain(p.x.header[i], problem)
	}
	if !ok {
		p.drop(ours, p.x.header[i], problem)
	}
	return s
}

func (p *page) complain(theirs, problem string) {
	if key := theirs + problem; !p.said[key] {
		p.said[key] = true
		p.x.Complain(fmt.Sprintf("line %d: %s: %s", p.r.Line, p.entry.Ref, theirs), "%s", problem)
	}
}

func (p *page) drop(ours, theirs, problem string) {
	p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: fmt.Sprintf("%s: %s, line %d", ours, theirs, p.r.Line), Problem: problem})
}

// day reads "13/04/2018" (day first) or "13-Feb-2026".
func day(s string) (date.Day, bool) {
	for _, layout := range []string{"2/1/2006", "2-Jan-2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			d, err := date.New(t.Year(), t.Month(), t.Day())
			return d, err == nil
		}
	}
	return date.Day{}, false
}
