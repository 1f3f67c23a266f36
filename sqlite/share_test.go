package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

func ranges(t testing.TB, s record.Store) (n int) {
	t.Helper()
	if err := s.Ranges(t.Context(), 0, func(record.Range) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTwoProcessesAppendInTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	both := []*process{start(t, nil, "turns", path, "x"), start(t, nil, "turns", path, "y")}
	position := "0"
	const turns = 30
	for i := range turns {
		// Each says where it left the head; the other must find it there.
		fmt.Fprintln(both[i%2].in, position)
		if position = both[i%2].line(); position == "" {
			t.Fatalf("turn %d: %q", i, both[i%2].end(t))
		}
	}
	both[0].end(t)
	both[1].end(t)
	s := openAt(t, path, sqlite.Options{})
	if head := verify(t, s); fmt.Sprint(head.Position) != position || ranges(t, s) != turns {
		t.Fatalf("position %d in %d ranges, want %s in %d", head.Position, ranges(t, s), position, turns)
	}
}

func TestProcessesRaceOnOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db") // which each of them may be the first to make
	var all []*process
	for i := range 4 {
		all = append(all, start(t, nil, "race", path, fmt.Sprint("p", i)))
	}
	for i, p := range all {
		t.Logf("process %d: %v", i, p.end(t))
	}
	s := openAt(t, path, sqlite.Options{})
	if head := verify(t, s); head.Position != 4*25*8 || ranges(t, s) != 4*25 {
		t.Fatalf("position %d in %d ranges", head.Position, ranges(t, s))
	}
}

// Somebody else keeps the write lock: writers give up with a word, at the end of
// their wait or of their context, and readers notice nothing.
func TestLockHeldByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{Wait: 20 * time.Millisecond})
	patient := openAt(t, path, sqlite.Options{Wait: time.Hour})
	one := recordtest.Entries(t, "one", 1, 10)
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "a"}, one); err != nil {
		t.Fatal(err)
	}
	holder := raw(t, path)
	if _, err := holder.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage(t.Context(), "b", one); err == nil || !strings.Contains(err.Error(), "another writer has held the file for 20ms") {
		t.Fatalf("have %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() { waiting <- patient.Stage(ctx, "c", one) }()
	verify(t, s)
	verify(t, openAt(t, path, sqlite.Options{}))
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Fatalf("have %v", err)
	}
	if _, err := holder.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "b"}, one); err != nil {
		t.Fatal(err)
	}
	if n := verify(t, patient).Position; n != 2 {
		t.Fatalf("position %d, want 2", n)
	}
}
