package recordtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"article41/date"
	"article41/record"
)

func newLedger(b *bench) {
	s := b.open(b)
	b.equal(s, &ledger{})
	if _, err := s.Snapshot(b.ctx, "fold", "1", 0); !errors.Is(err, record.ErrNotFound) {
		b.Fatalf("snapshot: %v", err)
	}
}

func contiguous(b *bench) {
	s, l := b.open(b), &ledger{}
	// One, some, and the neighbours of the sizes in which stores like to work.
	for i, n := range []int{1, 1, 2, 0, 499, 500, 501, 1, 1999, 2000, 2001, 3} {
		name := fmt.Sprintf("b%d", i)
		b.append(s, l, record.Batch{ID: record.BatchID(name), Recorded: Noon.Add(time.Duration(i) * time.Hour)}, Entries(b, name, n, 40))
	}
	b.equal(s, l)
}

func manyCalls(b *bench) {
	s, l := b.open(b), &ledger{}
	entries := Entries(b, "many", 2600, 30)
	batch := record.Batch{ID: "many", Recorded: Noon}
	for i, n := range []int{0, 1, 599, 0, 2000} {
		from := []int{0, 0, 1, 600, 600}[i]
		b.stage(s, batch.ID, entries[from:from+n])
	}
	if have, want := b.publish(s, batch), l.add(batch, entries); have != want {
		b.Fatalf("have %+v\nwant %+v", have, want)
	}
	b.equal(s, l)
}

func recordedAt(b *bench) {
	s, l := b.open(b), &ledger{}
	for i, at := range []time.Time{
		Noon,
		time.Date(2024, 2, 29, 23, 59, 59, 999_999_999, time.FixedZone("", -5*3600)),
		time.Date(1969, 12, 31, 23, 59, 59, 500_000, time.UTC), // before 1970, and not a whole millisecond
	} {
		name := fmt.Sprintf("at%d", i)
		b.append(s, l, record.Batch{ID: record.BatchID(name), Recorded: at}, Entries(b, name, 2, 10))
	}
	b.equal(s, l)
}

func bodies(b *bench) {
	s, l := b.open(b), &ledger{}
	var entries []record.Entry
	for i, body := range []string{
		`{}`, `""`, `"' -- "`, `"\\ \" \n \t \u2028"`, "\"\u2028\u0001\u007f\ufeff\"", `"%s ? :a @b $c"`,
		`"محمد Ахмед 金正恩 𐤀 e\u0301"`, "\"e\u0301 \u00e9\"", ` { "a" : 1e400 } `, `"` + strings.Repeat("x", 3<<20) + `"`,
	} {
		entries = append(entries, record.Entry{
			Fact: record.FactID(fmt.Sprintf("body/%d/é'\"?%%", i)), Kind: "test", Source: "un", Known: date.MustDay("1946-01-17").AddDays(i), Body: []byte(body),
		})
	}
	b.append(s, l, record.Batch{ID: "bodies"}, entries)
	b.equal(s, l)
}

func largeBatch(b *bench) {
	n := 20_000
	if Soak() {
		n = 1_000_000
	}
	s := b.open(b)
	const step = 10_000
	batch := record.Batch{ID: "large", Recorded: Noon}
	for from := 0; from < n; from += step {
		b.stage(s, batch.ID, Entries(b, fmt.Sprintf("large%d", from), step, 700))
	}
	r := b.publish(s, batch)
	if r.First != 1 || r.Count != uint64(n) {
		b.Fatalf("range %+v, want %d entries from 1", r, n)
	}
	ranges := 0
	if err := s.Ranges(b.ctx, 0, func(record.Range) error { ranges++; return nil }); err != nil || ranges != 1 {
		b.Fatalf("%d ranges (%v), want one", ranges, err)
	}
	if err := record.Verify(b.ctx, s); err != nil {
		b.Fatal(err)
	}
}

func sealed(b *bench) {
	s, l := b.open(b), &ledger{}
	entries := Entries(b, "s", 40, 10)
	var open, shut []record.Entry
	for _, e := range entries {
		if e.IsSealed() {
			shut = append(shut, e)
		} else {
			open = append(open, e)
		}
	}
	b.append(s, l, record.Batch{ID: "shut"}, shut[:2])
	b.append(s, l, record.Batch{ID: "open"}, open[:2])
	b.append(s, l, record.Batch{ID: "both"}, []record.Entry{shut[2], open[2], shut[3], open[3]})
	b.append(s, l, record.Batch{ID: "last"}, open[4:5])
	b.equal(s, l)
	var public []uint64
	if err := s.Scan(b.ctx, 0, 0, func(e record.Entry) error { public = append(public, e.Public); return nil }); err != nil {
		b.Fatal(err)
	}
	if have, want := fmt.Sprint(public), "[0 0 1 2 0 3 0 4 5]"; have != want {
		b.Fatalf("public numbers %s, want %s", have, want)
	}
}

func emptyBatch(b *bench) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "none", Edition: 9}, nil)
	if l.head != (record.Head{}) {
		b.Fatal("the reference is wrong")
	}
	b.append(s, l, record.Batch{ID: "one"}, Entries(b, "one", 1, 10))
	r := b.append(s, l, record.Batch{ID: "none"}, nil)
	if r.First != 2 || r.Count != 0 || r.Last() != 1 || r.Head != l.head.Digest {
		b.Fatalf("empty range %+v", r)
	}
	b.equal(s, l)
}

func unknownBatch(b *bench) {
	s := b.open(b)
	_, err := s.Publish(b.ctx, record.Batch{ID: "nobody", Recorded: Noon})
	b.refused(err, record.ErrNotFound)
	b.refused(s.Stage(b.ctx, "", Entries(b, "x", 1, 10)), record.ErrInvalid)
	b.equal(s, &ledger{})
}

func publishedOnce(b *bench) {
	s, l := b.open(b), &ledger{}
	batch := record.Batch{ID: "once"}
	b.append(s, l, batch, Entries(b, "once", 3, 10))
	_, err := s.Publish(b.ctx, batch)
	b.refused(err, record.ErrNotFound)
	b.equal(s, l)
	// The id is free again, for other entries.
	b.append(s, l, batch, Entries(b, "again", 2, 10))
	b.equal(s, l)
}

func conflict(b *bench) {
	s, l := b.open(b), &ledger{}
	zero, two, three := record.Position(0), record.Position(2), record.Position(3)
	b.append(s, l, record.Batch{ID: "first", After: &zero}, Entries(b, "first", 2, 10))
	for _, after := range []*record.Position{&zero, &three} {
		late := record.Batch{ID: "late", After: after, Recorded: Noon}
		b.stage(s, late.ID, Entries(b, "late", 2, 10))
		_, err := s.Publish(b.ctx, late)
		b.refused(err, record.ErrConflict)
		b.equal(s, l)
		late.After = nil
		_, err = s.Publish(b.ctx, late)
		b.refused(err, record.ErrNotFound) // discarded
	}
	b.append(s, l, record.Batch{ID: "late", After: &two}, Entries(b, "new", 1, 10))
	b.equal(s, l)
}

func edition(b *bench) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "e0"}, Entries(b, "e0", 1, 10))
	b.append(s, l, record.Batch{ID: "e2", Edition: 2}, Entries(b, "e2", 1, 10))
	b.append(s, l, record.Batch{ID: "e2", Edition: 2}, Entries(b, "e2b", 1, 10))
	for _, older := range []uint64{1, 0} {
		batch := record.Batch{ID: "old", Edition: older, Recorded: Noon}
		b.stage(s, batch.ID, Entries(b, "old", 1, 10))
		_, err := s.Publish(b.ctx, batch)
		b.refused(err, record.ErrNewer)
		b.equal(s, l)
	}
	b.append(s, l, record.Batch{ID: "e3", Edition: 3}, Entries(b, "e3", 1, 10))
	if l.head.Edition != 3 {
		b.Fatal("the reference is wrong")
	}
	b.equal(s, l)
}

func invalid(b *bench) {
	s, l := b.open(b), &ledger{}
	good := Entries(b, "good", 4, 10)
	batch := record.Batch{ID: "mixed", Recorded: Noon}
	b.stage(s, batch.ID, good[:2])
	for name, spoil := range map[string]func(*record.Entry){
		"a NUL in the body":         func(e *record.Entry) { e.Body = []byte("\"a\x00b\"") },
		"an escaped NUL":            func(e *record.Entry) { e.Body = []byte(`"a\u0000b"`) },
		"a NUL in the fact":         func(e *record.Entry) { e.Fact = "a\x00b" },
		"a body that is not UTF-8":  func(e *record.Entry) { e.Body = []byte("\"\xff\"") },
		"no body":                   func(e *record.Entry) { e.Body = nil },
		"no fact":                   func(e *record.Entry) { e.Fact = "" },
		"no kind":                   func(e *record.Entry) { e.Kind = "" },
		"no source":                 func(e *record.Entry) { e.Source = "" },
		"no day on which was known": func(e *record.Entry) { e.Known = date.Day{} },
	} {
		bad := good[3]
		spoil(&bad)
		err := s.Stage(b.ctx, batch.ID, []record.Entry{good[2], bad})
		if !errors.Is(err, record.ErrInvalid) {
			b.Fatalf("%s: %v", name, err)
		}
	}
	b.stage(s, batch.ID, good[2:])
	if have, want := b.publish(s, batch), l.add(batch, good); have != want {
		b.Fatalf("have %+v\nwant %+v", have, want)
	}
	b.equal(s, l)
}

func cancelled(b *bench) {
	s, l := b.open(b), &ledger{}
	over, cancel := context.WithCancel(b.ctx)
	batch := record.Batch{ID: "c", Recorded: Noon}
	entries := Entries(b, "c", 5000, 10)
	b.stage(s, batch.ID, entries[:10])
	cancel()
	b.refused(s.Stage(over, batch.ID, entries[10:]), context.Canceled)
	// The call left nothing and can be made again.
	b.stage(s, batch.ID, entries[10:])
	_, err := s.Publish(over, batch)
	b.refused(err, context.Canceled)
	b.equal(s, l)
	if err := s.Scan(over, 0, 0, func(record.Entry) error { return nil }); !errors.Is(err, context.Canceled) {
		b.Fatalf("scan: %v", err)
	}
	if have, want := b.publish(s, batch), l.add(batch, entries); have != want {
		b.Fatalf("have %+v\nwant %+v", have, want)
	}
	b.equal(s, l)
}
