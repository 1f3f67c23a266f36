package web

import (
	"slices"
	"testing"
)

// A text is cut where its letters change, and nothing of it is lost.
func TestRuns(t *testing.T) {
	for _, c := range []struct {
		text string
		want []run
	}{
		{"", nil},
		{"Houka", []run{{"Houka", "", ""}}},
		{"Хука Хука", []run{{"Хука Хука", "und-Cyrl", "ltr"}}},
		{`"Хука Аг" met "HOUKA"`, []run{{`"`, "", ""}, {"Хука Аг", "und-Cyrl", "ltr"}, {`" met "HOUKA"`, "", ""}}},
		{"a (أبو بكر), 12", []run{{"a (", "", ""}, {"أبو بكر", "und-Arab", "rtl"}, {"), 12", "", ""}}},
		{"中 Хука!", []run{{"中", "und-Hani", "ltr"}, {" ", "", ""}, {"Хука", "und-Cyrl", "ltr"}, {"!", "", ""}}},
	} {
		if got := runs(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
