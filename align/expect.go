package align

import (
	"math"
	"slices"

	"article41/council"
	"article41/country"
)

// Surprise is how unexpected one roll call was.
type Surprise struct {
	Call *Call
	// Bits is the mean over its ballots of -log2 of the chance that the ballot was
	// given by how the others voted.
	Bits    float64
	N       int // ballots
	Ballots []Odd
}

// Odd is one ballot with the chance it was given.
type Odd struct {
	State  country.Code
	Ballot council.Ballot
	Chance float64
}

const (
	// prior is the weight of the three positions' equal chance.
	prior = 0.5
	// LeastSurprise is how many ballots a roll call must have to be ranked.
	LeastSurprise = 5
)

// Surprises rates every roll call of a selection, the least expected first. Each
// voter's ballot is foretold from those of the others in the same vote, weighted
// by how often it agreed with them in all the other votes of the selection.
func (v *Votes) Surprises(set Set) []Surprise {
	m := v.Matrix(set, nil)
	n := len(m.States)
	row := make(map[country.Code]int, n)
	for i, s := range m.States {
		row[s] = i
	}
	var out []Surprise
	v.Each(set, func(_ int, c *Call) {
		if c.Consensus {
			return
		}
		var who, pos []int
		for _, k := range c.Casts {
			if p := markOf(k.Ballot); p <= no {
				who, pos = append(who, row[Seat(k.State)]), append(pos, p)
			}
		}
		if len(who) < LeastSurprise {
			return
		}
		s := Surprise{Call: c, N: len(who)}
		for x, i := range who {
			weight := [3]float64{prior / 3, prior / 3, prior / 3}
			for y, j := range who {
				if x == y {
					continue
				}
				// The pair's agreement in the other votes: this one taken off.
				k := m.cells[i*n+j]
				k.met--
				switch distance(pos[x], pos[y]) {
				case 0:
					k.same--
				case 2:
					k.apart--
				}
				if k.met == 0 {
					continue
				}
				w := (float64(k.met) + float64(k.same) - float64(k.apart)) / 2 / float64(k.met)
				w *= w
				w *= w
				weight[pos[y]] += w * w
			}
			chance := weight[pos[x]] / (weight[0] + weight[1] + weight[2])
			s.Bits -= math.Log2(chance)
			s.Ballots = append(s.Ballots, Odd{m.States[i], ballots[pos[x]], chance})
		}
		s.Bits /= float64(s.N)
		slices.SortStableFunc(s.Ballots, func(a, b Odd) int { return compare(a.Chance, b.Chance) })
		out = append(out, s)
	})
	slices.SortStableFunc(out, func(a, b Surprise) int { return compare(b.Bits, a.Bits) })
	return out
}
