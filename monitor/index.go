package monitor

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Index finds incidents by filters and words, with counts beside each filter.
// Nothing in it changes once it is built.
type Index struct {
	rows  []row // newest first
	words []string
	lists [][]int32 // for each word, the rows that hold it, rising
	codes [facets][]string
}

// row is an incident as far as a filter or a list needs it.
type row struct {
	id       record.IncidentID
	title    string
	place    string
	country  country.Code
	when     date.About
	from, to int32 // days as yyyymmdd
	lat, lon float32
	placed   bool
	acts     uint64 // bits of Violations
	hedges   uint8  // bits of the ladder, and of stated
	code     [facets]uint16
	regimes  []uint16
	claims   uint16
	killed   [2]int32 // the lowest and the highest number that a speaker gives for those killed; -1: none
	topless  bool     // a speaker gives a lowest number only: "at least"
	merged   record.IncidentID
	texts    []int32 // words, while it is built
}

// The facets: what is counted beside the list.
const (
	byCountry = iota
	byViolation
	bySource
	byYear
	byHedge
	byRegime
	facets
)

// FacetNames are the facets in the order they are shown; they are the names of
// the filter's parameters.
var FacetNames = [facets]string{"country", "violation", "source", "year", "hedge", "regime"}

// Filter says which incidents are wanted; what is empty does not narrow.
type Filter struct {
	Words     string
	Country   country.Code
	Violation string
	Source    record.SourceID
	Year      string
	Hedge     record.Hedge
	Regime    record.RegimeID
	From, To  date.Day
	Merged    bool // also those that were merged into others
	After     record.IncidentID
	Skip      int
	Limit     int
}

// Brief is an incident in a list. Fewest and Most are what speakers give for those
// killed, each its own speaker's: they are a span of claims, no estimate.
type Brief struct {
	ID         record.IncidentID `json:"id"`
	Title      string            `json:"title"`
	When       date.About        `json:"when"`
	Place      string            `json:"place"`
	Country    country.Code      `json:"country,omitempty"`
	Lat        *float64          `json:"lat"`
	Lon        *float64          `json:"lon"`
	Violations []string          `json:"violations"`
	Claims     int               `json:"claims"`
	Fewest     *int              `json:"fewest_killed_claimed"`
	Most       *int              `json:"most_killed_claimed"`
	Open       bool              `json:"killed_open_top"` // a speaker says "at least", and gives no end
	Source     string            `json:"source"`
	Merged     record.IncidentID `json:"merged_into,omitempty"`
}

// Count is how many incidents a filter would leave.
type Count struct {
	Code string `json:"code"`
	N    int    `json:"n"`
}

// Cell is a square of the map with what lies in it.
type Cell struct {
	Lat float64           `json:"lat"`
	Lon float64           `json:"lon"`
	N   int               `json:"n"`
	One record.IncidentID `json:"id,omitempty"` // if it is one
}

// Found is what a filter leaves: the page asked for, and the counts of all of it.
type Found struct {
	Total  int                `json:"total"`
	All    int                `json:"of"`
	Rows   []Brief            `json:"incidents"`
	Facets map[string][]Count `json:"facets"`
	Cells  []Cell             `json:"cells"`
	Next   record.IncidentID  `json:"next,omitempty"` // the last one shown, if more follow
}

// wordlist numbers words and codes while rows are made.
type wordlist struct {
	words map[string]int32
	codes [facets]map[string]uint16
	acts  map[string]int
}

func newWordlist() *wordlist {
	w := &wordlist{words: map[string]int32{}, acts: map[string]int{}}
	for i := range w.codes {
		w.codes[i] = map[string]uint16{}
	}
	for i, v := range Violations() {
		w.acts[v.Code] = i
	}
	return w
}

func (w *wordlist) number(facet int, code string) uint16 {
	n, ok := w.codes[facet][code]
	if !ok {
		n = uint16(len(w.codes[facet]))
		w.codes[facet][code] = n
	}
	return n
}

func (w *wordlist) row(in record.Incident, source record.SourceID) row {
	r := row{id: in.ID, title: in.Title, place: in.Place.Name, country: in.Place.Country, when: in.When, from: dayNumber(in.When.From), to: dayNumber(in.When.To),
		claims: uint16(min(len(in.Claims), 1<<16-1)), killed: [2]int32{-1, -1}, merged: in.Merged}
	if in.Place.Lat != nil && in.Place.Lon != nil {
		r.lat, r.lon, r.placed = float32(*in.Place.Lat), float32(*in.Place.Lon), true
	}
	for _, a := range in.Acts {
		if i, ok := w.acts[a]; ok {
			r.acts |= 1 << i
		}
	}
	r.code[byCountry] = w.number(byCountry, string(in.Place.Country))
	r.code[bySource] = w.number(bySource, string(source))
	r.code[byYear] = w.number(byYear, in.When.String()[:min(4, len(in.When.String()))])
	var parts []string
	for _, t := range in.Claims {
		if k := Rank(t.Hedge); k >= 0 {
			r.hedges |= 1 << k
		}
		parts = append(parts, t.Speaker, t.Says, t.Wording)
		if t.Counts == "killed" {
			for _, n := range []*int{t.Low, t.Best, t.High} {
				if n == nil {
					continue
				}
				if v := int32(min(*n, 1<<30)); r.killed[0] < 0 || v < r.killed[0] {
					r.killed[0] = v
				}
				r.killed[1] = max(r.killed[1], int32(min(*n, 1<<30)))
			}
			r.topless = r.topless || t.Low != nil && t.Best == nil && t.High == nil
		}
	}
	for _, l := range in.Links {
		if l.Kind == "regime" {
			r.regimes = append(r.regimes, w.number(byRegime, l.To))
		}
	}
	parts = append(parts, string(in.ID), in.Title, in.Place.Name, in.Place.Within)
	for _, a := range in.Actors {
		parts = append(parts, a.Name)
	}
	seen := map[int32]bool{}
	for _, p := range parts {
		for _, t := range terms(p) {
			n, ok := w.words[t]
			if !ok {
				n = int32(len(w.words))
				w.words[t] = n
			}
			if !seen[n] {
				seen[n] = true
				r.texts = append(r.texts, n)
			}
		}
	}
	return r
}

// terms are the words of a text as they are searched: small letters, no marks.
func terms(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

func dayNumber(d date.Day) int32 {
	if d.IsZero() {
		return 0
	}
	t := d.String()
	n := int32(0)
	for _, c := range t {
		if c != '-' {
			n = n*10 + int32(c-'0')
		}
	}
	return n
}

// finish sorts the rows and turns words into the lists of rows that hold them.
func (w *wordlist) finish(rows []row) *Index {
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.from, a.from), strings.Compare(string(a.id), string(b.id)))
	})
	ix := &Index{rows: rows}
	lists := make([][]int32, len(w.words))
	for i := range rows {
		for _, t := range rows[i].texts {
			lists[t] = append(lists[t], int32(i))
		}
		rows[i].texts = nil
	}
	for t := range w.words {
		ix.words = append(ix.words, t)
	}
	slices.Sort(ix.words)
	ix.lists = make([][]int32, len(ix.words))
	for i, t := range ix.words {
		ix.lists[i] = lists[w.words[t]]
	}
	for f := range w.codes {
		ix.codes[f] = make([]string, len(w.codes[f]))
		for c, n := range w.codes[f] {
			ix.codes[f][n] = c
		}
	}
	for _, v := range Violations() {
		ix.codes[byViolation] = append(ix.codes[byViolation], v.Code)
	}
	for _, h := range append(slices.Clone(ladder), record.Stated) {
		ix.codes[byHedge] = append(ix.codes[byHedge], string(h))
	}
	return ix
}

// holding are the rows that hold every word of the text, each as a word's
// beginning; nil: all.
func (ix *Index) holding(text string) []bool {
	var out []bool
	for _, t := range terms(text) {
		now := make([]bool, len(ix.rows))
		for i := sort.SearchStrings(ix.words, t); i < len(ix.words) && strings.HasPrefix(ix.words[i], t); i++ {
			for _, r := range ix.lists[i] {
				now[r] = out == nil || out[r]
			}
		}
		out = now
	}
	return out
}
