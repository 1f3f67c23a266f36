package ca

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// field is an element of a record.
type field struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// columns are a record's elements in the layouts of 2022 and 2025, and ours.
var columns = map[string]string{"Country": "country", "LastName": "last", "GivenName": "given", "Entity": "entity", "EntityOrShip": "entity",
	"Title": "title", "TitleOrShip": "title", "DateOfBirth": "born", "DateOfBirthOrShipBuildDate": "born", "Schedule": "schedule", "Item": "item",
	"DateOfListing": "listed", "Aliases": "aliases", "ShipIMONumber": "imo"}

// page is one record while it is read, with what was wrong with it.
type page struct {
	sheet.Page
	x *reading
}

// entry reads one record.
func (x *reading) entry(line int, fields []field) error {
	at := fmt.Sprintf("line %d", line)
	raw, theirs := map[string]string{}, map[string]string{}
	var rest []field
	for _, f := range fields {
		ours, known := columns[f.XMLName.Local]
		if !known || raw[ours] != "" {
			rest = append(rest, f)
			continue
		}
		raw[ours], theirs[ours] = f.Text, f.XMLName.Local
	}
	e := record.Listed{List: Source, Version: x.List.Date}
	p := &page{Page: sheet.Page{Of: &x.Reading, Entry: &e, Place: at}, x: x}
	read := func(ours, column string) string { return p.Read(ours, theirs[column], raw[column]) }

	last, given, body := read("names", "last"), read("names", "given"), read("names", "entity")
	country, schedule, item := read("programme", "country"), read("extra", "schedule"), read("extra", "item")
	if strings.EqualFold(schedule, "N/A") {
		schedule = ""
	}
	if country == "" || last+given+body == "" {
		return x.Cut(at, "a record without regulations or without a name")
	}
	english, _, _ := strings.Cut(country, "/")
	e.Programme = []string{strings.TrimSpace(english)}
	e.Ref = strings.Trim(slug(english)+"-"+slug(schedule), "-") + "-" + slug(item)
	if item == "" {
		sum := sha256.Sum256([]byte(last + "\x00" + given + "\x00" + body))
		e.Ref += "~" + hex.EncodeToString(sum[:6])
	}
	p.Place += ": " + e.Ref
	p.Extra("regulations", country)
	p.Extra("schedule", schedule)
	p.Extra("item", item)

	imo := read("documents", "imo")
	switch {
	case imo != "":
		e.Sort = "vessel"
		e.Documents = []record.Document{{Type: "IMO", Number: strings.TrimSpace(strings.TrimPrefix(imo, "IMO"))}}
	case body != "":
		e.Sort = "entity"
	default:
		e.Sort = "person"
	}
	if body != "" {
		e.Names = append(e.Names, record.Name{Text: body, Quality: record.Primary})
	}
	if last+given != "" {
		n := record.Name{Text: strings.TrimSpace(given + " " + last), Quality: record.Primary}
		if body != "" {
			p.Complain("LastName", "a person's name beside a body's")
			n.Quality = record.Unrated
		}
		if last != "" && given != "" {
			n.Parts = []string{last, given}
		}
		e.Names = append(e.Names, n)
	}
	for _, n := range aliases(raw["aliases"], e.Sort == "person") {
		if n.Text = p.Read("names", theirs["aliases"], n.Text); n.Text != "" && !slices.ContainsFunc(e.Names, func(m record.Name) bool { return m.Text == n.Text }) {
			e.Names = append(e.Names, n)
		}
	}
	if s := read("titles", "title"); e.Sort == "person" && s != "" {
		e.Titles = []string{s}
	} else if s != "" {
		p.Extra("vessel_type", s)
	}
	if s := read("births", "born"); e.Sort == "person" {
		p.born(theirs["born"], s)
	} else {
		p.Extra("build_date", s)
	}
	if s := read("listed_on", "listed"); s != "" {
		d, err := date.ParseDay(s)
		if err != nil {
			p.Drop("listed_on", theirs["listed"], fmt.Sprintf("not a date: %.30q", s))
		}
		e.ListedOn = d
	}
	for _, f := range rest {
		p.Extra(f.XMLName.Local, p.Read("extra", f.XMLName.Local, f.Text))
	}
	return x.Add(p.Place, line, e)
}

// slug is a text for a reference: small letters and digits with "-" between.
func slug(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}

var (
	labelled = regexp.MustCompile(`\b(Russian|Belarusian|Belarussian|Ukrainian|Arabic|Persian|Farsi|Burmese|Chinese|Spanish|French)\s*:`)
	tongues  = map[string]string{"Russian": "ru", "Belarusian": "be", "Belarussian": "be", "Ukrainian": "uk", "Arabic": "ar", "Persian": "fa",
		"Farsi": "fa", "Burmese": "my", "Chinese": "zh", "Spanish": "es", "French": "fr"}
)

// maxAliases bounds one record's aliases; the longest real field has some 20.
const maxAliases = 500

// aliases parts the free text of the aliases.
func aliases(raw string, person bool) []record.Name {
	var out []record.Name
	part := func(s, lang string) {
		for _, piece := range strings.Split(s, ";") {
			lines := strings.Split(piece, "\n")
			joined := lines[:1]
			for _, l := range lines[1:] {
				if i := len(joined) - 1; script(l) == script(joined[i]) || strings.TrimSpace(joined[i]) == "" {
					joined[i] += " " + l
				} else {
					joined = append(joined, l)
				}
			}
			for _, s := range joined {
				names := []string{s}
				if person {
					names = strings.Split(strings.ReplaceAll(s, " / ", ","), ",")
				}
				for _, s := range names {
					if s = strings.Trim(strings.Join(strings.Fields(s), " "), " ,"); s == "" || len(out) == maxAliases {
						continue
					}
					q := record.Also
					if person {
						q = record.Unrated
					}
					if foreign(s) {
						q = record.Original
					}
					out = append(out, record.Name{Text: s, Quality: q, Lang: lang})
				}
			}
		}
	}
	from, lang := 0, ""
	for _, m := range labelled.FindAllStringSubmatchIndex(raw, -1) {
		part(raw[from:m[0]], lang)
		from, lang = m[1], tongues[raw[m[2]:m[3]]]
	}
	part(raw[from:], lang)
	return out
}

// foreign reports a name in another script than Latin.
func foreign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > 0x7F && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r)
	})
}

// script is the script of a text's first letter, of those that the list holds.
func script(s string) string {
	for _, r := range s {
		for name, table := range map[string]*unicode.RangeTable{"Latin": unicode.Latin, "Cyrillic": unicode.Cyrillic, "Arabic": unicode.Arabic,
			"Han": unicode.Han, "Myanmar": unicode.Myanmar, "Hebrew": unicode.Hebrew} {
			if unicode.Is(table, r) {
				return name
			}
		}
	}
	return ""
}

var (
	either = regexp.MustCompile(`(?i)\s+or\s+`)
	span   = regexp.MustCompile(`^([0-9]{4})\s*[-–]\s*([0-9]{4})$`)
)

// born reads dates of birth: 1971, 1971-03, 1971-03-04, 1963-1964, Sep-99, and
// several with "or" between them. What is none is kept as it stands.
func (p *page) born(theirs, s string) {
	if s == "" {
		return
	}
	for _, s := range either.Split(s, -1) {
		iso := span.ReplaceAllString(s, "$1/$2")
		if t, err := time.Parse("Jan-06", s); err == nil {
			iso = t.Format("2006-01")
		}
		on, err := date.ParseAbout(iso)
		if err != nil || strings.HasPrefix(iso, "~") {
			p.Complain(theirs, fmt.Sprintf("not a date: %.40q", s))
			p.Entry.Births = append(p.Entry.Births, record.Birth{Note: s})
			continue
		}
		p.Entry.Births = append(p.Entry.Births, record.Birth{On: on})
	}
}
