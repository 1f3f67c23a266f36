package country

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"article41/date"
)

//go:embed states.csv
var statesCSV string

//go:embed names.csv
var namesCSV string

// Kind says what a code stands for.
type Kind string

const (
	MemberState Kind = "member"   // a Member State today
	Former      Kind = "former"   // a state or territory that is no more
	Observer    Kind = "observer" // a non-member State with an observer's place
	Other       Kind = "other"    // a place that stands in lists
)

// Span is a run of days, both ends included; a zero end is open.
type Span struct{ From, To date.Day }

// Holds reports whether the day lies in the span.
func (s Span) Holds(on date.Day) bool { return on.Within(s.From, s.To) }

// State is one row of states.csv with its rows of names.csv.
type State struct {
	Code         Code
	Alpha2       string // ISO 3166 alpha-2, "" where none was given
	M49          string // three digits of the UN Statistics Division, "" where none
	Kind         Kind
	Name         string // the short English name the United Nations uses today
	Full         string
	Membership   []Span // days of membership in the United Nations, gaps kept
	Group        string // UN regional group of elections, "" where none
	Predecessors []Code
	Successors   []Code
	Lat, Lon     float64 // degrees, the capital, rough: for a marker on a map
	Source       string
	Sureness     string // verified, unverified, unknown
	Note         string

	Names   []Dated // other short names, by date
	Fulls   []Dated // full names, by date
	Aliases []string
}

// Dated is a name and the days it was in use.
type Dated struct {
	Name string
	Span
	Source, Sureness, Note string
}

type table struct {
	states []State
	byCode map[Code]int
	bySlip map[string]Code // folded name or code → code
}

// The tables are packed in the binary and held by tests, so a fault in them is
// a fault of the program.
var loaded = sync.OnceValue(func() table {
	t, err := read(statesCSV, namesCSV)
	if err == nil {
		err = t.nationalities(nationalitiesCSV)
	}
	if err != nil {
		panic(err)
	}
	return t
})

// read joins the two tables and refuses a name that would mean two codes.
func read(states, names string) (table, error) {
	t := table{byCode: map[Code]int{}, bySlip: map[string]Code{}}
	rows, err := csv.NewReader(strings.NewReader(states)).ReadAll()
	if err != nil {
		return t, fmt.Errorf("states.csv: %w", err)
	}
	for i, r := range rows[1:] {
		s, err := state(r)
		if err != nil {
			return t, fmt.Errorf("states.csv:%d: %w", i+2, err)
		}
		if _, twice := t.byCode[s.Code]; twice {
			return t, fmt.Errorf("states.csv:%d: %s stands twice", i+2, s.Code)
		}
		t.byCode[s.Code] = len(t.states)
		t.states = append(t.states, s)
	}
	rows, err = csv.NewReader(strings.NewReader(names)).ReadAll()
	if err != nil {
		return t, fmt.Errorf("names.csv: %w", err)
	}
	for i, r := range rows[1:] {
		at, known := t.byCode[Code(r[0])]
		if !known {
			return t, fmt.Errorf("names.csv:%d: %s is not in states.csv", i+2, r[0])
		}
		sp, err := span(r[3] + "/" + r[4])
		if err != nil {
			return t, fmt.Errorf("names.csv:%d: %w", i+2, err)
		}
		d := Dated{Name: r[2], Span: sp, Source: r[5], Sureness: r[6], Note: r[7]}
		s := &t.states[at]
		switch r[1] {
		case "name":
			s.Names = append(s.Names, d)
		case "full":
			s.Fulls = append(s.Fulls, d)
		case "alias":
			s.Aliases = append(s.Aliases, d.Name)
		default:
			return t, fmt.Errorf("names.csv:%d: kind %q: want name, full or alias", i+2, r[1])
		}
	}
	for _, s := range t.states {
		for _, n := range s.spellings() {
			k := fold(n)
			if k == "" {
				continue
			}
			if c, taken := t.bySlip[k]; taken && c != s.Code {
				return t, fmt.Errorf("%q means both %s and %s", n, c, s.Code)
			}
			t.bySlip[k] = s.Code
		}
	}
	return t, nil
}

func state(r []string) (State, error) {
	s := State{
		Code: Code(r[0]), Alpha2: r[1], M49: r[2], Kind: Kind(r[3]), Name: r[4], Full: r[5], Group: r[7],
		Predecessors: codes(r[8]), Successors: codes(r[9]), Source: r[12], Sureness: r[13], Note: r[14],
	}
	if len(s.Code) != 3 || strings.ToUpper(r[0]) != r[0] {
		return s, fmt.Errorf("code %q: want three capital letters", r[0])
	}
	switch s.Kind {
	case MemberState, Former, Observer, Other:
	default:
		return s, fmt.Errorf("kind %q: want member, former, observer or other", r[3])
	}
	for _, p := range strings.Split(r[6], ";") {
		if p == "" {
			continue
		}
		sp, err := span(p)
		if err != nil {
			return s, err
		}
		s.Membership = append(s.Membership, sp)
	}
	var err error
	if s.Lat, err = strconv.ParseFloat(r[10], 64); err != nil || s.Lat < -90 || s.Lat > 90 {
		return s, fmt.Errorf("lat %q: want degrees from -90 to 90", r[10])
	}
	if s.Lon, err = strconv.ParseFloat(r[11], 64); err != nil || s.Lon < -180 || s.Lon > 180 {
		return s, fmt.Errorf("lon %q: want degrees from -180 to 180", r[11])
	}
	return s, nil
}

// span reads "from/to", where either day may be missing.
func span(s string) (Span, error) {
	from, to, ok := strings.Cut(s, "/")
	if !ok {
		return Span{}, fmt.Errorf("days %q: want from/to", s)
	}
	var sp Span
	var err error
	if from != "" {
		if sp.From, err = date.ParseDay(from); err != nil {
			return sp, err
		}
	}
	if to != "" {
		if sp.To, err = date.ParseDay(to); err != nil {
			return sp, err
		}
	}
	if from != "" && to != "" && sp.To.Before(sp.From) {
		return sp, fmt.Errorf("days %q: the end is before the beginning", s)
	}
	return sp, nil
}

func codes(s string) []Code {
	var out []Code
	for _, c := range strings.Fields(s) {
		out = append(out, Code(c))
	}
	return out
}

func (s State) spellings() []string {
	out := []string{string(s.Code), s.Alpha2, s.M49, s.Name, s.Full}
	for _, d := range s.Names {
		out = append(out, d.Name)
	}
	for _, d := range s.Fulls {
		out = append(out, d.Name)
	}
	return append(out, s.Aliases...)
}
