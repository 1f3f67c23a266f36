package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"article41/record"
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
