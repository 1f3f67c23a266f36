package main

import (
	"context"
	"encoding/json"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/date"
	"article41/record"
	"article41/shareddata"
	"article41/sqlite"
)

// program builds the real program once for the tests that need a process.
func program(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("did not run: builds and kills the program; left out by -short")
	}
	path := filepath.Join(t.TempDir(), "article41")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// makeDB makes a database that holds the shipped record.
func makeDB(t testing.TB, path string) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := article41.Open(context.Background(), store, rec, noon); err != nil {
		t.Fatal(err)
	}
}

// timed runs a command to its end, so that kills can be spread over such a run on
// whatever machine.
func timed(t *testing.T, c *exec.Cmd) time.Duration {
	t.Helper()
	begin := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return time.Since(begin)
}

// TestKilledImport kills the program at random moments of an import. Whatever
// the moment, the database opens, verifies, and holds all of the list or none.
func TestKilledImport(t *testing.T) {
	list := shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz")
	exe := program(t)
	kills := 20
	if os.Getenv("ARTICLE41_SOAK") != "" {
		kills = 200
	}
	random := rand.New(rand.NewSource(41))
	whole := 0
	spare := filepath.Join(t.TempDir(), "spare.db")
	makeDB(t, spare)
	took := timed(t, exec.Command(exe, "import", "un", list, "--db", spare))
	for i := range kills {
		db := filepath.Join(t.TempDir(), "kill.db")
		makeDB(t, db)
		run := exec.Command(exe, "import", "un", list, "--db", db, "--json")
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int63n(int64(took + took/4))))
		run.Process.Kill()
		run.Wait()

		store, err := sqlite.Open(context.Background(), db, sqlite.Options{})
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if err := record.Verify(context.Background(), store); err != nil {
			t.Errorf("kill %d: %v", i, err)
		}
		rec, err := shipped()
		if err != nil {
			t.Fatal(err)
		}
		arc, err := article41.Open(context.Background(), store, rec, noon)
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		at := record.At{AsOf: date.MustDay("2022-09-15"), KnownAt: date.DayOf(noon)}
		lists, err := arc.Lists(context.Background(), at)
		if err != nil {
			t.Fatal(err)
		}
		store.Close()
		imported := lists[0].Origin == "import"
		if imported {
			whole++
			if lists[0].Entries != 952 {
				t.Errorf("kill %d: %d entries of 952", i, lists[0].Entries)
			}
		}
		out, errs, code := command(t, "import", "un", list, "--db", db, "--json")
		if code != 0 {
			t.Fatalf("kill %d: the next import: %s", i, errs)
		}
		var in article41.Imported
		if err := json.Unmarshal([]byte(out), &in); err != nil {
			t.Fatal(err)
		}
		if in.Again != imported || (!imported && in.Added != 952) {
			t.Errorf("kill %d: held before: %v; the next import says %+v", i, imported, in)
		}
	}
	t.Logf("%d kills: the list was held in %d", kills, whole)
}

// TestTwoProcesses: two programs import different lists into one database at the
// same time; both are held.
func TestTwoProcesses(t *testing.T) {
	folder := shareddata.Path(t, "data/un-list")
	exe := program(t)
	db := filepath.Join(t.TempDir(), "two.db")
	var runs []*exec.Cmd
	for _, day := range []string{"2022-09-15", "2024-09-21"} {
		c := exec.Command(exe, "import", "un", filepath.Join(folder, "un_consolidated_"+day+".xml.gz"), "--db", db)
		var b strings.Builder
		c.Stdout, c.Stderr = &b, &b
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, c)
	}
	for _, c := range runs {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.Stdout)
		}
	}
	store, err := sqlite.Open(context.Background(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := record.Verify(context.Background(), store); err != nil {
		t.Error(err)
	}
	for day, want := range map[string]string{"2022-09-15": "listed", "2024-09-21": "was-listed"} {
		out, errs, code := command(t, "listing", "MLi.005", "--db", db, "--as-of", day, "--json")
		if code != 0 || !strings.Contains(out, `"status": "`+want+`"`) {
			t.Errorf("%s: exit %d %s, want %s", day, code, errs, want)
		}
	}
}

// TestWords: wrong use and unreadable things get their exit status and a word
// that says what and where.
func TestWords(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir) // a command that makes a database makes it here
	file := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	page := file("page.xml", "<!DOCTYPE html><html><body>Service unavailable</body></html>")
	empty := file("empty.xml", "")
	foreign := file("foreign.db", strings.Repeat("this is no database ", 100))
	for _, c := range []struct {
		why  string
		args []string
		code int
		word string
	}{
		{"half of a regime's id", []string{"status", "haiti"}, exitNothing, "near it: haiti-1, haiti-2"},
		{"an unknown regime", []string{"status", "atlantis"}, exitNothing, `no regime "atlantis"`},
		{"a malformed symbol", []string{"vote", "S/RES/abc"}, exitUse, "S/RES/2374 (2017)"},
		{"a resolution of another year", []string{"vote", "S/RES/2374 (2016)"}, exitUse, "is of 2017"},
		{"a draft the record does not hold", []string{"vote", "S/1999/1"}, exitNothing, "no vote on S/1999/1"},
		{"no such list", []string{"screen", "Kim", "--list", "nope"}, exitUse, "no list \"nope\""},
		{"not a number", []string{"screen", "Kim", "--threshold", "NaN"}, exitUse, "threshold"},
		{"nothing that can be compared", []string{"screen", "😀 ..."}, exitUse, "no letter"},
		{"bytes that are no text", []string{"screen", "\xff\xfe"}, exitUse, "UTF-8"},
		{"an empty day", []string{"status", "mali", "--as-of", ""}, exitUse, "YYYY-MM-DD"},
		{"a regime and a territory", []string{"status", "mali", "--territory", "SSD"}, exitUse, "territory"},
		{"the same member twice", []string{"whatif", "S/2023/638", "--vote", "RUS=yes", "--vote", "RUS=abstain"}, exitUse, "twice"},
		{"no such folder of data", []string{"check", "--data", filepath.Join(dir, "nodata")}, exitUnable, "nodata"},
		{"no such overlay", []string{"check", "--overlay", filepath.Join(dir, "nooverlay")}, exitUse, "nooverlay: want a folder"},
		{"a malformed day", []string{"status", "mali", "--as-of", "31/08/2023"}, exitUse, "YYYY-MM-DD"},
		{"a member that did not sit", []string{"whatif", "S/2023/638", "--vote", "DEU=no"}, exitUse, "did not sit"},
		{"no such state", []string{"whatif", "S/2023/638", "--vote", "Atlantis=no"}, exitUse, "Atlantis"},
		{"no such ballot", []string{"whatif", "S/2023/638", "--vote", "RUS=maybe"}, exitUse, "want yes, no"},
		{"nothing to change", []string{"whatif", "S/2023/638"}, exitUse, "nothing to change"},
		{"a name of nothing", []string{"screen", " "}, exitUse, "nothing to screen"},
		{"an unknown command", []string{"frobnicate"}, exitUse, "unknown command"},
		{"an unknown flag", []string{"status", "--frob"}, exitUse, "--frob"},
		{"an unknown source", []string{"import", "nowhere", page, "--db", filepath.Join(dir, "a.db")}, exitUse, "want one of"},
		{"an error page", []string{"import", "un", page, "--db", filepath.Join(dir, "a.db")}, exitUnable, "page.xml"},
		{"an empty file", []string{"import", "un", empty, "--db", filepath.Join(dir, "a.db")}, exitUnable, "empty.xml"},
		{"no such file", []string{"import", "un", filepath.Join(dir, "none.xml"), "--db", filepath.Join(dir, "a.db")}, exitUnable, "none.xml"},
		{"no database", []string{"status", "mali", "--db", foreign}, exitUnable, "foreign.db"},
		{"beyond loopback", []string{"serve", "--addr", "0.0.0.0:0"}, exitUse, "--tls-cert"},
	} {
		_, errs, code := command(t, c.args...)
		if code != c.code || !strings.Contains(errs, c.word) {
			t.Errorf("%s: exit %d, %q; want %d and %q", c.why, code, errs, c.code, c.word)
		}
	}
}
