package watch

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"article41/name"
	"article41/record"
	"article41/screen"
)

// Row is one row of a table of customers: a customer, or what is wrong with it.
type Row struct {
	Number   int // as a spreadsheet counts: the header is row 1
	Customer Customer
	Err      error
}

// columns are the words that name a column, the first the one that docs name.
var columns = map[string]string{
	"id": "id", "customer_id": "id", "customer": "id", "number": "id",
	"kind": "kind", "type": "kind", "schema": "kind",
	"name": "name", "caption": "name", "full_name": "name", "customer_name": "name",
	"aliases": "aliases", "alias": "aliases", "other_names": "aliases",
	"birth_date": "birth_date", "born": "birth_date", "date_of_birth": "birth_date", "dob": "birth_date", "birthdate": "birth_date",
	"country": "country", "countries": "country", "nationality": "country", "nationalities": "country",
	"gender": "gender", "sex": "gender",
	"imo": "imo", "imo_number": "imo",
	"identifiers": "identifiers", "passport": "passport", "tax_id": "tax", "lei": "lei", "registration": "registration",
	"former_ids": "former_ids", "former_id": "former_ids", "merged_ids": "former_ids",
}

// header says what each column holds; Ignored are those nobody reads.
type header struct {
	is      []string
	ignored []string
}

func readHeader(cells []string) (header, error) {
	var h header
	for i, c := range cells {
		c = strings.TrimPrefix(c, "\ufeff")
		word := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(c)))
		col := columns[word]
		if col != "" && slices.Contains(h.is, col) {
			return h, fmt.Errorf("%w: row 1, column %d: a second column %q", record.ErrInvalid, i+1, col)
		}
		if col == "" && word != "" {
			h.ignored = append(h.ignored, clip(c))
		}
		h.is = append(h.is, col)
	}
	if !slices.Contains(h.is, "name") {
		return h, fmt.Errorf("%w: row 1 names no column \"name\": want a header such as id,kind,name,aliases,birth_date,country,gender,imo,identifiers", record.ErrInvalid)
	}
	return h, nil
}

// row reads one row; cells may be several values (Parquet lists).
func (h header) row(n int, cells [][]string, numbered bool) Row {
	out := Row{Number: n}
	c := &out.Customer
	wrong := func(err error) {
		if out.Err == nil {
			out.Err = err
		}
	}
	if len(cells) > len(h.is) {
		wrong(fault("row", "%d cells, the header has %d", len(cells), len(h.is)))
		cells = cells[:len(h.is)]
	}
	for i, values := range cells {
		var parts []string
		for _, v := range values {
			if h.is[i] == "name" { // a name may hold a semicolon, a list of names is split at it
				parts = append(parts, strings.TrimSpace(v))
				continue
			}
			for _, p := range strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == '|' }) {
				if p = strings.TrimSpace(p); p != "" {
					parts = append(parts, p)
				}
			}
		}
		if len(parts) == 0 {
			continue
		}
		one := strings.Join(parts, " ")
		switch h.is[i] {
		case "id":
			c.ID = CustomerID(one)
		case "kind":
			k, ok := name.ReadKind(one)
			if !ok {
				wrong(fault("kind", "want person, company, organisation, vessel or aircraft, or nothing"))
			}
			c.Kind = k
		case "name":
			c.Name = one
		case "aliases":
			c.Aliases = parts
		case "birth_date":
			c.Born = one
		case "country":
			for _, p := range parts {
				c.Countries = append(c.Countries, strings.FieldsFunc(p, func(r rune) bool { return r == ',' })...)
			}
		case "gender":
			c.Gender = one
		case "imo":
			c.IMO = one
		case "identifiers":
			for _, p := range parts {
				x, err := readIdentifier(p)
				if err != nil {
					wrong(err)
					continue
				}
				c.Identifiers = append(c.Identifiers, x)
			}
		case "passport", "tax", "lei", "registration":
			for _, p := range parts {
				c.Identifiers = append(c.Identifiers, screen.Identifier{Kind: h.is[i], Value: p})
			}
		case "former_ids":
			for _, p := range parts {
				c.Former = append(c.Former, CustomerID(p))
			}
		}
	}
	if c.ID == "" && numbered {
		c.ID = CustomerID(fmt.Sprintf("row %d", n))
	}
	if out.Err == nil {
		out.Err = c.Validate()
	}
	return out
}

// readIdentifier reads "kind:country:value", "kind:value" or a bare value.
func readIdentifier(s string) (screen.Identifier, error) {
	p := strings.SplitN(s, ":", 3)
	for i := range p {
		p[i] = strings.TrimSpace(p[i])
	}
	x := screen.Identifier{Value: p[len(p)-1]}
	if len(p) > 1 {
		x.Kind = strings.ToLower(p[0])
	}
	if len(p) == 3 {
		x.Country = p[1]
	}
	if x.Value == "" {
		return x, fault("identifiers", "want such as passport:FR:12AB34567, lei:VALUE, or a value")
	}
	return x, nil
}

// Format is how a table is written.
type Format string

const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	Parquet Format = "parquet"
)

// FormatOf tells a table's format by its first bytes, whatever its name.
func FormatOf(first []byte) Format {
	switch {
	case strings.HasPrefix(string(first), "PAR1"):
		return Parquet
	case strings.HasPrefix(string(first), "PK\x03\x04"):
		return XLSX
	}
	return CSV
}

// Options of a table.
type Options struct {
	Rows     int  // at most so many; 0: any number
	Numbered bool // a row without an id is called by its number
}

// Read reads a table of customers in any format and calls yield for every row,
// also for one that cannot be used: none is dropped. It answers the names of the
// columns that nobody reads. An error is about the table as a whole.
func Read(r io.ReaderAt, size int64, o Options, yield func(Row) error) (ignored []string, err error) {
	first := make([]byte, min(size, 4))
	if _, err := r.ReadAt(first, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	rows := 0
	bounded := func(row Row) error {
		if rows++; o.Rows > 0 && rows > o.Rows {
			return fmt.Errorf("%w: more than %d rows: cut the table in parts", record.ErrInvalid, o.Rows)
		}
		return yield(row)
	}
	switch FormatOf(first) {
	case Parquet:
		return readParquet(r, size, o, bounded)
	case XLSX:
		return readXLSX(io.NewSectionReader(r, 0, size), o, bounded)
	}
	return readCSV(io.NewSectionReader(r, 0, size), o, bounded)
}

// readCSV reads commas, semicolons or tabs, whichever the header has most of. A
// row whose quotes do not close is an error of that row alone.
func readCSV(in io.Reader, o Options, yield func(Row) error) ([]string, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	head, _ := b.Peek(4 << 10)
	if len(head) == 0 {
		return nil, fmt.Errorf("%w: the table is empty", record.ErrInvalid)
	}
	line, _, _ := strings.Cut(string(head), "\n")
	r := csv.NewReader(b)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for _, sep := range ",;\t" {
		if strings.Count(line, string(sep)) > strings.Count(line, string(r.Comma)) {
			r.Comma = sep
		}
	}
	cells, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: row 1: %w", record.ErrInvalid, err)
	}
	h, err := readHeader(cells)
	if err != nil {
		return nil, err
	}
	for n := 2; ; n++ {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return h.ignored, nil
		case err != nil:
			var bad *csv.ParseError
			if !errors.As(err, &bad) {
				return h.ignored, err
			}
			if err := yield(Row{Number: n, Err: fault("row", "line %d: %v", bad.Line, bad.Err)}); err != nil {
				return h.ignored, err
			}
			continue
		}
		if blank(cells) {
			continue
		}
		if err := yield(h.row(n, lists(cells), o.Numbered)); err != nil {
			return h.ignored, err
		}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

func lists(cells []string) [][]string {
	out := make([][]string, len(cells))
	for i := range cells {
		out[i] = cells[i : i+1 : i+1]
	}
	return out
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
