package record_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"article41/record"
)

// A tally holds the numbers that were written; a digest prints as what reads as itself.
func FuzzParseTally(f *testing.F) {
	for _, s := range []string{"13-1-1", "15-0-0-0", "1--1-2", "99999999999999999999-0-0", `"1-2-3"`, `{"yes":1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := record.ParseTally(s); err == nil {
			again, err := record.ParseTally(fmt.Sprintf("%d-%d-%d-%d", v.Yes, v.No, v.Abstain, v.NotVoting))
			if err != nil || again != v || v.Yes < 0 || v.No < 0 || v.Abstain < 0 || v.NotVoting < 0 {
				t.Fatalf("%q reads as %+v, and again as %+v (%v)", s, v, again, err)
			}
		}
		var v record.Tally
		_ = json.Unmarshal([]byte(s), &v)
		var d record.Digest
		if d.UnmarshalText([]byte(s)) == nil {
			var again record.Digest
			if err := again.UnmarshalText([]byte(d.String())); err != nil || again != d {
				t.Fatalf("%q reads as %s, and again as %s (%v)", s, d, again, err)
			}
		}
	})
}
