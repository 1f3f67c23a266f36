package align_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"article41/align"
)

// A table that is read is written so that it reads the same; a side has a name.
func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	point := 0.25
	if err := align.WriteTable(&b, []align.Ideal{{State: "FRA", Line: "220", Year: 2020, All: align.Estimate{Point: &point}}}); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{b.String(), "MLI+BFA+NER", "p5", "weog", "SC", "ga", "+", "FRA+FRA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if side, err := align.ParseSide(s); err == nil && side.Name == "" {
			t.Fatalf("%q: a side without a name", s)
		}
		if body, err := align.ParseBody(s); err == nil {
			if again, err := align.ParseBody(string(body)); err != nil || again != body {
				t.Fatalf("%q reads as %q, which reads as %q (%v)", s, body, again, err)
			}
		}
		rows, err := align.ReadTable(strings.NewReader(s))
		if err != nil {
			return
		}
		var one, two bytes.Buffer
		if err := align.WriteTable(&one, rows); err != nil {
			t.Fatal(err)
		}
		again, err := align.ReadTable(bytes.NewReader(one.Bytes()))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, &one)
		}
		if err := align.WriteTable(&two, slices.Clone(again)); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("%s\nreads and prints as\n%s (%v)", &one, &two, err)
		}
	})
}
