package article41_test

import (
	"context"
	"slices"
	"testing"

	"article41"
	"article41/date"
	"article41/record"
	"article41/screen"
	"article41/watch"
)

// TestWatchedChanged: what a desk is told to look at again is what was stated since,
// and everything where the day, the record or the set of lists is another.
func TestWatchedChanged(t *testing.T) {
	ctx := context.Background()
	a := openTemp(t)
	day := date.DayOf(noon)
	at := func(d date.Day) watch.Lists {
		t.Helper()
		l, err := a.Watched(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	version := func(on, note string, numbers ...int) {
		t.Helper()
		l, entries := testList("test", on, note, numbers...)
		if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
			t.Fatal(err)
		}
	}
	before := at(day).Mark()
	version("2026-01-05", "Colonel", numbers(0, 30)...)
	if _, told := at(day).Changed(before); told {
		t.Error("a list that was not held before: any entry may stand otherwise, and that was not said")
	}
	was := at(day).Mark()
	if ids, told := at(day).Changed(was); !told || len(ids) != 0 {
		t.Errorf("nothing was written: %v %v", ids, told)
	}
	// One entry is described otherwise, one went, one came.
	l, entries := testList("test", "2026-02-05", "Colonel", append(numbers(1, 30), 99)...)
	entries[4].Titles = []string{"General"} // T-5
	if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
		t.Fatal(err)
	}
	ids, told := at(day).Changed(was)
	slices.Sort(ids)
	if want := []screen.SubjectID{"test:T-0", "test:T-5", "test:T-99"}; !told || !slices.Equal(slices.Compact(ids), want) {
		t.Errorf("changed: %v %v, want %v", ids, told, want)
	}
	if _, told := at(day.AddDays(1)).Changed(was); told {
		t.Error("another day: a term may have ended, and that was not said")
	}
	// A look at the list states nothing of its entries.
	was = at(day).Mark()
	if err := a.Tried(ctx, noon, record.Try{List: "test", OK: true}); err != nil {
		t.Fatal(err)
	}
	if ids, _ := at(day).Changed(was); len(ids) != 0 {
		t.Errorf("a look at the list changed %v", ids)
	}
	later := was
	later.Position += 1 << 30
	if _, told := at(day).Changed(later); told {
		t.Error("a mark of another database was taken for one of this")
	}
	if _, told := at(day).Changed(func() watch.Mark { m := was; m.Record = "another"; return m }()); told {
		t.Error("another record, and that was not said")
	}
}
