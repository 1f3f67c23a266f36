package recordtest

import (
	"errors"
	"fmt"
	"sync"

	"article41/record"
)

func twoWriters(b *bench) {
	first := b.open(b)
	handles := map[string][2]record.Store{"one handle": {first, first}}
	l := &ledger{}
	if b.again != nil {
		handles["two handles"] = [2]record.Store{first, b.again(b, first)}
	}
	for name, w := range handles {
		for round := range 3 {
			x := record.Batch{ID: record.BatchID(fmt.Sprint(name, " x", round)), Recorded: Noon}
			y := record.Batch{ID: record.BatchID(fmt.Sprint(name, " y", round)), Recorded: Noon}
			ex, ey := Entries(b, string(x.ID), 700, 20), Entries(b, string(y.ID), 700, 20)
			for at := 0; at < 700; at += 100 { // in turns
				b.stage(w[0], x.ID, ex[at:at+100])
				b.stage(w[1], y.ID, ey[at:at+100])
			}
			// Whoever publishes first comes first, whoever began.
			for _, turn := range []struct {
				store   record.Store
				batch   record.Batch
				entries []record.Entry
			}{{w[1], y, ey}, {w[0], x, ex}} {
				if have, want := b.publish(turn.store, turn.batch), l.add(turn.batch, turn.entries); have != want {
					b.Fatalf("%s: have %+v\nwant %+v", turn.batch.ID, have, want)
				}
			}
		}
		b.equal(w[0], l)
		b.equal(w[1], l)
	}
}

func parallelWriters(b *bench) {
	first := b.open(b)
	stores := []record.Store{first, first, first, first}
	if b.again != nil {
		stores[1], stores[3] = b.again(b, first), b.again(b, first)
	}
	const rounds, size = 6, 30
	var wg sync.WaitGroup
	failed := make(chan error, len(stores))
	for i, s := range stores {
		wg.Go(func() {
			for round := range rounds {
				name := fmt.Sprintf("w%d-%d", i, round)
				if _, err := record.Append(b.ctx, s, record.Batch{ID: record.BatchID(name), Recorded: Noon}, Entries(b, name, size, 20)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		b.Fatal(err)
	}
	// Each batch lies together and in its own order, whatever the turns were.
	next := map[record.FactID]bool{}
	n := 0
	err := first.Scan(b.ctx, 0, 0, func(e record.Entry) error {
		if next[e.Fact] {
			return errors.New("twice: " + string(e.Fact))
		}
		next[e.Fact] = true
		if want := fmt.Sprintf("/%d", n%size); string(e.Fact[len(e.Fact)-len(want):]) != want {
			return fmt.Errorf("position %d holds %s", e.Position, e.Fact)
		}
		n++
		return nil
	})
	if err != nil || n != len(stores)*rounds*size {
		b.Fatalf("%d entries, want %d (%v)", n, len(stores)*rounds*size, err)
	}
	if err := record.Verify(b.ctx, first); err != nil {
		b.Fatal(err)
	}
}

func heldBatch(b *bench) {
	s, l := b.open(b), &ledger{}
	held := record.Batch{ID: "held", Recorded: Noon}
	entries := Entries(b, "held", 3000, 30)
	b.stage(s, held.ID, entries)
	// Nothing but the order says that nobody waits: were the ledger locked from
	// Stage to Publish, these would not return.
	b.append(s, l, record.Batch{ID: "other"}, Entries(b, "other", 5, 10))
	if b.again != nil {
		b.append(b.again(b, s), l, record.Batch{ID: "third"}, Entries(b, "third", 5, 10))
	}
	b.equal(s, l)
	if have, want := b.publish(s, held), l.add(held, entries); have != want {
		b.Fatalf("have %+v\nwant %+v", have, want)
	}
	b.equal(s, l)
}

func stagingUnderWay(b *bench) {
	s := b.open(b)
	other := s
	if b.again != nil {
		other = b.again(b, s)
	}
	published, ended := make(chan struct{}), make(chan error, 1)
	underWay := make(chan struct{})
	chunk := Entries(b, "chunk", 200, 500)
	staged := 0
	go func() { // stages until the other writer has come through
		for {
			if err := s.Stage(b.ctx, "long", chunk); err != nil {
				ended <- err
				return
			}
			if staged++; staged == 1 {
				close(underWay)
			}
			select {
			case <-published:
				ended <- nil
				return
			default:
			}
		}
	}()
	select {
	case <-underWay:
	case err := <-ended:
		b.Fatal(err)
	}
	l := &ledger{}
	b.append(other, l, record.Batch{ID: "short"}, Entries(b, "short", 3, 10))
	b.equal(other, l)
	close(published)
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	if r := b.publish(s, record.Batch{ID: "long", Recorded: Noon}); r.First != 4 || r.Count != uint64(staged*len(chunk)) {
		b.Fatalf("range %+v, want %d entries from 4", r, staged*len(chunk))
	}
	if err := record.Verify(b.ctx, s); err != nil {
		b.Fatal(err)
	}
}

func scanUnderWay(b *bench) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "a"}, Entries(b, "a", 1200, 10))
	n := 0
	err := s.Scan(b.ctx, 0, 0, func(record.Entry) error {
		if n++; n%400 == 1 {
			name := fmt.Sprintf("within%d", n)
			b.append(s, l, record.Batch{ID: record.BatchID(name)}, Entries(b, name, 2, 10))
			return s.Ranges(b.ctx, 0, func(record.Range) error { return nil })
		}
		return nil
	})
	if err != nil || n != 1200 {
		b.Fatalf("%d entries, want the 1200 that were there (%v)", n, err)
	}
	b.equal(s, l)
}

func deadWriter(b *bench) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "before"}, Entries(b, "before", 3, 10))
	b.stage(s, "import", Entries(b, "dead", 2500, 10))
	// s is left as it is, like a process that was killed.
	next := b.again(b, s)
	b.equal(next, l)
	_, err := next.Publish(b.ctx, record.Batch{ID: "import", Recorded: Noon})
	b.refused(err, record.ErrNotFound) // it belonged to the dead
	// The import is made again under the same id and holds only what is staged now.
	b.append(next, l, record.Batch{ID: "import"}, Entries(b, "alive", 2500, 10))
	b.equal(next, l)
}

func secondHandle(b *bench) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "a"}, Entries(b, "a", 3, 10))
	t := b.again(b, s)
	b.equal(t, l)
	b.append(t, l, record.Batch{ID: "a", Edition: 4}, Entries(b, "b", 3, 10))
	b.equal(s, l)
	zero := record.Position(3)
	b.stage(s, "late", Entries(b, "late", 1, 10))
	_, err := s.Publish(b.ctx, record.Batch{ID: "late", After: &zero, Edition: 4, Recorded: Noon})
	b.refused(err, record.ErrConflict)
	if err := s.KeepSnapshot(b.ctx, record.Snapshot{Name: "fold", Engine: "1", Position: 6, Bytes: []byte("x")}); err != nil {
		b.Fatal(err)
	}
	if got, err := t.Snapshot(b.ctx, "fold", "1", 0); err != nil || string(got.Bytes) != "x" || got.Position != 6 {
		b.Fatalf("snapshot %+v, %v", got, err)
	}
	b.equal(t, l)
}
