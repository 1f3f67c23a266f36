package api

import (
	"testing"

	"article41/account"
	"article41/date"
)

// TestReadiness: a server that was started cold is ready when it has laid out what
// the first question needs, and not when it is about to stop; alive it is always.
func TestReadiness(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Cold = true
	s := New(a, o)
	h := as(s, account.Local())
	says := func(when string, code int, detail string) {
		t.Helper()
		w := send(h, "GET", "/readyz", "")
		if w.Code != code {
			t.Errorf("%s: %d", when, w.Code)
		}
		if detail != "" {
			parsed(t, w).at("detail").is(detail)
		}
		if w := send(h, "GET", "/healthz", ""); w.Code != 200 {
			t.Errorf("%s: not alive", when)
		}
	}
	says("cold", 503, "Index not ready.")
	if w := send(h, "GET", "/search/default?q=heron", ""); w.Code != 200 {
		t.Errorf("a question while cold: %d", w.Code)
	}
	says("asked while cold", 503, "Index not ready.")
	if err := s.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	says("warm", 200, "")
	for _, sh := range s.(*server).shelves.kept {
		if sh.kept == nil {
			t.Error("the words of the first search are not laid out")
		}
	}
	s.Drain()
	says("about to stop", 503, "This server is about to stop.")
	if w := send(h, "GET", "/search/default?q=heron", ""); w.Code != 200 {
		t.Errorf("a question while it is about to stop: %d", w.Code)
	}
}

// TestWordsLaidOut: the words of text search are laid out at the start, and when the
// day moves only where somebody searched by text.
func TestWordsLaidOut(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Cold = true
	s := New(a, o).(*server)
	h := as(s, account.Local())
	for _, c := range []struct {
		day  string
		want int // laid out by then
	}{{"2026-01-02", 1}, {"2026-01-03", 1}, {"2026-01-04", 3}} {
		s.Today = func() date.Day { return date.MustDay(c.day) }
		if err := s.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, sh := range s.shelves.kept {
			if sh.kept != nil {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%s: the words of %d days, not %d", c.day, got, c.want)
		}
		if c.day == "2026-01-03" {
			if w := send(h, "GET", "/search/default?q=heron", ""); w.Code != 200 {
				t.Errorf("search: %d", w.Code)
			}
		}
	}
}
