package briefing

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"article41/date"
)

// Lang is a language of the interface.
type Lang string

// The languages there are strings in.
const (
	English Lang = "en"
	French  Lang = "fr"
)

// Languages in the order in which they are offered.
var Languages = []Lang{English, French}

// ParseLang is the language of the interface for a tag; English where there is
// none.
func ParseLang(tag string) Lang {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if slices.Contains(Languages, Lang(base)) {
		return Lang(base)
	}
	return English
}

//go:embed strings.csv
var stringsFile string

type stringKey struct {
	key  string
	form plural.Form
	lang Lang
}

// catalogue is strings.csv: a row a string and plural form, a column a language.
var catalogue = sync.OnceValue(func() map[stringKey]string {
	r := csv.NewReader(strings.NewReader(stringsFile))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the file is ours and held by a test
	}
	forms := map[string]plural.Form{"": plural.Other, "one": plural.One, "many": plural.Many, "other": plural.Other}
	out := map[stringKey]string{}
	for _, row := range rows[1:] {
		for i, text := range row[2:] {
			if Lang(rows[0][i+2]) == French {
				text = frenchSpaces.Replace(text)
			}
			out[stringKey{row[0], forms[row[1]], Lang(rows[0][i+2])}] = text
		}
	}
	return out
})

// frenchSpaces keeps the space before a mark, and within quotation marks, from
// breaking a line.
var frenchSpaces = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")

// Say is the string of the key in the language, with its arguments set in.
func (l Lang) Say(key string, args ...any) string { return l.say(key, plural.Other, args) }

// Count is the string of the key in the plural form that n takes in the language;
// n is its first argument.
func (l Lang) Count(key string, n int, args ...any) string {
	form := plural.Cardinal.MatchPlural(language.Make(string(l)), max(n, -n), 0, 0, 0, 0)
	return l.say(key, form, append([]any{n}, args...))
}

func (l Lang) say(key string, form plural.Form, args []any) string {
	c := catalogue()
	for _, k := range []stringKey{{key, form, l}, {key, plural.Other, l}, {key, form, English}, {key, plural.Other, English}} {
		if t, ok := c[k]; ok && t != "" {
			if len(args) == 0 {
				return t
			}
			return fmt.Sprintf(t, args...)
		}
	}
	return key
}

// Day is a day in words: "30 August 2023", "30 août 2023".
func (l Lang) Day(d date.Day) string {
	day := fmt.Sprint(d.Day())
	if l == French && d.Day() == 1 {
		day = "1er"
	}
	return day + " " + l.Say(fmt.Sprintf("month-%d", d.Month())) + " " + fmt.Sprint(d.Year())
}

// Ago is how long before today a day lies, in whole days, months or years.
func (l Lang) Ago(d, today date.Day) string {
	n := today.Sub(d)
	switch months := (today.Year()-d.Year())*12 + int(today.Month()) - int(d.Month()); {
	case n < 0:
		return l.Say("ahead")
	case n == 0:
		return l.Say("today")
	case n < 31:
		return l.Count("days-ago", n)
	default:
		if today.Day() < d.Day() {
			months--
		}
		if months < 24 {
			return l.Count("months-ago", max(1, months))
		}
		return l.Count("years-ago", months/12)
	}
}
