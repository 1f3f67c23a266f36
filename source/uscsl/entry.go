package uscsl

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"article41/date"
	"article41/record"
)

// placed are the columns that have a place of their own, or none in what is
// kept: the two addresses of pages are the same for a whole source list.
var placed = map[string]bool{"_id": true, "source": true, "entity_number": true, "type": true, "programs": true, "name": true,
	"title": true, "addresses": true, "start_date": true, "call_sign": true, "vessel_owner": true, "remarks": true,
	"alt_names": true, "citizenships": true, "dates_of_birth": true, "nationalities": true, "places_of_birth": true, "ids": true,
	"source_list_url": true, "source_information_url": true}

// fields reads the cells of a whole row into their places.
func (p *page) fields(source string) {
	e := p.entry
	kind := p.read("sort", "type")
	sort, known := sortOf[strings.ToLower(kind)]
	if !known {
		p.x.Complain(p.place+": type", "unknown type of an entry: %.40q", kind)
	}
	e.Sort = sort
	for _, s := range p.several("programme", "programs") {
		if !slices.Contains(e.Programme, s) {
			e.Programme = append(e.Programme, s)
		}
	}
	p.name(p.read("names", "name"), record.Primary)
	other := record.Also
	if sort == "person" {
		other = record.Unrated
	}
	for _, s := range p.several("names", "alt_names") {
		// The Entity List writes "A; and B".
		p.name(strings.TrimPrefix(s, "and "), other)
	}
	for _, s := range p.several("births", "dates_of_birth") {
		b := record.Birth{}
		var ok bool
		if b.On, ok = about(s); !ok {
			b.Note = s
		}
		e.Births = append(e.Births, b)
	}
	for _, s := range p.several("births", "places_of_birth") {
		b := record.Birth{City: s}
		if i := strings.LastIndex(s, ", "); i >= 0 {
			b.City, b.Country = s[:i], s[i+2:]
		}
		e.Births = append(e.Births, b)
	}
	for _, column := range []string{"nationalities", "citizenships"} {
		for _, s := range p.several("nationalities", column) {
			if !slices.Contains(e.Nationalities, s) {
				e.Nationalities = append(e.Nationalities, s)
			}
		}
	}
	e.Positions = p.several("positions", "title")
	if s := p.read("listed_on", "start_date"); s != "" {
		d, err := date.ParseDay(s)
		if err != nil {
			p.x.Complain(p.place+": start_date", "not a date: %.30q", s)
			e.Dropped = append(e.Dropped, record.Complaint{Place: "listed_on: start_date", Problem: "not a date"})
		}
		e.ListedOn = d
	}
	for _, s := range p.several("addresses", "addresses") {
		e.Addresses = append(e.Addresses, address(s))
	}
	if s := p.read("documents", "call_sign"); s != "" {
		e.Documents = append(e.Documents, record.Document{Type: "Call Sign", Number: s})
	}
	p.identifiers(p.read("documents", "ids"))
	if s := p.read("links", "vessel_owner"); s != "" {
		e.Links = append(e.Links, record.Relation{To: s, Kind: "vessel owner"})
	}
	e.Comments = p.read("comments", "remarks")
	for _, m := range linkedTo.FindAllStringSubmatch(e.Comments, -1) {
		e.Links = append(e.Links, record.Relation{To: m[1], Kind: "linked to"})
	}
	p.extra("source", source)
	for _, column := range p.x.header {
		if !placed[column] {
			p.extra(column, p.read("extra", column))
		}
	}
}

// maxNames bounds one entry's names; the longest real row has some 100.
const maxNames = 2000

// suffix is a part behind the given names that belongs to the end of a name.
var suffix = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv)\.?$`)

// name keeps a name once. A person's is published as "SURNAME, Given, Jr." and
// put in reading order; commas in any other name are part of it.
func (p *page) name(s string, q record.Quality) {
	n := record.Name{Text: s, Quality: q}
	if parts := strings.Split(s, ", "); p.entry.Sort == "person" && len(parts) > 1 {
		n.Parts = parts
		tail := ""
		var given []string
		for _, g := range parts[1:] {
			if suffix.MatchString(g) {
				tail += " " + g
			} else {
				given = append(given, g)
			}
		}
		n.Text = strings.TrimSpace(strings.Join(given, " ") + " " + parts[0] + tail)
	}
	if n.Text == "" || slices.ContainsFunc(p.entry.Names, func(m record.Name) bool { return m.Text == n.Text }) {
		return
	}
	if len(p.entry.Names) == maxNames {
		problem := fmt.Sprintf("more than %d names: the rest is left out", maxNames)
		if !slices.ContainsFunc(p.entry.Dropped, func(c record.Complaint) bool { return c.Problem == problem }) {
			p.x.Complain(p.place+": alt_names", "%s", problem)
			p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: "names: alt_names", Problem: problem})
		}
		return
	}
	p.entry.Names = append(p.entry.Names, n)
}

var (
	twoLetters = regexp.MustCompile(`^[A-Z]{2}$`)
	isoDay     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	imo        = regexp.MustCompile(`^IMO ([0-9]{7})$`)
)

// address parts "No. 7 Century Ave, Karamay, 834000, CN": the country's code
// stands last; street, town and postal code cannot be told apart.
func address(s string) record.Address {
	i := strings.LastIndex(s, ", ")
	if c := s[i+1:]; twoLetters.MatchString(strings.TrimSpace(c)) {
		return record.Address{Street: s[:max(i, 0)], Country: strings.TrimSpace(c)}
	}
	return record.Address{Street: s}
}

// about reads "1944-06-26", "1952", "circa 1976", "1974 to 1976".
func about(s string) (date.About, bool) {
	s, circa := strings.CutPrefix(s, "circa ")
	a, err := date.ParseAbout(strings.ReplaceAll(s, " to ", "/"))
	a.Circa = a.Circa || circa
	return a, err == nil
}

// words.csv holds the labels whose value is a fact but no identifier of the
// entry.
//
//go:embed words.csv
var wordsCSV string

var words = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(wordsCSV) {
		m[strings.TrimSpace(line)] = true
	}
	return m
})

// identifiers reads the cell of identifiers, each written backwards: country,
// date of expiry, date of issue, value, label. "JO, 2014-08-30, 2009-08-31,
// K475336, Passport; Male, Gender".
func (p *page) identifiers(s string) {
	e := p.entry
	held := ""
	for item := range strings.SplitSeq(s, "; ") {
		if held != "" {
			item = held + "; " + item
		}
		i := strings.LastIndex(item, ", ")
		if i < 0 {
			held = item // a value with a semicolon in it
			continue
		}
		held = ""
		value, label := strings.TrimSpace(item[:i]), strings.TrimSpace(item[i+2:])
		switch {
		case label == "Gender":
			e.Gender = strings.ToLower(value)
		case strings.HasSuffix(label, ":"), strings.HasSuffix(label, "-"), words()[label]:
			p.extra(label, value)
		default:
			if d := document(label, value); d.Number != "" && !slices.Contains(e.Documents, d) {
				e.Documents = append(e.Documents, d)
			}
		}
	}
	p.extra("ids", held)
}

func document(label, value string) record.Document {
	d := record.Document{Type: label}
	parts := strings.Split(value, ", ")
	if len(parts) > 1 && twoLetters.MatchString(parts[0]) {
		d.Country, parts = parts[0], parts[1:]
	}
	var days []string
	for len(parts) > 1 && isoDay.MatchString(parts[0]) {
		days, parts = append(days, parts[0]), parts[1:]
	}
	switch len(days) {
	case 0:
	case 2:
		d.Note, d.Issued = "expires "+days[0], days[1]
	default: // which of the two it is, is not said
		d.Note = "date " + strings.Join(days, ", ")
	}
	d.Number = strings.Join(parts, ", ")
	// A ship's number is written bare under its own name, so that it can be
	// compared; the published label stays beside it.
	if m := imo.FindStringSubmatch(d.Number); m != nil && label == "Vessel Registration Identification" {
		d.Type, d.Type2, d.Number = "IMO", label, m[1]
	}
	return d
}
