package curated

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// row is one row of a CSV file; its readers collect problems with the line.
type row struct {
	r     *reader
	file  string
	line  int
	cells map[string]string
}

// table reads a CSV file with a header. A missing optional file is empty.
func (r *reader) table(name string, optional bool, columns ...string) []row {
	f, err := r.fsys.Open(name)
	if err != nil {
		if !optional {
			r.complain(name, 0, "%v", err)
		}
		return nil
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		r.complain(name, 1, "no header: %v", err)
		return nil
	}
	have := map[string]bool{}
	for _, h := range header {
		have[h] = true
	}
	for _, c := range columns {
		if !have[c] {
			r.complain(name, 1, "no column %q", c)
			return nil
		}
	}
	var out []row
	for {
		rec, err := in.Read()
		if err != nil {
			var bad *csv.ParseError
			switch {
			case errors.As(err, &bad):
				r.complain(name, bad.Line, "%v", bad.Err)
			case err != io.EOF:
				r.complain(name, 0, "%v", err)
			}
			return out
		}
		line, _ := in.FieldPos(0)
		if len(rec) != len(header) {
			r.complain(name, line, "%d cells, want %d", len(rec), len(header))
			continue
		}
		c := make(map[string]string, len(header))
		for i, h := range header {
			c[h] = strings.TrimSpace(rec[i])
		}
		out = append(out, row{r, name, line, c})
	}
}

func (w row) complain(format string, args ...any) { w.r.complain(w.file, w.line, format, args...) }

func (w row) text(col string) string { return w.cells[col] }

func (w row) day(col string) date.Day {
	if w.cells[col] == "" {
		return date.Day{}
	}
	d, err := date.ParseDay(w.cells[col])
	if err != nil {
		w.complain("%s: %v", col, err)
	}
	return d
}

func (w row) symbol(col string) symbol.Symbol {
	if w.cells[col] == "" {
		return ""
	}
	s, err := symbol.Parse(w.cells[col])
	if err != nil {
		w.complain("%s: %v", col, err)
	}
	return s
}

func (w row) symbols(col string) []symbol.Symbol {
	var out []symbol.Symbol
	for _, f := range strings.FieldsFunc(w.cells[col], func(r rune) bool { return r == ';' }) {
		s, err := symbol.Parse(f)
		if err != nil {
			w.complain("%s: %v", col, err)
			continue
		}
		out = append(out, s)
	}
	return out
}

// codes reads alpha-3 codes; a state that the tables do not know is a problem.
func (w row) codes(col string) []country.Code {
	var out []country.Code
	for _, f := range strings.FieldsFunc(w.cells[col], func(r rune) bool { return r == ';' || r == ' ' }) {
		if _, ok := country.Of(country.Code(f)); !ok {
			w.complain("%s: %q is no ISO 3166 alpha-3 code the tables know", col, f)
			continue
		}
		out = append(out, country.Code(f))
	}
	return out
}

// tabled reads the column sponsors: states, or one word for another origin.
func (w row) tabled() (string, []country.Code) {
	switch v := w.cells["sponsors"]; v {
	case "president", "admission-committee", "e10", "all":
		return v, nil
	}
	return "", w.codes("sponsors")
}

// nature reads the column nature; an empty cell is a substantive question.
func (w row) nature() record.Nature {
	switch n := record.Nature(w.cells["nature"]); n {
	case "":
		return record.Substantive
	case record.Substantive, record.Procedural, record.Preliminary:
		return n
	default:
		w.complain("nature %q: want substantive, procedural or preliminary", n)
		return record.Substantive
	}
}

// count reads a number; ok is false where the cell is empty.
func (w row) count(col string) (n int, ok bool) {
	if w.cells[col] == "" {
		return 0, false
	}
	n, err := strconv.Atoi(w.cells[col])
	if err != nil || n < 0 {
		w.complain("%s: %q is no count", col, w.cells[col])
		return 0, false
	}
	return n, true
}

// tally reads the columns yes, no, abstain, not_voting.
func (w row) tally() *record.Tally {
	y, ok := w.count("yes")
	if !ok {
		return nil
	}
	t := &record.Tally{Yes: y}
	t.No, _ = w.count("no")
	t.Abstain, _ = w.count("abstain")
	t.NotVoting, _ = w.count("not_voting")
	return t
}

// cite reads the columns source, sureness and note. A row may rest on several
// sources, with ";" between them; a place in one stands in brackets behind it.
func (w row) cite() record.Cite {
	c := record.Cite{Source: w.cells["source"], Sure: record.Sureness(w.cells["sureness"]), Note: w.cells["note"]}
	var ids, places []string
	for _, s := range strings.Split(c.Source, ";") {
		id, place, _ := strings.Cut(strings.TrimSpace(s), " (")
		if p := strings.TrimSuffix(place, ")"); p != "" {
			places = append(places, p)
		}
		if of, ok := w.r.also[id]; ok {
			id = of
		} else if head := strings.FieldsFunc(id, func(r rune) bool { return r == '/' || r == ':' || r == ' ' }); len(head) > 1 {
			if of, ok := w.r.also[head[0]]; ok {
				places = append(places, id)
				id = of
			}
		}
		w.r.cited(w.file, w.line, "the row", record.Cite{Source: id, Sure: c.Sure})
		ids = append(ids, id)
	}
	c.Source, c.Place = strings.Join(ids, "; "), strings.Join(places, "; ")
	return c
}
