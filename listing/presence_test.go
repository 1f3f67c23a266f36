package listing

import (
	"fmt"
	"testing"

	"article41/date"
	"article41/record"
)

func TestPresence(t *testing.T) {
	l := &ledger{t: t}
	since := func(e record.Listed, day string) record.Listed { e.ListedOn = d(day); return e }
	stays := since(entry("QDi.001", "stays"), "2019-01-01")
	leaves := since(entry("QDi.002", "leaves"), "2019-01-01")
	comes := since(entry("QDi.003", "comes"), "2021-06-01")
	returns := since(entry("IRi.001", "returns"), "2006-12-23")
	nameless := entry("QDi.004", "no listing day")
	l.bring(dated("2020-01-01", stays, leaves, returns))
	l.bring(dated("2021-01-01", stays, leaves))
	l.bring(dated("2022-01-01", stays, comes, returns, nameless))
	h := l.fold().List("un")

	for _, c := range []struct{ reason, ref, asOf, known, want string }{
		{"before the first version", "QDi.001", "2019-12-31", "", "not held"},
		{"on the first version's day", "QDi.001", "2020-01-01", "", "on the list 2020-01-01"},
		{"between two that hold it", "QDi.001", "2020-07-01", "", "on the list 2020-01-01"},
		{"after the last", "QDi.001", "2030-01-01", "", "on the list 2022-01-01"},
		{"the last day it was seen", "QDi.002", "2021-01-01", "", "on the list 2021-01-01"},
		{"between seen and unseen", "QDi.002", "2021-01-02", "", "removed between two versions 2021-01-01 after 2021-01-01 by 2022-01-01"},
		{"the same, not yet known", "QDi.002", "2021-01-02", "2021-12-31", "on the list 2021-01-01"},
		{"the first day unseen", "QDi.002", "2022-01-01", "", "not on the list 2022-01-01"},
		{"before its own listing day", "QDi.003", "2021-05-31", "", "not on the list 2021-01-01"},
		{"from its own listing day", "QDi.003", "2021-06-01", "", "on the list 2021-01-01"},
		{"the same, not yet known", "QDi.003", "2021-06-01", "2021-06-02", "not on the list 2021-01-01"},
		{"back with an old listing day", "IRi.001", "2021-06-01", "", "added between two versions 2021-01-01 after 2021-01-01 by 2022-01-01"},
		{"away", "IRi.001", "2021-01-01", "", "not on the list 2021-01-01"},
		{"no listing day of its own", "QDi.004", "2021-06-01", "", "added between two versions 2021-01-01 after 2021-01-01 by 2022-01-01"},
		{"never heard of", "QDi.999", "2021-06-01", "", "not on the list 2021-01-01"},
		{"nothing known yet", "QDi.001", "2021-06-01", "2019-01-01", "not held"},
	} {
		known := date.Day{}
		if c.known != "" {
			known = d(c.known)
		}
		a := h.OnList(c.ref, d(c.asOf), known)
		got := string(a.Presence)
		if !a.Version.IsZero() {
			got += " " + a.Version.String()
		}
		if !a.After.IsZero() {
			got += fmt.Sprintf(" after %s by %s", a.After, a.By)
		}
		if got != c.want {
			t.Errorf("%s: %s as of %s: %q, want %q", c.reason, c.ref, c.asOf, got, c.want)
		}
		if hasEntry := a.Entry != nil; hasEntry != (c.ref != "QDi.999" && c.known != "2019-01-01" && !(c.ref == "QDi.003" && c.known != "")) {
			t.Errorf("%s: entry %v", c.reason, a.Entry)
		}
	}
	var on []string
	for ref, a := range h.OnDay(d("2021-06-01"), date.Day{}) {
		if a.Presence == On {
			on = append(on, ref)
		}
	}
	if fmt.Sprint(on) != "[QDi.001 QDi.003]" {
		t.Errorf("on the list on 2021-06-01: %v", on)
	}
	if a := (&Histories{}).List("ofac").OnList("1", d("2020-01-01"), date.Day{}); a.Presence != NotHeld {
		t.Errorf("a list of which nothing is held: %+v", a)
	}
}

func TestSpans(t *testing.T) {
	l := &ledger{t: t}
	l.bring(dated("2019-01-01"))
	l.bring(dated("2020-01-01", entry("QDi.001", "A")))
	l.bring(dated("2021-01-01", entry("QDi.001", "B")))
	l.bring(dated("2022-01-01"))
	l.bring(dated("2023-01-01", entry("QDi.001", "B"), entry("QDi.009", "A again")))
	h := l.fold().List("un")
	show := func(spans []Span) string {
		s := ""
		for _, x := range spans {
			s += fmt.Sprintf("[%s] %s..%s [%s]", x.Absent, x.First, x.Last, x.Gone)
			for _, e := range x.Said {
				s += " " + Caption(e) + "@" + e.Version.String()
			}
			s += "; "
		}
		return s
	}
	if got, want := show(h.Spans("QDi.001", date.Day{})), "[2019-01-01] 2020-01-01..2021-01-01 [2022-01-01] A@2020-01-01 B@2021-01-01; [2022-01-01] 2023-01-01..2023-01-01 [] B@2023-01-01; "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := show(h.Spans("QDi.001", d("2020-06-01"))), "[2019-01-01] 2020-01-01..2020-01-01 [] A@2020-01-01; "; got != want {
		t.Errorf("known in 2020: %s\nwant %s", got, want)
	}
	if got := h.Joined([]string{"QDi.009", "QDi.001"}, date.Day{}); len(got) != 3 || Caption(got[0].Said[0]) != "A" {
		t.Errorf("joined: %s", show(got))
	}
	if got := h.Refs(); fmt.Sprint(got) != "[QDi.001 QDi.009]" {
		t.Errorf("refs %v", got)
	}
}
