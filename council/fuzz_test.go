package council_test

import (
	"slices"
	"testing"

	"article41/council"
)

// A ballot that is read is one of those that are counted, and reads as itself.
func FuzzParseBallot(f *testing.F) {
	for _, s := range []string{"yes", "A", " No ", "not participating", "*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := council.ParseBallot(s)
		if err != nil {
			return
		}
		if again, err := council.ParseBallot(string(b)); err != nil || again != b || !slices.Contains(council.Ballots, b) {
			t.Fatalf("%q reads as %q, which reads as %q (%v)", s, b, again, err)
		}
	})
}
