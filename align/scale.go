package align

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/mds"

	"article41/country"
)

// Map is a map of states: near is who voted alike. It is classical scaling
// (Torgerson 1952; Gower 1966) of the distances 1 minus Lijphart's index, in two
// dimensions, each state's mean at the origin.
type Map struct {
	States []country.Code
	At     [][2]float64
	// Share is how much of the spread (the sum of positive eigenvalues) each
	// dimension holds.
	Share [2]float64
	// Stress is Kruskal's stress-1: the root of the squared misfit of the map's
	// distances over the squared distances, 0 for a map without error.
	Stress float64
	Calls  int // roll calls of the selection
	Least  int // votes every pair on the map has in common, at least
	Fixed  string
}

// LeastMet is how many votes each pair of a map must have in common.
const LeastMet = 5

// Scale makes the map of a matrix. Two states that met in fewer than least votes
// have no distance, so the ones with the most such gaps are left out.
func Scale(m *Matrix, calls, least int) (*Map, bool) {
	m = m.Reduce(least)
	n := len(m.States)
	if n < 3 {
		return nil, false
	}
	dist := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i + 1; j < n; j++ {
			x, _ := m.Lijphart(i, j)
			dist.SetSym(i, j, 1-x)
		}
	}
	var points mat.Dense
	k, eigen := mds.TorgersonScaling(&points, make([]float64, n), dist)
	if k == 0 {
		return nil, false
	}
	out := &Map{States: m.States, At: make([][2]float64, n), Calls: calls, Least: least}
	sum := 0.0
	for _, e := range eigen {
		sum += max(e, 0)
	}
	for d := range min(2, k) {
		out.Share[d] = eigen[d] / sum
		for i := range n {
			out.At[i][d] = points.At(i, d)
		}
	}
	var miss, all float64
	for i := range n {
		for j := i + 1; j < n; j++ {
			d := dist.At(i, j)
			e := d - math.Hypot(out.At[i][0]-out.At[j][0], out.At[i][1]-out.At[j][1])
			miss, all = miss+e*e, all+d*d
		}
	}
	if all > 0 {
		out.Stress = math.Sqrt(miss / all)
	}
	out.sign()
	return out, true
}

// Index finds a state on the map, -1 if it is not there.
func (m *Map) Index(c country.Code) int { return slices.Index(m.States, Seat(c)) }

// sign turns the map so that the United States lies to the right and, of the
// permanent members France and China, the first above the second; without them
// the code that comes first lies to the right and up.
func (m *Map) sign() {
	flip := func(d int) {
		for i := range m.At {
			m.At[i][d] = -m.At[i][d]
		}
	}
	side := func(d int, plus, minus country.Code) (float64, bool) {
		i, j := m.Index(plus), m.Index(minus)
		switch {
		case i >= 0 && j >= 0:
			return m.At[i][d] - m.At[j][d], true
		case i >= 0:
			return m.At[i][d], true
		case j >= 0:
			return -m.At[j][d], true
		}
		return 0, false
	}
	m.Fixed = "the United States to the right of Russia, France above China"
	x, ok := side(0, "USA", "RUS")
	y, okY := side(1, "FRA", "CHN")
	if !ok {
		x, m.Fixed = m.At[0][0], m.States[0].Name(zero)+" to the right; France above China"
	}
	if !okY {
		y = m.At[0][1]
	}
	if x < 0 {
		flip(0)
	}
	if y < 0 {
		flip(1)
	}
}

// Toward turns and mirrors the map so that it lies as near as it can to
// another: the orthogonal Procrustes rotation (Schönemann 1966) over the
// states both have, the dispersion kept. Maps turned to one frame compare.
func (m *Map) Toward(frame *Map) {
	var pairs [][2]int
	for i, s := range m.States {
		if j := frame.Index(s); j >= 0 {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	if len(pairs) < 3 {
		return
	}
	var cross mat.Dense // of the two centred sets of points
	a, b := mat.NewDense(len(pairs), 2, nil), mat.NewDense(len(pairs), 2, nil)
	for k, p := range pairs {
		a.SetRow(k, m.At[p[0]][:])
		b.SetRow(k, frame.At[p[1]][:])
	}
	for _, x := range []*mat.Dense{a, b} {
		for d := range 2 {
			mean := stat.Mean(mat.Col(nil, d, x), nil)
			for k := range pairs {
				x.Set(k, d, x.At(k, d)-mean)
			}
		}
	}
	cross.Mul(a.T(), b)
	var svd mat.SVD
	if !svd.Factorize(&cross, mat.SVDThin) {
		return
	}
	var u, v, turn mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	turn.Mul(&u, v.T())
	for i, p := range m.At {
		m.At[i] = [2]float64{p[0]*turn.At(0, 0) + p[1]*turn.At(1, 0), p[0]*turn.At(0, 1) + p[1]*turn.At(1, 1)}
	}
}

// Correlation is Pearson's, of a dimension of the map with published points; n is
// how many states have both.
func (m *Map) Correlation(d int, point func(country.Code) (float64, bool)) (r float64, n int) {
	var x, y []float64
	for i, s := range m.States {
		if p, ok := point(s); ok {
			x, y = append(x, m.At[i][d]), append(y, p)
		}
	}
	if len(x) < 3 {
		return 0, len(x)
	}
	return stat.Correlation(x, y, nil), len(x)
}

// Published is the correlation of the first dimension with the published ideal
// points of a year, over all votes.
func (m *Map) Published(p *Ideals, year int) (r float64, n int) {
	return m.Correlation(0, func(c country.Code) (float64, bool) {
		x, ok := p.In(c, year)
		if !ok || x.All.Point == nil {
			return 0, false
		}
		return *x.All.Point, true
	})
}
