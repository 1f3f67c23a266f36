package article41_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/listing"
	"article41/record"
)

// TestOwnership follows the links of a list, by reference and by name.
func TestOwnership(t *testing.T) {
	ctx := context.Background()
	a := openTemp(t)
	l, entries := testList("own", "2026-01-05", "", numbers(0, 6)...)
	link := func(i int, r ...record.Relation) { entries[i].Links = append(entries[i].Links, r...) }
	link(1, record.Relation{To: "T-0", Kind: "owned by", Percent: "60"})
	link(2, record.Relation{To: "Testman Probe0", Kind: "owned by"}) // by name, without a share
	link(3, record.Relation{To: "T-4", Kind: "owned by", Percent: "80"})
	entries[4].Extra = []record.Extra{{Name: "target", Value: "false"}}
	link(5, record.Relation{To: "T-0", Kind: "director"})
	l.Content = listing.Contents(entries)
	if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
		t.Fatal(err)
	}
	on := date.MustDay("2026-01-06")
	for _, c := range []struct {
		why, ref string
		ofac, eu listing.Controlled
		path     string
	}{
		{"sixty percent", "T-1", listing.IsControlled, listing.IsControlled, "Testman Probe0 (T-0)"},
		{"no percentage", "T-2", listing.CannotSay, listing.CannotSay, "Testman Probe0 (T-0)"},
		{"an owner who is known and not listed", "T-3", listing.NotControlled, listing.CannotSay, ""},
		{"a director owns nothing by that", "T-5", listing.CannotSay, listing.CannotSay, ""},
	} {
		o, err := a.Ownership(ctx, record.At{AsOf: on, KnownAt: on}, "own", c.ref)
		if err != nil {
			t.Fatal(err)
		}
		if o.Tests[0].Answer != c.ofac || o.Tests[1].Answer != c.eu || o.Sentence == "" {
			t.Errorf("%s: %s: %+v", c.why, o.Sentence, o.Tests)
		}
		var path []string
		for _, h := range o.Tests[0].Path {
			path = append(path, h.Owner)
		}
		if got := strings.Join(path, " "); got != c.path {
			t.Errorf("%s: path %q, want %q", c.why, got, c.path)
		}
	}
}

// TestOwnershipInAnyList looks in every list held where none is said, and does not
// choose between two.
func TestOwnershipInAnyList(t *testing.T) {
	ctx := context.Background()
	a := openTemp(t)
	take := func(id string, to int) {
		l, entries := testList(record.SourceID(id), "2026-01-05", "", numbers(0, to)...)
		l.Content = listing.Contents(entries)
		if _, err := a.Take(ctx, noon, article41.Whole(l, entries)); err != nil {
			t.Fatal(err)
		}
	}
	take("one", 6)
	take("two", 3)
	on := date.MustDay("2026-01-06")
	at := record.At{AsOf: on, KnownAt: on}
	if o, err := a.Ownership(ctx, at, "", "T-5"); err != nil || o.List != "one" {
		t.Errorf("in one list: %v %v", o.List, err)
	}
	if _, err := a.Ownership(ctx, at, "", "T-1"); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "one, two") {
		t.Errorf("in two lists: %v", err)
	}
	if _, err := a.Ownership(ctx, at, "", "T-99"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("in none: %v", err)
	}
}
