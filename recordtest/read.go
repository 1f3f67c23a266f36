package recordtest

import (
	"bytes"
	"errors"
	"fmt"

	"article41/record"
)

// three is a ledger of three ranges: 1…4, 5…1504, 1505.
func three(b *bench) (record.Store, *ledger) {
	s, l := b.open(b), &ledger{}
	b.append(s, l, record.Batch{ID: "a"}, Entries(b, "a", 4, 10))
	b.append(s, l, record.Batch{ID: "b"}, Entries(b, "b", 1500, 10))
	b.append(s, l, record.Batch{ID: "c"}, Entries(b, "c", 1, 10))
	b.stage(s, "not published", Entries(b, "d", 10, 10))
	return s, l
}

func scanBounds(b *bench) {
	s, l := three(b)
	for _, c := range []struct{ from, to, first, last record.Position }{
		{0, 0, 1, 1505},
		{1, 0, 1, 1505},
		{1, 1, 1, 1},
		{1, 4, 1, 4},
		{2, 5, 2, 5},
		{4, 5, 4, 5},
		{5, 1504, 5, 1504},
		{504, 505, 504, 505},
		{505, 1504, 505, 1504},
		{700, 0, 700, 1505},
		{1504, 1505, 1504, 1505},
		{1505, 0, 1505, 1505},
		{1000, 9_999_999, 1000, 1505},
		{1506, 0, 1, 0},
		{9_999_999, 0, 1, 0},
		{6, 5, 1, 0},
		{5, 4, 1, 0},
	} {
		b.scanned(s, c.from, c.to, l.entries[c.first-1:c.last])
	}
}

func scanStops(b *bench) {
	s, l := three(b)
	stop := errors.New("enough")
	var kept []record.Entry
	err := s.Scan(b.ctx, 3, 0, func(e record.Entry) error {
		kept = append(kept, e)
		if len(kept) == 600 {
			return stop
		}
		return nil
	})
	if err != stop {
		b.Fatalf("have error %v, want the caller's own", err)
	}
	for i, e := range kept { // the bodies are the caller's to keep
		if err := differ(e, l.entries[i+2]); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	if err := s.Ranges(b.ctx, 0, func(record.Range) error { n++; return stop }); err != stop || n != 1 {
		b.Fatalf("ranges: %d, %v", n, err)
	}
}

func rangeBounds(b *bench) {
	s, _ := three(b)
	for _, c := range []struct {
		from record.Position
		want string
	}{
		{0, "[1 5 1505]"}, {1, "[1 5 1505]"}, {2, "[5 1505]"}, {5, "[5 1505]"},
		{6, "[1505]"}, {1505, "[1505]"}, {1506, "[]"}, {9_999_999, "[]"},
	} {
		first := []record.Position{}
		if err := s.Ranges(b.ctx, c.from, func(r record.Range) error { first = append(first, r.First); return nil }); err != nil {
			b.Fatal(err)
		}
		if fmt.Sprint(first) != c.want {
			b.Fatalf("ranges from %d begin at %v, want %s", c.from, first, c.want)
		}
	}
}

func snapshots(b *bench) {
	s := b.open(b)
	keep := func(name, engine string, at record.Position, text string) {
		b.Helper()
		if err := s.KeepSnapshot(b.ctx, record.Snapshot{Name: name, Engine: engine, Position: at, Bytes: []byte(text)}); err != nil {
			b.Fatal(err)
		}
	}
	want := func(name, engine string, at, position record.Position, text string) {
		b.Helper()
		got, err := s.Snapshot(b.ctx, name, engine, at)
		if err != nil || got.Name != name || got.Engine != engine || got.Position != position || string(got.Bytes) != text {
			b.Fatalf("snapshot %s/%s at %d: %+v, %v; want %q at %d", name, engine, at, got, err, text, position)
		}
	}
	none := func(name, engine string, at record.Position) {
		b.Helper()
		_, err := s.Snapshot(b.ctx, name, engine, at)
		b.refused(err, record.ErrNotFound)
	}
	keep("regime", "1", 10, "ten")
	want("regime", "1", 0, 10, "ten")
	want("regime", "1", 10, 10, "ten")
	want("regime", "1", 11, 10, "ten")
	none("regime", "1", 9)
	none("regime", "2", 0)
	none("council", "1", 0)

	keep("regime", "1", 20, "twenty") // the older one goes
	none("regime", "1", 19)
	want("regime", "1", 0, 20, "twenty")
	keep("regime", "1", 20, "") // kept anew, and empty
	want("regime", "1", 0, 20, "")
	keep("regime", "1", 15, "fifteen") // an earlier one does not push out a newer one
	want("regime", "1", 19, 15, "fifteen")
	want("regime", "1", 0, 20, "")
	keep("regime", "2", 5, "other engine")
	keep("council", "1", 5, "other fold")
	want("regime", "1", 0, 20, "")
	want("regime", "2", 0, 5, "other engine")
	want("council", "1", 0, 5, "other fold")
	b.equal(s, &ledger{})
}

func largeSnapshot(b *bench) {
	s := b.open(b)
	for i, size := range []int{3<<20 + 17, 1 << 18, 1<<18 + 1, 5} {
		large := make([]byte, size)
		for j := range large { // holds every byte, NUL too
			large[j] = byte(j + j>>8 + i)
		}
		if err := s.KeepSnapshot(b.ctx, record.Snapshot{Name: "n", Engine: "e", Position: 7, Bytes: large}); err != nil {
			b.Fatal(err)
		}
		got, err := s.Snapshot(b.ctx, "n", "e", 0)
		if err != nil || !bytes.Equal(got.Bytes, large) {
			b.Fatalf("%d bytes (%v), want the %d that were kept", len(got.Bytes), err, size)
		}
	}
}
