package article41_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"article41"
	"article41/date"
	"article41/listing"
	"article41/postgrestest"
	"article41/record"
)

// testList is a version of a list of ours with the entries of the numbers.
func testList(id record.SourceID, day string, note string, numbers ...int) (record.List, []record.Listed) {
	var out []record.Listed
	for _, n := range numbers {
		out = append(out, record.Listed{List: id, Ref: fmt.Sprintf("T-%d", n), Sort: "person", Titles: []string{note},
			Names: []record.Name{{Text: fmt.Sprintf("Testman Probe%d", n), Quality: record.Primary}}})
	}
	d := date.MustDay(day)
	return record.List{List: id, Date: d, Basis: "stated", Origin: listing.Imported, Count: len(out), Content: listing.Contents(out)}, out
}

func numbers(from, to int) (out []int) {
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// TestChangesReplay: a client that keeps the cursor gets every public entry once,
// in order, whatever it asks for at a time, across restarts and while others
// write.
func TestChangesReplay(t *testing.T) {
	ctx := context.Background()
	rec := shippedRecord(t)
	path := filepath.Join(t.TempDir(), "log.db")
	open := func() (*article41.Archive, postgrestest.Store) {
		store := openStore(t, path)
		a, err := article41.Open(ctx, store, rec, noon)
		if err != nil {
			t.Fatal(err)
		}
		return a, store
	}
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; runs > 15 && !testing.Short() || testing.Short() && runs > 4 {
			return // each opens a database again and again
		}
		a, store := open()
		defer func() { store.Close() }()
		first, err := a.Changes(ctx, record.At{}, 0, 1, article41.LogFilter{})
		if err != nil {
			rt.Fatal(err)
		}
		cursor := first.Newest - min(first.Newest, 150)
		due := cursor + 1
		for round := range 4 {
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				day := date.MustDay("2026-01-05").AddDays(rapid.IntRange(0, 400).Draw(rt, "day"))
				l, entries := testList("log", day.String(), fmt.Sprint(day), numbers(rapid.IntRange(0, 5).Draw(rt, "from"), 30)...)
				if _, err := a.Take(ctx, time.Now(), article41.Whole(l, entries)); err != nil {
					rt.Fatal(err)
				}
			case 1:
				if err := a.Tried(ctx, noon.AddDate(0, 0, round), record.Try{List: "log", OK: rapid.Bool().Draw(rt, "ok")}); err != nil {
					rt.Fatal(err)
				}
			case 2:
				store.Close()
				a, store = open()
			}
			for {
				log, err := a.Changes(ctx, record.At{}, cursor, rapid.IntRange(1, 60).Draw(rt, "limit"), article41.LogFilter{})
				if err != nil {
					rt.Fatal(err)
				}
				for _, c := range log.Changes {
					if c.Cursor != due || c.Sentence == "" {
						rt.Fatalf("cursor %d where %d is due: %+v", c.Cursor, due, c)
					}
					due++
				}
				cursor = log.Next
				if !log.More {
					if cursor != log.Newest || due != cursor+1 {
						rt.Fatalf("ended at %d, the newest is %d", cursor, log.Newest)
					}
					break
				}
			}
		}
	})
	a, store := open()
	defer store.Close()
	if _, err := a.Changes(ctx, record.At{}, 1<<40, 1, article41.LogFilter{}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a cursor of another database: %v", err)
	}
}

// TestNewestChanges: who asks without a cursor gets the end of the log, and the
// cursor from which to go on.
func TestNewestChanges(t *testing.T) {
	ctx := context.Background()
	a := openTemp(t)
	l, entries := testList("log", "2026-01-05", "", numbers(0, 30)...)
	if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why   string
		limit int
		f     article41.LogFilter
		count int
	}{
		{"the newest ten", 10, article41.LogFilter{}, 10},
		{"all of one list, which is the end of the log", 100, article41.LogFilter{List: "log"}, 31},
		{"those of a list that ended long ago", 3, article41.LogFilter{Kind: record.KindVote}, 3},
		{"nothing fits", 5, article41.LogFilter{List: "nobody"}, 0},
	} {
		log, err := a.NewestChanges(ctx, record.At{}, c.limit, c.f)
		if err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		if len(log.Changes) != c.count || log.Next != log.Newest || log.More {
			t.Errorf("%s: %d items, next %d, newest %d, more %v", c.why, len(log.Changes), log.Next, log.Newest, log.More)
		}
		for i, x := range log.Changes {
			if i > 0 && x.Cursor <= log.Changes[i-1].Cursor {
				t.Errorf("%s: cursor %d behind %d", c.why, x.Cursor, log.Changes[i-1].Cursor)
			}
		}
		if c.f == (article41.LogFilter{}) && log.Changes[len(log.Changes)-1].Cursor != log.Newest {
			t.Errorf("%s: the last is %d of %d", c.why, log.Changes[len(log.Changes)-1].Cursor, log.Newest)
		}
	}
}

// TestHistory: one entry's coming, change and going, as known on a day.
func TestHistory(t *testing.T) {
	ctx := context.Background()
	a := openTemp(t)
	for _, v := range []struct {
		day, note string
		numbers   []int
	}{{"2026-01-05", "Colonel", numbers(0, 30)}, {"2026-02-05", "General", numbers(0, 30)}, {"2026-03-05", "General", numbers(1, 30)}, {"2026-04-05", "General", numbers(0, 30)}} {
		l, entries := testList("hist", v.day, v.note, v.numbers...)
		if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		why, known string
		did        []string
	}{
		{"the first version alone", "2026-01-31", []string{"listed"}},
		{"a title that changed", "2026-02-28", []string{"listed", "amended"}},
		{"it went", "2026-03-31", []string{"listed", "amended", "delisted"}},
		{"and came back", "2026-12-31", []string{"listed", "amended", "delisted", "listed"}},
	} {
		on := date.MustDay(c.known)
		h, err := a.History(ctx, record.At{AsOf: on, KnownAt: on}, "hist", "T-0", false)
		if err != nil {
			t.Fatal(err)
		}
		var did []string
		for _, x := range h.Told {
			did = append(did, x.Did)
			if x.Did == "amended" && (len(x.Fields) != 1 || !slices.Equal(x.Fields[0].Was, []string{"Colonel"}) || !slices.Equal(x.Fields[0].Is, []string{"General"})) {
				t.Errorf("%s: %+v", c.why, x.Fields)
			}
		}
		if !slices.Equal(did, c.did) {
			t.Errorf("%s: %v, want %v", c.why, did, c.did)
		}
	}
	on := date.MustDay("2026-01-01")
	if _, err := a.History(ctx, record.At{AsOf: on, KnownAt: on}, "hist", "T-0", false); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("before the first version: %v", err)
	}
}

// openTemp is an archive on a database of its own.
func openTemp(t *testing.T) *article41.Archive {
	t.Helper()
	store := openStore(t, filepath.Join(t.TempDir(), "lists.db"))
	t.Cleanup(func() { store.Close() })
	a, err := article41.Open(context.Background(), store, shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
