package country

import (
	"errors"
	"strings"
	"testing"
)

func TestNationalities(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      Code
	}{
		{"a word", "Malian", "MLI"}, {"in capitals", "MALIAN", "MLI"}, {"with national", "Russian Federation national", "RUS"},
		{"a citizen of", "citizen of Iran", "IRN"}, {"two that are alike: Niger", "Nigerien", "NER"}, {"and Nigeria", "Nigerian", "NGA"},
		{"with an accent", "Burkinabè", "BFA"}, {"South of two", "South Sudanese", "SSD"},
		{"a word of two states means neither", "Congolese", ""}, {"a word alone", "national", ""}, {"nothing", "", ""},
	} {
		got, err := Parse(c.text)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q is %q (%v), want %q", c.why, c.text, got, err, c.want)
		}
	}
	_, err := Parse("Malia")
	if err == nil || !strings.Contains(err.Error(), "Mali (MLI)") {
		t.Errorf("what is near is not named: %v", err)
	}
	var u unknown
	if !errors.As(err, &u) {
		t.Errorf("%T", err)
	}
}

func BenchmarkParseUnknown(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("stateless, formerly of Testland"); err == nil {
			b.Fatal("known")
		}
	}
}
