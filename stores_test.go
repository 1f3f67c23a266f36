package article41_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	keeps     = regexp.MustCompile(`"article41/(shelf|queue)"|\brecord\.Store\b`)
	onBoth    = regexp.MustCompile(`postgrestest\.(Each|Again|Database|Start)\(`)
	suiteRows = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.+) \\| yes \\| yes \\|$")
)

// Every package that keeps something in a store has tests that run on SQLite and on
// PostgreSQL, and stands in the table of docs/scale.md.
func TestSuitesRunOnBothEngines(t *testing.T) {
	var want []string
	for _, r := range rooms {
		if r.part == store || r.part == forTest || strings.Contains(r.path, "*") || r.path == "shelf" || r.path == "queue" || r.path == "record" {
			continue // the stores pass recordtest; the others declare what is kept
		}
		files, err := filepath.Glob(filepath.Join(r.path, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		kept, tested := false, false
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f, "_test.go") {
				tested = tested || onBoth.Match(b)
			} else {
				kept = kept || keeps.Match(b)
			}
		}
		if !kept {
			continue
		}
		want = append(want, r.path)
		if !tested {
			t.Errorf("%s keeps something, and none of its tests runs on PostgreSQL: use postgrestest.Each or Again", r.path)
		}
	}
	if len(want) < 9 {
		t.Errorf("only %d packages are found that keep something: %v", len(want), want)
	}
	page, err := os.ReadFile("docs/scale.md")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, m := range suiteRows.FindAllStringSubmatch(string(page), -1) {
		have = append(have, m[1])
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Errorf("docs/scale.md has the suites of %v; the tree those of %v", have, want)
	}
}
