package article41_test

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"article41"
	"article41/shareddata"
)

// pairNames are names as people type them, most of them on no list.
func pairNames(t testing.TB) []string {
	t.Helper()
	f, err := os.Open(shareddata.Path(t, "data/names/name_pairs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.Index(rows[0], "name1")
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[i])
	}
	return out
}

// Sift says what Screen says, less the picture.
func TestSift(t *testing.T) {
	a := openShipped(t)
	at := asOf("2023-10-01")
	for _, n := range []string{"Houka Houka Ag Alhousseini", "Mohamed Ould Mataly", "Anna Müller-Schmidt"} {
		s, err := a.Screen(ctx, at, article41.Query{Name: n})
		if err != nil {
			t.Fatal(err)
		}
		short, err := a.Sift(ctx, at, article41.Query{Name: n})
		if err != nil {
			t.Fatal(err)
		}
		if short.Verdict != s.Verdict || len(short.Hits) != len(s.Hits) || len(short.Lists) != len(s.Lists) || short.Basis != s.Basis {
			t.Errorf("%s: sifted %+v\nscreened %+v", n, short, s)
		}
		for i, h := range short.Hits {
			if w := s.Hits[i]; h.ID != w.ID || h.Score != w.Score || h.Status != w.Status || len(h.Law) != len(w.Law) {
				t.Errorf("%s: hit %d: %+v, want %+v", n, i, h, w)
			}
		}
	}
}

func BenchmarkSift(b *testing.B) {
	a := openShipped(b)
	names := pairNames(b)
	at := asOf("2026-01-01")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := a.Sift(ctx, at, article41.Query{Name: names[i%len(names)]}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
