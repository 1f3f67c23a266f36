package uk

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

var sortOf = map[string]string{"individual": "person", "entity": "entity", "ship": "vessel", "aircraft": "aircraft"}

// entry reads the rows of one entry.
func (x *reading) entry(g group) record.Listed {
	e := record.Listed{List: x.List.List, Version: x.List.Date, Ref: g.ref}
	p := &page{x: x, entry: &e, said: map[string]bool{}}
	var others []string
	for _, r := range g.rows {
		p.r = r
		p.sort()
		p.name()
		p.births()
		p.address()
		p.numbers()
		p.rest()
		for _, column := range []string{"other", "reasons"} {
			if s := p.read("comments", column); s != "" && !slices.Contains(others, s) {
				others = append(others, s)
				if column == "other" {
					p.other(s)
				}
			}
		}
	}
	e.Comments = strings.Join(others, "\n")
	slices.SortFunc(e.Updated, date.Day.Compare)
	// The primary name first, whatever the order of the rows (it is that of the
	// alphabet).
	slices.SortStableFunc(e.Names, func(a, b record.Name) int { return rank(a) - rank(b) })
	return e
}

func rank(n record.Name) int {
	if n.Quality == record.Primary {
		return 0
	}
	return 1
}

func (p *page) sort() {
	kind := p.read("sort", "sort")
	sort, known := sortOf[strings.ToLower(kind)]
	switch {
	case !known:
		p.complain("Group Type", fmt.Sprintf("unknown kind of an entry: %.40q", kind))
	case p.entry.Sort != "" && p.entry.Sort != sort:
		p.complain("Group Type", fmt.Sprintf("the entry's rows differ: %s and %s", p.entry.Sort, sort))
	default:
		p.entry.Sort = sort
	}
}

// maxNames bounds one entry's names.
const maxNames = 2000

// name reads the row's name, and the one in its own script.
func (p *page) name() {
	before := len(p.entry.Dropped)
	var parts []string
	for _, column := range []string{"name1", "name2", "name3", "name4", "name5", "name6"} {
		if s := p.read("names", column); s != "" {
			parts = append(parts, s)
		}
	}
	// If one of the slots cannot be read, what is left would be another name.
	if len(parts) > 0 && len(p.entry.Dropped) == before {
		n := record.Name{Text: strings.Join(parts, " ")}
		if len(parts) > 1 {
			n.Parts = parts
		}
		n.Quality, n.Note = p.quality()
		p.add(n)
	}
	if s := p.read("names", "script"); s != "" {
		p.add(record.Name{Text: s, Quality: record.Original, Lang: p.read("names", "script_language"), Note: p.read("names", "script_type")})
	}
}

func (p *page) add(n record.Name) {
	names := p.entry.Names
	at := slices.IndexFunc(names, func(m record.Name) bool { return m.Text == n.Text })
	switch {
	case at < 0 && len(names) < maxNames:
		p.entry.Names = append(names, n)
	case at < 0:
		problem := fmt.Sprintf("more than %d names: the rest is left out", maxNames)
		if !p.said["names"+problem] {
			p.drop("names", "names", problem)
		}
		p.complain("names", problem)
	case n.Quality == record.Primary && names[at].Quality != record.Primary:
		names[at] = n // the same name in a row before, as an alias
	}
}

// quality is how the row grades its name.
func (p *page) quality() (record.Quality, string) {
	kind, grade := strings.ToLower(p.read("names", "alias")), strings.ToLower(p.read("names", "quality"))
	note := ""
	switch kind {
	case "prime alias", "primary name":
		return record.Primary, ""
	case "primary name variation":
		note = kind
	case "fka":
		return record.Formerly, ""
	case "aka", "alias":
	default:
		p.complain("Alias Type", fmt.Sprintf("unknown kind of name: %.40q", kind))
	}
	switch {
	case strings.HasPrefix(grade, "good"):
		return record.Good, note
	case strings.HasPrefix(grade, "low"):
		return record.Low, note
	case grade != "":
		p.complain("Alias Quality", fmt.Sprintf("unknown quality of a name: %.40q", grade))
	}
	if p.entry.Sort == "person" {
		return record.Unrated, note
	}
	return record.Also, note
}

// births reads the row's date of birth and the places, which are pairs of
// numbered lists: "(1) Darnah (2) Danar", "(1)-(2) Libya".
func (p *page) births() {
	if s := p.read("births", "birth"); s != "" {
		b := record.Birth{}
		var ok bool
		if b.On, ok = about(s); !ok {
			b.Note = s
			p.complain("DOB", fmt.Sprintf("not a date: %.30q", s))
		}
		p.born(b)
	}
	towns, countries := numbered(p.read("births", "town")), numbered(p.read("births", "birth_country"))
	for i := range max(len(towns), len(countries)) {
		b := record.Birth{City: nth(towns, i), Country: nth(countries, i)}
		if len(countries) == 1 {
			b.Country = countries[0]
		}
		p.born(b)
	}
}

func (p *page) born(b record.Birth) {
	if b != (record.Birth{}) && !slices.Contains(p.entry.Births, b) {
		p.entry.Births = append(p.entry.Births, b)
	}
}

// address reads the row's address; its last line is the town or district.
func (p *page) address() {
	var street []string
	for _, column := range []string{"address1", "address2", "address3", "address4", "address5"} {
		if s := p.read("addresses", column); s != "" {
			street = append(street, s)
		}
	}
	a := record.Address{Street: strings.Join(street, ", "), City: p.read("addresses", "address6"),
		Zip: p.read("addresses", "zip"), Country: p.read("addresses", "country")}
	if a != (record.Address{}) && !slices.Contains(p.entry.Addresses, a) {
		p.entry.Addresses = append(p.entry.Addresses, a)
	}
}

// numbers reads passports and national identities.
func (p *page) numbers() {
	for _, d := range []struct{ kind, number, note string }{
		{"Passport", "passport", "passport_note"},
		{"National Identification Number", "identity", "identity_note"},
	} {
		number, note := p.read("documents", d.number), p.read("documents", d.note)
		if number == "" {
			// To 2018 number and details stood in one cell.
			for _, s := range numbered(note) {
				p.document(inText(d.kind, s))
			}
			continue
		}
		notes := numbered(note)
		for i, s := range numbered(number) {
			n := nth(notes, i)
			doc := record.Document{Type: d.kind, Number: s, Note: n}
			if note == "" {
				doc = inText(d.kind, s)
			} else if len(numbered(number)) == 1 {
				doc.Note = note
			}
			p.document(doc)
		}
	}
	for _, s := range numbered(p.read("documents", "imo")) {
		p.document(record.Document{Type: "IMO", Number: strings.TrimPrefix(s, "IMO ")})
	}
	p.business(p.read("documents", "business"))
}

// inNumber is an identifier among words: "Passport No: 592667 (Qatari …)".
var inNumber = regexp.MustCompile(`\b[A-Z]{0,4}[ -]?[0-9][A-Z0-9./-]{2,}[A-Z0-9]|\b[0-9]{4,}`)

func inText(kind, s string) record.Document {
	d := record.Document{Type: kind, Number: s}
	if n := strings.TrimSpace(inNumber.FindString(s)); n != s {
		d.Number, d.Note = n, s
	}
	return d
}

func (p *page) document(d record.Document) {
	if (d.Number != "" || d.Note != "") && !slices.Contains(p.entry.Documents, d) {
		p.entry.Documents = append(p.entry.Documents, d)
	}
}

// rest reads what else a row says.
func (p *page) rest() {
	e := p.entry
	each := func(to *[]string, ours, column string) {
		for _, s := range numbered(p.read(ours, column)) {
			if s != "" && !slices.Contains(*to, s) {
				*to = append(*to, s)
			}
		}
	}
	each(&e.Nationalities, "nationalities", "nationality")
	each(&e.Positions, "positions", "position")
	each(&e.Titles, "titles", "title")
	if s := p.read("programme", "regime"); s != "" && !slices.Contains(e.Programme, s) {
		e.Programme = append(e.Programme, s)
	}
	if s := p.read("gender", "gender"); s != "" {
		e.Gender = strings.ToLower(s)
	}
	if d := p.date("listed_on", "listed"); !d.IsZero() && (e.ListedOn.IsZero() || d.Before(e.ListedOn)) {
		e.ListedOn = d
	}
	if d := p.date("updated", "updated"); !d.IsZero() && !slices.Contains(e.Updated, d) {
		e.Updated = append(e.Updated, d)
	}
	if d := p.date("extra", "designated"); !d.IsZero() {
		p.extra("date_designated", d.String())
	}
	for _, s := range strings.FieldsFunc(p.read("only", "sanctions"), func(r rune) bool { return r == '|' || r == ';' || r == ',' }) {
		if s = measure(s); s != "" && !slices.Contains(e.Only, s) {
			e.Only = append(e.Only, s)
		}
	}
	p.extra("sanctions_imposed", p.read("extra", "sanctions"))
	if s := p.read("extra", "un_reference"); s != "" {
		if manyUN.FindString(s) == s {
			p.unReferences(s)
		} else {
			p.extra("un_reference", s)
		}
	}
	p.extra("ofsi_group_id", p.read("extra", "ofsi_group_id"))
	for _, tie := range []struct{ column, kind string }{{"parent", "parent company"}, {"subsidiaries", "subsidiary"},
		{"owner", "vessel owner"}, {"owner_before", "previous vessel owner"}} {
		for _, s := range numbered(p.read("links", tie.column)) {
			p.link(s, tie.kind)
		}
	}
	for _, i := range p.x.extra {
		p.extra(p.x.header[i], p.cell("extra", i))
	}
}

func (p *page) link(to, kind string) {
	l := record.Relation{To: to, Kind: kind}
	if to != "" && !slices.Contains(p.entry.Links, l) {
		p.entry.Links = append(p.entry.Links, l)
	}
}

func (p *page) extra(name, value string) {
	x := record.Extra{Name: name, Value: value}
	if name != "" && value != "" && !slices.Contains(p.entry.Extra, x) {
		p.entry.Extra = append(p.entry.Extra, x)
	}
}

func (p *page) date(ours, column string) date.Day {
	s := p.read(ours, column)
	if s == "" {
		return date.Day{}
	}
	d, ok := day(s)
	if !ok {
		p.complain(column, fmt.Sprintf("not a date: %.30q", s))
		p.drop(ours, column, "not a date")
	}
	return d
}

// measure is a sanction as our measure words name it.
func measure(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), "-")
	if s == "asset-freeze" {
		return "assets-freeze"
	}
	return s
}
