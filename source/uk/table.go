package uk

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"article41/record"
	"article41/sheet"
)

// table reads the rows of a CSV file.
type table struct {
	csv  *csv.Reader
	in   *sheet.Bounded
	line int // of the row read last
	held row // one row ahead
	err  error
	open bool
}

// row is one row as it stands.
type row struct {
	line   int
	cells  []string
	broken string // why the cells behind are missing
	cut    bool   // rows behind it may be lost
	last   bool
}

func newTable(text io.Reader, in *sheet.Bounded) *table {
	c := csv.NewReader(text)
	c.FieldsPerRecord = -1
	return &table{csv: c, in: in}
}

// next gives one row; io.EOF ends the table.
func (t *table) next() (row, error) {
	if !t.open {
		t.open = true
		t.held, t.err = t.read()
	}
	if t.err != nil {
		return row{}, t.err
	}
	r := t.held
	t.held, t.err = t.read()
	r.last = t.err == io.EOF
	return r, nil
}

func (t *table) read() (row, error) {
	t.in.Next()
	cells, err := t.csv.Read()
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		// The row cannot be read behind its stray quotation mark. If the mark took
		// further lines with it, their entries are lost.
		t.line = wrong.Line
		r := row{line: wrong.StartLine, cells: cells, broken: wrong.Err.Error(), cut: wrong.Line > wrong.StartLine}
		if r.cut {
			r.broken = fmt.Sprintf("a quotation mark is not closed before line %d", wrong.Line)
		}
		return r, nil
	case errors.Is(err, sheet.ErrLong):
		return row{}, fmt.Errorf("%w: the row that begins behind line %d is larger than %d bytes", record.ErrInvalid, t.line, t.in.Most())
	case err == io.EOF:
		return row{}, err
	case err != nil:
		return row{}, fmt.Errorf("line %d: %w", t.line+1, err)
	}
	t.line, _ = t.csv.FieldPos(0)
	return row{line: t.line, cells: cells}, nil
}

// cell is a cell of the row, empty if there is none.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}
