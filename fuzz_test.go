package article41_test

import (
	"fmt"
	"testing"

	"article41"
)

// Years that are read are a run of the record's, and print as what reads the same.
func FuzzParseYears(f *testing.F) {
	for _, s := range []string{"2020", "2018-2020", "2018–2020", "2020-2018", "1945", "-", "2020-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		years, err := article41.ParseYears(s)
		if err != nil {
			return
		}
		again, err := article41.ParseYears(fmt.Sprintf("%d-%d", years[0], years[1]))
		if err != nil || again != years || years[0] < 1946 || years[1] < years[0] {
			t.Fatalf("%q is %v, which reads as %v (%v)", s, years, again, err)
		}
	})
}
