package recordtest

import (
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"article41/record"
)

// anySteps draws stagings, publications and scans, and holds the store against
// the reference after each.
func anySteps(b *bench) {
	rapid.Check(b.T, func(t *rapid.T) {
		s, l := b.open(b), &ledger{}
		staged := map[record.BatchID][]record.Entry{}
		number := 0
		id := rapid.SampledFrom([]record.BatchID{"a", "b", "c"})
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"stage", "stage", "publish", "publish", "scan"}).Draw(t, "step") {
			case "stage":
				batch, n := id.Draw(t, "batch"), rapid.IntRange(0, 20).Draw(t, "entries")
				number++
				entries := Entries(b, fmt.Sprint(number), n, 5)
				b.stage(s, batch, entries)
				staged[batch] = append(append([]record.Entry{}, staged[batch]...), entries...)
			case "publish":
				batch := record.Batch{
					ID:       id.Draw(t, "batch"),
					Edition:  rapid.Uint64Range(0, 2).Draw(t, "edition"),
					Recorded: time.UnixMicro(rapid.Int64Range(-1<<40, 1<<50).Draw(t, "recorded")),
				}
				if rapid.Bool().Draw(t, "after") {
					after := record.Position(rapid.Uint64Range(0, uint64(l.head.Position)).Draw(t, "position"))
					batch.After = &after
				}
				entries, known := staged[batch.ID]
				want := error(nil)
				switch {
				case !known:
					want = record.ErrNotFound
				case batch.After != nil && *batch.After != l.head.Position:
					want = record.ErrConflict
				case batch.Edition < l.head.Edition:
					want = record.ErrNewer
				}
				have, err := s.Publish(b.ctx, batch)
				if !errors.Is(err, want) {
					t.Fatalf("publish %+v: %v, want %v", batch, err, want)
				}
				delete(staged, batch.ID)
				if want == nil {
					if r := l.add(batch, entries); have != r {
						t.Fatalf("publish %+v:\n have %+v\n want %+v", batch, have, r)
					}
				}
			case "scan":
				n := len(l.entries)
				from := rapid.IntRange(1, n+1).Draw(t, "from")
				to := rapid.IntRange(from-1, n).Draw(t, "to")
				if to > 0 {
					b.scanned(s, record.Position(from), record.Position(to), l.entries[from-1:to])
				}
			}
		}
		b.equal(s, l)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
