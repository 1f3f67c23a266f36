package eu

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// marker is the number of an item in a list within a cell: "(a) 1963, (b) 1964".
var marker = regexp.MustCompile(`(?:^|[\s,;])\(?(?:[a-z]|i{1,3}|iv|v)\)\s+`)

// parted gives the items of a cell: numbered, or with one of the separators
// between them. What stands in parentheses is not parted.
func parted(s, separators string) []string {
	s = strings.Trim(s, `" `)
	if at := marker.FindStringIndex(s); at != nil && at[0] == 0 {
		var out []string
		for _, item := range marker.Split(s, -1) {
			for piece := range strings.SplitSeq(item, ";") {
				if piece = strings.Trim(piece, ` ,."`); piece != "" {
					out = append(out, piece)
				}
			}
		}
		return out
	}
	var out []string
	depth, from := 0, 0
	take := func(end int) {
		if item := strings.Trim(s[from:end], ` ,;"`); item != "" {
			out = append(out, item)
		}
		from = end + 1
	}
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(depth-1, 0)
		case depth == 0 && strings.ContainsRune(separators, r):
			take(i)
		}
	}
	take(max(len(s), from))
	return out
}

// listedName reads the name of a row. A person's "DIAW, Malick" is put in reading
// order; Parts keeps what is published.
func (p *page) listedName(s string) {
	n := record.Name{Text: s, Quality: record.Primary}
	if surname, given, ok := strings.Cut(s, ", "); ok && p.Entry.Sort == "person" && !strings.ContainsAny(s, "(;/") &&
		!strings.Contains(given, ",") && len(strings.Fields(surname)) <= 4 && len(strings.Fields(given)) <= 4 {
		n.Text, n.Parts = given+" "+surname, []string{surname, given}
	}
	p.name(n)
}

func (p *page) otherNames(theirs, raw string, q record.Quality) {
	for _, s := range parted(p.Read("names", theirs, raw), ";") {
		grade := q
		if foreign(s) && q != record.Low {
			grade = record.Original
		}
		if !slices.ContainsFunc(p.Entry.Names, func(n record.Name) bool { return n.Text == s }) {
			p.name(record.Name{Text: s, Quality: grade})
		}
	}
}

// days reads the dates of birth of a cell; what is none is kept as it stands.
func (p *page) days(theirs, raw string) {
	for _, item := range parted(p.Read("births", theirs, raw), ";") {
		items := either.Split(item, -1)
		if many := strings.Split(item, ", "); len(items) == 1 && !slices.ContainsFunc(many, func(s string) bool { _, ok := when(s); return !ok }) {
			items = many
		}
		for _, s := range items {
			on, ok := when(s)
			if !ok {
				p.Complain(theirs, fmt.Sprintf("not a date: %.40q", s))
				sheet.Once(&p.Entry.Births, record.Birth{Note: s})
				continue
			}
			sheet.Once(&p.Entry.Births, record.Birth{On: on})
		}
	}
}

var (
	either  = regexp.MustCompile(`\s+or\s+|\s*\(or\s+`)
	circa   = regexp.MustCompile(`(?i)^\(?(?:approximately|approx\.|circa|about|around|ca?\.|probably|possibly)\)?\s+|\s*\(?(?:approximately|circa)\s*\)?$`)
	span    = regexp.MustCompile(`(?i)^(?:between\s+)?([0-9]{4})\s*(?:and|to|-|–|/)\s*([0-9]{4})$`)
	dotted  = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$`)
	inWords = regexp.MustCompile(`^(?:([0-9]{1,2})\s+)?([A-Z][a-z]{2,8})\.?\s*([0-9]{4})$`)
)

// when reads a date as the Journal writes it: 4.2.2022, 23 Feb. 2017, March 1963,
// 1963, Between 1953 and 1958, Approximately 1966.
func when(s string) (date.About, bool) {
	s = strings.Trim(s, ` ."`)
	if strings.HasSuffix(s, ")") && !strings.Contains(s, "(") {
		s = strings.TrimSuffix(s, ")")
	}
	about := false
	if m := circa.FindString(s); m != "" {
		about = true
		s = strings.TrimSpace(circa.ReplaceAllString(s, ""))
	}
	iso := s
	if m := span.FindStringSubmatch(s); m != nil {
		iso = m[1] + "/" + m[2]
	} else if m := dotted.FindStringSubmatch(s); m != nil {
		iso = m[3] + "-" + two(m[2]) + "-" + two(m[1])
	} else if m := inWords.FindStringSubmatch(s); m != nil {
		month := ""
		for _, layout := range []string{"January", "Jan"} {
			if t, err := time.Parse(layout, m[2]); err == nil {
				month = t.Format("01")
			}
		}
		if m[2] == "Sept" {
			month = "09"
		}
		if iso = m[3] + "-" + month; m[1] != "" {
			iso += "-" + two(m[1])
		}
	} else if len(s) != 4 {
		return date.About{}, false
	}
	a, err := date.ParseAbout(iso)
	if err != nil {
		return date.About{}, false
	}
	a.Circa = about
	return a, true
}

var (
	// aNumber is a cell's item that is nothing but an identifier.
	aNumber = regexp.MustCompile(`^[A-ZА-Я]{0,4}[ -]?[0-9][A-ZА-Я0-9./-]*(?: [A-ZА-Я0-9./-]+)*$`)
	// inNumber is an identifier among words: "Yemen number 05274639, issued …".
	inNumber = regexp.MustCompile(`\b(?:[A-Z]{1,4}[ -]?)?[0-9][A-Z0-9.-]{2,}[A-Z0-9]\b|\b[0-9]{4,}\b`)
	taxed    = regexp.MustCompile(`\(INN\)|/INN\b|(?i:\btax id)`)
	bare     = regexp.MustCompile(`^\s*[A-Z]{0,4}-?[0-9][A-Z0-9-]*\s*$`)
)

// numbers reads the identifiers of a cell. Where one stands among words, the words
// are kept as its note.
func numbers(kind, s string) []record.Document {
	var out []record.Document
	for _, item := range parted(s, ";") {
		pieces := []string{item}
		for _, separator := range []string{", ", " / "} {
			if many := strings.Split(item, separator); len(many) > 1 && !slices.ContainsFunc(many, func(s string) bool { return !bare.MatchString(s) }) {
				pieces = many
			}
		}
		for _, piece := range pieces {
			d := record.Document{Type: kind, Number: strings.TrimSpace(piece)}
			if !aNumber.MatchString(d.Number) {
				if n := strings.TrimSpace(inNumber.FindString(d.Number)); n != "" {
					d.Number, d.Note = n, d.Number
				}
				// "7708619320 (Tax ID/INN)" stands among the registration numbers.
				if m := taxed.FindString(d.Note); strings.Contains(m, "INN") || strings.Contains(d.Note, "/INN") {
					d.Type = "INN"
				} else if m != "" {
					d.Type = "Tax Number"
				}
			}
			out = append(out, d)
		}
	}
	return out
}
