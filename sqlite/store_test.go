package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// openAt opens the ledger and closes it when the test ends.
func openAt(t testing.TB, path string, o sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func verify(t testing.TB, s record.Store) record.Head {
	t.Helper()
	if err := record.Verify(t.Context(), s); err != nil {
		t.Fatalf("verify: %v", err)
	}
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func TestFile(t *testing.T) {
	paths := map[record.Store]string{}
	recordtest.Run(t, func(t testing.TB) record.Store {
		path := filepath.Join(t.TempDir(), "ledger.db")
		s := openAt(t, path, sqlite.Options{})
		paths[s] = path
		return s
	}, func(t testing.TB, s record.Store) record.Store {
		return openAt(t, paths[s], sqlite.Options{})
	})
}

func TestMemory(t *testing.T) {
	recordtest.Run(t, func(t testing.TB) record.Store { return openAt(t, sqlite.Memory, sqlite.Options{}) }, nil)
}

func TestMemoryIsPrivate(t *testing.T) {
	a, b := openAt(t, sqlite.Memory, sqlite.Options{}), openAt(t, sqlite.Memory, sqlite.Options{})
	if _, err := record.Append(t.Context(), a, record.Batch{ID: "a"}, recordtest.Entries(t, "a", 1, 1)); err != nil {
		t.Fatal(err)
	}
	if verify(t, a).Position != 1 || verify(t, b).Position != 0 {
		t.Fatal("two ledgers in memory share entries")
	}
}

func TestPathsThatAreHardToQuote(t *testing.T) {
	for _, name := range []string{"plain.db", "a?b.db", "a%20b#c.db", "é 東 '\".db", "a&mode=ro.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := openAt(t, path, sqlite.Options{})
		if _, err := record.Append(t.Context(), s, record.Batch{ID: "a"}, recordtest.Entries(t, "a", 1, 1)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s.Close()
		if m, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(m) != 1 || m[0] != path {
			t.Fatalf("%s: the folder holds %q", name, m)
		}
		if n := verify(t, openAt(t, path, sqlite.Options{})).Position; n != 1 {
			t.Fatalf("%s: position %d, want 1", name, n)
		}
	}
}

func TestAbandonedBatchesAreSweptAfterADay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	clock := recordtest.Noon
	o := sqlite.Options{Now: func() time.Time { return clock }}
	writer := openAt(t, path, o)
	if _, err := record.Append(t.Context(), writer, record.Batch{ID: "kept"}, recordtest.Entries(t, "kept", 5, 5)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Stage(t.Context(), "left", recordtest.Entries(t, "left", 12_000, 5)); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(23 * time.Hour)
	openAt(t, path, o)
	if n := rowsOf(t, path, "entry"); n != 12_005 {
		t.Fatalf("after 23 hours %d rows, want 12005", n)
	}
	clock = clock.Add(2 * time.Hour)
	next := openAt(t, path, o)
	if n, m := rowsOf(t, path, "entry"), rowsOf(t, path, "batch"); n != 5 || m != 0 {
		t.Fatalf("after 25 hours %d entries and %d batches, want 5 and 0", n, m)
	}
	// The writer was alive after all: it is told, and nothing half is published.
	if err := writer.Stage(t.Context(), "left", recordtest.Entries(t, "more", 5, 5)); !errors.Is(err, record.ErrNotFound) {
		t.Fatalf("stage: %v", err)
	}
	if _, err := writer.Publish(t.Context(), record.Batch{ID: "left"}); err == nil {
		t.Fatal("published a batch that was swept")
	}
	if n := verify(t, next).Position; n != 5 {
		t.Fatalf("position %d, want 5", n)
	}
	// It can go on with another batch, in the same process.
	if _, err := record.Append(t.Context(), writer, record.Batch{ID: "next"}, recordtest.Entries(t, "next", 5, 5)); err != nil {
		t.Fatal(err)
	}
	if n := verify(t, next).Position; n != 10 {
		t.Fatalf("position %d, want 10", n)
	}
}

// A batch that another process has buried, and not swept yet, takes nothing more
// and is not published.
func TestBuriedBatchStaysBuried(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{})
	for _, id := range []record.BatchID{"staged on", "published"} {
		if err := s.Stage(t.Context(), id, recordtest.Entries(t, "a", 5, 5)); err != nil {
			t.Fatal(err)
		}
	}
	alter(t, path, "UPDATE batch SET dead = 1")
	if err := s.Stage(t.Context(), "staged on", recordtest.Entries(t, "b", 5, 5)); !errors.Is(err, record.ErrNotFound) {
		t.Fatalf("stage: %v", err)
	}
	if _, err := s.Publish(t.Context(), record.Batch{ID: "published"}); !errors.Is(err, record.ErrNotFound) {
		t.Fatalf("publish: %v", err)
	}
	if head := verify(t, s); head != (record.Head{}) {
		t.Fatalf("head %+v", head)
	}
}

func TestCloseGivesUpWhatIsStaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{})
	if err := s.Stage(t.Context(), "left", recordtest.Entries(t, "left", 100, 5)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path, sqlite.Options{})
	if n := rowsOf(t, path, "entry"); n != 0 {
		t.Fatalf("%d rows are left", n)
	}
}

func TestOldSnapshotsLeaveNoBytesBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{})
	for i := range 3 {
		if err := s.KeepSnapshot(t.Context(), record.Snapshot{Name: "n", Engine: "e", Position: record.Position(i), Bytes: make([]byte, 6<<20)}); err != nil {
			t.Fatal(err)
		}
	}
	if n, m := rowsOf(t, path, "piece"), rowsOf(t, path, "batch"); n != 24 || m != 0 {
		t.Fatalf("%d pieces and %d batches, want 24 of one snapshot and 0", n, m)
	}
}
