package article41

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/screen"
)

// TestNamesEngine: a kept index of names is read again by whoever has the same
// engine, so what goes into it may change under another engine only. The words of
// countries, how an entry is described and what an index is made of are held by
// their digest: if it changes, count namesEngine up and run this with -update.
func TestNamesEngine(t *testing.T) {
	h := sha256.New()
	words := slices.Sorted(maps.Keys(country.Nationalities()))
	for _, s := range country.All() {
		words = append(words, string(s.Code), s.Code.Alpha2(), s.Code.Name(date.MustDay("1962-05-07")), s.Code.Name(date.MustDay("2026-01-05")))
	}
	if len(words) < 500 {
		t.Fatalf("only %d words of countries", len(words))
	}
	about := func(s string) date.About {
		a, err := date.ParseAbout(s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	var entries []record.Listed
	for i, w := range words {
		entries = append(entries, record.Listed{Ref: fmt.Sprint(i), Sort: "person", Names: []record.Name{{Text: "Testman Probe", Quality: record.Primary}}, Nationalities: []string{w}})
	}
	for _, sort := range []string{"person", "entity", "vessel", "aircraft", ""} {
		entries = append(entries, record.Listed{Ref: "sort " + sort, Sort: sort, Gender: "male",
			Names: []record.Name{{Text: "Jean-Pierre O'Neill", Quality: record.Primary}, {Text: "Моусса Тестман", Quality: record.Original, Lang: "rus"}, {Text: "محمد", Quality: record.Original},
				{Text: "Momo", Quality: record.Low}, {Text: "Sea & Co., Ltd.", Quality: record.Good}, {Text: "Old Name", Quality: record.Formerly}, {Text: "金 正日", Quality: record.Unrated}, {Text: "Testco GmbH", Quality: record.Also}},
			Births:    []record.Birth{{On: about("1962-05-07")}, {On: about("~1963")}, {On: about("1948/1950")}, {City: "Gao"}},
			Documents: []record.Document{{Type: "IMO", Number: "9074729"}, {Type: "Passport", Number: "A 0001", Country: "Mali"}, {Type: "Digital Currency Address - XBT", Number: "1Boat"}}})
	}
	var subjects []screen.Subject
	for _, e := range entries {
		s := screen.Subject{ID: screen.SubjectID(e.Ref), List: "test"}
		describe(&s, e)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
		subjects = append(subjects, s)
	}
	var index bytes.Buffer
	if err := screen.Build(subjects).Write(&index); err != nil {
		t.Fatal(err)
	}
	h.Write(index.Bytes())
	now := fmt.Sprintf("%s\n%x\n", namesEngine, h.Sum(nil))

	path := filepath.Join("testdata", "names_engine.golden")
	held, err := os.ReadFile(path)
	engine, _, _ := strings.Cut(string(held), "\n")
	switch {
	case string(held) == now:
	case engine == namesEngine:
		t.Fatal("what an index of names is made of changed under the same engine: kept indexes would be read as if they were of it. Count namesEngine up, then run this with -update")
	case flag.Lookup("update").Value.String() == "true":
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Fatalf("the engine is another (%v): run this with -update", err)
	}
}
