package un

import (
	"testing"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// bring does what an import does with a list: it asks what to append, and
// appends it.
func bring(t *testing.T, h *listing.Histories, day string) listing.Import {
	t.Helper()
	list, entries := load(t, day)
	in, err := listing.Changes(h.List(Source), list, entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range in.Statements {
		e, err := s.Entry(Source)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func TestImportingRealListsInAnyOrder(t *testing.T) {
	var h listing.Histories
	for _, c := range []struct {
		reason, day             string
		added, changed, removed int
	}{
		{"the first: all added", "2026-02-27", 1003, 0, 0},
		{"the same again", "2026-02-27", 0, 0, 0},
		{"an older one after a newer: none before it", "2020-11-30", 1018, 0, 0},
		{"the next day's, against it", "2020-12-01", 0, 0, 12},
		{"the same again", "2020-12-01", 0, 0, 0},
		{"one between", "2025-11-20", 87, 669, 93},
	} {
		before := h.List(Source).OnList("QDi.001", date.MustDay("2026-03-01"), date.Day{})
		in := bring(t, &h, c.day)
		if in.Added != c.added || in.Removed != c.removed || c.changed != in.Changed {
			t.Errorf("%s: %s: +%d ~%d -%d, want +%d ~%d -%d", c.reason, c.day, in.Added, in.Changed, in.Removed, c.added, c.changed, c.removed)
		}
		if again := c.added+c.changed+c.removed == 0; again != in.Again || again && len(in.Statements) > 0 {
			t.Errorf("%s: %s: again %v, %d statements", c.reason, c.day, in.Again, len(in.Statements))
		}
		after := h.List(Source).OnList("QDi.001", date.MustDay("2026-03-01"), date.Day{})
		if before.Entry != nil && (listing.Content(*before.Entry) != listing.Content(*after.Entry) || after.Version.String() != "2026-02-27") {
			t.Errorf("%s: today's answer changed: %+v", c.reason, after)
		}
		for _, v := range h.List(Source).Versions(date.Day{}) {
			_, want := load(t, v.Date.String())
			got := h.List(Source).Entries(v)
			if d := listing.Diff(want, got, record.List{}, record.List{}); len(got) != v.Count || len(d.Listed)+len(d.Delisted)+len(d.Amended) > 0 {
				t.Errorf("%s: the list of %s now has %d entries, %d amended", c.reason, v.Date, len(got), len(d.Amended))
			}
		}
	}
}
