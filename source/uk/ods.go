package uk

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"article41/record"
	"article41/sheet"
)

// openDocument reads the first table of an OpenDocument spreadsheet (ODF 1.3, part
// 3), row by row.
type openDocument struct {
	workbook
}

func newOpenDocument(z *zip.Reader, o Options) (rows, error) {
	f, err := z.Open("content.xml")
	if err != nil {
		return nil, fmt.Errorf("%w: ods: it has no content", record.ErrInvalid)
	}
	s := &openDocument{workbook{opt: o}}
	s.in = sheet.Bound(f, o.MaxBytes, o.MaxEntry)
	s.xml = xml.NewDecoder(s.in)
	return s, nil
}

func (s *openDocument) Next() (sheet.Row, error) {
	if !s.open {
		s.open = true
		s.held, s.err = s.read()
	}
	if s.err != nil {
		return sheet.Row{}, s.err
	}
	r := s.held
	s.held, s.err = s.read()
	r.Last = s.err == io.EOF
	return r, nil
}

func (s *openDocument) wrong(err error) error {
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: ods: a part behind line %d is larger than %d bytes", record.ErrInvalid, s.line, s.opt.MaxEntry)
	}
	return fmt.Errorf("%w: ods: behind line %d: %w", record.ErrInvalid, s.line, err)
}

// read gives the next row that holds something; the first table's end is the end.
func (s *openDocument) read() (sheet.Row, error) {
	for {
		s.in.Next()
		t, err := s.xml.Token()
		if err == io.EOF {
			return sheet.Row{}, fmt.Errorf("%w: ods: it breaks off behind line %d", record.ErrInvalid, s.line)
		}
		if err != nil {
			return sheet.Row{}, s.wrong(err)
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == "table" {
			return sheet.Row{}, io.EOF
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "table-row" {
			continue
		}
		s.line += repeated(start, "number-rows-repeated")
		r, err := s.cells()
		if err != nil {
			return sheet.Row{}, err
		}
		if len(r.Cells) == 0 {
			continue
		}
		if s.columns = max(s.columns, len(r.Cells)); len(r.Cells) < s.columns {
			r.Cells = append(r.Cells, make([]string, s.columns-len(r.Cells))...)
		}
		return r, nil
	}
}

// cells reads one row. Empty cells at its end are repeated a thousand times to the
// edge of the sheet, and left out.
func (s *openDocument) cells() (sheet.Row, error) {
	r := sheet.Row{Line: s.line}
	blank := 0
	for {
		t, err := s.xml.Token()
		if err != nil {
			return sheet.Row{}, s.wrong(err)
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == "table-row" {
			return r, nil
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "table-cell" && start.Name.Local != "covered-table-cell" {
			continue
		}
		value, err := s.text(start)
		if err != nil {
			return sheet.Row{}, err
		}
		n := repeated(start, "number-columns-repeated")
		if value == "" {
			blank += n
			continue
		}
		if len(r.Cells)+blank+n > maxColumns {
			return sheet.Row{}, fmt.Errorf("%w: ods: line %d: more than %d columns", record.ErrInvalid, s.line, maxColumns)
		}
		r.Cells = append(r.Cells, make([]string, blank)...)
		blank = 0
		for range n {
			r.Cells = append(r.Cells, value)
		}
	}
}

// text is what a cell shows: its paragraphs.
func (s *openDocument) text(cell xml.StartElement) (string, error) {
	var out []string
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := s.xml.Token()
		if err != nil {
			return "", s.wrong(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			if t.Name.Local == "s" || t.Name.Local == "tab" || t.Name.Local == "line-break" {
				b.WriteByte(' ')
			}
		case xml.EndElement:
			depth--
			if t.Name.Local == "p" {
				out = append(out, b.String())
				b.Reset()
			}
		case xml.CharData:
			b.Write(t)
		}
	}
	return strings.Join(out, " "), nil
}

func repeated(e xml.StartElement, attr string) int {
	for _, a := range e.Attr {
		if a.Name.Local == attr {
			if n, err := strconv.Atoi(a.Value); err == nil && n > 0 && n <= 1<<21 {
				return n
			}
		}
	}
	return 1
}
