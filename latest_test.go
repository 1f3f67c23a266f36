package article41_test

import (
	"testing"

	"article41/date"
	"article41/record"
)

// TestLatestChanges: each change is what a direct comparison of the two versions
// says, and nothing of a later day is told.
func TestLatestChanges(t *testing.T) {
	a, ctx := openShipped(t), t.Context()
	for _, day := range []string{"2026-11-23", "2023-01-01", "2017-07-05"} {
		d := date.MustDay(day)
		at := record.At{AsOf: d, KnownAt: date.MustDay("2026-11-23")}
		got, err := a.LatestChanges(ctx, at, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			t.Errorf("%s: no change at all", day)
		}
		for i, c := range got {
			if c.Version.After(d) || !c.Before.Before(c.Version) || i > 0 && c.Version.After(got[i-1].Version) {
				t.Errorf("%s: %s after %s is out of order", day, c.Version, c.Before)
			}
			on := map[date.Day]map[string]bool{c.Version: {}, c.Before: {}}
			for v, refs := range on {
				if _, err := a.OnList(ctx, record.At{AsOf: v, KnownAt: at.KnownAt}, c.List, false, func(l record.Listed) error { refs[l.Ref] = true; return nil }); err != nil {
					t.Fatal(err)
				}
			}
			listed := 0
			for ref := range on[c.Version] {
				if !on[c.Before][ref] {
					listed++
				}
			}
			if listed != len(c.Listed) || len(on[c.Before])+listed-len(c.Delisted) != len(on[c.Version]) {
				t.Errorf("%s: %s against %s: %d listed, want %d; %d delisted of %d", day, c.Version, c.Before, len(c.Listed), listed, len(c.Delisted), len(on[c.Before]))
			}
			for _, e := range c.Listed {
				if e.Caption == "" {
					t.Errorf("%s has no name", e.Ref)
				}
			}
		}
	}
	if got, err := a.LatestChanges(ctx, record.At{AsOf: date.MustDay("2010-01-01"), KnownAt: date.MustDay("2026-11-23")}, 3); err != nil || len(got) != 0 {
		t.Errorf("before the first version: %v, %v", got, err)
	}
}

func BenchmarkLatestChanges(b *testing.B) {
	a := openShipped(b)
	d := date.MustDay("2026-11-23")
	for b.Loop() {
		if _, err := a.LatestChanges(b.Context(), record.At{AsOf: d, KnownAt: d}, 4); err != nil {
			b.Fatal(err)
		}
	}
}
