package un

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// TYPE_OF_DATE says EXACT also of a mere year; the precision is in which
// element holds the date. A day of 1 January stays a day because the list says
// a day, though many of them stand for a year.

func (p *page) birthDate(f rawField) {
	var kind, full, year, from, to, note string
	p.parts("births", f, map[string]*string{"TYPE_OF_DATE": &kind, "DATE": &full, "YEAR": &year,
		"FROM_YEAR": &from, "TO_YEAR": &to, "NOTE": &note})
	b := record.Birth{Type: kind, Note: note}
	switch {
	case full != "":
		b.On = p.about(f, full)
	case year != "":
		b.On = p.about(f, year)
	case from != "" && to != "":
		b.On = p.about(f, from+"/"+to)
	case from != "" || to != "":
		b.On = p.about(f, from+to)
	case note != "":
		b.On = monthYear(note)
	default:
		return // a placeholder
	}
	if !b.On.From.IsZero() && (strings.EqualFold(kind, "APPROXIMATELY") || strings.EqualFold(note, "Approximately")) {
		b.On.Circa = true
	}
	if b.On.IsZero() && note == "" {
		return
	}
	p.entry.Births = append(p.entry.Births, b)
}

func (p *page) birthPlace(f rawField) {
	var b record.Birth
	var street string
	p.parts("births", f, map[string]*string{"CITY": &b.City, "STATE_PROVINCE": &b.State, "COUNTRY": &b.Country,
		"NOTE": &b.Note, "STREET": &street})
	if street != "" {
		p.entry.Extra = append(p.entry.Extra, record.Extra{Name: f.name + "/STREET", Value: street})
	}
	if b != (record.Birth{}) {
		p.entry.Births = append(p.entry.Births, b)
	}
}

var yearSpan = regexp.MustCompile(`^([0-9]{4})\s*[-/–]\s*([0-9]{4})$`)

// about reads a date as precise as it is given. A zone suffix never moves it.
func (p *page) about(f rawField, s string) date.About {
	if m := yearSpan.FindStringSubmatch(s); m != nil {
		s = m[1] + "/" + m[2]
	} else if d, ok := sheet.Day(s); ok {
		return date.Exactly(d)
	}
	a, err := date.ParseAbout(s)
	if err != nil || len(s) != 4 && !strings.Contains(s, "/") && len(s) != 7 {
		p.complain(f, fmt.Sprintf("not a date: %.30q", s))
		p.drop("births", f, "not a date")
		return date.About{}
	}
	return a
}

var inMonth = regexp.MustCompile(`^([A-Z][a-z]{2,8})\.? ([0-9]{4})$`)

// monthYear reads "April 1963" where the list gives a date in words.
func monthYear(s string) date.About {
	if m := inMonth.FindStringSubmatch(s); m != nil {
		for _, layout := range []string{"January 2006", "Jan 2006"} {
			if t, err := time.Parse(layout, m[1]+" "+m[2]); err == nil {
				if a, err := date.ParseAbout(t.Format("2006-01")); err == nil {
					return a
				}
			}
		}
	}
	return date.About{}
}
