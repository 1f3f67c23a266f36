package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"article41/name"
	"article41/record"
	"article41/watch"
)

// tableRow is a row of a table as the line that it stands for.
type tableRow struct {
	ID          string   `json:"id,omitempty"`
	Name        string   `json:"name,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`
	Kind        string   `json:"kind,omitempty"`
	Born        string   `json:"birth_date,omitempty"`
	Countries   []string `json:"countries,omitempty"`
	Gender      string   `json:"gender,omitempty"`
	Identifiers []string `json:"identifiers,omitempty"`
	// Fault is why the row of the table cannot be screened.
	Fault string `json:"article41_fault,omitempty"`
}

// Lines reads a table of customers, CSV, XLSX or Parquet, as lines of JSON: every
// row of the table is a line, also one that cannot be used, which is answered with
// its reason. A row without an id is called by its number, as a spreadsheet counts
// ("row 2" is the first below the header). The columns are those of watch.Read.
// What is wrong with the table as a whole comes as the error of a Read.
func Lines(in io.ReaderAt, size int64) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		_, err := watch.Read(in, size, watch.Options{Numbered: true}, func(row watch.Row) error {
			return writeLine(w, row)
		})
		w.CloseWithError(err)
	}()
	return r
}

func writeLine(w io.Writer, row watch.Row) error {
	c := row.Customer
	out := tableRow{ID: string(c.ID), Name: c.Name, Aliases: c.Aliases, Kind: kindOf(c.Kind), Born: c.Born, Countries: c.Countries, Gender: c.Gender}
	for _, x := range c.Identifiers {
		out.Identifiers = append(out.Identifiers, x.Value)
	}
	if c.IMO != "" {
		out.Identifiers = append(out.Identifiers, c.IMO)
	}
	if row.Err != nil {
		out.Fault = fmt.Sprintf("row %d of the table: %v", row.Number, row.Err)
	}
	if out.ID == "" { // a row so broken that no cell of it was read
		out.ID = fmt.Sprintf("row %d", row.Number)
	}
	b, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("row %d: %w", row.Number, err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// Tabular says whether a file with these first bytes is a table rather than lines
// of JSON: JSON lines begin with a brace, after blanks.
func Tabular(first []byte) bool {
	first = bytes.TrimLeft(bytes.TrimPrefix(first, []byte("\ufeff")), " \t\r\n")
	return len(first) > 0 && first[0] != '{'
}

// fault is the reason that came with the row, as an error of the row.
func (f fields) fault() error {
	if f.Fault == "" {
		return nil
	}
	return fmt.Errorf("%w: %s", record.ErrInvalid, f.Fault)
}

func kindOf(k name.Kind) string {
	if k == name.Unknown {
		return ""
	}
	return k.String()
}
