package uk

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"article41/record"
	"article41/sheet"
)

// workbook reads the first sheet of an xlsx file, row by row.
type workbook struct {
	in      *sheet.Bounded
	xml     *xml.Decoder
	shared  []string
	opt     Options
	line    int
	columns int // of the longest row so far: short rows are filled up
	held    sheet.Row
	err     error
	open    bool
}

func openSheet(r io.Reader, o Options) (rows, error) {
	b, err := io.ReadAll(sheet.Bound(r, o.MaxBytes, o.MaxBytes))
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("%w: xlsx: %w", record.ErrInvalid, err)
	}
	if _, err := z.Open("content.xml"); err == nil {
		return newOpenDocument(z, o)
	}
	s := &workbook{opt: o}
	first, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("%w: a zip, but no xlsx with a list: it has no first sheet", record.ErrInvalid)
	}
	if f, err := z.Open("xl/sharedStrings.xml"); err == nil {
		if err := s.strings(f); err != nil {
			return nil, err
		}
	}
	s.in = sheet.Bound(first, o.MaxBytes, o.MaxEntry)
	s.xml = xml.NewDecoder(s.in)
	return s, nil
}

// strings reads the texts that the cells point to.
func (s *workbook) strings(r io.Reader) error {
	in := sheet.Bound(r, s.opt.MaxBytes, s.opt.MaxEntry)
	d := xml.NewDecoder(in)
	for {
		in.Next()
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.wrong("its texts", err)
		}
		if t, ok := t.(xml.StartElement); ok && t.Name.Local == "si" {
			var one rich
			if err := d.DecodeElement(&one, &t); err != nil {
				return s.wrong("its texts", err)
			}
			s.shared = append(s.shared, one.String())
		}
	}
}

// rich is a text in one piece or in several.
type rich struct {
	Plain  string   `xml:"t"`
	Pieces []string `xml:"r>t"`
}

func (r rich) String() string { return r.Plain + strings.Join(r.Pieces, "") }

func (s *workbook) wrong(what string, err error) error {
	if errors.Is(err, sheet.ErrLong) {
		return fmt.Errorf("%w: xlsx: %s: a part behind line %d is larger than %d bytes", record.ErrInvalid, what, s.line, s.opt.MaxEntry)
	}
	return fmt.Errorf("%w: xlsx: %s: behind line %d: %w", record.ErrInvalid, what, s.line, err)
}

func (s *workbook) Next() (sheet.Row, error) {
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

// maxColumns bounds a row; the widest real one has 58.
const maxColumns = 200

func (s *workbook) read() (sheet.Row, error) {
	for {
		s.in.Next()
		t, err := s.xml.Token()
		if err == io.EOF {
			return sheet.Row{}, err
		}
		if err != nil {
			return sheet.Row{}, s.wrong("its sheet", err)
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		var raw struct {
			Number int `xml:"r,attr"`
			Cells  []struct {
				At     string `xml:"r,attr"`
				Type   string `xml:"t,attr"`
				Value  string `xml:"v"`
				Inline rich   `xml:"is"`
			} `xml:"c"`
		}
		if err := s.xml.DecodeElement(&raw, &start); err != nil {
			return sheet.Row{}, s.wrong("its sheet", err)
		}
		if s.line = s.line + 1; raw.Number > 0 {
			s.line = raw.Number
		}
		r := sheet.Row{Line: s.line}
		empty := true
		for i, c := range raw.Cells {
			at := columnOf(c.At, i)
			if at >= maxColumns {
				return sheet.Row{}, fmt.Errorf("%w: xlsx: line %d: more than %d columns", record.ErrInvalid, s.line, maxColumns)
			}
			for len(r.Cells) <= at {
				r.Cells = append(r.Cells, "")
			}
			value := c.Value
			switch c.Type {
			case "s":
				n, err := strconv.Atoi(value)
				if value != "" && (err != nil || n < 0 || n >= len(s.shared)) {
					return sheet.Row{}, fmt.Errorf("%w: xlsx: line %d: cell %s points to no text", record.ErrInvalid, s.line, c.At)
				}
				if value != "" {
					value = s.shared[n]
				}
			case "inlineStr":
				value = c.Inline.String()
			}
			r.Cells[at] = value
			empty = empty && value == ""
		}
		if empty {
			continue
		}
		if s.columns = max(s.columns, len(r.Cells)); len(r.Cells) < s.columns {
			r.Cells = append(r.Cells, make([]string, s.columns-len(r.Cells))...)
		}
		return r, nil
	}
}

// columnOf reads the letters of "AB12"; a cell that does not say where it
// stands is the next one.
func columnOf(at string, next int) int {
	n := 0
	for _, r := range at {
		if r < 'A' || r > 'Z' || n > maxColumns {
			break
		}
		n = 26*n + int(r-'A') + 1
	}
	if n == 0 {
		return next
	}
	return n - 1
}
