package sqlite_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// A process that imports is killed at a seeded moment; whoever opens the file
// next finds all of the batch or nothing, and all of it if it was said to be
// published.
func TestKilledImportLeavesAllOrNothing(t *testing.T) {
	kills := 20
	if recordtest.Soak() {
		kills = 200
	}
	rnd := rand.New(rand.NewPCG(41, 2374))
	whole, none := 0, 0
	var path string
	var before record.Position
	for n := range kills {
		if n%10 == 0 { // a new ledger now and then, or verifying takes ever longer
			path, before = filepath.Join(t.TempDir(), "ledger.db"), 0
		}
		p := start(t, nil, "import", path, "kill")
		// Half of the kills fall into the staging, half around the publication.
		step := rnd.IntN(2 * pieces)
		wait := time.Duration(rnd.Int64N(int64(12 * time.Millisecond)))
		if step > pieces {
			step, wait = pieces, wait/4
		}
		published := false
		for i := 0; i <= step; i++ {
			if p.line() == "" {
				t.Fatalf("kill %d: the process ended by itself", n)
			}
		}
		time.Sleep(wait) // where in the step the kill falls
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for l := p.line(); l != ""; l = p.line() { // said before it died
			published = published || l == "published"
		}
		p.Wait()

		s, err := sqlite.Open(t.Context(), path, sqlite.Options{Now: func() time.Time { return time.Now().Add(48 * time.Hour) }})
		if err != nil {
			t.Fatalf("kill %d: open: %v", n, err)
		}
		head := verify(t, s)
		switch head.Position {
		case before:
			none++
			if published {
				t.Fatalf("kill %d: what was said to be published is gone", n)
			}
		case before + pieces*pieceSize:
			whole++
		default:
			t.Fatalf("kill %d: position %d, want %d or %d", n, head.Position, before, before+pieces*pieceSize)
		}
		before = head.Position
		// What the dead left was swept by this Open, a day and more later.
		if rows := rowsOf(t, path, "entry"); rows != int(before) {
			t.Fatalf("kill %d: %d rows for %d entries", n, rows, before)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills: %d batches whole, %d not there", kills, whole, none)
	if whole == 0 || none == 0 {
		t.Errorf("the kills all fell on one side of the publication (%d whole, %d none): they show nothing", whole, none)
	}
}
