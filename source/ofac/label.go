package ofac

import (
	_ "embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"

	"article41/country"
	"article41/record"
)

// labels.csv holds OFAC's own words for what stands before a value in the
// remarks and in the XML's idType: "number" is an identifier of the entry,
// "word" any other fact. A Chinese Commercial Code is no identifier though it
// is a number: it spells a name, and namesakes share it.
//
//go:embed labels.csv
var labelsCSV string

type label struct {
	words  string // without the *, which stands for one further word
	more   bool
	number bool
}

// labels gives the labels by their first word, the longest first.
var labels = sync.OnceValue(func() map[string][]label {
	rows, err := csv.NewReader(strings.NewReader(labelsCSV)).ReadAll()
	if err != nil {
		panic("ofac: labels.csv: " + err.Error())
	}
	byFirst := map[string][]label{}
	for _, r := range rows[1:] {
		words, more := strings.CutSuffix(r[0], " *")
		first, _, _ := strings.Cut(words, " ")
		byFirst[first] = append(byFirst[first], label{words, more, r[1] == "number"})
	}
	for _, of := range byFirst {
		slices.SortFunc(of, func(a, b label) int { return len(b.words) - len(a.words) })
	}
	return byFirst
})

// labelled parts "Passport 717637093 (Russia)" into its label and the rest.
func labelled(item string) (l label, rest string, ok bool) {
	first, _, _ := strings.Cut(item, " ")
	for _, l := range labels()[first] {
		rest, found := strings.CutPrefix(item, l.words)
		if !found || !strings.HasPrefix(rest, " ") {
			continue
		}
		rest = rest[1:]
		if l.more {
			var word string
			if word, rest, found = strings.Cut(rest, " "); !found {
				continue
			}
			l.words += " " + word
		}
		return l, rest, true
	}
	return label{}, "", false
}

var (
	dayWords = `(?:(?:[0-9]{1,2} )?[A-Z][a-z]{2} )?[0-9]{4}`
	expires  = regexp.MustCompile(`^(.*?) expires (` + dayWords + `)$`)
	issued   = regexp.MustCompile(`^(.*?) issued (` + dayWords + `)$`)
	inEnd    = regexp.MustCompile(`^(.*?)\s*\(([^()]*)\)$`)
	imo      = regexp.MustCompile(`^IMO ([0-9]{7})$`)
)

// document reads what stands behind an identifier's label:
// "AO 2879097 (Italy) issued 1 Nov 2002 expires 30 Oct 2012".
func (x *reading) document(kind, rest string) record.Document {
	d := record.Document{Type: kind, Number: rest}
	if m := expires.FindStringSubmatch(d.Number); m != nil {
		d.Number, d.Note = m[1], "expires "+m[2]
	}
	if m := issued.FindStringSubmatch(d.Number); m != nil {
		d.Number, d.Issued = m[1], m[2]
	}
	// The country stands last, in brackets, and so may a town or a part of the
	// number.
	if m := inEnd.FindStringSubmatch(d.Number); m != nil && m[1] != "" {
		switch {
		case x.isCountry(m[2]):
			d.Number, d.Country = m[1], m[2]
		case !strings.ContainsAny(m[2], "0123456789"):
			d.Number, d.Note = m[1], strings.Trim(m[2]+"; "+d.Note, "; ")
		}
	}
	return numbered(d)
}

// numbered writes a ship's IMO number bare under its own name, so that it can
// be compared; OFAC's label stays beside it.
func numbered(d record.Document) record.Document {
	if m := imo.FindStringSubmatch(d.Number); m != nil && d.Type == "Vessel Registration Identification" {
		d.Type, d.Type2, d.Number = "IMO", d.Type, m[1]
	}
	return d
}

// isCountry remembers its answers: a list names some hundreds of countries and
// places, ten thousand times.
func (x *reading) isCountry(s string) bool {
	is, known := x.countries[s]
	if !known {
		if s != "" && s[0] >= 'A' && s[0] <= 'Z' && len(s) > 3 && len(s) < 60 && !strings.ContainsAny(s, "0123456789") {
			_, err := country.Parse(s)
			is = err == nil
		}
		x.countries[s] = is
	}
	return is
}
