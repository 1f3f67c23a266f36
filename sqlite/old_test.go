package sqlite_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

var update = flag.Bool("update", false, "write the database file of the newest layout, if it is not there, and the texts")

// newest is the number of the newest layout.
const newest = 3

// Old database files are kept, one for each layout that was released, and are
// opened as users will open theirs. They are never written anew: what is in them
// is what an old program wrote.
func TestOldFiles(t *testing.T) {
	if kept := fmt.Sprintf("testdata/v%d.db", newest); *update {
		if _, err := os.Stat(kept); err != nil {
			writeOldFile(t, kept)
		}
	}
	files, err := filepath.Glob("testdata/v*.db")
	if err != nil || len(files) != newest {
		t.Fatalf("%d old files for %d layouts (%v)", len(files), newest, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "old.db")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			s := openAt(t, path, sqlite.Options{})
			head := verify(t, s)
			golden(t, strings.TrimSuffix(file, ".db")+".txt", text(t, s))
			// And work goes on.
			if _, err := record.Append(t.Context(), s, record.Batch{ID: "next", Edition: head.Edition, After: &head.Position},
				recordtest.Entries(t, "next", 10, 10)); err != nil {
				t.Fatal(err)
			}
			verify(t, s)
		})
	}
}

func writeOldFile(t *testing.T, path string) {
	s := openAt(t, path, sqlite.Options{})
	for i, n := range []int{3, 1, 12} {
		name := fmt.Sprintf("old%d", i)
		if _, err := record.Append(t.Context(), s, record.Batch{ID: "b", Edition: uint64(i), Recorded: recordtest.Noon.AddDate(0, i, 0)},
			recordtest.Entries(t, name, n, 20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.KeepSnapshot(t.Context(), record.Snapshot{Name: "fold", Engine: "1", Position: 16, Bytes: []byte("state")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// text is all that a ledger says, a line a thing.
func text(t *testing.T, s record.Store) string {
	var out strings.Builder
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "head %d public %d edition %d %s\n", head.Position, head.Public, head.Edition, head.Digest)
	if err := s.Ranges(t.Context(), 0, func(r record.Range) error {
		fmt.Fprintf(&out, "range %d…%d public %d recorded %s\n\trunning %s\n\thead %s\n", r.First, r.Last(), r.Public, r.Recorded, r.Running, r.Head)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Scan(t.Context(), 0, 0, func(e record.Entry) error {
		fmt.Fprintf(&out, "entry %d public %d %s %s %s %s %s\n\t%s\n", e.Position, e.Public, e.Kind, e.Fact, e.Source, e.Known, e.Body, e.Digest())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot(t.Context(), "fold", "1", 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "snapshot %s %s at %d: %s\n", snap.Name, snap.Engine, snap.Position, snap.Bytes)
	return out.String()
}

func golden(t *testing.T, path, have string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if have != string(want) {
		t.Errorf("%s differs; have:\n%s", path, have)
	}
}

func TestNewerLayoutIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	openAt(t, path, sqlite.Options{}).Close()
	alter(t, path, fmt.Sprintf("PRAGMA user_version = %d", newest+1))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); !errors.Is(err, record.ErrNewer) {
		t.Fatalf("have %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Fatal("the file was written to")
	}
}

func TestWhatIsNoLedgerIsRefused(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other.db")
	alter(t, other, "CREATE TABLE customer (name TEXT)")
	page := filepath.Join(dir, "page.html")
	if err := os.WriteFile(page, []byte(strings.Repeat("<p>not a database</p>\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		kind       error
		says       string
	}{
		{"another program's database", other, record.ErrInvalid, "another program"},
		{"a file of another sort", page, record.ErrInvalid, "not an SQLite database"},
		{"no path", "", record.ErrInvalid, "no path"},
		{"a folder", dir, nil, "cannot be opened"},
		{"a folder that does not exist", filepath.Join(dir, "no", "ledger.db"), nil, "cannot be opened"},
	} {
		s, err := sqlite.Open(t.Context(), c.path, sqlite.Options{})
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", c.name)
			continue
		}
		if c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := rowsOf(t, other, "sqlite_schema"); n != 1 {
		t.Errorf("another program's database was changed")
	}
}

// Whatever is changed behind the store's back is found by Verify or by the scan.
func TestTamperingIsFound(t *testing.T) {
	for _, c := range []string{
		`UPDATE entry SET body = replace(body, 'Ménaka', 'Menaka') WHERE place = (SELECT max(place) - 3 FROM entry)`,
		`UPDATE entry SET known = '2023-08-31' WHERE place = (SELECT min(place) FROM entry)`,
		`UPDATE entry SET fact = fact || 'x' WHERE place = (SELECT min(place) FROM entry)`,
		`UPDATE entry SET public = public + 1 WHERE place = (SELECT max(place) FROM entry)`,
		`DELETE FROM entry WHERE place = (SELECT max(place) FROM entry)`,
		`DELETE FROM entry WHERE place = (SELECT max(place) - 2 FROM entry)`,
		`DELETE FROM entry`,
		`UPDATE range SET recorded = recorded + 1 WHERE first = 11`,
		`UPDATE range SET batch = batch + 100 WHERE first = 11`,
		`UPDATE range SET count = count - 1 WHERE first = 11`,
		`UPDATE range SET public = public - 1 WHERE first = 11`,
		`UPDATE range SET running = zeroblob(32)`,
		`UPDATE range SET head = zeroblob(3)`,
		`DELETE FROM range WHERE first = 1`,
		`DELETE FROM range WHERE first = 11`,
		`UPDATE head SET position = position - 1`,
		`UPDATE head SET position = 10`,
		`UPDATE head SET public = public + 1`,
		`UPDATE head SET digest = zeroblob(32)`,
	} {
		path := filepath.Join(t.TempDir(), "ledger.db")
		s := openAt(t, path, sqlite.Options{})
		for i := range 3 {
			if _, err := record.Append(t.Context(), s, record.Batch{ID: "b", Recorded: recordtest.Noon}, recordtest.Entries(t, fmt.Sprint(i), 10, 10)); err != nil {
				t.Fatal(err)
			}
		}
		verify(t, s)
		alter(t, path, c)
		if err := record.Verify(t.Context(), s); err == nil {
			t.Errorf("not found: %s", c)
		}
	}
}
