package council_test

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"article41/council"
)

// TestRegions: each row files an item that some vote of the record has, once, in a
// region that can be asked for, and says whose word that is.
func TestRegions(t *testing.T) {
	items := map[string]bool{}
	for _, name := range []string{"votes/resolutions.csv", "votes/failed.csv"} {
		rows := table(t, "../data/"+name)
		at := slices.Index(rows[0], "agenda")
		for _, r := range rows[1:] {
			items[r[at]] = true
		}
	}
	seen := map[string]bool{}
	for _, r := range table(t, "regions.csv")[1:] {
		f := council.Filed(r[0])
		switch {
		case seen[r[0]]:
			t.Errorf("%q stands twice", r[0])
		case !items[r[0]]:
			t.Errorf("%q is the item of no vote", r[0])
		case !slices.Contains(council.Regions, f.Region) || f.Region == council.NoRegion:
			t.Errorf("%q: %q is no region", r[0], r[1])
		case r[2] == "sc-voting" != (r[3] == "verified") || r[2] != "sc-voting" && r[2] != "memory" || r[4] == "":
			t.Errorf("%q: %q says it, %s, %q", r[0], r[2], r[3], r[4])
		}
		seen[r[0]] = true
	}
	for agenda, want := range map[string]council.Region{"The situation in Mali": council.Africa, "The question concerning Haiti": council.Americas, "The situation in Cyprus": council.Europe, "Admission of new Members": ""} {
		if f := council.Filed(agenda); f.Region != want || !want.In(agenda) || want == "" != council.NoRegion.In(agenda) {
			t.Errorf("%q is filed %+v; want %q", agenda, f, want)
		}
	}
}

func table(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
