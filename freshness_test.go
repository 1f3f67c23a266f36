package article41_test

import (
	"context"
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/record"
)

// TestAmendedAndNotHeld: the Council's list of 15 September 2022, asked as of
// 6 October 2022. Our record knows that three entries were amended the day before;
// which, and how, is on no list held.
func TestAmendedAndNotHeld(t *testing.T) {
	a := openShipped(t)
	const note = "identifiers as of 15 September 2022; three entries amended on 5 October 2022, not held"
	for _, c := range []struct {
		why, asOf, known string
		want             bool
	}{
		{"the day after", "2022-10-06", "2022-10-06", true},
		{"asked today", "2022-10-06", "2026-11-23", true},
		{"the day before", "2022-10-04", "2022-10-04", false},
		{"not known by then", "2022-10-06", "2022-10-04", false},
		{"a later version is held", "2024-09-21", "2026-11-23", false},
	} {
		at := asOf(c.asOf)
		at.KnownAt = date.MustDay(c.known)
		lists, err := a.Lists(context.Background(), at)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(lists[0].Note, note); got != c.want {
			t.Errorf("%s: the list's note is %q", c.why, lists[0].Note)
		}
		e, err := a.Entry(context.Background(), at, "un", "MLi.005", false)
		if err != nil {
			t.Fatal(err)
		}
		if (e.Held == note) != c.want {
			t.Errorf("%s: the entry says %q", c.why, e.Held)
		}
		s, err := a.Screen(context.Background(), record.At{AsOf: at.AsOf, KnownAt: at.KnownAt}, article41.Query{Name: "Mohamed Ould Mataly"})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(s.Lists[0].Note, note); got != c.want {
			t.Errorf("%s: the screening's list says %q", c.why, s.Lists[0].Note)
		}
	}
}
