package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"article41/record"
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

// Every list that the program reads has a name for readers.
func TestListsHaveNames(t *testing.T) {
	files, err := filepath.Glob("../source/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains([]string{"curated", "undl", "voeten"}, filepath.Base(filepath.Dir(file))) {
			continue // the record itself, and votes: no lists of names
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`record\.SourceID = "([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
			n++
			if listNames[record.SourceID(m[1])] == "" {
				t.Errorf("%s: the list %q has no name for readers", file, m[1])
			}
		}
	}
	if n < 10 {
		t.Errorf("%d lists found: this test has lost them", n)
	}
	if got := listName("eu-32017r1770"); got != "EU Official Journal, 32017R1770" {
		t.Errorf("an act's own table is called %q", got)
	}
}
