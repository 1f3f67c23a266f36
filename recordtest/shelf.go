package recordtest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"article41/record"
	"article41/shelf"

	"pgregory.net/rapid"
)

// Shelf tests a store of what changes. With again nil the store lives and dies
// with its one handle.
func Shelf(t *testing.T, open func(testing.TB) shelf.Store, again func(testing.TB, shelf.Store) shelf.Store) {
	for _, test := range []struct {
		name string // the rule
		test func(*testing.T, shelf.Store)
	}{
		{"any sequence of writes does what a plain map does", anyWrites},
		{"of two that change one thing, the second is told", secondIsTold},
		{"a write is all or nothing", allOrNothing},
		{"bodies come back byte for byte", shelfBodies},
		{"what is not valid is refused and spoils nothing", shelfInvalid},
		{"items come by id in byte order, a page at a time", shelfPages},
		{"of ids asked for at once come those that are there", shelfSome},
		{"writers in parallel lose nothing, and the sequence is dense", parallelShelf},
	} {
		t.Run(test.name, func(t *testing.T) { test.test(t, open(t)) })
	}
	if again == nil {
		return
	}
	t.Run("another handle sees it all", func(t *testing.T) {
		s := open(t)
		write(t, s, shelf.Change{Kind: "note", ID: "a", Body: []byte("1")})
		o := again(t, s)
		if it, err := o.Item(t.Context(), "note", "a"); err != nil || string(it.Body) != "1" {
			t.Fatalf("%+v, %v", it, err)
		}
		write(t, o, shelf.Change{Kind: "note", ID: "a", Version: 1, Gone: true})
		if _, err := s.Item(t.Context(), "note", "a"); !errors.Is(err, record.ErrNotFound) {
			t.Fatalf("removed by the other handle: %v", err)
		}
	})
}

func write(t testing.TB, s shelf.Store, changes ...shelf.Change) int64 {
	t.Helper()
	seq, err := s.Write(t.Context(), changes...)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// anyWrites holds the store against maps.
func anyWrites(t *testing.T, s shelf.Store) {
	type key struct {
		kind shelf.Kind
		id   shelf.ID
	}
	last := map[key]shelf.Item{} // the newest state, removed ones too
	var seq int64
	rapid.Check(t, func(t *rapid.T) {
		changes := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) shelf.Change {
			c := shelf.Change{
				Kind:    rapid.SampledFrom([]shelf.Kind{"note", "alert"}).Draw(t, "kind"),
				ID:      shelf.ID(rapid.SampledFrom([]string{"a", "b", "é", "Z", "a/1"}).Draw(t, "id")),
				Version: rapid.Int64Range(-1, 4).Draw(t, "version"),
				Gone:    rapid.Bool().Draw(t, "gone"),
			}
			if was := last[key{c.Kind, c.ID}]; rapid.Bool().Draw(t, "right version") && !was.Gone {
				c.Version = was.Version
			} else if was.Gone {
				c.Version = 0
			}
			if !c.Gone {
				c.Body = rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "body")
			}
			return c
		}), 1, 4, func(c shelf.Change) key { return key{c.Kind, c.ID} }).Draw(t, "changes")

		next, after, conflict := map[key]shelf.Item{}, seq, false
		for _, c := range changes {
			was := last[key{c.Kind, c.ID}]
			kept := was.Version
			if was.Gone {
				kept = 0
			}
			conflict = conflict || c.Version != shelf.Any && c.Version != kept
			after++
			next[key{c.Kind, c.ID}] = shelf.Item{Kind: c.Kind, ID: c.ID, Version: was.Version + 1, Seq: after, Gone: c.Gone, Body: c.Body}
		}
		got, err := s.Write(t.Context(), changes...)
		if conflict {
			if !errors.Is(err, record.ErrConflict) {
				t.Fatalf("want a conflict, got %v", err)
			}
		} else {
			if err != nil || got != after {
				t.Fatalf("sequence %d, want %d (%v)", got, after, err)
			}
			seq = after
			for k, it := range next {
				last[k] = it
			}
		}
		from := rapid.Int64Range(0, seq).Draw(t, "since")
		var want []shelf.Item
		for _, it := range last {
			if it.Seq > from {
				want = append(want, it)
			}
		}
		slices.SortFunc(want, func(a, b shelf.Item) int { return int(a.Seq - b.Seq) })
		have, err := s.Since(t.Context(), from, 100)
		if err != nil {
			t.Fatal(err)
		}
		same(t, have, want)
		for k, it := range last {
			got, err := s.Item(t.Context(), k.kind, k.id)
			switch {
			case it.Gone && !errors.Is(err, record.ErrNotFound):
				t.Fatalf("%v is removed: %v", k, err)
			case !it.Gone:
				same(t, []shelf.Item{got}, []shelf.Item{it})
			}
		}
	})
}

func same(t interface{ Fatalf(string, ...any) }, have, want []shelf.Item) {
	equal := slices.EqualFunc(have, want, func(a, b shelf.Item) bool {
		return a.Kind == b.Kind && a.ID == b.ID && a.Version == b.Version && a.Seq == b.Seq && a.Gone == b.Gone && bytes.Equal(a.Body, b.Body)
	})
	if !equal {
		t.Fatalf("have %+v\nwant %+v", have, want)
	}
}

func secondIsTold(t *testing.T, s shelf.Store) {
	write(t, s, shelf.Change{Kind: "note", ID: "a", Body: []byte("first")})
	write(t, s, shelf.Change{Kind: "note", ID: "a", Version: 1, Body: []byte("one's")})
	_, err := s.Write(t.Context(), shelf.Change{Kind: "note", ID: "a", Version: 1, Body: []byte("other's")})
	if !errors.Is(err, record.ErrConflict) {
		t.Fatalf("the second writer: %v", err)
	}
	if it, _ := s.Item(t.Context(), "note", "a"); string(it.Body) != "one's" || it.Version != 2 {
		t.Fatalf("kept %+v", it)
	}
}

func allOrNothing(t *testing.T, s shelf.Store) {
	seq := write(t, s, shelf.Change{Kind: "note", ID: "a", Body: []byte("1")})
	_, err := s.Write(t.Context(), shelf.Change{Kind: "note", ID: "b", Body: []byte("2")}, shelf.Change{Kind: "note", ID: "a", Body: []byte("3")})
	if !errors.Is(err, record.ErrConflict) {
		t.Fatal(err)
	}
	if _, err := s.Item(t.Context(), "note", "b"); !errors.Is(err, record.ErrNotFound) {
		t.Fatalf("half a write is kept: %v", err)
	}
	if next := write(t, s, shelf.Change{Kind: "note", ID: "c"}); next != seq+1 {
		t.Fatalf("sequence %d after %d", next, seq)
	}
}

func shelfBodies(t *testing.T, s shelf.Store) {
	for i, b := range [][]byte{{}, {0}, {0, 0xff, 0x80}, []byte("Ünïcode"), bytes.Repeat([]byte{7}, 1<<20)} {
		id := shelf.ID(fmt.Sprint("b", i))
		write(t, s, shelf.Change{Kind: "note", ID: id, Body: b})
		if it, err := s.Item(t.Context(), "note", id); err != nil || !bytes.Equal(it.Body, b) {
			t.Fatalf("body %d of %d bytes came back with %d (%v)", i, len(b), len(it.Body), err)
		}
	}
}

func shelfInvalid(t *testing.T, s shelf.Store) {
	for name, c := range map[string][]shelf.Change{
		"no kind":            {{ID: "a"}},
		"a kind in capitals": {{Kind: "Note", ID: "a"}},
		"no id":              {{Kind: "note"}},
		"a NUL in an id":     {{Kind: "note", ID: "a\x00b"}},
		"an id of no text":   {{Kind: "note", ID: "\xff"}},
		"changed twice":      {{Kind: "note", ID: "a"}, {Kind: "note", ID: "a"}},
		"gone with a body":   {{Kind: "note", ID: "a", Gone: true, Body: []byte("x")}},
		"version -2":         {{Kind: "note", ID: "a", Version: -2}},
	} {
		if _, err := s.Write(t.Context(), c...); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := s.Since(t.Context(), 0, 10); err != nil || len(all) != 0 {
		t.Fatalf("kept %v (%v)", all, err)
	}
}

func shelfPages(t *testing.T, s shelf.Store) {
	ids := []shelf.ID{"Z", "a", "a-1", "a0", "b", "é", "日"}
	for i := range ids {
		write(t, s, shelf.Change{Kind: "note", ID: ids[len(ids)-1-i]})
	}
	write(t, s, shelf.Change{Kind: "other", ID: "m"})
	var have []shelf.ID
	for after := shelf.ID(""); ; {
		page, err := s.Items(t.Context(), "note", after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page {
			have, after = append(have, it.ID), it.ID
		}
		if len(page) < 2 {
			break
		}
	}
	if !slices.Equal(have, ids) {
		t.Fatalf("have %q, want %q", have, ids)
	}
}

func parallelShelf(t *testing.T, s shelf.Store) {
	const writers, each = 4, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := s.Write(t.Context(), shelf.Change{Kind: "note", ID: shelf.ID(fmt.Sprintf("%d-%d", w, i))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	all, err := s.Since(t.Context(), 0, writers*each+1)
	if err != nil || len(all) != writers*each {
		t.Fatalf("%d items (%v)", len(all), err)
	}
	for i, it := range all {
		if it.Seq != int64(i+1) {
			t.Fatalf("item %d has sequence %d", i, it.Seq)
		}
	}
}

func shelfSome(t *testing.T, s shelf.Store) {
	for _, id := range []shelf.ID{"b", "a", "quoted \"é\"", "gone"} {
		write(t, s, shelf.Change{Kind: "note", ID: id, Body: []byte(id)})
	}
	write(t, s, shelf.Change{Kind: "other", ID: "c", Body: []byte("c")})
	write(t, s, shelf.Change{Kind: "note", ID: "gone", Version: 1, Gone: true})
	write(t, s, shelf.Change{Kind: "note", ID: "a", Version: 1, Body: nil})
	items, err := s.Some(t.Context(), "note", "quoted \"é\"", "c", "gone", "a", "never", "a")
	if err != nil || len(items) != 2 || items[0].ID != "a" || items[0].Version != 2 || len(items[0].Body) != 0 || string(items[1].Body) != "quoted \"é\"" || items[1].Version != 1 {
		t.Errorf("%+v, %v", items, err)
	}
	if items, err := s.Some(t.Context(), "note"); err != nil || len(items) != 0 {
		t.Errorf("of none: %+v, %v", items, err)
	}
	if _, err := s.Some(t.Context(), "note", make([]shelf.ID, shelf.MaxChanges+1)...); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("too many: %v", err)
	}
}
