package align

import (
	"fmt"
	"math/big"

	"article41/country"
	"article41/record"
)

// Table counts the votes in which one side took the row's position and the other
// the column's: yes, abstain, no.
type Table [3][3]int

// N is the number of votes in which both took a position.
func (t Table) N() int {
	n := 0
	for _, r := range t {
		for _, c := range r {
			n += c
		}
	}
	return n
}

func (t *Table) plus(u Table) {
	for i := range t {
		for j := range t[i] {
			t[i][j] += u[i][j]
		}
	}
}

// Measures are the five indices of one table; null where not defined. With yes 1,
// abstain 2 and no 3, the distance of two positions is 0, 1 or 2.
type Measures struct {
	N int `json:"n"`
	// Raw is the share of identical positions.
	Raw *Share `json:"raw"`
	// Lijphart counts one step apart as half: (f + g/2)/t (Lijphart 1963).
	Lijphart *Share `json:"lijphart"`
	// S is 1 - 2 sum d / sum dmax, from -1 to 1 (Signorino and Ritter 1999).
	S *Share `json:"s"`
	// Kappa and Pi are 1 - observed/expected distance. Kappa expects by each
	// side's own marginals (Cohen), Pi by the pooled ones (Scott); Hage 2011.
	Kappa *Share `json:"kappa"`
	Pi    *Share `json:"pi"`
}

// Measures draws the indices from the counts, in whole numbers.
func (t Table) Measures() Measures {
	n, same, step, apart, kappaE, piE := t.sums()
	m := Measures{N: n}
	if n == 0 {
		return m
	}
	frac := func(a, b int) *Share {
		if b == 0 {
			return nil // expected distance 0: chance leaves nothing to correct
		}
		return share(big.NewRat(int64(a), int64(b)))
	}
	d := step + 2*apart // observed distance times n
	m.Raw = frac(same, n)
	m.Lijphart = frac(2*same+step, 2*n)
	m.S = frac(n-d, n) // 1 - 2d/(2n)
	m.Kappa = frac(kappaE-d*n, kappaE)
	m.Pi = frac(piE-4*d*n, piE)
	return m
}

// sums are the counts by distance, and the expected distance of kappa times n²
// and of pi times 4n².
func (t Table) sums() (n, same, step, apart, kappaE, piE int) {
	var p, q [3]int
	for i := range t {
		for j, c := range t[i] {
			p[i] += c
			q[j] += c
			n += c
			switch distance(i, j) {
			case 0:
				same += c
			case 1:
				step += c
			default:
				apart += c
			}
		}
	}
	for i := range p {
		for j := range q {
			kappaE += p[i] * q[j] * distance(i, j)
			piE += (p[i] + q[i]) * (p[j] + q[j]) * distance(i, j)
		}
	}
	return n, same, step, apart, kappaE, piE
}

func distance(i, j int) int { return max(i-j, j-i) }

// Indices are the five measures as numbers in the order raw, Lijphart, S, kappa,
// pi; ok tells which are defined.
func (t Table) Indices() (x [5]float64, ok [5]bool) {
	n, same, step, apart, kappaE, piE := t.sums()
	if n == 0 {
		return x, ok
	}
	d := step + 2*apart
	f := float64(n)
	x = [5]float64{float64(same) / f, (float64(same) + float64(step)/2) / f, 1 - float64(d)/f, 0, 0}
	ok = [5]bool{true, true, true, kappaE > 0, piE > 0}
	if ok[3] {
		x[3] = 1 - float64(d)*f/float64(kappaE)
	}
	if ok[4] {
		x[4] = 1 - 4*float64(d)*f/float64(piE)
	}
	return x, ok
}

// Left is what of a selection was not counted, and why. Each vote is counted once,
// under the first reason that holds.
type Left struct {
	NotMember        int `json:"not_seated"` // one of the two had no seat, or was no Member
	Consensus        int `json:"consensus"`  // taken without a vote
	Unrecorded       int `json:"ballot_not_recorded"`
	Absent           int `json:"absent"`
	NotParticipating int `json:"not_participating"`
	Obliged          int `json:"obliged_to_abstain"` // Article 27(3)
}

// Pair is how two states voted over a selection.
type Pair struct {
	Table     Table `json:"table"`
	Abstained int   `json:"abstentions"` // votes counted in which one or both abstained
	Agreed    int   `json:"consensus_counted"`
	Left      Left  `json:"not_counted"`
}

// at finds a state's line.
func (v *Votes) at(c country.Code) (int, error) {
	if i, ok := v.index[Seat(c)]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("%w: %s stands in no roll call that is held", record.ErrNotFound, c)
}

// Pair counts how two states voted. With consensus, an item taken without a vote
// is a yes of both if both were seated.
func (v *Votes) Pair(a, b country.Code, set Set, consensus bool) Pair {
	i, errA := v.at(a)
	j, errB := v.at(b)
	var p Pair
	if errA != nil || errB != nil {
		p.Left.NotMember = set.Len()
		return p
	}
	x, y := &v.bits[i], &v.bits[j]
	from, to := set.span()
	for w := from; w < to; w++ {
		s := set[w]
		if s == 0 {
			continue
		}
		var seatedX, seatedY uint64
		for m := range marks {
			seatedX |= x[m][w]
			seatedY |= y[m][w]
		}
		took := func(m *uint64, n *int) {
			*n += ones(*m & s)
			s &^= *m
		}
		left := ^(seatedX & seatedY)
		took(&left, &p.Left.NotMember)
		agreed := v.agreed[w]
		if consensus {
			n := ones(agreed & s)
			p.Agreed += n
			p.Table[yes][yes] += n
			s &^= agreed
		} else {
			took(&agreed, &p.Left.Consensus)
		}
		for _, r := range [...]struct {
			mark int
			n    *int
		}{{unrecorded, &p.Left.Unrecorded}, {absent, &p.Left.Absent}, {aside, &p.Left.NotParticipating}, {obliged, &p.Left.Obliged}} {
			away := x[r.mark][w] | y[r.mark][w]
			took(&away, r.n)
		}
		p.Abstained += ones((x[abstain][w] | y[abstain][w]) & s)
		for m := range 3 {
			for k := range 3 {
				p.Table[m][k] += ones(x[m][w] & y[k][w] & s)
			}
		}
	}
	return p
}
