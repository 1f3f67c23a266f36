package align

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Ideal is the published ideal point of a state in a year: Bailey, Strezhnev and
// Voeten's estimates from the Assembly's roll calls (JCR 61(2), 2017). Higher is
// nearer the United States, which is how the authors fix the sign.
type Ideal struct {
	State country.Code
	Line  string // the data's own number of the state (Correlates of War)
	Year  int    // in which the Assembly's regular session opens
	// All rests on all recorded votes, Foreign on those of foreign policy, Legacy is
	// the earlier release's series.
	All, Foreign, Legacy Estimate
}

// Estimate is one point with its posterior quantiles; absent where not published.
type Estimate struct {
	Point     *float64
	Votes     *float64
	Quantiles [7]*float64 // 0, 5, 10, 50, 90, 95, 100 of 100
}

// Band is the middle 90 of 100 of the posterior.
func (e Estimate) Band() *Interval {
	if e.Quantiles[1] == nil || e.Quantiles[5] == nil {
		return nil
	}
	return &Interval{*e.Quantiles[1], *e.Quantiles[5]}
}

// Ideals are the published points by state and year.
type Ideals struct {
	rows   map[country.Code][]Ideal // by year
	Source string
	First  int
	Last   int // the last year that any series has
	AllTo  int // the last year of the series over all votes

	mu     sync.Mutex
	drifts map[driftQuestion][]Drift // worked out before
}

// IdealSource says whose numbers the shipped table holds.
const IdealSource = "Bailey, Strezhnev and Voeten, ideal point estimates, release of July 2025 (doi:10.7910/DVN/LEJUQZ)"

// IdealKnown is the first day on which the shipped release can have been known:
// it names a month, so the month's first.
func IdealKnown() date.Day { return date.MustDay("2025-07-01") }

//go:embed idealpoints.csv
var idealpointsCSV string

// Published are the points shipped with the program: idealpoints.csv, compiled
// from the published file by article41 compile ideals.
var Published = sync.OnceValue(func() *Ideals {
	rows, err := ReadTable(strings.NewReader(idealpointsCSV))
	if err != nil {
		panic(err) // the table is packed in the binary and held by a test
	}
	return NewIdeals(rows, IdealSource)
})

// NewIdeals orders points by state and year. Where one membership has two lines
// in a year (China's seat in 1971, Yemen and Germany in 1990) the one with more
// votes counts.
func NewIdeals(rows []Ideal, source string) *Ideals {
	out := &Ideals{rows: map[country.Code][]Ideal{}, Source: source, First: math.MaxInt}
	for _, r := range rows {
		s := Seat(r.State)
		out.rows[s] = append(out.rows[s], r)
		out.First, out.Last = min(out.First, r.Year), max(out.Last, r.Year)
		if r.All.Point != nil {
			out.AllTo = max(out.AllTo, r.Year)
		}
	}
	weight := func(p Ideal) float64 {
		switch {
		case p.All.Point != nil && p.All.Votes != nil:
			return 1 + *p.All.Votes
		case p.Foreign.Point != nil:
			return 1
		}
		return 0
	}
	for s, list := range out.rows {
		slices.SortStableFunc(list, func(a, b Ideal) int {
			if a.Year != b.Year {
				return a.Year - b.Year
			}
			return int(weight(b) - weight(a))
		})
		out.rows[s] = slices.CompactFunc(list, func(a, b Ideal) bool { return a.Year == b.Year })
	}
	return out
}

// Of is a state's series by year.
func (p *Ideals) Of(c country.Code) []Ideal { return p.rows[Seat(c)] }

// In is a state's point of one year.
func (p *Ideals) In(c country.Code, year int) (Ideal, bool) {
	list := p.Of(c)
	i, ok := slices.BinarySearchFunc(list, year, func(x Ideal, y int) int { return x.Year - y })
	if !ok {
		return Ideal{}, false
	}
	return list[i], true
}

// States are all with a point, by code.
func (p *Ideals) States() []country.Code {
	out := make([]country.Code, 0, len(p.rows))
	for s := range p.rows {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// Median is the middle state's point of a year, over all votes.
func (p *Ideals) Median(year int) (float64, int) {
	var x []float64
	for s := range p.rows {
		if i, ok := p.In(s, year); ok && i.All.Point != nil {
			x = append(x, *i.All.Point)
		}
	}
	if len(x) == 0 {
		return 0, 0
	}
	slices.Sort(x)
	if n := len(x); n%2 == 0 {
		return (x[n/2-1] + x[n/2]) / 2, n
	}
	return x[len(x)/2], len(x)
}

// normal is a posterior taken as normal with the published band.
type normal struct{ mean, deviation float64 }

func (e Estimate) normal() normal {
	n := normal{mean: *e.Point}
	if b := e.Band(); b != nil {
		n.deviation = (b.High - b.Low) / (2 * 1.6448536269514722)
	}
	return n
}

// draw is one value of it; what has no band does not move.
func (n normal) draw(r *rand.Rand) float64 {
	if n.deviation == 0 {
		return n.mean
	}
	return n.mean + r.NormFloat64()*n.deviation
}

// The columns of the shipped table. The published file holds 32-bit numbers; the
// shortest decimal that gives the same 32 bits loses nothing.
var idealHead = []string{"state", "cow", "year", "all", "all_q5", "all_q95", "all_votes", "fp", "fp_q5", "fp_q95", "fp_votes"}

func (p *Ideal) cells() []*(*float64) {
	return []**float64{&p.All.Point, &p.All.Quantiles[1], &p.All.Quantiles[5], &p.All.Votes,
		&p.Foreign.Point, &p.Foreign.Quantiles[1], &p.Foreign.Quantiles[5], &p.Foreign.Votes}
}

// WriteTable writes the shipped table: what the pages show, and nothing else of
// the published file. Rows that hold only the earlier release's series are left
// out.
func WriteTable(w io.Writer, rows []Ideal) error {
	out := csv.NewWriter(w)
	out.Write(idealHead)
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Ideal) int {
		if c := strings.Compare(string(a.State), string(b.State)); c != 0 {
			return c
		}
		if a.Year != b.Year {
			return a.Year - b.Year
		}
		return strings.Compare(a.Line, b.Line)
	})
	for _, p := range rows {
		if p.All.Point == nil && p.Foreign.Point == nil {
			continue
		}
		row := []string{string(p.State), p.Line, strconv.Itoa(p.Year)}
		for _, c := range p.cells() {
			cell := ""
			if *c != nil {
				cell = strconv.FormatFloat(float64(float32(**c)), 'f', -1, 32)
			}
			row = append(row, cell)
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// ReadTable reads a table that WriteTable wrote.
func ReadTable(r io.Reader) ([]Ideal, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil || !slices.Equal(head, idealHead) {
		return nil, fmt.Errorf("%w: ideal points: want the columns %s", record.ErrInvalid, strings.Join(idealHead, ","))
	}
	var out []Ideal
	for {
		row, err := in.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: ideal points: %w", record.ErrInvalid, err)
		}
		p := Ideal{State: country.Code(row[0]), Line: row[1]}
		if p.Year, err = strconv.Atoi(row[2]); err != nil {
			return nil, fmt.Errorf("%w: ideal points: year %q", record.ErrInvalid, row[2])
		}
		for i, c := range p.cells() {
			if row[3+i] == "" {
				continue
			}
			x, err := strconv.ParseFloat(row[3+i], 32)
			if err != nil {
				return nil, fmt.Errorf("%w: ideal points: %s of %d: %q", record.ErrInvalid, p.State, p.Year, row[3+i])
			}
			*c = &x
		}
		out = append(out, p)
	}
}
