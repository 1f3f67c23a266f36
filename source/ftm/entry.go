package ftm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"article41/date"
	"article41/record"
)

// page is one entry while it is read, with what was wrong with it.
type page struct {
	x     *reading
	entry *record.Listed
	place string
	count map[string]bool // what there was too much of
}

// Bounds of one entry; the largest real ones have some 300 names.
const (
	maxNames = 2000
	maxFacts = 5000
)

// entry turns a subject and what is joined to it into what the list says.
func (x *reading) entry(place string, raw entity) record.Listed {
	e := record.Listed{List: x.opt.List, Version: x.list.Date, Ref: raw.ID, Sort: schemas()[raw.Schema].sort}
	p := &page{x: x, entry: &e, place: place, count: map[string]bool{}}
	p.names(raw)
	p.births(raw)
	country := &e.Nationalities
	if e.Sort == "person" {
		country = nil // where somebody lives or serves is no nationality
	}
	for _, name := range slices.Sorted(maps.Keys(raw.Properties)) {
		to := properties()[name]
		switch to.place {
		case "name", "alias", "weak", "former", "short", "born", "birthplace", "birthcountry":
			// read before
		case "entity":
			p.pointed(name, raw.Properties[name])
		case "link":
			for _, v := range raw.Properties[name] {
				if id := p.id(name, v); id != "" {
					p.link(record.Relation{To: id, Kind: to.kind})
				}
			}
		case "document":
			for _, s := range p.all("documents", name, raw) {
				p.document(record.Document{Type: to.kind, Number: s})
			}
		case "died":
			e.Died = strings.Join(p.all("died", name, raw), "; ")
		case "nationality":
			p.several(&e.Nationalities, "nationalities", name, raw)
		case "gender":
			e.Gender = strings.ToLower(strings.Join(p.all("gender", name, raw), "; "))
		case "title":
			p.several(&e.Titles, "titles", name, raw)
		case "position":
			p.several(&e.Positions, "positions", name, raw)
		case "programme":
			p.several(&e.Programme, "programme", name, raw)
		case "address":
			for _, s := range p.all("addresses", name, raw) {
				p.address(record.Address{Street: s})
			}
		case "comment":
			p.comment(p.all("comments", name, raw)...)
		case "country":
			if country != nil {
				p.several(country, "nationalities", name, raw)
				continue
			}
			fallthrough
		default:
			for _, s := range p.all("extra", name, raw) {
				p.extra(name, s)
			}
		}
	}
	joined, whole := x.sides.of(raw.ID, 4*x.opt.MaxEntry)
	if !whole {
		p.crowded("extra", "what is told of it elsewhere")
	}
	for _, s := range joined {
		p.join(s)
	}
	p.rest(raw)
	return e
}

func (p *page) complain(theirs, problem string) {
	p.x.complain(p.place+": "+theirs, "%s", problem)
}

func (p *page) drop(ours, theirs, problem string) {
	p.complain(theirs, problem)
	p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: ours + ": " + theirs, Problem: problem})
}

// crowded says once that there was more of something than is kept.
func (p *page) crowded(ours, what string) {
	if !p.count[what] {
		p.count[what] = true
		p.drop(ours, what, "more than is kept of one entry: the rest is left out")
	}
}

// read gives a value's text; what cannot be read is dropped under the name of
// our field and complained of.
func (p *page) read(ours, theirs string, v value) string {
	if v.other || v.nested != nil {
		p.drop(ours, theirs, "not a text")
		return ""
	}
	s, problem, ok := text(v.text, p.x.opt.MaxElement)
	if !ok {
		p.drop(ours, theirs, problem)
	} else if problem != "" {
		p.complain(theirs, problem)
	}
	return s
}

// all gives a property's texts in order of the alphabet: the form knows no
// other, and a list that differs in it alone has not changed.
func (p *page) all(ours, name string, e entity) []string {
	var out []string
	for _, v := range e.Properties[name] {
		if s := p.read(ours, name, v); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *page) id(theirs string, v value) string {
	return p.read("links", theirs, value{text: v.id(), other: v.other})
}

func (p *page) several(to *[]string, ours, name string, e entity) {
	for _, s := range p.all(ours, name, e) {
		if !slices.Contains(*to, s) && len(*to) < maxFacts {
			*to = append(*to, s)
		}
	}
}

func (p *page) extra(name, value string) {
	x := record.Extra{Name: name, Value: value}
	switch e := p.entry; {
	case value == "" || slices.Contains(e.Extra, x):
	case len(e.Extra) >= maxFacts:
		p.crowded("extra", "extra fields")
	default:
		e.Extra = append(e.Extra, x)
	}
}

func (p *page) document(d record.Document) {
	switch e := p.entry; {
	case d.Number == "" && d.Note == "" || slices.Contains(e.Documents, d):
	case len(e.Documents) >= maxFacts:
		p.crowded("documents", "identifiers")
	default:
		e.Documents = append(e.Documents, d)
	}
}

func (p *page) address(a record.Address) {
	switch e := p.entry; {
	case a == (record.Address{}) || slices.Contains(e.Addresses, a):
	case len(e.Addresses) >= maxFacts:
		p.crowded("addresses", "addresses")
	default:
		e.Addresses = append(e.Addresses, a)
	}
}

func (p *page) link(l record.Relation) {
	switch e := p.entry; {
	case l.To == "" || l.To == e.Ref || slices.Contains(e.Links, l):
	case len(e.Links) >= maxFacts:
		p.crowded("links", "links")
	default:
		e.Links = append(e.Links, l)
	}
}

func (p *page) comment(texts ...string) {
	for _, s := range texts {
		if p.entry.Comments != "" {
			p.entry.Comments += "\n"
		}
		p.entry.Comments += s
	}
}

// names reads the names. The form has several equal ones; the publisher's
// caption says under which an entry is known.
func (p *page) names(raw entity) {
	other := record.Also
	if p.entry.Sort == "person" {
		other = record.Unrated
	}
	main := p.all("names", "name", raw)
	caption, _, ok := text(raw.Caption, p.x.opt.MaxElement)
	if i := slices.Index(main, caption); i >= 0 {
		main = append([]string{caption}, slices.Delete(main, i, i+1)...)
	}
	if len(main) == 0 && ok && caption != "" {
		main = []string{caption}
	}
	if len(main) == 0 && raw.Schema == wallet {
		main = p.all("names", "publicKey", raw)
	}
	for i, s := range main {
		switch {
		case i == 0:
			p.name(s, record.Primary, "")
		case foreign(s):
			p.name(s, record.Original, "")
		default:
			p.name(s, record.Good, "")
		}
	}
	for _, s := range p.all("names", "alias", raw) {
		if foreign(s) {
			p.name(s, record.Original, "")
		} else {
			p.name(s, other, "")
		}
	}
	for _, s := range p.all("names", "previousName", raw) {
		p.name(s, record.Formerly, "")
	}
	for _, s := range p.all("names", "weakAlias", raw) {
		p.name(s, record.Low, "")
	}
	for _, s := range p.all("names", "abbreviation", raw) {
		p.name(s, record.Low, "abbreviation")
	}
	if len(p.entry.Names) == 0 {
		p.complain("name", "the entry has no name")
	}
}

// name keeps a name once, under the best of its grades: they come best first.
func (p *page) name(s string, q record.Quality, note string) {
	switch e := p.entry; {
	case slices.ContainsFunc(e.Names, func(n record.Name) bool { return n.Text == s }):
	case len(e.Names) >= maxNames:
		p.crowded("names", "names")
	default:
		e.Names = append(e.Names, record.Name{Text: s, Quality: q, Note: note})
	}
}

// foreign reports a name in another script than Latin.
func foreign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > 0x7F && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r)
	})
}

func (p *page) births(raw entity) {
	for _, s := range p.all("births", "birthDate", raw) {
		if on, ok := about(s); ok {
			p.entry.Births = append(p.entry.Births, record.Birth{On: on})
		} else {
			p.drop("births", "birthDate", fmt.Sprintf("not a date: %.30q", s))
		}
	}
	for _, s := range p.all("births", "birthPlace", raw) {
		p.entry.Births = append(p.entry.Births, record.Birth{City: s})
	}
	for _, name := range []string{"birthCountry", "countryOfBirth"} {
		for _, s := range p.all("births", name, raw) {
			p.entry.Births = append(p.entry.Births, record.Birth{Country: s})
		}
	}
}

// rest reads what stands beside the properties.
func (p *page) rest(raw entity) {
	p.extra("schema", raw.Schema)
	for _, s := range []struct {
		name string
		of   values
	}{{"dataset", raw.Datasets}, {"referent", raw.Referents}} {
		for _, id := range p.all("extra", s.name, entity{Properties: map[string]values{s.name: s.of}}) {
			if id != raw.ID {
				p.extra(s.name, id)
			}
		}
	}
	if raw.Target != nil && !*raw.Target {
		p.extra("target", "false")
	}
	if d, ok := day(raw.FirstSeen); ok {
		p.extra("first_seen", d.String())
	}
	if d, ok := day(raw.LastChange); ok {
		p.entry.Updated = []date.Day{d}
	}
	slices.SortStableFunc(p.entry.Links, func(a, b record.Relation) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From), cmp.Compare(a.Note, b.Note))
	})
}
