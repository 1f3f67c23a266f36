package align

import (
	"slices"

	"article41/council"
	"article41/country"
)

// Against is how a state and another stood to the majority in one year: to the
// position that more of the other states took than any other.
type Against struct {
	Year int `json:"year"`
	// Votes in which both took a position and the rest had a majority position.
	N int `json:"n"`
	// With each other, and with the majority, or against it.
	All         int `json:"both_with_majority"`
	WithEach    int `json:"together_against_majority"`
	OnlyFirst   int `json:"first_alone_with_majority"`  // the first with the majority, the second against
	OnlySecond  int `json:"second_alone_with_majority"` // the other way about
	Apart       int `json:"each_its_own"`               // both against it, and not together
	Tied        int `json:"no_majority"`
	Left        int `json:"not_counted"` // one of the two took no position
	SameOfTwo   int `json:"identical"`
	OppositeTwo int `json:"opposite"` // yes and no
}

// Majority is the position most of the voters took, leaving some out; false in a
// tie or where nobody voted.
func (c *Call) Majority(leave ...country.Code) (council.Ballot, bool) {
	m, ok := c.majority(leave...)
	if !ok {
		return "", false
	}
	return ballots[m], true
}

func (c *Call) majority(leave ...country.Code) (int, bool) {
	n, ok := c.counts()
	if !ok {
		return 0, false
	}
	for _, k := range c.Casts {
		if m := markOf(k.Ballot); m <= no && slices.Contains(leave, Seat(k.State)) {
			n[m]--
		}
	}
	return most(n)
}

// most is the position with the largest count; false in a tie, or of nothing.
func most(n [3]int) (int, bool) {
	best := 0
	for m := range n {
		if n[m] > n[best] {
			best = m
		}
	}
	for m := range n {
		if m != best && n[m] == n[best] {
			return 0, false
		}
	}
	return best, n[best] > 0
}

// AgainstMajority counts year by year.
func (v *Votes) AgainstMajority(a, b country.Code, set Set) []Against {
	a, b = Seat(a), Seat(b)
	byYear := map[int]*Against{}
	v.Each(set, func(i int, c *Call) {
		x, okX := v.Ballot(a, i)
		y, okY := v.Ballot(b, i)
		if !okX || !okY || c.Consensus {
			return
		}
		k := byYear[c.Year]
		if k == nil {
			k = &Against{Year: c.Year}
			byYear[c.Year] = k
		}
		if !Position(x) || !Position(y) {
			k.Left++
			return
		}
		m, ok := c.majority(a, b)
		if !ok {
			k.Tied++
			return
		}
		k.N++
		p, q := markOf(x), markOf(y)
		if p == q {
			k.SameOfTwo++
		} else if distance(p, q) == 2 {
			k.OppositeTwo++
		}
		switch {
		case p == m && q == m:
			k.All++
		case p == q:
			k.WithEach++
		case p == m:
			k.OnlyFirst++
		case q == m:
			k.OnlySecond++
		default:
			k.Apart++
		}
	})
	out := make([]Against, 0, len(byYear))
	for _, k := range byYear {
		out = append(out, *k)
	}
	slices.SortFunc(out, func(x, y Against) int { return x.Year - y.Year })
	return out
}

// Minority is how often a state stood outside the majority.
type Minority struct {
	State country.Code `json:"state"`
	N     int          `json:"n"` // votes in which it took a position and the others had a majority position
	// Against are those in which its own was another; Alone, in which nobody shared it.
	Against int `json:"against_majority"`
	Alone   int `json:"alone"`
	// Index is Against over N.
	Index    *float64  `json:"index"`
	Interval *Interval `json:"interval"`
}

// Minorities is the minority index of everybody in the selection, highest first.
// The majority is that of the other states. Wilson's interval.
func (v *Votes) Minorities(set Set) []Minority {
	rows := map[country.Code]*Minority{}
	v.Each(set, func(i int, c *Call) {
		if c.Consensus {
			return
		}
		n, ok := c.counts()
		if !ok {
			return
		}
		for _, k := range c.Casts {
			m := markOf(k.Ballot)
			if m > no {
				continue
			}
			n[m]--
			if best, ok := most(n); ok {
				s := Seat(k.State)
				r := rows[s]
				if r == nil {
					r = &Minority{State: s}
					rows[s] = r
				}
				r.N++
				if m != best {
					r.Against++
				}
				if n[m] == 0 {
					r.Alone++
				}
			}
			n[m]++
		}
	})
	out := make([]Minority, 0, len(rows))
	for _, r := range rows {
		if r.N > 0 {
			x := float64(r.Against) / float64(r.N)
			r.Index, r.Interval = &x, wilson(r.Against, r.N)
		}
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Minority) int {
		if c := compare(*b.Index, *a.Index); c != 0 {
			return c
		}
		return compare(string(a.State), string(b.State))
	})
	return out
}
