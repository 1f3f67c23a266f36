package align_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"article41/align"
	"article41/shareddata"
	"article41/source/voeten"
)

var rollCalls = sync.OnceValues(func() (*align.Votes, error) {
	f, err := os.Open(rollCallFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	votes, _, err := voeten.Read(f, voeten.Options{})
	if err != nil {
		return nil, err
	}
	var calls []align.Call
	for _, v := range votes {
		calls = append(calls, align.CallOf(v))
	}
	return align.Fold(calls), nil
})

var rollCallFile string

// assembly are the published roll calls, 1946 to 2020.
func assembly(t testing.TB) *align.Votes {
	rollCallFile = shareddata.Path(t, "data/assembly-votes/voeten_unvotes_wide_1946_2020.csv.gz")
	v, err := rollCalls()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Our map's first dimension, made from roll calls alone, says what the published
// ideal points say, year by year.
func TestFirstDimensionAgainstPublished(t *testing.T) {
	v, ideals := assembly(t), align.Published()
	var all []float64
	high := 0
	table := "year  calls  states  share  stress      r\n"
	for year := 1946; year <= 2020; year++ {
		set := v.Year(align.Assembly, year)
		if set.Len() == 0 {
			continue // the nineteenth session (1964) took next to no votes
		}
		m, ok := align.Scale(v.Matrix(set, nil), set.Len(), align.LeastMet)
		if !ok {
			table += fmt.Sprintf("%d %6d  no map\n", year, set.Len())
			continue
		}
		r, n := m.Published(ideals, year)
		if n < 3 {
			continue
		}
		table += fmt.Sprintf("%d %6d %7d  %5.2f  %6.2f  %5.3f\n", year, set.Len(), n, m.Share[0], m.Stress, r)
		all = append(all, r)
		if r >= 0.90 {
			high++
		}
	}
	t.Log("\n" + table)
	slices.Sort(all)
	median, part := all[len(all)/2], float64(high)/float64(len(all))
	t.Logf("%d years: median %s, at least 0.90 in %s of 100", len(all), strconv.FormatFloat(median, 'f', 3, 64), strconv.FormatFloat(100*part, 'f', 1, 64))
	if median < 0.95 || part < 0.85 {
		t.Errorf("median %.3f, want 0.95; at least 0.90 in %.2f of the years, want 0.85", median, part)
	}
}

func BenchmarkMatrix193(b *testing.B) {
	v := assembly(b)
	set, _ := v.Select(align.Filter{Body: align.Assembly})
	states := v.States()[:193]
	b.ReportAllocs()
	for b.Loop() {
		v.Matrix(set, states)
	}
}

func BenchmarkPair(b *testing.B) {
	v := assembly(b)
	set, _ := v.Select(align.Filter{Body: align.Assembly})
	b.ReportAllocs()
	for b.Loop() {
		v.Pair("MLI", "RUS", set, false).Table.Measures()
	}
}

func BenchmarkPairInAWindow(b *testing.B) {
	v := assembly(b)
	f := align.Filter{Body: align.Assembly, From: day("1990-01-01"), To: day("2012-12-31")}
	b.ReportAllocs()
	for b.Loop() {
		set, err := v.Select(f)
		if err != nil {
			b.Fatal(err)
		}
		v.Pair("MLI", "RUS", set, false).Table.Measures()
	}
}

func BenchmarkPairWithIntervals(b *testing.B) {
	v := assembly(b)
	set, _ := v.Select(align.Filter{Body: align.Assembly})
	t := v.Pair("MLI", "RUS", set, false).Table
	b.ReportAllocs()
	for b.Loop() {
		t.Bootstrap(align.Resamples, align.Seed)
	}
}
