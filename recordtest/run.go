// Package recordtest is the one suite that every store of the ledger passes.
//
// [Run] holds a store against a plain list in memory whose byte form and chain
// are written out a second time: positions, public numbers, digests, ranges and
// head must agree to the byte. [Verify] checks a ledger against itself. The
// package knows no engine; what only one engine can suffer (kills, a full disk)
// is tested beside that engine.
//
//	recordtest.Run(t, open, again)
package recordtest

import (
	"context"
	"errors"
	"testing"

	"article41/record"
)

// Opener begins a new, empty ledger, and closes it when the test ends.
type Opener func(t testing.TB) record.Store

// Again gives another handle on the ledger of a store, which may still be in use
// or be left as a dead writer leaves it. It is closed when the test ends.
type Again func(t testing.TB, s record.Store) record.Store

// Run tests a store. With again nil, the ledger lives and dies with its one
// handle, and the two rules about a second one have no meaning.
func Run(t *testing.T, open Opener, again Again) {
	tests := []struct {
		name string // the rule
		test func(*bench)
	}{
		{"a new ledger is empty", newLedger},
		{"positions are contiguous and digests are the reference's, at every size of batch", contiguous},
		{"many calls of Stage make one range", manyCalls},
		{"what was recorded is kept in UTC to the millisecond", recordedAt},
		{"every body comes back byte for byte", bodies},
		{"a large batch is one range", largeBatch},
		{"sealed entries take a position and no public number", sealed},
		{"an empty batch changes nothing", emptyBatch},
		{"a batch nobody staged is not found", unknownBatch},
		{"a batch is published once", publishedOnce},
		{"a moved head is a conflict and discards the batch", conflict},
		{"an older edition is refused", edition},
		{"an invalid entry is refused and spoils nothing", invalid},
		{"a context that ended stages and publishes nothing", cancelled},
		{"writers that stage at once publish in turns", twoWriters},
		{"writers in parallel leave one sound chain", parallelWriters},
		{"a staged batch holds nobody up", heldBatch},
		{"staging under way holds nobody up", stagingUnderWay},
		{"a scan under way holds nobody up and does not see what comes after", scanUnderWay},
		{"a scan takes from and to, both included", scanBounds},
		{"a scan stops at the caller's error", scanStops},
		{"ranges begin at from or after it", rangeBounds},
		{"a snapshot is the newest at or before a position, per name and engine", snapshots},
		{"a large snapshot comes back whole", largeSnapshot},
		{"any sequence of steps does what a plain list does", anySteps},
	}
	if again != nil {
		t.Run("a dead writer's batch is seen by nobody", func(t *testing.T) {
			deadWriter(&bench{T: t, ctx: t.Context(), open: open, again: again})
		})
		t.Run("a second handle sees and continues the same ledger", func(t *testing.T) {
			secondHandle(&bench{T: t, ctx: t.Context(), open: open, again: again})
		})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.test(&bench{T: t, ctx: t.Context(), open: open, again: again})
		})
	}
}

// bench is what a test works on.
type bench struct {
	*testing.T
	ctx   context.Context
	open  Opener
	again Again
}

func (b *bench) stage(s record.Store, id record.BatchID, entries []record.Entry) {
	b.Helper()
	if err := s.Stage(b.ctx, id, entries); err != nil {
		b.Fatalf("stage %s: %v", id, err)
	}
}

func (b *bench) publish(s record.Store, batch record.Batch) record.Range {
	b.Helper()
	r, err := s.Publish(b.ctx, batch)
	if err != nil {
		b.Fatalf("publish %s: %v", batch.ID, err)
	}
	return r
}

// append stages and publishes in the store and in the reference, and compares
// the ranges.
func (b *bench) append(s record.Store, l *ledger, batch record.Batch, entries []record.Entry) record.Range {
	b.Helper()
	if batch.Recorded.IsZero() {
		batch.Recorded = Noon
	}
	have, err := record.Append(b.ctx, s, batch, entries)
	if err != nil {
		b.Fatalf("append %s: %v", batch.ID, err)
	}
	if want := l.add(batch, entries); have != want {
		b.Fatalf("append %s:\n have %+v\n want %+v", batch.ID, have, want)
	}
	return have
}

// refused fails the test unless the error is of the kind and has words of its own.
func (b *bench) refused(err, kind error) {
	b.Helper()
	if !errors.Is(err, kind) {
		b.Fatalf("have error %v, want one that is %v", err, kind)
	}
	if err == kind {
		b.Fatalf("error %v does not say what was tried", err)
	}
}

// equal compares all that the store holds with the reference.
func (b *bench) equal(s record.Store, l *ledger) {
	b.Helper()
	head, err := s.Head(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	if head != l.head {
		b.Fatalf("head:\n have %+v\n want %+v", head, l.head)
	}
	i := 0
	err = s.Ranges(b.ctx, 0, func(r record.Range) error {
		if i >= len(l.ranges) || r != l.ranges[i] {
			b.Fatalf("range %d: have %+v; want %d ranges", i, r, len(l.ranges))
		}
		i++
		return nil
	})
	if err != nil || i != len(l.ranges) {
		b.Fatalf("%d ranges, want %d (%v)", i, len(l.ranges), err)
	}
	b.scanned(s, 0, 0, l.entries)
	if err := record.Verify(b.ctx, s); err != nil {
		b.Fatalf("verify: %v", err)
	}
}

// scanned compares a scan with the entries that are wanted.
func (b *bench) scanned(s record.Store, from, to record.Position, want []record.Entry) {
	b.Helper()
	i := 0
	err := s.Scan(b.ctx, from, to, func(e record.Entry) error {
		if i >= len(want) {
			b.Fatalf("scan %d…%d: position %d is too much", from, to, e.Position)
		}
		if err := differ(e, want[i]); err != nil {
			b.Fatalf("scan %d…%d: %v", from, to, err)
		}
		if e.Digest() != leaf(want[i]) {
			b.Fatalf("scan %d…%d: position %d: another digest", from, to, e.Position)
		}
		i++
		return nil
	})
	if err != nil {
		b.Fatalf("scan %d…%d: %v", from, to, err)
	}
	if i != len(want) {
		b.Fatalf("scan %d…%d: %d entries, want %d", from, to, i, len(want))
	}
}
