package ofac

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"article41/record"
	"article41/sheet"
)

// page is one entry while it is read, with what was wrong with it.
type page struct {
	x     *reading
	entry *record.Listed
	place string
	at    int // of the entry among the list's
}

// read gives a cell's or element's text; what cannot be read is dropped under
// the name of our field and complained of.
func (p *page) read(ours, theirs, raw string) string {
	raw = value(raw)
	if raw == "" {
		return ""
	}
	s, problem, ok := sheet.Text(raw, p.x.Opt.MaxElement)
	if problem != "" {
		p.complain(theirs, problem)
	}
	if !ok {
		p.drop(ours, theirs, problem)
	}
	return s
}

func (p *page) complain(theirs, problem string) {
	p.x.Complain(p.place+": "+theirs, "%s", problem)
}

func (p *page) drop(ours, theirs, problem string) {
	p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: ours + ": " + theirs, Problem: problem})
}

func (p *page) extra(name, value string) {
	x := record.Extra{Name: name, Value: value}
	if name != "" && value != "" && !slices.Contains(p.entry.Extra, x) {
		p.entry.Extra = append(p.entry.Extra, x)
	}
}

func (p *page) positions(s string) {
	for t := range strings.SplitSeq(s, "; ") {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(p.entry.Positions, t) {
			p.entry.Positions = append(p.entry.Positions, t)
		}
	}
}

func (p *page) primaryName(s string) {
	if s != "" {
		p.entry.Names = append(p.entry.Names, p.name(s, record.Primary, ""))
	}
}

// maxNames bounds one entry's names; the longest real one has some 120.
const maxNames = 2000

// otherName adds an alias: kind is aka, fka or nka with or without dots; a weak
// one corroborates and never opens a hit alone.
func (p *page) otherName(s, kind string, weak bool, note string) {
	if s == "" {
		return
	}
	quality := record.Good
	switch k := strings.ToLower(strings.ReplaceAll(kind, ".", "")); {
	case weak:
		quality = record.Low
		if k != "aka" && k != "" {
			note = strings.Trim(kind+"; "+note, "; ")
		}
	case k == "fka":
		quality = record.Formerly
	case k == "nka", k == "dba":
		note = strings.Trim(kind+"; "+note, "; ")
	case k != "aka":
		p.complain("alt_type", fmt.Sprintf("unknown type of a name: %.20q", kind))
		quality = record.Unrated
	}
	p.keep(p.name(s, quality, note))
}

// keep adds a name, once.
func (p *page) keep(n record.Name) {
	same := func(m record.Name) bool { return m.Text == n.Text && m.Quality == n.Quality && m.Note == n.Note }
	switch {
	case slices.ContainsFunc(p.entry.Names, same):
	case len(p.entry.Names) >= maxNames:
		problem := fmt.Sprintf("more than %d names: the rest is left out", maxNames)
		if !slices.ContainsFunc(p.entry.Dropped, func(c record.Complaint) bool { return c.Problem == problem }) {
			p.complain("names", problem)
			p.drop("names", "alt_name", problem)
		}
	default:
		p.entry.Names = append(p.entry.Names, n)
	}
}

// suffix is a part behind the given names that belongs to the end of a name.
var suffix = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv)\.?$`)

// name puts a person's name, published as "SURNAME, Given, Jr.", in reading
// order. Commas in any other name are part of it.
func (p *page) name(s string, q record.Quality, note string) record.Name {
	n := record.Name{Text: s, Quality: q, Note: note}
	if p.entry.Sort != "person" {
		return n
	}
	parts := strings.Split(s, ", ")
	if len(parts) == 1 {
		return n
	}
	n.Parts = parts
	surname, tail := parts[0], ""
	var given []string
	for _, g := range parts[1:] {
		if suffix.MatchString(g) {
			tail += " " + g
		} else {
			given = append(given, g)
		}
	}
	n.Text = strings.TrimSpace(strings.Join(given, " ") + " " + surname + tail)
	return n
}
