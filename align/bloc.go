package align

import (
	"math"
	"math/rand/v2"
	"slices"

	"article41/country"
)

// Bloc is a cluster of states that voted alike in a selection.
type Bloc struct {
	States []country.Code `json:"states"`
	// Cohesion is the mean Lijphart index of its pairs; null for one state.
	Cohesion *float64 `json:"cohesion"`
	// Stability is how well the bloc comes back when half of the votes are drawn
	// anew: the mean of its best Jaccard similarity over the draws (Hennig 2007).
	// From 0.75 it is usually called stable, below 0.6 not to be trusted.
	Stability float64 `json:"stability"`
}

// Blocs are the clusters of a selection.
type Blocs struct {
	Blocs []Bloc `json:"blocs"`
	// Silhouette is the mean of (b-a)/max(a,b) (Rousseeuw 1987) of the number of
	// blocs taken; Tried is that of every number tried.
	Silhouette float64         `json:"silhouette"`
	Tried      map[int]float64 `json:"tried"`
	Draws      int             `json:"draws"`
	Seed       uint64          `json:"seed"`
	LeftOut    []country.Code  `json:"left_out"` // too few votes in common with the rest
}

// MostBlocs is up to how many clusters are tried.
const MostBlocs = 8

// Blocs clusters the states of a selection by average linkage (Sokal and Michener
// 1958) of the distance 1 minus Lijphart's index. With want 0 the number of blocs
// is that with the best silhouette.
func (v *Votes) Blocs(set Set, want, draws int, seed uint64) Blocs {
	whole := v.Matrix(set, nil)
	m := whole.Reduce(LeastMet)
	n := len(m.States)
	out := Blocs{Tried: map[int]float64{}, Draws: draws, Seed: seed, Blocs: []Bloc{}, LeftOut: []country.Code{}}
	for _, s := range whole.States {
		if m.Index(s) < 0 {
			out.LeftOut = append(out.LeftOut, s)
		}
	}
	if n < 3 {
		return out
	}
	dist := distances(m, nil)
	tree := linkage(dist, n)
	k, best := want, math.Inf(-1)
	for c := 2; c <= min(MostBlocs, n-1); c++ {
		s := silhouette(dist, n, cut(tree, n, c))
		out.Tried[c] = s
		if want == 0 && s > best {
			k, best = c, s
		}
	}
	k = min(max(k, 1), n)
	labels := cut(tree, n, k)
	out.Silhouette = silhouette(dist, n, labels)
	groups := make([][]int, k)
	for i, l := range labels {
		groups[l] = append(groups[l], i)
	}
	draw := rand.New(rand.NewPCG(seed, 1))
	sums := make([]float64, k)
	for range draws {
		half := make(Set, len(set))
		v.Each(set, func(i int, _ *Call) {
			if draw.Uint64()&1 == 0 {
				half.add(i)
			}
		})
		sub := v.Matrix(half, m.States)
		other := cut(linkage(distances(sub, dist), n), n, k)
		for g, members := range groups {
			sums[g] += jaccard(members, other, k)
		}
	}
	for g, members := range groups {
		b := Bloc{}
		if draws > 0 {
			b.Stability = sums[g] / float64(draws)
		}
		sum, pairs := 0.0, 0
		for x, i := range members {
			b.States = append(b.States, m.States[i])
			for _, j := range members[x+1:] {
				sum, pairs = sum+1-dist[i*n+j], pairs+1
			}
		}
		if pairs > 0 {
			c := sum / float64(pairs)
			b.Cohesion = &c
		}
		out.Blocs = append(out.Blocs, b)
	}
	slices.SortStableFunc(out.Blocs, func(a, b Bloc) int { return len(b.States) - len(a.States) })
	return out
}

// distances fills what a half of the votes leaves open from the whole.
func distances(m *Matrix, whole []float64) []float64 {
	n := len(m.States)
	d := make([]float64, n*n)
	for i := range n {
		for j := range n {
			x, ok := m.Lijphart(i, j)
			switch {
			case i == j:
			case ok:
				d[i*n+j] = 1 - x
			case whole != nil:
				d[i*n+j] = whole[i*n+j]
			default:
				d[i*n+j] = 1
			}
		}
	}
	return d
}

// join is one step of the tree: cluster b goes into a.
type join struct{ a, b int }

// linkage joins the two nearest clusters until one is left. Each cluster keeps
// its nearest neighbour, so that a step looks at n distances and not at n².
func linkage(dist []float64, n int) []join {
	d := slices.Clone(dist)
	size, alive, near := make([]int, n), make([]bool, n), make([]int, n)
	nearest := func(i int) {
		near[i] = -1
		for j := range n {
			if j != i && alive[j] && (near[i] < 0 || d[i*n+j] < d[i*n+near[i]]) {
				near[i] = j
			}
		}
	}
	for i := range n {
		size[i], alive[i] = 1, true
	}
	for i := range n {
		nearest(i)
	}
	out := make([]join, 0, n-1)
	for range n - 1 {
		a := -1
		for i := range n {
			if alive[i] && near[i] >= 0 && (a < 0 || d[i*n+near[i]] < d[a*n+near[a]]) {
				a = i
			}
		}
		b := near[a]
		if b < a {
			a, b = b, a
		}
		out = append(out, join{a, b})
		alive[b] = false
		for j := range n {
			if alive[j] && j != a {
				x := (d[a*n+j]*float64(size[a]) + d[b*n+j]*float64(size[b])) / float64(size[a]+size[b])
				d[a*n+j], d[j*n+a] = x, x
			}
		}
		size[a] += size[b]
		for i := range n {
			if alive[i] && (i == a || near[i] == a || near[i] == b) {
				nearest(i)
			}
		}
	}
	return out
}

// cut is the tree when k clusters were left: a label from 0 for each state.
func cut(tree []join, n, k int) []int {
	root := make([]int, n)
	for i := range root {
		root[i] = i
	}
	for _, j := range tree[:n-k] {
		for i := range root {
			if root[i] == j.b {
				root[i] = j.a
			}
		}
	}
	labels, next := make([]int, n), map[int]int{}
	for i, r := range root {
		l, ok := next[r]
		if !ok {
			l = len(next)
			next[r] = l
		}
		labels[i] = l
	}
	return labels
}

func silhouette(dist []float64, n int, labels []int) float64 {
	k := slices.Max(labels) + 1
	if k < 2 {
		return 0
	}
	size := make([]int, k)
	for _, l := range labels {
		size[l]++
	}
	total := 0.0
	sums := make([]float64, k)
	for i := range n {
		if size[labels[i]] == 1 {
			continue // by definition 0
		}
		clear(sums)
		for j := range n {
			sums[labels[j]] += dist[i*n+j]
		}
		own, other := sums[labels[i]]/float64(size[labels[i]]-1), math.Inf(1)
		for l := range k {
			if l != labels[i] {
				other = min(other, sums[l]/float64(size[l]))
			}
		}
		if m := max(own, other); m > 0 {
			total += (other - own) / m
		}
	}
	return total / float64(n)
}

// jaccard is the best similarity of the members to one of k other clusters.
func jaccard(members []int, labels []int, k int) float64 {
	size, both := make([]int, k), make([]int, k)
	for _, l := range labels {
		size[l]++
	}
	for _, i := range members {
		both[labels[i]]++
	}
	best := 0.0
	for l := range k {
		best = max(best, float64(both[l])/float64(len(members)+size[l]-both[l]))
	}
	return best
}
