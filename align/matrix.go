package align

import (
	"math/bits"
	"slices"

	"article41/country"
)

func ones(x uint64) int { return bits.OnesCount64(x) }

// Matrix is the agreement of every pair of states over a selection: in how many
// votes both took a position, in how many the same, in how many opposite ones.
type Matrix struct {
	States []country.Code
	cells  []cell // row by row
}

type cell struct{ met, same, apart int32 }

// Matrix counts every pair of the states given, or of all who took a position
// in the selection.
func (v *Votes) Matrix(set Set, states []country.Code) *Matrix {
	from, to := set.span()
	if states == nil {
		for i, s := range v.states {
			for w := from; w < to; w++ {
				if (v.bits[i][yes][w]|v.bits[i][abstain][w]|v.bits[i][no][w])&set[w] != 0 {
					states = append(states, s)
					break
				}
			}
		}
	}
	n, words := len(states), to-from
	m := &Matrix{States: slices.Clone(states), cells: make([]cell, n*n)}
	// Each state's words lie together as yes, abstain, no: the inner loop then runs
	// through two short stretches of memory.
	lines := make([]uint64, n*words*3)
	for r, s := range states {
		i, err := v.at(s)
		if err != nil {
			continue
		}
		line := lines[r*words*3:]
		for w := range words {
			for k := range 3 {
				line[w*3+k] = v.bits[i][k][from+w] & set[from+w]
			}
		}
	}
	for i := range n {
		x := lines[i*words*3 : (i+1)*words*3]
		for j := i; j < n; j++ {
			y := lines[j*words*3 : (j+1)*words*3]
			var c cell
			for w := 0; w+2 < len(x) && w+2 < len(y); w += 3 {
				x0, x1, x2 := x[w], x[w+1], x[w+2]
				y0, y1, y2 := y[w], y[w+1], y[w+2]
				c.met += int32(ones((x0 | x1 | x2) & (y0 | y1 | y2)))
				c.same += int32(ones(x0&y0 | x1&y1 | x2&y2))
				c.apart += int32(ones(x0&y2 | x2&y0))
			}
			m.cells[i*n+j], m.cells[j*n+i] = c, c
		}
	}
	return m
}

// Met is the number of votes in which both took a position.
func (m *Matrix) Met(i, j int) int { return int(m.cells[i*len(m.States)+j].met) }

// Lijphart is the pair's index; false where the two never met.
func (m *Matrix) Lijphart(i, j int) (float64, bool) {
	c := m.cells[i*len(m.States)+j]
	if c.met == 0 {
		return 0, false
	}
	return (float64(c.met) + float64(c.same) - float64(c.apart)) / 2 / float64(c.met), true
}

// Index finds a state's row, -1 if it has none.
func (m *Matrix) Index(c country.Code) int { return slices.Index(m.States, Seat(c)) }

// Reduce keeps the states that meet every other one they are kept with in at
// least so many votes; it drops the state with the most gaps until none is left.
func (m *Matrix) Reduce(least int) *Matrix {
	keep := make([]int, len(m.States))
	for i := range keep {
		keep[i] = i
	}
	for len(keep) > 0 {
		worst, gaps := -1, 0
		for k, i := range keep {
			n := 0
			for _, j := range keep {
				if i != j && m.Met(i, j) < least {
					n++
				}
			}
			if m.Met(i, i) < least {
				n += len(keep)
			}
			if n > gaps {
				worst, gaps = k, n
			}
		}
		if worst < 0 {
			break
		}
		keep = slices.Delete(keep, worst, worst+1)
	}
	out := &Matrix{cells: make([]cell, len(keep)*len(keep))}
	for a, i := range keep {
		out.States = append(out.States, m.States[i])
		for b, j := range keep {
			out.cells[a*len(keep)+b] = m.cells[i*len(m.States)+j]
		}
	}
	return out
}
