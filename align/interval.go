package align

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is where an index lies in the middle 95 of 100 resamples of the votes
// (percentile bootstrap, Efron 1979).
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Intervals are those of the five indices; null where an index is not defined in
// more than one resample of twenty.
type Intervals struct {
	Level     float64   `json:"level"`
	Resamples int       `json:"resamples"`
	Seed      uint64    `json:"seed"`
	Raw       *Interval `json:"raw"`
	Lijphart  *Interval `json:"lijphart"`
	S         *Interval `json:"s"`
	Kappa     *Interval `json:"kappa"`
	Pi        *Interval `json:"pi"`
}

// Resamples and Seed are what an interval is drawn with unless told otherwise.
const (
	Resamples = 1000
	Seed      = 41
)

// Bootstrap resamples the votes of a pair. The votes of one table are
// exchangeable, so a resample of them is one multinomial draw over its cells.
func (t Table) Bootstrap(resamples int, seed uint64) Intervals {
	draw := rand.NewPCG(seed, 0)
	return intervals(resamples, seed, func() Table { return t.resampled(draw) })
}

func (t Table) resampled(draw rand.Source) Table {
	var out Table
	left, total := t.N(), t.N()
	for i := range t {
		for j, c := range t[i] {
			if c == 0 || left == 0 {
				continue
			}
			k := left
			if c < total {
				k = int(distuv.Binomial{N: float64(left), P: float64(c) / float64(total), Src: draw}.Rand())
			}
			out[i][j] = k
			left, total = left-k, total-c
		}
	}
	return out
}

// bootstrapVotes resamples whole votes, each with the pairs of ballots it holds:
// pairs of one vote are not independent of each other.
func bootstrapVotes(votes []Table, resamples int, seed uint64) Intervals {
	draw := rand.New(rand.NewPCG(seed, 0))
	return intervals(resamples, seed, func() Table {
		var sum Table
		for range votes {
			sum.plus(votes[draw.IntN(len(votes))])
		}
		return sum
	})
}

func intervals(resamples int, seed uint64, next func() Table) Intervals {
	var drawn [5][]float64
	for range resamples {
		x, ok := next().Indices()
		for i := range x {
			if ok[i] {
				drawn[i] = append(drawn[i], x[i])
			}
		}
	}
	out := Intervals{Level: 0.95, Resamples: resamples, Seed: seed}
	for i, to := range []**Interval{&out.Raw, &out.Lijphart, &out.S, &out.Kappa, &out.Pi} {
		if len(drawn[i])*20 >= resamples*19 {
			*to = middle(drawn[i])
		}
	}
	return out
}

// middle is the interval that 95 of 100 of the values lie in. It sorts them.
func middle(x []float64) *Interval {
	if len(x) == 0 {
		return nil
	}
	slices.Sort(x)
	at := func(q float64) float64 {
		k := q * float64(len(x)-1)
		i := int(math.Floor(k))
		if i+1 == len(x) {
			return x[i]
		}
		return x[i] + (k-float64(i))*(x[i+1]-x[i])
	}
	return &Interval{at(0.025), at(0.975)}
}
