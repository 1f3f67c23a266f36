package date_test

import (
	"testing"

	"article41/date"
)

// A day prints as what reads as itself; the first end of a run is not after its last.
func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2023-08-31", "2024-02-29", "2011", "2011-02", "0000-00-00", "-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := date.ParseDay(s); err == nil {
			if again, err := date.ParseDay(d.String()); err != nil || again != d {
				t.Fatalf("%q prints as %q, which reads as %v (%v)", s, d, again, err)
			}
		}
		first, errFirst := date.ParseEdge(s, false)
		last, errLast := date.ParseEdge(s, true)
		if (errFirst == nil) != (errLast == nil) || errFirst == nil && last.Before(first) {
			t.Fatalf("%q runs from %v (%v) to %v (%v)", s, first, errFirst, last, errLast)
		}
	})
}
