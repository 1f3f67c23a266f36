package ch

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// page is one target while it is read, with what was wrong with it.
type page struct {
	sheet.Page
	x *reading
}

var (
	number = regexp.MustCompile(`^[0-9]{1,12}$`)
	isUN   = regexp.MustCompile(`^[A-Z]{2}[ie]\.[0-9]{3,5}$`)
	// inWords are numbers that stand in the free text.
	inWords = regexp.MustCompile(`(?i)^(IMO|Taxpayer identification|Tax registration|(?:State |Business )?registration) number ?: ?([0-9]+)\.?$`)
)

// entry reads one target. One that was taken off the list is none.
func (x *reading) entry(t target) error {
	at := fmt.Sprintf("line %d", t.line)
	ref, _, ok := sheet.Text(t.Number, 100)
	if !ok || !number.MatchString(ref) {
		return x.Cut(at, "the target's number cannot be read: %.40q", t.Number)
	}
	if strings.EqualFold(strings.TrimSpace(latest(t.Modifications).Type), "de-listed") {
		return nil
	}
	of, sort := t.sort()
	e := record.Listed{List: Source, Version: x.List.Date, Ref: ref, Sort: sort}
	p := &page{Page: sheet.Page{Of: &x.Reading, Entry: &e, Place: at + ": " + ref}, x: x}
	if of == nil {
		p.Complain("target", "neither an individual nor an entity nor an object")
		of = &subject{}
	} else if sort == "" {
		p.Complain("object-type", fmt.Sprintf("unknown kind of an entry: %.40q", of.Type))
	}
	p.law(t)
	e.Gender = strings.ToLower(p.Read("gender", "sex", of.Sex))
	for _, main := range []bool{true, false} {
		for _, id := range of.Identities {
			if is := !strings.EqualFold(id.Main, "false"); is == main {
				p.identity(id, main)
			}
		}
	}
	if len(e.Names) == 0 {
		p.Complain("name", "the entry has no name")
	}
	for _, s := range of.Justifications {
		p.Comment(p.Read("comments", "justification", s))
	}
	for _, s := range of.Informations {
		s = p.Read("comments", "other-information", s)
		if m := inWords.FindStringSubmatch(s); m != nil {
			kind := map[string]string{"imo": "IMO", "taxpayer identification": "INN", "tax registration": "Tax Number"}[strings.ToLower(m[1])]
			if kind == "" {
				kind = "Registration Number"
			}
			sheet.Once(&e.Documents, record.Document{Type: kind, Number: m[2]})
			continue
		}
		p.Comment(s)
	}
	for _, r := range of.Relations {
		if to := p.Read("links", "relation", r.To); to != "" {
			sheet.Once(&e.Links, record.Relation{To: to, Kind: p.Read("links", "relation-type", r.Type), Note: p.Read("links", "relation", r.Remark)})
		}
	}
	for _, o := range slices.Concat(t.Rest, of.Rest) {
		p.Extra(o.XMLName.Local, p.Read("extra", o.XMLName.Local, o.Text))
	}
	return x.Add(p.Place, t.line, e)
}

// law reads under which ordinance and since when.
func (p *page) law(t target) {
	e := p.Entry
	for _, id := range append([]string{t.SetAttr}, t.Sets...) {
		id = p.Read("programme", "sanctions-set-id", id)
		if id == "" {
			continue
		}
		set, known := p.x.sets[id]
		if !known {
			p.Complain("sanctions-set-id", fmt.Sprintf("no ordinance has the annex %.40q", id))
			sheet.Once(&e.Programme, id)
			continue
		}
		key, name := p.Read("programme", "program-key", set.key), p.Read("programme", "program-name", set.name)
		if key == "" {
			key = name
		}
		sheet.Once(&e.Programme, key)
		p.Extra("ordinance", name)
		p.Extra("sanctions_set", p.Read("extra", "sanctions-set", set.set))
	}
	for _, s := range t.Foreign {
		if s = p.Read("extra", "foreign-identifier", s); isUN.MatchString(s) {
			p.Extra("un_reference", s)
		} else {
			p.Extra("foreign_identifier", s)
		}
	}
	// Who was taken off and listed again is listed since the latter.
	var off date.Day
	for _, m := range t.Modifications {
		if on, ok := sheet.Day(strings.TrimSpace(m.Effective)); ok && m.Type == "de-listed" && on.After(off) {
			off = on
		}
	}
	for _, m := range t.Modifications {
		kind := p.Read("extra", "modification-type", m.Type)
		for _, d := range []string{m.Effective, m.Published, m.Enacted} {
			on, ok := sheet.Day(strings.TrimSpace(d))
			if !ok {
				if strings.TrimSpace(d) != "" {
					p.Drop("listed_on", "modification", fmt.Sprintf("not a date: %.30q", d))
				}
				continue
			}
			if kind == "listed" && !on.Before(off) && (e.ListedOn.IsZero() || on.Before(e.ListedOn)) {
				e.ListedOn = on
			}
			if kind == "amended" {
				sheet.Once(&e.Updated, on)
			}
			break
		}
		var said []string
		for _, f := range []struct{ label, value string }{{"", kind}, {"enacted ", m.Enacted}, {"published ", m.Published}, {"effective ", m.Effective}} {
			if s, _, ok := sheet.Text(f.value, 100); ok && s != "" {
				said = append(said, f.label+s)
			}
		}
		p.Extra("modification", strings.Join(said, "; "))
	}
	slices.SortFunc(e.Updated, func(a, b date.Day) int { return a.Compare(b) })
}

// identity reads one identity; a target may have others beside the main one.
func (p *page) identity(id identity, main bool) {
	e := p.Entry
	for _, n := range id.Names {
		p.named(n, main)
	}
	for _, b := range id.Births {
		p.born(b)
	}
	for _, b := range id.Birthplaces {
		at := p.at("births", b)
		sheet.Once(&e.Births, record.Birth{City: at.City, State: at.State, Country: at.Country, Note: at.Note})
	}
	for _, n := range id.Nationalities {
		sheet.Once(&e.Nationalities, p.country("nationalities", n.Country))
	}
	for _, a := range id.Addresses {
		sheet.Once(&e.Addresses, p.at("addresses", a))
	}
	for _, d := range id.Papers {
		read := func(s string) string { return p.Read("documents", "identification-document", s) }
		out := record.Document{Type: read(d.Type), Number: read(d.Number), Country: read(d.Issuer.ISO + d.Issuer.Code), Issued: read(d.Issued), Note: read(d.Remark)}
		if out.Country == "" {
			out.Country = read(d.Issuer.Text)
		}
		switch strings.ToLower(out.Type) {
		case "passport":
			out.Type = "Passport"
		case "diplomatic-passport":
			out.Type, out.Type2 = "Passport", out.Type
		case "id-card":
			out.Type, out.Type2 = "National Identification Number", out.Type
		}
		if s := read(d.Expires); s != "" {
			out.Note = strings.Trim("expires "+s+"; "+out.Note, "; ")
		}
		if out.Number != "" || out.Note != "" {
			sheet.Once(&e.Documents, out)
		}
	}
	for _, o := range id.Rest {
		p.Extra(o.XMLName.Local, p.Read("extra", o.XMLName.Local, o.Text))
	}
}

func (p *page) country(ours string, c country) string {
	if s := p.Read(ours, "country", c.ISO); s != "" {
		return s
	}
	return p.Read(ours, "country", c.Text)
}

// at joins the details of an address to the place it names.
func (p *page) at(ours string, l lives) record.Address {
	read := func(s string) string { return p.Read(ours, "address", s) }
	where, known := p.x.places[strings.TrimSpace(l.Place)]
	if !known && l.Place != "" {
		p.Complain("place-id", fmt.Sprintf("no such place: %.40q", l.Place))
	}
	var street []string
	if s := read(l.CareOf); s != "" {
		street = append(street, "c/o "+s)
	}
	if s := read(l.Details); s != "" {
		street = append(street, s)
	}
	if s := read(l.POBox); s != "" {
		street = append(street, "PO Box "+s)
	}
	a := record.Address{Street: strings.Join(street, ", "), City: read(where.Location), State: read(where.Area), Zip: read(l.Zip), Note: read(l.Remarks)}
	if a.Country = read(where.Country.Text); a.Country == "" {
		a.Country = read(where.Country.ISO)
	}
	return a
}

// born reads a date of birth as precise as it is given. One in another calendar
// than ours is kept as a note.
func (p *page) born(b born) {
	iso := strings.TrimSpace(b.Year)
	for _, s := range []string{b.Month, b.Day} {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			break
		}
		iso += fmt.Sprintf("-%02d", n)
	}
	iso, _, ok := sheet.Text(iso, 100)
	if !ok || iso == "" {
		return
	}
	if c := strings.ToLower(b.Calendar); c != "" && !strings.HasPrefix(c, "gregorian") {
		sheet.Once(&p.Entry.Births, record.Birth{Note: iso + ", " + p.Read("births", "calendar", b.Calendar) + " calendar"})
		return
	}
	on, err := date.ParseAbout(iso)
	if err != nil || strings.HasPrefix(iso, "~") {
		p.Drop("births", "day-month-year", fmt.Sprintf("not a date: %.30q", iso))
		return
	}
	on.Circa = strings.EqualFold(b.Quality, "circa")
	sheet.Once(&p.Entry.Births, record.Birth{On: on})
}

// foreign reports a name in another script than Latin.
func foreign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > 0x7F && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r)
	})
}
