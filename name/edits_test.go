package name

import (
	"testing"

	"pgregory.net/rapid"
)

// slowEdits fills the whole table, one row a letter: what Edits must say.
func slowEdits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			v := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				v++
			}
			v = min(v, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, d[i-2][j-2]+1)
			}
			d[i][j] = v
		}
	}
	return d[len(a)][len(b)]
}

// Few letters and short words, so that most pairs are near.
func TestEditsCountAsTheWholeTable(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 8, -1)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := word.Draw(rt, "a"), word.Draw(rt, "b")
		for limit := 1; limit <= 2; limit++ {
			if got, want := Edits(a, b, limit), min(slowEdits(a, b), limit+1); got != want {
				rt.Fatalf("%q and %q are %d edits apart (limit %d), Edits says %d", a, b, want, limit, got)
			}
		}
	})
}
