package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"article41"
	"article41/account"
	"article41/align"
	"article41/country"
	"article41/date"
	"article41/record"
)

// alignQuestions is what the pages on alignment and power ask.
type alignQuestions interface {
	Align(ctx context.Context, at record.At, q article41.AlignQuery) (article41.Agreement, error)
	Neighbours(ctx context.Context, at record.At, of country.Code, q article41.AlignQuery) (article41.Neighbours, error)
	Shift(ctx context.Context, at record.At, first, second country.Code, ballots []record.Assembly) (article41.Shift, error)
	AlignMap(ctx context.Context, at record.At, q article41.MapQuery) (article41.AlignMap, error)
	Drift(ctx context.Context, at record.At, q article41.DriftQuery) (article41.AlignDrift, error)
	IdealPoints(ctx context.Context, at record.At, states []country.Code, from, to int) (article41.IdealSeries, error)
	Blocs(ctx context.Context, at record.At, q article41.MapQuery, want int) (article41.AlignBlocs, error)
	Expectations(ctx context.Context, at record.At, q article41.MapQuery, show int) (article41.Expectations, error)
	InMinority(ctx context.Context, at record.At, member country.Code) (*article41.Minority, error)
	PowerRecord(ctx context.Context, at record.At, from, to date.Day) (article41.PowerRecord, error)
}

// alignPages are the pages of the section, for the row of links on each.
var alignPages = []entry{{"/alignment", "Agreement"}, {"/alignment/mali", "Mali and Russia"}, {"/alignment/ideals", "Ideal points"}, {"/alignment/map", "Map"},
	{"/alignment/drift", "Drift"}, {"/alignment/blocs", "Blocs"}, {"/alignment/expected", "Expected and not"}, {"/power", "Power"}, {"/power/record", "Pivotal"}}

// given are the pairs of the address that were given, for links and files.
func (a *ask) given(keys ...string) []string {
	var out []string
	for _, k := range keys {
		if v := a.form.Get(k); v != "" {
			out = append(out, k, v)
		}
	}
	return out
}

var windowKeys = []string{"body", "from", "to", "topic", "votes", "consensus", "year"}

type alignView struct {
	A, B  string
	One   *article41.Agreement
	All   *article41.Neighbours
	Chart whiskers
	Rows  [][]string
}

func (s *site) alignment(a *ask) (page, error) {
	v := alignView{A: a.form.Get("a"), B: a.form.Get("b")}
	if v.A == "" && v.B == "" {
		v.A, v.B = "FRA", "RUS"
	}
	get := func(k string) string {
		switch k {
		case "a":
			return v.A
		case "b":
			return v.B
		}
		return a.form.Get(k)
	}
	q, err := article41.AlignQueryOf(get)
	if err != nil {
		return page{}, err
	}
	p := page{Nav: "/alignment", TwinPairs: append([]string{"a", v.A, "b", v.B}, a.given(windowKeys[:6]...)...)}
	if v.B == "" {
		g, err := s.q.Neighbours(a.Context(), a.At, q.A.States[0], q)
		if err != nil {
			return page{}, err
		}
		v.All, v.Rows, p.Title = &g, article41.NeighbourRows(g), "Who votes with "+g.Of.Name
	} else {
		g, err := s.q.Align(a.Context(), a.At, q)
		if err != nil {
			return page{}, err
		}
		v.One, v.Rows, p.Title = &g, article41.AgreementRows(g), capital(g.A.Words)+" and "+g.B.Words
		v.Chart = agreementChart(g)
	}
	p.Body = alignPage(a, v)
	return p, nil
}

func agreementChart(g article41.Agreement) whiskers {
	var i align.Intervals
	if g.Intervals != nil {
		i = *g.Intervals
	}
	return drawWhiskers("agreement", "Five indices of agreement", fmt.Sprintf("%s, 95 of 100 percentile bootstrap, %d resamples, seed %d", count(g.N, "vote", "votes"), i.Resamples, i.Seed), -1, 1, 2, []value{
		{Label: "raw share", X: g.Raw, In: i.Raw}, {Label: "Lijphart", X: g.Lijphart, In: i.Lijphart, Strong: true}, {Label: "S", X: g.S, In: i.S},
		{Label: "kappa", X: g.Kappa, In: i.Kappa}, {Label: "pi", X: g.Pi, In: i.Pi}})
}

type maliView struct {
	article41.Shift
	Chart lineChart
	Rows  [][]string
}

func (s *site) alignMali(a *ask) (page, error) {
	first, err := article41.StatesOf(a.form.Get, "first", "MLI")
	if err != nil {
		return page{}, err
	}
	second, err := article41.StatesOf(a.form.Get, "second", "RUS")
	if err != nil {
		return page{}, err
	}
	x, err := s.q.Shift(a.Context(), a.At, first[0], second[0], nil)
	if err != nil {
		return page{}, err
	}
	lines := []country.Code{first[0], second[0]}
	for _, c := range []country.Code{"FRA", "USA"} {
		if !slices.Contains(lines, c) {
			lines = append(lines, c)
		}
	}
	v := maliView{Shift: x, Rows: article41.ShiftRows(x)}
	series, err := s.q.IdealPoints(a.Context(), a.At, lines, 1960, 0)
	switch {
	case err == nil:
		v.Chart = drawIdeals(series)
	case !errors.Is(err, record.ErrNotFound): // before the release was published there is no chart, and the page says so
		return page{}, err
	}
	return page{Title: x.First.Name + " and " + x.Second.Name + " at the United Nations", Body: maliPage(a, v), Nav: "/alignment", TwinPairs: a.given("first", "second")}, nil
}

type idealsView struct {
	article41.IdealSeries
	Chart  lineChart
	Rows   [][]string
	States string
}

func (s *site) alignIdeals(a *ask) (page, error) {
	states, err := article41.StatesOf(a.form.Get, "states", "MLI", "RUS", "FRA", "USA")
	if err != nil {
		return page{}, err
	}
	from, err := article41.WholeOf(a.form.Get, "from", 1960, 1946, 2100)
	if err != nil {
		return page{}, err
	}
	to, err := article41.WholeOf(a.form.Get, "to", 0, 1946, 2100)
	if err != nil {
		return page{}, err
	}
	x, err := s.q.IdealPoints(a.Context(), a.At, states, from, to)
	if err != nil {
		return page{}, err
	}
	v := idealsView{IdealSeries: x, Chart: drawIdeals(x), Rows: article41.IdealRows(x)}
	for _, l := range x.Lines {
		v.States += "," + string(l.Code)
	}
	v.States = strings.TrimPrefix(v.States, ",")
	return page{Title: "Ideal points", Body: idealsPage(a, v), Nav: "/alignment", TwinPairs: a.given("states", "from", "to")}, nil
}

type mapView struct {
	article41.AlignMap
	Chart scatter
	Rows  [][]string
	Year  int
}

// yearOf fills in the year that a page of one year shows unasked: the last whole
// one of the record before the day asked about.
func yearOf(a *ask) func(string) string {
	return func(k string) string {
		v := a.form.Get(k)
		if k == "year" && v == "" && a.form.Get("from") == "" && a.form.Get("to") == "" {
			return strconv.Itoa(min(a.At.AsOf.Year()-1, lastWholeYear))
		}
		return v
	}
}

// lastWholeYear is the last whose roll calls the shipped record holds in number;
// later ones are named by hand.
const lastWholeYear = 2024

func (s *site) alignMap(a *ask) (page, error) {
	q, err := article41.MapQueryOf(yearOf(a))
	if err != nil {
		return page{}, err
	}
	m, err := s.q.AlignMap(a.Context(), a.At, q)
	if err != nil {
		return page{}, err
	}
	v := mapView{m, drawMap(m), article41.MapRows(m), q.Year}
	return page{Title: "Map of votes", Body: mapPage(a, v), Nav: "/alignment", TwinPairs: yearPairs(a, q.Year)}, nil
}

func yearPairs(a *ask, year int) []string {
	out := a.given("body", "from", "to", "topic")
	if year != 0 {
		out = append(out, "year", strconv.Itoa(year))
	}
	return out
}

type driftView struct {
	article41.AlignDrift
	State           string
	BeforeT, AfterT string
	Chart           whiskers
	Rows            [][]string
}

// driftAsked is what the address asks; where it names no years, and the usual ones
// lie after the day asked about, the last years before that day.
func driftAsked(a *ask) (article41.DriftQuery, error) {
	return article41.DriftQueryOf(func(key string) string {
		given := a.form.Get(key)
		if y := a.At.AsOf.Year(); y < 2024 && a.form.Get("before") == "" && a.form.Get("after") == "" {
			switch key {
			case "before":
				return runOf([2]int{y - 6, y - 4})
			case "after":
				return runOf([2]int{y - 3, y - 1})
			}
		}
		return given
	})
}

func (s *site) alignDrift(a *ask) (page, error) {
	q, err := driftAsked(a)
	if err != nil {
		return page{}, err
	}
	d, err := s.q.Drift(a.Context(), a.At, q)
	if err != nil {
		return page{}, err
	}
	v := driftView{AlignDrift: d, State: string(q.State), BeforeT: runOf(q.Before), AfterT: runOf(q.After), Rows: article41.DriftRows(d), Chart: driftChart(d, q.State)}
	return page{Title: "Who moved toward " + d.Pole.Name, Body: driftPage(a, v), Nav: "/alignment", TwinPairs: append(a.given("pole", "state", "by", "body"), "before", runOf(q.Before), "after", runOf(q.After))}, nil
}

func runOf(w [2]int) string { return fmt.Sprintf("%d-%d", w[0], w[1]) }

// driftChart shows both ends of the ranking, and the state asked about between.
func driftChart(d article41.AlignDrift, state country.Code) whiskers {
	const ends = 10
	var values []value
	bound := 0.1
	add := func(r article41.DriftRow) {
		x := r.Change
		if in := r.Interval; in != nil {
			bound = max(bound, math.Abs(in.Low), math.Abs(in.High))
		}
		values = append(values, value{Label: fmt.Sprintf("%d. %s", r.Rank, r.Name), X: &x, In: r.Interval, Strong: r.Code == state})
	}
	shown := func(i int) bool {
		return i < ends || i >= len(d.Rows)-ends || d.Rows[i].Code == state
	}
	for i, r := range d.Rows {
		switch {
		case shown(i):
			add(r)
		case shown(i - 1):
			values = append(values, value{Label: "…", Gap: true})
		}
	}
	return drawWhiskers("drift", "Nearer to "+d.Pole.Name+" (right) or further (left)", fmt.Sprintf("%s; %s against %s; %s; interval 95 of 100", d.Unit, runOf(d.Before), runOf(d.After), count(d.N, "state", "states")), -bound, bound, 2, values)
}

type blocsView struct {
	article41.AlignBlocs
	Year int
}

func (s *site) alignBlocs(a *ask) (page, error) {
	q, err := article41.MapQueryOf(yearOf(a))
	if err != nil {
		return page{}, err
	}
	want, err := article41.WholeOf(a.form.Get, "blocs", 0, 0, 20)
	if err != nil {
		return page{}, err
	}
	b, err := s.q.Blocs(a.Context(), a.At, q, want)
	if err != nil {
		return page{}, err
	}
	return page{Title: "Blocs", Body: blocsPage(a, blocsView{b, q.Year}), Nav: "/alignment", TwinPairs: append(yearPairs(a, q.Year), a.given("blocs")...)}, nil
}

type expectedView struct {
	article41.Expectations
	Year  int
	Chart whiskers
	Rows  [][]string
}

func (s *site) alignExpected(a *ask) (page, error) {
	q, err := article41.MapQueryOf(yearOf(a))
	if err != nil {
		return page{}, err
	}
	x, err := s.q.Expectations(a.Context(), a.At, q, 10)
	if err != nil {
		return page{}, err
	}
	v := expectedView{x, q.Year, whiskers{}, article41.MinorityRows(x)}
	var values []value
	for _, m := range x.Minorities[:min(20, len(x.Minorities))] {
		values = append(values, value{Label: m.Name, X: m.Index, In: m.Interval})
	}
	v.Chart = drawWhiskers("minority", "Minority index", fmt.Sprintf("share of votes outside the majority of the others, Wilson 95 of 100 interval; %s, the %d highest of %d states", count(x.N, "vote", "votes"), len(values), len(x.Minorities)), 0, 1, 2, values)
	return page{Title: "Expected and unexpected votes", Body: expectedPage(a, v), Nav: "/alignment", TwinPairs: yearPairs(a, q.Year)}, nil
}

type powerView struct {
	align.Power
	Sentence string
	Rows     [][]string
	Chart    whiskers
}

func (s *site) power(a *ask) (page, error) {
	r, err := article41.VotingRuleOf(a.form.Get)
	if err != nil {
		return page{}, err
	}
	p, err := r.Power()
	if err != nil {
		return page{}, err
	}
	v := powerView{p, article41.PowerSentence(p), article41.PowerRows(p), whiskers{}}
	var values []value
	top := 0.05
	for _, k := range []struct {
		name string
		in   align.Seats
	}{{"Shapley–Shubik", p.ShapleyShubik}, {"Banzhaf", p.Banzhaf}, {"three-way share", p.ThreeWay.Share}} {
		for _, part := range []struct {
			kind string
			in   *align.Share
		}{{"permanent", k.in.Permanent}, {"elected", k.in.Elected}} {
			if part.in != nil {
				x := part.in.Decimal
				top = max(top, x)
				values = append(values, value{Label: k.name + ", " + part.kind, X: &x, Strong: part.kind == "permanent"})
			}
		}
	}
	v.Chart = drawWhiskers("power", "Share of one seat", "of all power under the rule, by index; exact, not sampled", 0, math.Ceil(top*20)/20, 4, values)
	return page{Title: "What a seat is worth", Body: powerPage(a, v), Nav: "/alignment", TwinPairs: a.given("rule", "seats", "quota", "vetoes", "block")}, nil
}

type pivotView struct {
	article41.PowerRecord
	Rows     [][]string
	FromText string
	ToText   string
	Bars     []stopBar
}

// stopBar is how many drafts a member's no stopped, alone and with others.
type stopBar struct {
	Name         string
	Alone, With  int
	Y, W, X2, W2 float64
}

func (s *site) powerRecord(a *ask) (page, error) {
	get := func(k string) string {
		if k == "from" || k == "to" {
			return a.form.Get(k)
		}
		return ""
	}
	q, err := article41.FilterOf(get)
	if err != nil {
		return page{}, err
	}
	p, err := s.q.PowerRecord(a.Context(), a.At, q.From, q.To)
	if err != nil {
		return page{}, err
	}
	v := pivotView{PowerRecord: p, Rows: article41.PivotRows(p), FromText: a.form.Get("from"), ToText: a.form.Get("to")}
	most := 1
	for _, m := range p.Members {
		most = max(most, m.StoppedAlone+m.StoppedWith)
	}
	for _, m := range p.Members {
		if m.StoppedAlone+m.StoppedWith == 0 {
			continue
		}
		per := (chartWidth - 260 - 60) / float64(most)
		b := stopBar{Name: m.Name, Alone: m.StoppedAlone, With: m.StoppedWith, Y: 8 + 28*float64(len(v.Bars)), W: per * float64(m.StoppedAlone), W2: per * float64(m.StoppedWith)}
		b.X2 = 190 + b.W
		v.Bars = append(v.Bars, b)
	}
	return page{Title: "Pivotal in the Council", Body: pivotPage(a, v), Nav: "/alignment", TwinPairs: a.given("from", "to")}, nil
}

// alignFiles are the same answers as CSV, by the address of their page.
var alignFiles = map[string]func(*site, *ask) ([][]string, error){
	"/alignment": func(s *site, a *ask) ([][]string, error) {
		q, err := article41.AlignQueryOf(a.form.Get)
		if err != nil {
			return nil, err
		}
		if a.form.Get("b") == "" {
			g, err := s.q.Neighbours(a.Context(), a.At, q.A.States[0], q)
			return article41.NeighbourRows(g), err
		}
		g, err := s.q.Align(a.Context(), a.At, q)
		if err != nil {
			return nil, err
		}
		return article41.AgreementRows(g), nil
	},
	"/alignment/mali": func(s *site, a *ask) ([][]string, error) {
		first, err := article41.StatesOf(a.form.Get, "first", "MLI")
		if err != nil {
			return nil, err
		}
		second, err := article41.StatesOf(a.form.Get, "second", "RUS")
		if err != nil {
			return nil, err
		}
		x, err := s.q.Shift(a.Context(), a.At, first[0], second[0], nil)
		return article41.ShiftRows(x), err
	},
	"/alignment/ideals": func(s *site, a *ask) ([][]string, error) {
		states, err := article41.StatesOf(a.form.Get, "states", "MLI", "RUS", "FRA", "USA")
		if err != nil {
			return nil, err
		}
		from, err := article41.WholeOf(a.form.Get, "from", 1960, 1946, 2100)
		if err != nil {
			return nil, err
		}
		to, err := article41.WholeOf(a.form.Get, "to", 0, 1946, 2100)
		if err != nil {
			return nil, err
		}
		x, err := s.q.IdealPoints(a.Context(), a.At, states, from, to)
		return article41.IdealRows(x), err
	},
	"/alignment/map": func(s *site, a *ask) ([][]string, error) {
		q, err := article41.MapQueryOf(yearOf(a))
		if err != nil {
			return nil, err
		}
		m, err := s.q.AlignMap(a.Context(), a.At, q)
		return article41.MapRows(m), err
	},
	"/alignment/drift": func(s *site, a *ask) ([][]string, error) {
		q, err := driftAsked(a)
		if err != nil {
			return nil, err
		}
		d, err := s.q.Drift(a.Context(), a.At, q)
		return article41.DriftRows(d), err
	},
	"/alignment/blocs": func(s *site, a *ask) ([][]string, error) {
		q, err := article41.MapQueryOf(yearOf(a))
		if err != nil {
			return nil, err
		}
		b, err := s.q.Blocs(a.Context(), a.At, q, 0)
		return article41.BlocRows(b), err
	},
	"/alignment/expected": func(s *site, a *ask) ([][]string, error) {
		q, err := article41.MapQueryOf(yearOf(a))
		if err != nil {
			return nil, err
		}
		x, err := s.q.Expectations(a.Context(), a.At, q, 10)
		return append(article41.ExpectedRows(x), article41.MinorityRows(x)...), err
	},
	"/power": func(s *site, a *ask) ([][]string, error) {
		r, err := article41.VotingRuleOf(a.form.Get)
		if err != nil {
			return nil, err
		}
		p, err := r.Power()
		return article41.PowerRows(p), err
	},
	"/power/record": func(s *site, a *ask) ([][]string, error) {
		p, err := s.q.PowerRecord(a.Context(), a.At, date.Day{}, date.Day{})
		return article41.PivotRows(p), err
	},
}

// alignFile is an answer as a file.
func (s *site) alignFile(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := read(r, s.o.Today())
		var rows [][]string
		if err == nil {
			rows, err = alignFiles[path](s, a)
		}
		if err != nil {
			s.show(account.ReadRecord, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
			return
		}
		var b bytes.Buffer
		c := csv.NewWriter(&b)
		c.WriteAll(rows)
		h := w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="article41-`+strings.ReplaceAll(strings.Trim(path, "/"), "/", "-")+`.csv"`)
		h.Set("Cache-Control", "no-cache")
		w.Write(b.Bytes())
	}
}
