// Package house reads a list that somebody keeps for the house: a plain CSV
// with a header and one entry a row.
//
// The columns, by name and in any order; id and name must be there:
//
//	id            stable reference of the entry, unique in the file
//	name          the name it is kept under
//	kind          person, entity, vessel or aircraft; empty: not known
//	aliases       other names, ";" between them
//	weak_aliases  names that only confirm a hit and open none, ";" between them
//	born          dates of birth, ";" between them: 1962, 1962-05, 1962-05-07,
//	              1962/1964 for a span, ~1962 for about
//	nationality   countries, ";" between them; for a body or ship its country
//	gender        as it is to be kept, such as male
//	identifiers   "kind: number" or "kind/country: number", ";" between them,
//	              such as "passport/ML: A0001; imo: 9000001"
//	programme     why it is listed, ";" between them
//	listed_on     YYYY-MM-DD
//	note          anything
//
// A column whose name begins with "x_" is kept as an extra field under the rest
// of its name. Any other column is an error, and so is a row that cannot be read
// in full: the list is refused with all its errors, each with its line, and
// nothing of it is dropped in silence. Accepted as partial by hand, the good rows
// load and the others are named. The separator is a comma, semicolon or tab, as
// the header has it; the text is UTF-8 (or UTF-16 with a byte order mark). The
// file carries no date: give one. No connection, no clock.
//
//	list, entries, err := house.Read(file, house.Options{Date: day})
package house

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// Source is the list's id if Options.List names none.
const Source record.SourceID = "house"

// Options says how to read. List is the list's id, empty: Source; a house may keep
// several. AcceptPartial reads the good rows of a list that has bad ones. The bounds
// are 256 MiB for the whole list, 1 MiB for a row and 256 KiB for a cell.
type Options = sheet.Options

func orDefault(o Options) Options {
	if o.List == "" {
		o.List = Source
	}
	return o.Or(256<<20, 1<<20, 256<<10)
}

// Columns are the names a header may hold, beside those that begin with "x_".
var Columns = []string{"id", "name", "kind", "aliases", "weak_aliases", "born", "nationality", "gender", "identifiers", "programme", "listed_on", "note"}

// RowErrors are what was wrong in the rows, in the order of the file.
type RowErrors struct {
	Rows []record.Complaint
	More int // beyond those
}

// shown is how many row errors an error's text holds.
const shown = 20

// Error says them all, or the first of many.
func (e *RowErrors) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d wrong:", len(e.Rows)+e.More)
	for i, r := range e.Rows {
		if i == shown {
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s", r.Place, r.Problem)
	}
	if more := len(e.Rows) + e.More - shown; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// Unwrap gives the error's kind.
func (e *RowErrors) Unwrap() error { return record.ErrInvalid }

// maxComplaints bounds what is said of one list.
const maxComplaints = 20_000

// reading is a list while it is read.
type reading struct {
	opt     Options
	list    record.List
	column  map[string]int
	extra   []int
	header  []string
	entries []record.Listed
	first   map[string]int // line, by reference
	wrong   RowErrors
}

// Read reads one version of a list, plain or gzipped. The entries are in the
// order of the file. Rows that cannot be read are one *RowErrors.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := &reading{opt: orDefault(o), first: map[string]int{}}
	x.list = record.List{List: x.opt.List, Origin: x.opt.Origin, Name: o.Name, Date: o.Date, Basis: x.opt.DateBasis}
	if err := x.read(r); err != nil {
		return record.List{}, nil, fmt.Errorf("%s list: %w", x.opt.List, err)
	}
	return x.list, x.entries, nil
}

func (x *reading) read(r io.Reader) error {
	plain, err := decompressed(r)
	if err != nil {
		return err
	}
	hash := sha256.New()
	in := sheet.Bound(plain, x.opt.MaxBytes, x.opt.MaxEntry)
	text, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return err
	}
	head, _ := text.Peek(4096)
	if err := notTable(head); err != nil {
		return err
	}
	c := csv.NewReader(text)
	c.FieldsPerRecord = -1
	c.Comma = separator(head)
	if err := x.headed(c); err != nil {
		return err
	}
	if err := x.rows(c, in); err != nil {
		return err
	}
	if len(x.wrong.Rows) > 0 {
		if !x.opt.AcceptPartial {
			return &x.wrong
		}
		x.list.Partial, x.list.Damaged = true, true
		x.list.Complaints = x.wrong.Rows
	}
	if len(x.entries) == 0 {
		return fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if x.list.Date.IsZero() {
		x.list.Basis = ""
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	x.list.Count = len(x.entries)
	x.list.Content = listing.Contents(x.entries)
	return nil
}

func (x *reading) complain(line int, column, format string, args ...any) {
	place := fmt.Sprintf("line %d", line)
	if column != "" {
		place += ": " + column
	}
	if len(x.wrong.Rows) == maxComplaints {
		x.wrong.More++
		return
	}
	x.wrong.Rows = append(x.wrong.Rows, record.Complaint{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// separator is the mark that parts the header's names.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(line, []byte(string(r))) > bytes.Count(line, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// headed reads the header.
func (x *reading) headed(c *csv.Reader) error {
	row, err := c.Read()
	if err != nil {
		return fmt.Errorf("%w: line 1: no header: %w", record.ErrInvalid, err)
	}
	x.column = map[string]int{}
	for i, cell := range row {
		s, _, ok := text(cell, x.opt.MaxElement)
		s = strings.ToLower(s)
		switch {
		case !ok || s == "":
			return fmt.Errorf("%w: line 1: the name of column %d cannot be read", record.ErrInvalid, i+1)
		case strings.HasPrefix(s, "x_") && len(s) > 2:
			x.extra = append(x.extra, i)
		case !slices.Contains(Columns, s):
			return fmt.Errorf("%w: line 1: column %.40q is not known: the columns are %s, and any that begins with x_", record.ErrInvalid, s, strings.Join(Columns, ", "))
		}
		if _, twice := x.column[s]; twice {
			return fmt.Errorf("%w: line 1: column %s stands there twice", record.ErrInvalid, s)
		}
		x.column[s] = i
		x.header = append(x.header, s)
	}
	for _, needed := range Columns[:2] {
		if _, ok := x.column[needed]; !ok {
			return fmt.Errorf("%w: line 1: the header lacks the column %s", record.ErrInvalid, needed)
		}
	}
	return nil
}

// rows reads the entries.
func (x *reading) rows(c *csv.Reader, in *sheet.Bounded) error {
	line := 1
	for {
		in.Next()
		row, err := c.Read()
		var wrong *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &wrong):
			through := ""
			if wrong.Line > wrong.StartLine {
				through = fmt.Sprintf(", and with it what stands up to line %d", wrong.Line)
			}
			x.complain(wrong.StartLine, "", "the row cannot be read%s: %v", through, wrong.Err)
			line = wrong.Line
			continue
		case errors.Is(err, sheet.ErrLong):
			return fmt.Errorf("%w: the row that begins behind line %d is larger than %d bytes", record.ErrInvalid, line, in.Most())
		case err != nil:
			return fmt.Errorf("line %d: %w", line+1, err)
		}
		line, _ = c.FieldPos(0)
		if !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue // Excel's empty rows
		}
		for len(row) > len(x.header) && strings.TrimSpace(row[len(row)-1]) == "" {
			row = row[:len(row)-1]
		}
		if len(row) != len(x.header) {
			x.complain(line, "", "%d columns, where the header has %d", len(row), len(x.header))
			continue
		}
		x.entry(line, row)
	}
}
