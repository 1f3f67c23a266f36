package screen

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"article41/name"
)

// same fails unless the index and the full scan give the same hits.
func same(t *testing.T, ix *Index, q Query) {
	t.Helper()
	q.Limit = 50
	a, na := ix.Find(q)
	b, nb := ix.Scan(q)
	if na != nb || fmt.Sprint(ids(a)) != fmt.Sprint(ids(b)) {
		t.Errorf("%q (%v, threshold %v): index gives %d %v, the scan %d %v", q.Names, q.Kind, q.Threshold, na, ids(a), nb, ids(b))
	}
}

func ids(hs []Hit) (out []string) {
	for _, h := range hs {
		out = append(out, fmt.Sprintf("%s:%.4f", h.ID, h.Score))
	}
	return
}

// bend changes a name as typists, borders and scribes do.
func bend(r *rand.Rand, s string) string {
	rs := []rune(s)
	if len(rs) < 4 {
		return s
	}
	for n := r.Intn(3); n >= 0; n-- {
		i := 1 + r.Intn(len(rs)-2)
		switch r.Intn(8) {
		case 0: // drop
			rs = append(rs[:i:i], rs[i+1:]...)
		case 1: // double
			rs = append(rs[:i:i], append([]rune{rs[i]}, rs[i:]...)...)
		case 2: // swap
			rs[i], rs[i-1] = rs[i-1], rs[i]
		case 3: // change
			rs[i] = rune('a' + r.Intn(26))
		case 4: // join
			rs = []rune(strings.Replace(string(rs), " ", "", 1))
		case 5: // split
			rs = append(rs[:i:i], append([]rune{' '}, rs[i:]...)...)
		case 6: // shift a letter over a border
			w := strings.Fields(string(rs))
			if k := r.Intn(len(w)); k+1 < len(w) && len(w[k]) > 2 {
				x := []rune(w[k])
				w[k], w[k+1] = string(x[:len(x)-1]), string(x[len(x)-1:])+w[k+1]
			}
			rs = []rune(strings.Join(w, " "))
		case 7: // another order, or a part left out
			w := strings.Fields(string(rs))
			k := r.Intn(len(w))
			if r.Intn(2) == 0 && len(w) > 2 {
				w = append(w[:k:k], w[k+1:]...)
			} else {
				w[0], w[k] = w[k], w[0]
			}
			rs = []rune(strings.Join(w, " "))
		}
		if len(rs) < 4 {
			break
		}
	}
	return string(rs)
}

// TestLosslessOnRealLists asks for listed names, bent, and for unlisted ones in
// all scripts, and wants the index to give what scoring every name gives.
func TestLosslessOnRealLists(t *testing.T) {
	subjects := unSubjects(readUN(t, unCurrent), true)
	ofac := ofacSubjects(t, "data/other-lists/ofac_sdn_sancbook_a.csv.gz")
	for i := range ofac {
		if i%5 == 0 {
			subjects = append(subjects, ofac[i])
		}
	}
	ix := Build(subjects)
	r := rand.New(rand.NewSource(41))
	n := 700
	if testing.Short() {
		n = 100
	}
	kinds := []name.Kind{name.Person, name.Person, name.Company, name.Unknown, name.Vessel}
	for i := 0; i < n && !t.Failed(); i++ {
		s := subjects[r.Intn(len(subjects))]
		k := s.Kind
		if r.Intn(8) == 0 {
			k = kinds[r.Intn(len(kinds))]
		}
		q := Query{Names: []string{bend(r, s.Names[r.Intn(len(s.Names))].Text)}, Kind: k}
		switch r.Intn(10) {
		case 0:
			q.Threshold = 0.6
		case 1:
			q.Threshold = 0.5
		case 2:
			q.Threshold = 0.85
		}
		same(t, ix, q)
	}
	rows := csvRows(t, "data/names/negatives_global.csv")[1:]
	for i := 0; i < n && !t.Failed(); i++ {
		same(t, ix, Query{Names: []string{rows[r.Intn(len(rows))][0]}, Kind: name.Person})
	}
}
