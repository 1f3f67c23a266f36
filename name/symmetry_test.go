package name

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Two names score the same whichever comes first, words that stand twice too.
func TestDoubledWordsAreSymmetric(t *testing.T) {
	words := []string{"Ali", "Ali", "Hassan", "Hasan", "Mohammed", "Muhammad", "al", "bin", "M.", "A.", "Kim", "Jong", "Jongun", "Un", "Abu", "Bakr", "Abubakar", "Smith", "Smyth", "Иван", "Ivan", "علي", "Vladimirovich", "12", "7", "az", "Zawahiri"}
	kinds := []Kind{Person, Company, Unknown}
	text := func(rt *rapid.T, label string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(rt, label), " ")
	}
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(kinds).Draw(rt, "kind")
		a, b := Prepare(text(rt, "a"), k, ""), Prepare(text(rt, "b"), k, "")
		x, y := Compare(a, b).Score, Compare(b, a).Score
		if math.Abs(x-y) > 1e-9 {
			rt.Fatalf("%q and %q: %v, the other way round %v", a.Text, b.Text, x, y)
		}
	})
}
