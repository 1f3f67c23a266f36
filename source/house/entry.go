package house

import (
	"fmt"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// kinds are the words of the column kind.
var kinds = []string{"person", "entity", "vessel", "aircraft"}

// page is one row while it is read.
type page struct {
	x    *reading
	line int
	row  []string
	bad  bool
}

func (p *page) wrong(column, format string, args ...any) {
	p.bad = true
	p.x.complain(p.line, column, format, args...)
}

func (p *page) read(column string) string {
	i, ok := p.x.column[column]
	if !ok {
		return ""
	}
	s, problem, ok := text(p.row[i], p.x.opt.MaxElement)
	if !ok {
		p.wrong(column, "%s", problem)
	}
	return s
}

// several reads a cell of values with ";" between them.
func (p *page) several(column string) []string {
	var out []string
	for s := range strings.SplitSeq(p.read(column), ";") {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// maxNames bounds one entry's names.
const maxNames = 2000

// entry reads a row; one with anything wrong in it is left out and named.
func (x *reading) entry(line int, row []string) {
	p := &page{x: x, line: line, row: row}
	e := record.Listed{List: x.opt.List, Version: x.list.Date, Ref: p.read("id"), Sort: strings.ToLower(p.read("kind"))}
	switch before, twice := x.first[e.Ref]; {
	case e.Ref == "" && !p.bad:
		p.wrong("id", "empty")
	case len(e.Ref) > 200:
		p.wrong("id", "longer than 200 bytes")
	case twice:
		p.wrong("id", "%q stands at line %d already", e.Ref, before)
	case e.Ref != "":
		x.first[e.Ref] = line
	}
	if e.Sort != "" && !slices.Contains(kinds, e.Sort) {
		p.wrong("kind", "%.40q: want one of %s, or nothing", e.Sort, strings.Join(kinds, ", "))
	}
	p.names(&e)
	for _, s := range p.several("born") {
		on, err := date.ParseAbout(s)
		if err != nil {
			p.wrong("born", "%.40q is no date: want YYYY, YYYY-MM, YYYY-MM-DD, A/B or ~A", s)
		}
		e.Births = append(e.Births, record.Birth{On: on})
	}
	e.Nationalities = p.several("nationality")
	e.Gender = strings.ToLower(p.read("gender"))
	for _, s := range p.several("identifiers") {
		d, err := identifier(s)
		if err != nil {
			p.wrong("identifiers", "%v", err)
		}
		e.Documents = append(e.Documents, d)
	}
	e.Programme = p.several("programme")
	if s := p.read("listed_on"); s != "" {
		d, err := date.ParseDay(s)
		if err != nil {
			p.wrong("listed_on", "%.40q is no day: want YYYY-MM-DD", s)
		}
		e.ListedOn = d
	}
	e.Comments = p.read("note")
	for _, i := range x.extra {
		if s := p.read(x.header[i]); s != "" {
			e.Extra = append(e.Extra, record.Extra{Name: strings.TrimPrefix(x.header[i], "x_"), Value: s})
		}
	}
	if !p.bad {
		x.entries = append(x.entries, e)
	}
}

func (p *page) names(e *record.Listed) {
	name := p.read("name")
	if name == "" && !p.bad {
		p.wrong("name", "empty")
	}
	add := func(q record.Quality, names ...string) {
		for _, s := range names {
			if !slices.ContainsFunc(e.Names, func(n record.Name) bool { return n.Text == s }) {
				e.Names = append(e.Names, record.Name{Text: s, Quality: q})
			}
		}
	}
	add(record.Primary, name)
	add(record.Good, p.several("aliases")...)
	add(record.Low, p.several("weak_aliases")...)
	if len(e.Names) > maxNames {
		p.wrong("aliases", "more than %d names", maxNames)
	}
}

// identifier reads "kind: number" or "kind/country: number".
func identifier(s string) (record.Document, error) {
	kind, number, ok := strings.Cut(s, ":")
	kind, country, _ := strings.Cut(kind, "/")
	d := record.Document{Type: strings.TrimSpace(kind), Country: strings.TrimSpace(country), Number: strings.TrimSpace(number)}
	if !ok || d.Type == "" || d.Number == "" {
		return d, fmt.Errorf(`%.60q: want "kind: number" or "kind/country: number"`, s)
	}
	return d, nil
}
