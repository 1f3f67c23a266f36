package eu

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
}

// row is one row as it stands.
type row struct {
	line   int
	cells  []string
	broken string // why it cannot be read
}

func newTable(text io.Reader, in *sheet.Bounded) *table {
	c := csv.NewReader(text)
	c.FieldsPerRecord = -1
	return &table{csv: c, in: in}
}

// next gives one row; io.EOF ends the table.
func (t *table) next() (row, error) {
	t.in.Next()
	cells, err := t.csv.Read()
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong):
		t.line = wrong.Line
		return row{line: wrong.StartLine, broken: fmt.Sprintf("the row cannot be read up to line %d: %v", wrong.Line, wrong.Err)}, nil
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
