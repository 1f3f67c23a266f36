package un

import (
	"fmt"
	"strings"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// listed turns one entry as it stands into what it says. An error means that
// it has no readable reference; everything else is a complaint.
func listed(raw rawEntry, list record.List) (record.Listed, []record.Complaint, error) {
	p := &page{narrowed: list.Narrowed}
	p.entry = record.Listed{List: list.List, Version: list.Date, Sort: "person"}
	if raw.sort == "ENTITY" {
		p.entry.Sort = "entity"
	}
	for _, f := range raw.fields {
		if f.name != "REFERENCE_NUMBER" {
			continue
		}
		ref, _, ok := text(f, p.narrowed)
		ref = cleanName(ref)
		if !ok || !reference.MatchString(ref) {
			return record.Listed{}, nil, fmt.Errorf("%w: %w: line %d: the entry's reference cannot be read: %.40q", record.ErrInvalid, ErrCut, f.line, f.text)
		}
		if p.ref != "" && p.ref != ref {
			return record.Listed{}, nil, fmt.Errorf("%w: line %d: one entry with two references, %s and %s", record.ErrInvalid, f.line, p.ref, ref)
		}
		p.ref = ref
	}
	if p.ref == "" {
		return record.Listed{}, nil, fmt.Errorf("%w: %w: line %d: an entry without a reference", record.ErrInvalid, ErrCut, raw.line)
	}
	p.entry.Ref = p.ref

	p.primary(raw)
	for _, f := range raw.fields {
		p.field(f)
	}
	p.stated()
	return p.entry, p.found, nil
}

// field reads one element of the entry into its place.
func (p *page) field(f rawField) {
	e := &p.entry
	switch f.name {
	case "REFERENCE_NUMBER", "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME":
		// read before
	case "DATAID":
		e.DataID, _ = p.read("data_id", f)
	case "UN_LIST_TYPE":
		if s, _ := p.read("programme", f); s != "" {
			e.Programme = append(e.Programme, s)
		}
	case "NAME_ORIGINAL_SCRIPT":
		p.original(f)
	case "INDIVIDUAL_ALIAS", "ENTITY_ALIAS":
		p.alias(f)
	case "INDIVIDUAL_DATE_OF_BIRTH":
		p.birthDate(f)
	case "INDIVIDUAL_PLACE_OF_BIRTH":
		p.birthPlace(f)
	case "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS":
		p.address(f)
	case "INDIVIDUAL_DOCUMENT":
		p.document(f)
	case "NATIONALITY":
		e.Nationalities = append(e.Nationalities, p.values("nationalities", f)...)
	case "DESIGNATION":
		e.Positions = append(e.Positions, p.values("positions", f)...)
	case "TITLE":
		e.Titles = append(e.Titles, p.values("titles", f)...)
	case "GENDER":
		s, _ := p.read("gender", f)
		e.Gender = strings.ToLower(s)
	case "COMMENTS1":
		if s, _ := p.read("comments", f); s != "" {
			if e.Comments != "" {
				e.Comments += "\n"
			}
			e.Comments += s
		}
	case "LISTED_ON":
		if s, _ := p.read("listed_on", f); s != "" {
			e.ListedOn = p.day("listed_on", f, s)
		}
	case "LAST_DAY_UPDATED":
		for _, k := range f.kids {
			if s, _ := p.read("updated", k); s != "" {
				if d := p.day("updated", k, s); !d.IsZero() {
					e.Updated = append(e.Updated, d)
				}
			}
		}
	case "SUBMITTED_BY":
		e.Submitted, _ = p.read("submitted_by", f)
	default:
		p.extra(f.name, f)
	}
}

// extra keeps a field that has no place of its own, with what lies in it.
func (p *page) extra(name string, f rawField) {
	if s, _ := p.read("extra", f); s != "" {
		p.entry.Extra = append(p.entry.Extra, record.Extra{Name: name, Value: s})
	}
	for _, k := range f.kids {
		if path := name + "/" + k.name; k.name == "VALUE" {
			p.extra(name, k)
		} else {
			p.extra(path, k)
		}
	}
}

// values reads the VALUE elements of a group; anything else in it is extra.
func (p *page) values(ours string, f rawField) []string {
	var out []string
	for _, k := range f.kids {
		if k.name != "VALUE" {
			p.extra(f.name+"/"+k.name, k)
		} else if s, _ := p.read(ours, k); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (p *page) day(ours string, f rawField, s string) date.Day {
	d, ok := sheet.Day(s)
	if !ok {
		p.complain(f, fmt.Sprintf("not a date: %.30q", s))
		p.drop(ours, f, "not a date")
	}
	return d
}

// parts reads a group's elements by name; those the caller does not name are
// kept as extra.
func (p *page) parts(ours string, f rawField, into map[string]*string) {
	for _, k := range f.kids {
		to, known := into[k.name]
		if !known {
			p.extra(f.name+"/"+k.name, k)
			continue
		}
		s, _ := p.read(ours, k)
		if *to != "" && s != "" {
			s = *to + "; " + s
		}
		if s != "" {
			*to = s
		}
	}
}

func (p *page) address(f rawField) {
	var a record.Address
	p.parts("addresses", f, map[string]*string{"STREET": &a.Street, "CITY": &a.City, "STATE_PROVINCE": &a.State,
		"ZIP_CODE": &a.Zip, "COUNTRY": &a.Country, "NOTE": &a.Note})
	if a != (record.Address{}) {
		p.entry.Addresses = append(p.entry.Addresses, a)
	}
}

func (p *page) document(f rawField) {
	var d record.Document
	var of, by string // the country stands in either of two elements
	p.parts("documents", f, map[string]*string{"TYPE_OF_DOCUMENT": &d.Type, "TYPE_OF_DOCUMENT2": &d.Type2, "NUMBER": &d.Number,
		"COUNTRY_OF_ISSUE": &of, "ISSUING_COUNTRY": &by, "CITY_OF_ISSUE": &d.City, "DATE_OF_ISSUE": &d.Issued, "NOTE": &d.Note})
	switch {
	case of == "" || of == by:
		d.Country = by
	case by == "":
		d.Country = of
	default:
		d.Country = of + "; " + by
	}
	if d != (record.Document{}) {
		p.entry.Documents = append(p.entry.Documents, d)
	}
}
