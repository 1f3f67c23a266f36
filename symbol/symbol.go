// Package symbol answers what a United Nations document symbol says.
//
// A [Symbol] is a document, a [Paragraph] a place in it. The canonical form is
// the United Nations' own: "S/RES/2374 (2017)" for a resolution of the Council,
// "S/2023/638" for a draft, "A/RES/ES-11/6" for the Assembly. The package knows
// no titles and no texts, and it invents no year: a resolution whose year is not
// in years.csv stands without one.
//
//	s, _ := symbol.Parse("s/res/2374")
//	s.String() // "S/RES/2374 (2017)"
package symbol

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Symbol identifies one document. Its value is the symbol without the year in
// brackets, so that two spellings of one resolution are one map key.
type Symbol string

// A symbol is letters, digits and a few marks in at least two parts.
var shape = regexp.MustCompile(`^(S|A|SC|GA|ST|E|SG)(/[0-9A-Z][0-9A-Za-z.\-+]*)+( \([A-Z][A-Za-z0-9 ,.'-]*\))?$`)

var resolution = regexp.MustCompile(`^(?:S/RES/)?(\d{1,5})(?: ?\((\d{4})\))?$`)

// Parse reads a symbol in any usual spelling: any case, with or without the year
// of a resolution. A bare number is not a symbol. A year that is not the
// resolution's own is an error, because one of the two is a slip.
func Parse(s string) (Symbol, error) {
	t := strings.Join(strings.Fields(s), " ")
	up := strings.ToUpper(t)
	if strings.HasPrefix(up, "S/RES/") {
		m := resolution.FindStringSubmatch(up)
		if m == nil {
			return "", fmt.Errorf("symbol %q: want S/RES/<number> (<year>), such as S/RES/2374 (2017)", s)
		}
		n, _ := strconv.Atoi(m[1])
		if n == 0 {
			return "", fmt.Errorf("symbol %q: resolutions are numbered from 1", s)
		}
		if y := Year(n); m[2] != "" && y != 0 && m[2] != strconv.Itoa(y) {
			return "", fmt.Errorf("symbol %q: resolution %d is of %d, not %s", s, n, y, m[2])
		}
		return Symbol("S/RES/" + strconv.Itoa(n)), nil
	}
	for _, fixed := range []string{"REV", "ADD", "CORR"} {
		if i := strings.LastIndex(up, "/"+fixed+"."); i >= 0 {
			up = up[:i+1] + fixed[:1] + strings.ToLower(fixed[1:]) + up[i+1+len(fixed):]
		}
	}
	// What stands in brackets behind a meeting record, such as "(Resumption 1)" or
	// "(Draft 2)" for a text that never had a symbol, is in sentence case.
	if i := strings.Index(up, " ("); i >= 0 && i+3 < len(up) {
		words := strings.ToLower(up[i+2:])
		up = up[:i+2] + strings.ToUpper(words[:1]) + words[1:]
	}
	if !shape.MatchString(up) {
		return "", fmt.Errorf("symbol %q: want a UN document symbol, such as S/RES/2374 (2017) or S/2023/638", s)
	}
	return Symbol(up), nil
}

// Resolution is the symbol of the Council's resolution of that number.
func Resolution(n int) Symbol { return Symbol("S/RES/" + strconv.Itoa(n)) }

// Must is Parse for constants in tests and tables.
func Must(s string) Symbol {
	v, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

// Number is the number of a Council resolution.
func (s Symbol) Number() (n int, ok bool) {
	rest, ok := strings.CutPrefix(string(s), "S/RES/")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(rest)
	return n, err == nil
}

// String is the canonical form, with the year of a resolution where it is known.
func (s Symbol) String() string {
	if n, ok := s.Number(); ok {
		if y := Year(n); y != 0 {
			return fmt.Sprintf("%s (%d)", string(s), y)
		}
	}
	return string(s)
}

// Path is the symbol as the tail of an address: "S/RES/2374".
func (s Symbol) Path() string { return strings.ReplaceAll(string(s), " ", "_") }

// published are the shapes of symbols under which the United Nations publishes a
// document. A handle that the record had to make for a text without a symbol,
// such as "S/PV.10001/DRAFT", has none of them.
var published = regexp.MustCompile(`^((S|A)/RES/[0-9A-Z/-]*[0-9]+|(S|A)/(19|20)\d\d/\d+|S/\d+|S/PRST/\d{4}/\d+|[SA]/PV\.\d+|[SA]/[A-Z0-9]+/\d+(/\d+)?)(/(Rev|Add|Corr)\.\d+)*( \(.*\))?$`)

// Link is the address of the document at the United Nations, or "" where the
// symbol is none of its own or it has none there.
func (s Symbol) Link() string {
	if !published.MatchString(string(s)) || strings.Contains(string(s), "/DRAFT") || strings.Contains(string(s), " (Draft") {
		return ""
	}
	return "https://undocs.org/" + (&url.URL{Path: s.String()}).EscapedPath()
}

// IsZero reports whether there is no symbol.
func (s Symbol) IsZero() bool { return s == "" }

func (s Symbol) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s *Symbol) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = ""
		return nil
	}
	v, err := Parse(string(b))
	*s = v
	return err
}

// Paragraph is a place in a document: operative 7 is "7", preambular 3 is "pp3",
// a sub-paragraph "8(a)", a range "1-3".
type Paragraph struct {
	Doc  Symbol `json:"symbol"`
	Para string `json:"paragraph,omitempty"`
}

// String is how a lawyer writes it.
func (p Paragraph) String() string {
	if p.Para == "" {
		return p.Doc.String()
	}
	if strings.ContainsAny(p.Para, "-,") {
		return p.Doc.String() + " paras " + p.Para
	}
	return p.Doc.String() + " para " + p.Para
}

// Anchor is the place as a fragment: "#op7" or "#pp3".
func (p Paragraph) Anchor() string {
	if p.Para == "" {
		return ""
	}
	if strings.HasPrefix(p.Para, "pp") || strings.HasPrefix(p.Para, "annex") {
		return "#" + strings.ReplaceAll(p.Para, " ", "-")
	}
	return "#op" + p.Para
}

//go:embed years.csv
var yearsCSV string

type span struct{ year, first, last int }

// spans is the table of which numbers fell in which year. A number after its last
// row is of a year that our sources do not tell.
var spans = sync.OnceValue(func() []span {
	rows, err := csv.NewReader(strings.NewReader(yearsCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	out := make([]span, 0, len(rows))
	for _, r := range rows[1:] {
		var s span
		for i, p := range []*int{&s.year, &s.first, &s.last} {
			if *p, err = strconv.Atoi(r[i]); err != nil {
				panic(fmt.Errorf("years.csv: %q: %w", r, err))
			}
		}
		out = append(out, s)
	}
	return out
})

// Year is the year in which the resolution of that number was adopted, 0 where
// the table does not say.
func Year(number int) int {
	for _, s := range spans() {
		if number >= s.first && number <= s.last {
			return s.year
		}
	}
	return 0
}
