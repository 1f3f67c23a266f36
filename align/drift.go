package align

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"article41/country"
)

func compare[T cmp.Ordered](a, b T) int { return cmp.Compare(a, b) }

// wilson is Wilson's 95 of 100 interval of a share (1927).
func wilson(k, n int) *Interval {
	if n == 0 {
		return nil
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return &Interval{max(0, mid-half), min(1, mid+half)}
}

// Drift is how far a state moved toward a pole between two windows: above zero is
// toward it.
type Drift struct {
	Rank   int          `json:"rank"`
	State  country.Code `json:"state"`
	Before float64      `json:"before"`
	After  float64      `json:"after"`
	Change float64      `json:"change"`
	// Interval holds the change in 95 of 100 draws; Clear tells that it leaves out 0.
	Interval *Interval `json:"interval"`
	Clear    bool      `json:"clear"`
	NBefore  int       `json:"n_before"`
	NAfter   int       `json:"n_after"`
	// Own is the state's own part of the change: the pole is held where it stood, on
	// average, in the second window. Only ideal points have it: an agreement has no
	// place to hold.
	Own         *float64  `json:"own"`
	OwnInterval *Interval `json:"own_interval"`
	OwnRank     int       `json:"own_rank,omitempty"`
}

// LeastDrift is how many votes, or years, each window must hold for a state.
const (
	LeastDriftVotes = 10
	LeastDriftYears = 2
)

// Drifts ranks the change in Lijphart's index with the pole between two
// selections, the move toward it first. The interval is the bootstrap's: votes
// of each window resampled apart.
func (v *Votes) Drifts(pole country.Code, before, after Set, resamples int, seed uint64) []Drift {
	var out []Drift
	for k, s := range v.states {
		if s == Seat(pole) {
			continue
		}
		a, b := v.Pair(s, pole, before, false).Table, v.Pair(s, pole, after, false).Table
		if a.N() < LeastDriftVotes || b.N() < LeastDriftVotes {
			continue
		}
		x, _ := a.Indices()
		y, _ := b.Indices()
		d := Drift{State: s, Before: x[1], After: y[1], Change: y[1] - x[1], NBefore: a.N(), NAfter: b.N()}
		draw := rand.NewPCG(seed, uint64(k))
		changes := make([]float64, resamples)
		for i := range changes {
			p, _ := a.resampled(draw).Indices()
			q, _ := b.resampled(draw).Indices()
			changes[i] = q[1] - p[1]
		}
		d.Interval = middle(changes)
		out = append(out, d)
	}
	return ranked(out)
}

// Drifts ranks the change in distance to the pole's ideal point between two runs
// of years, both included: the mean distance before less the mean distance after,
// so that above zero is toward it. The interval draws every point anew from its
// published posterior, taken as normal and each year's as independent.
// The answer to one question is always the same, so it is kept.
func (p *Ideals) Drifts(pole country.Code, before, after [2]int, foreign bool, draws int, seed uint64) []Drift {
	q := driftQuestion{pole, before, after, foreign, draws, seed}
	p.mu.Lock()
	kept, ok := p.drifts[q]
	p.mu.Unlock()
	if !ok {
		kept = p.driftsAnew(q)
		p.mu.Lock()
		if p.drifts == nil || len(p.drifts) == driftsKept {
			p.drifts = map[driftQuestion][]Drift{}
		}
		p.drifts[q] = kept
		p.mu.Unlock()
	}
	return slices.Clone(kept)
}

// driftsKept bounds the answers that are kept; when it is reached, all go.
const driftsKept = 64

type driftQuestion struct {
	pole          country.Code
	before, after [2]int
	foreign       bool
	draws         int
	seed          uint64
}

func (p *Ideals) driftsAnew(question driftQuestion) []Drift {
	pole, before, after, foreign, draws := question.pole, question.before, question.after, question.foreign, question.draws
	var out []Drift
	of := func(s country.Code, years [2]int) (pairs [][2]normal) {
		for y := years[0]; y <= years[1]; y++ {
			a, okA := p.In(s, y)
			b, okB := p.In(pole, y)
			x, z := a.All, b.All
			if foreign {
				x, z = a.Foreign, b.Foreign
			}
			if okA && okB && x.Point != nil && z.Point != nil {
				pairs = append(pairs, [2]normal{x.normal(), z.normal()})
			}
		}
		return pairs
	}
	mean := func(pairs [][2]normal, value func(normal) float64) float64 {
		sum := 0.0
		for _, q := range pairs {
			sum += math.Abs(value(q[0]) - value(q[1]))
		}
		return sum / float64(len(pairs))
	}
	point := func(e normal) float64 { return e.mean }
	for k, s := range p.States() {
		if s == Seat(pole) {
			continue
		}
		a, b := of(s, before), of(s, after)
		if len(a) < LeastDriftYears || len(b) < LeastDriftYears {
			continue
		}
		d := Drift{State: s, Before: mean(a, point), After: mean(b, point), NBefore: len(a), NAfter: len(b)}
		d.Change = d.Before - d.After
		// held is the same with the pole held.
		held := func(value func(normal) float64) float64 {
			at := 0.0
			for _, q := range b {
				at += value(q[1]) / float64(len(b))
			}
			part := func(pairs [][2]normal) (sum float64) {
				for _, q := range pairs {
					sum += math.Abs(value(q[0])-at) / float64(len(pairs))
				}
				return sum
			}
			return part(a) - part(b)
		}
		own := held(point)
		d.Own = &own
		draw := rand.New(rand.NewPCG(question.seed, uint64(k)))
		drawn := func(e normal) float64 { return e.draw(draw) }
		changes, owns := make([]float64, draws), make([]float64, draws)
		for i := range changes {
			changes[i] = mean(a, drawn) - mean(b, drawn)
			owns[i] = held(drawn)
		}
		d.Interval, d.OwnInterval = middle(changes), middle(owns)
		out = append(out, d)
	}
	return ranked(out)
}

func ranked(out []Drift) []Drift {
	slices.SortStableFunc(out, func(a, b Drift) int {
		if c := compare(b.Change, a.Change); c != 0 {
			return c
		}
		return compare(string(a.State), string(b.State))
	})
	for i := range out {
		if out[i].Own != nil {
			out[i].OwnRank = 1
			for j := range out {
				if *out[j].Own > *out[i].Own {
					out[i].OwnRank++
				}
			}
		}
		out[i].Rank = i + 1
		out[i].Clear = out[i].Interval != nil && (out[i].Interval.Low > 0 || out[i].Interval.High < 0)
	}
	return out
}

// ByCode orders states by code.
func ByCode(a, b country.Code) int { return cmp.Compare(a, b) }
