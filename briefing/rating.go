package briefing

import "fmt"

// showFrom is the number of ratings from which an average says anything.
const showFrom = 5

// Average is how readers rated, with how many they are and how far they differ.
// Below five ratings only the count is told.
type Average struct {
	Count   int     `json:"count"`
	Shown   bool    `json:"shown"`
	Mean    float64 `json:"mean,omitempty"`
	Low     int     `json:"low,omitempty"` // lower quartile
	High    int     `json:"high,omitempty"`
	Each    [5]int  `json:"each,omitzero"` // how many gave 1 … 5
	Clear   *Part5  `json:"clear,omitempty"`
	Sourced *Part5  `json:"sourced,omitempty"`
	Fair    *Part5  `json:"fair,omitempty"`
}

// Part5 is the average of one aspect.
type Part5 struct {
	Count int     `json:"count"`
	Mean  float64 `json:"mean"`
}

// tally counts ratings.
type tally struct{ overall, clear, sourced, fair [5]int }

func (t *tally) add(c *Comment, by int) {
	for _, x := range []struct {
		to *[5]int
		n  int
	}{{&t.overall, c.Rating}, {&t.clear, c.Aspects.Clear}, {&t.sourced, c.Aspects.Sourced}, {&t.fair, c.Aspects.Fair}} {
		if x.n >= 1 && x.n <= 5 {
			x.to[x.n-1] += by
		}
	}
}

func sum(each [5]int) (count int, mean float64) {
	total := 0
	for i, n := range each {
		count += n
		total += n * (i + 1)
	}
	if count > 0 {
		mean = float64(total) / float64(count)
	}
	return count, mean
}

func (t tally) average() Average {
	n, mean := sum(t.overall)
	a := Average{Count: n, Shown: n >= showFrom}
	if !a.Shown {
		return a
	}
	a.Mean, a.Each = mean, t.overall
	a.Low, a.High = quantile(t.overall, n, 1), quantile(t.overall, n, 3)
	for _, x := range []struct {
		to   **Part5
		each [5]int
	}{{&a.Clear, t.clear}, {&a.Sourced, t.sourced}, {&a.Fair, t.fair}} {
		if n, mean := sum(x.each); n >= showFrom {
			*x.to = &Part5{n, mean}
		}
	}
	return a
}

// quantile is the rating below which no more than q quarters of n lie.
func quantile(each [5]int, n, q int) int {
	at := (n*q + 3) / 4
	for i, k := range each {
		if at -= k; at <= 0 {
			return i + 1
		}
	}
	return 5
}

// Words is the average in a sentence.
func (a Average) Words(l Lang) string {
	switch {
	case a.Count == 0:
		return l.Say("first")
	case !a.Shown:
		return l.Count("too-few", a.Count)
	}
	return l.Say("average", fmt.Sprintf("%.1f", a.Mean), l.Count("ratings", a.Count), a.Low, a.High)
}
