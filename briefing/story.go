package briefing

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Verdict is how a claim of a story stands to the record.
type Verdict string

// The verdicts. A claim is never called false: it agrees with the record, differs
// from it, or is not in it.
const (
	Agrees  Verdict = "agrees"
	Differs Verdict = "differs"
	Unheld  Verdict = "not in the record"
)

// Laid is one claim of a story laid beside the record.
type Laid struct {
	Kind    string        `json:"kind"` // symbol, date, tally, ballot, target, count, cause, superlative, hedge, name
	Words   string        `json:"words"`
	From    int           `json:"from"` // bytes of the story, To excluded
	To      int           `json:"to"`
	Verdict Verdict       `json:"verdict"`
	Says    string        `json:"says"`              // what the record says
	Speaker string        `json:"speaker,omitempty"` // of a hedge
	About   string        `json:"about,omitempty"`   // the document or regime
	Cites   []record.Cite `json:"cites"`
}

// Checked is a story laid beside the record.
type Checked struct {
	Sentence string          `json:"sentence"` // the answer in short
	AsOf     date.Day        `json:"as_of"`
	KnownAt  date.Day        `json:"known_at"`
	Votes    []symbol.Symbol `json:"votes"`   // the story was taken to be about these
	Regimes  []string        `json:"regimes"` // and these
	Laid     []Laid          `json:"claims"`  // in order of the text
	// Unread are the sentences in which no rule found anything to check: what they
	// say was neither confirmed nor refuted.
	Unread []string `json:"unread"`
}

const maxStory = 200 << 10

// span is a stretch of a story.
type span struct {
	from, to int
	text     string
}

var sentenceEnd = regexp.MustCompile(`[.!?]["”’)]*\s+|\n\s*\n`)

// noEnd are words after which a full stop ends no sentence.
var noEnd = []string{"Mr.", "Mrs.", "Ms.", "Dr.", "U.S.", "U.N.", "U.K.", "Gen.", "St.", "No.", "Jan.", "Feb.", "Mar.", "Apr.", "Aug.", "Sept.", "Sep.", "Oct.", "Nov.", "Dec."}

// sentences cuts a text into sentences.
func sentences(text string) []span {
	var out []span
	start := 0
	add := func(end int) {
		s := text[start:end]
		lead := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
		t := strings.TrimSpace(s)
		if t != "" {
			out = append(out, span{start + lead, start + lead + len(t), t})
		}
		start = end
	}
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		before := text[start:m[1]]
		words := strings.Fields(before)
		if len(words) > 0 && slices.Contains(noEnd, words[len(words)-1]) {
			continue
		}
		add(m[1])
	}
	add(len(text))
	return out
}

var symbolText = regexp.MustCompile(`\b[SA]/(?:RES/|PV\.|PRST/|AC\.)?[A-Z0-9][A-Z0-9./-]*[0-9](?: \(\d{4}\))?|\b[Rr][ée]solution (\d{3,4})(?: \((\d{4})\))?|\bES-\d{1,2}/\d{1,2}\b`)

// symbolsIn are the documents that a text names.
func symbolsIn(text string) []struct {
	span
	symbol symbol.Symbol
} {
	var out []struct {
		span
		symbol symbol.Symbol
	}
	for _, m := range symbolText.FindAllStringSubmatchIndex(text, -1) {
		t := text[m[0]:m[1]]
		read := t
		if strings.HasPrefix(t, "ES-") { // an emergency special session's, as the Assembly's alone are written
			read = "A/RES/" + t
		}
		if m[2] >= 0 {
			read = "S/RES/" + text[m[2]:m[3]]
			if m[4] >= 0 {
				read += " (" + text[m[4]:m[5]] + ")"
			}
		}
		s, err := symbol.Parse(read)
		if err != nil {
			continue
		}
		out = append(out, struct {
			span
			symbol symbol.Symbol
		}{span{m[0], m[1], t}, s})
	}
	return out
}

const monthWords = `(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)`

var dayText = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er)? (?:of )?(` + monthWords + `),? ?(\d{4})?|\b(January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.) (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4}))?|\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b`)

// monthOf is the number of a month by its name in English or French, short or whole.
func monthOf(name string) int {
	low := strings.ToLower(name)
	for i, starts := range monthStarts {
		for _, s := range starts {
			if strings.HasPrefix(low, s) {
				return i + 1
			}
		}
	}
	return 0
}

var monthStarts = [12][]string{{"jan"}, {"feb", "fév"}, {"mar"}, {"apr", "avr"}, {"may", "mai"}, {"jun", "juin"}, {"jul", "juil"}, {"aug", "aoû"}, {"sep"}, {"oct"}, {"nov"}, {"dec", "déc"}}

// dayIn is a day as a story writes it; without a year it is no day yet.
type dayIn struct {
	span
	month, day, year int
	either           bool // which of two numbers is the day is not told
}

func daysIn(text string) []dayIn {
	var out []dayIn
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	for _, m := range dayText.FindAllStringSubmatchIndex(text, -1) {
		g := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		d := dayIn{span: span{m[0], m[1], strings.TrimSpace(text[m[0]:m[1]])}}
		d.to = d.from + len(d.text)
		name := g(2)
		switch {
		case g(12) != "":
			d.day, d.month, d.year = num(g(10)), num(g(11)), num(g(12))
			if d.month > 12 {
				d.day, d.month = d.month, d.day
			}
			d.either = d.day <= 12
		case g(7) != "":
			d.year, d.month, d.day = num(g(7)), num(g(8)), num(g(9))
		case name != "":
			d.day, d.year = num(g(1)), num(g(3))
		default:
			name, d.day, d.year = g(4), num(g(5)), num(g(6))
		}
		if name != "" {
			d.month = monthOf(name)
		}
		if d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 {
			out = append(out, d)
		}
	}
	return out
}

// in is the day in the year, where it names none.
func (d dayIn) in(year int) (date.Day, bool) {
	if d.year != 0 {
		year = d.year
	}
	x, err := date.ParseDay(fmt.Sprintf("%04d-%02d-%02d", year, d.month, d.day))
	return x, err == nil
}

//go:embed places.csv
var placesFile string

// place is a word that names a state.
type place struct {
	word string
	code country.Code
}

// places are the words that name a state, by their first three bytes, longest first.
var places = sync.OnceValue(func() map[string][]place {
	out := map[string][]place{}
	add := func(w string, c country.Code) {
		if len(w) > 3 || w == "UAE" || w == "RDC" {
			out[w[:3]] = append(out[w[:3]], place{w, c})
		}
	}
	for _, s := range country.All() {
		if s.Kind == country.Former {
			continue
		}
		add(s.Name, s.Code)
		for _, a := range s.Aliases {
			if strings.ToUpper(a) != a {
				add(a, s.Code)
			}
		}
	}
	for w, c := range country.Nationalities() {
		add(w, c)
		add(w+"s", c)
	}
	r := csv.NewReader(strings.NewReader(placesFile))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the table is ours and held by a test
	}
	for _, row := range rows[1:] {
		add(row[0], country.Code(row[1]))
		if plain := strings.ReplaceAll(row[0], "’", "'"); plain != row[0] {
			add(plain, country.Code(row[1]))
		}
	}
	for _, same := range out {
		slices.SortFunc(same, func(a, b place) int {
			return cmp.Or(len(b.word)-len(a.word), strings.Compare(a.word, b.word), strings.Compare(string(a.code), string(b.code)))
		})
	}
	return out
})

type placeIn struct {
	span
	code country.Code
}

// statesIn are the states that a text names, in order, each place once.
func statesIn(text string) []placeIn {
	var out []placeIn
	all := places()
	for i := 0; i+3 <= len(text); i++ {
		if letterAt(text, i-1) || !letterAt(text, i) && text[i] < 0x80 {
			continue
		}
		for _, p := range all[text[i:i+3]] {
			if end := i + len(p.word); strings.HasPrefix(text[i:], p.word) && !letterAt(text, end) {
				out = append(out, placeIn{span{i, end, p.word}, p.code})
				i = end - 1
				break
			}
		}
	}
	return out
}

func letterAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9')
}

var numerals = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}

var frenchNumerals = []string{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze"}

// numeral reads "13" or "thirteen".
func numeral(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	low := strings.ToLower(s)
	switch low {
	case "a single", "a lone", "a sole", "une":
		return 1, true
	case "no", "none", "aucun", "aucune":
		return 0, true
	}
	for _, words := range [][]string{numerals, frenchNumerals} {
		if i := slices.Index(words, low); i >= 0 {
			return i, true
		}
	}
	return 0, false
}

const aNumber = `(\d{1,3}|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|a single|a lone|a sole|no|none|zéro|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|aucune?)`
