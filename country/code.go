package country

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"article41/date"
)

// Code is an ISO 3166 alpha-3 code in capitals. The zero Code is no state.
type Code string

// Parse reads an alpha-2, alpha-3 or M49 code, any name of names.csv and
// states.csv or a word of nationalities.csv ("Malian", "Malian national"),
// whatever its case, accents and punctuation. The error of an
// unknown name says what is near.
func Parse(s string) (Code, error) {
	k := fold(s)
	for _, k := range []string{k, national(k)} {
		if c, ok := loaded().bySlip[k]; ok && k != "" {
			return c, nil
		}
	}
	return "", unknown{s, k}
}

// Of returns the row of a code.
func Of(c Code) (State, bool) {
	t := loaded()
	i, ok := t.byCode[c]
	if !ok {
		return State{}, false
	}
	return t.states[i], true
}

// All returns every row, in the order of the table: members by name first.
func All() []State { return slices.Clone(loaded().states) }

// Name is the short name in use on that day; the zero day means today's. An
// unknown code is its own name.
func (c Code) Name(on date.Day) string {
	s, ok := Of(c)
	if !ok {
		return string(c)
	}
	if n, ok := at(s.Names, on); ok {
		return n
	}
	return s.Name
}

// FullName is the full name in use on that day; where the tables hold none for
// an earlier day it is the short name of that day. For the China seat it names
// the government that held it.
func (c Code) FullName(on date.Day) string {
	s, ok := Of(c)
	if !ok {
		return string(c)
	}
	if n, ok := at(s.Fulls, on); ok {
		return n
	}
	if n, ok := at(s.Names, on); ok {
		return n
	}
	return s.Full
}

func at(names []Dated, on date.Day) (string, bool) {
	if on.IsZero() {
		return "", false
	}
	for _, d := range names {
		if (d.From.IsZero() && d.To.IsZero()) || !d.Holds(on) {
			continue // without days it is only another spelling
		}
		return d.Name, true
	}
	return "", false
}

// Alpha2 is the two-letter code, or "".
func (c Code) Alpha2() string {
	s, _ := Of(c)
	return s.Alpha2
}

// Group is the United Nations regional group the state is counted in for
// elections today, or "". On an earlier day the groups were cut otherwise; the
// table keeps only today's.
func (c Code) Group() string {
	s, _ := Of(c)
	return s.Group
}

func (c Code) String() string { return string(c) }

// Member reports whether the state was a Member of the United Nations that day.
func Member(c Code, on date.Day) bool {
	s, _ := Of(c)
	return slices.ContainsFunc(s.Membership, func(sp Span) bool { return sp.Holds(on) })
}

// fold makes spellings of one name equal: no case, accents or punctuation, "&"
// is "and", and no article, as lists write "Gambia", "The Gambia" and "Gambia
// (the)".
func fold(s string) string {
	s = strings.ReplaceAll(s, "&", " and ")
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.':
		case r == 'ı':
			b.WriteRune('i')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	words = slices.DeleteFunc(words, func(w string) bool { return w == "the" })
	return strings.Join(words, " ")
}

// near returns up to three names a slip or two away, best first.
func near(k string) []string {
	if len([]rune(k)) < 3 {
		return nil
	}
	type hit struct {
		name string
		off  int
	}
	var hits []hit
	for _, s := range loaded().states {
		best := 99
		for _, n := range s.spellings() {
			f := fold(n)
			if len(f) <= 3 {
				continue
			}
			off := distance(k, f)
			if len(k) > 3 && (strings.HasPrefix(f, k) || strings.HasPrefix(k, f)) {
				off = min(off, 1)
			}
			best = min(best, off)
		}
		if best <= 1+len(k)/5 {
			hits = append(hits, hit{s.Name + " (" + string(s.Code) + ")", best})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.off - b.off })
	var out []string
	for _, h := range hits[:min(3, len(hits))] {
		out = append(out, h.name)
	}
	return out
}

// distance is Levenshtein's, over runes.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			next := diagonal
			if x[i] != y[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}
