package council_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"article41/shareddata"
)

// TestRegionsAreRecomputed works the rows of regions.csv that rest on the compiled
// votes of 1994 to 2025 out again. Each vote there is found in the record by its
// resolution or its draft, and takes the record's item of the agenda; an item is in
// the region in which at least nine in ten of its votes are filed. A row from memory
// is of an item on which no compiled vote is filed in a region.
func TestRegionsAreRecomputed(t *testing.T) {
	file := shareddata.Path(t, "data/council-votes/sc_voting_1994_2025_clean.csv.gz")
	items := map[string]string{} // by resolution number, or draft
	number := regexp.MustCompile(`^S/RES/(\d+)`)
	for _, table := range []struct{ name, key string }{{"resolutions", "resolution"}, {"failed", "draft"}} {
		for _, r := range rowsOf(t, "../data/votes/"+table.name+".csv") {
			items[r[table.key]] = r["agenda"]
			if d := r["draft"]; d != "" && items[d] == "" {
				items[d] = r["agenda"]
			}
			if m := number.FindStringSubmatch(r[table.key]); m != nil {
				items["#"+m[1]] = r["agenda"]
			}
		}
	}
	filed, seen := map[string]map[string]int{}, map[string]bool{}
	for _, r := range rowsOf(t, file) {
		if seen[r["ID"]] {
			continue // a row a ballot
		}
		seen[r["ID"]] = true
		item, ok := items["#"+r["resolution_no"]]
		if !ok {
			if item, ok = items[strings.TrimSpace(r["Draft"])]; !ok {
				continue
			}
		}
		if filed[item] == nil {
			filed[item] = map[string]int{}
		}
		filed[item][r["Region"]]++
	}
	want := map[string]string{}
	for item, by := range filed {
		all := 0
		for _, n := range by {
			all += n
		}
		for region, n := range by {
			if region != "" && region != "Other" && n*10 >= all*9 {
				want[item] = region + fmt.Sprintf(", so filed there for %d of %d votes on it", n, all)
			}
		}
	}
	have := 0
	for _, r := range rowsOf(t, "regions.csv") {
		switch r["source"] {
		case "sc-voting":
			have++
			if got := r["region"] + ", " + r["note"]; got != want[r["agenda"]] || r["sureness"] != "verified" {
				t.Errorf("%q: %s, recomputed: %s", r["agenda"], got, want[r["agenda"]])
			}
			delete(want, r["agenda"])
		case "memory":
			if w := want[r["agenda"]]; w != "" || r["sureness"] != "unverified" {
				t.Errorf("%q is from memory (%s), and the compiled votes file it: %q", r["agenda"], r["sureness"], w)
			}
		default:
			t.Errorf("%q rests on %q", r["agenda"], r["source"])
		}
	}
	for item, w := range want {
		t.Errorf("%q is missing: %s", item, w)
	}
	t.Logf("%d items recomputed from %d compiled votes", have, len(seen))
}

// rowsOf reads a table by the names of its columns.
func rowsOf(t *testing.T, name string) (out []map[string]string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	if z, err := gzip.NewReader(f); err == nil {
		r = csv.NewReader(z)
	} else if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(name, err)
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, v := range line {
			row[all[0][i]] = v
		}
		out = append(out, row)
	}
	return out
}
