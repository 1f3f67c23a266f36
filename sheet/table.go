package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"article41/record"
)

// Table reads the rows of a CSV file.
type Table struct {
	csv  *csv.Reader
	in   *Bounded
	line int // of the row read last
	held Row // one row ahead
	err  error
	open bool
}

// Row is one row as it stands.
type Row struct {
	Line   int
	Cells  []string
	Broken string // why the cells behind are missing
	Cut    bool   // rows behind it may be lost
	Last   bool
}

// NewTable reads CSV whose rows may differ in length; in bounds each row.
func NewTable(text io.Reader, in *Bounded) *Table {
	c := csv.NewReader(text)
	c.FieldsPerRecord = -1
	return &Table{csv: c, in: in}
}

// Next gives one row; io.EOF ends the table.
func (t *Table) Next() (Row, error) {
	if !t.open {
		t.open = true
		t.held, t.err = t.read()
	}
	if t.err != nil {
		return Row{}, t.err
	}
	r := t.held
	t.held, t.err = t.read()
	r.Last = t.err == io.EOF
	return r, nil
}

func (t *Table) read() (Row, error) {
	t.in.Next()
	cells, err := t.csv.Read()
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		// The row cannot be read behind its stray quotation mark. If the mark took
		// further lines with it, their entries are lost.
		t.line = wrong.Line
		r := Row{Line: wrong.StartLine, Cells: cells, Broken: wrong.Err.Error(), Cut: wrong.Line > wrong.StartLine}
		if r.Cut {
			r.Broken = fmt.Sprintf("a quotation mark is not closed before line %d", wrong.Line)
		}
		return r, nil
	case errors.Is(err, ErrLong):
		return Row{}, fmt.Errorf("%w: the row that begins behind line %d is larger than %d bytes", record.ErrInvalid, t.line, t.in.Most())
	case err == io.EOF:
		return Row{}, err
	case err != nil:
		return Row{}, fmt.Errorf("line %d: %w", t.line+1, err)
	}
	t.line, _ = t.csv.FieldPos(0)
	return Row{Line: t.line, Cells: cells}, nil
}

// Cell is a cell of the row, empty if there is none.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}
