package article41_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/data"
	"article41/date"
	"article41/postgrestest"
	"article41/record"
	"article41/regime"
	"article41/shareddata"
	"article41/source/curated"
	"article41/source/un"
	"article41/symbol"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
)

func shippedRecord(t testing.TB) article41.Shipped {
	t.Helper()
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	return article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}
}

func openShipped(t testing.TB) *article41.Archive {
	t.Helper()
	a, err := article41.Open(ctx, nil, shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func openStore(t testing.TB, path string) postgrestest.Store {
	t.Helper()
	return postgrestest.Open(t, path)
}

func asOf(day string) record.At {
	return record.At{AsOf: date.MustDay(day), KnownAt: date.DayOf(noon)}
}

// golden compares with a reviewed file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (write it anew with -update, and review the difference):\n%s", name, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			at := 0
			for at < min(len(w[i]), len(g[i])) && w[i][at] == g[i][at] {
				at++
			}
			from := max(0, at-80)
			return fmt.Sprintf("line %d, column %d\nwant …%.200s\nhave …%.200s", i+1, at+1, w[i][from:], g[i][from:])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestInForceTable is the table a scholar can read: what of every regime was in
// force on twenty days.
func TestInForceTable(t *testing.T) {
	a := openShipped(t)
	var b strings.Builder
	for _, d := range []string{
		"1966-12-16", "1977-11-04", "1990-08-06", "1992-06-01", "1994-05-17", "1999-10-15", "2001-09-28", "2003-05-22",
		"2006-12-23", "2011-06-17", "2015-03-03", "2016-01-16", "2017-09-05", "2018-07-13", "2021-08-31", "2023-08-31",
		"2023-09-01", "2024-05-01", "2025-09-27", "2026-11-23",
	} {
		fmt.Fprintf(&b, "%s\n", d)
		all, err := a.Statuses(ctx, asOf(d))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if s.Overall == regime.NotYet {
				continue
			}
			fmt.Fprintf(&b, "  %-20s %-13s %s\n", s.Regime, s.Overall, s.Sentence)
		}
	}
	golden(t, "inforce.txt", b.String())
}

// component is one component's state on a day.
func component(t *testing.T, a *article41.Archive, id record.RegimeID, at record.At, c string) regime.State {
	t.Helper()
	s, err := a.Status(ctx, at, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range slices.Concat(s.Measures, s.Authorizations, s.Bodies) {
		if string(m.ID) == c {
			return m
		}
	}
	t.Fatalf("%s has no %s", id, c)
	return regime.State{}
}

// TestCasesThatMustBeRight are days on which a mistake would be public.
func TestCasesThatMustBeRight(t *testing.T) {
	a := openShipped(t)
	for _, c := range []struct {
		why, regime, day, component string
		status                      regime.Status
		until, by                   string // "" where open or not asked
	}{
		{"a technical rollover of six weeks", "south-sudan", "2018-06-15", "travel-ban", regime.InForce, "2018-07-15", "S/RES/2418"},
		{"and the panel's own clock", "south-sudan", "2018-06-15", "panel", regime.InForce, "2018-08-14", ""},
		{"the arms embargo came with the next one", "south-sudan", "2018-06-15", "arms-embargo", regime.NotYet, "", ""},
		{"from its first day", "south-sudan", "2018-07-13", "arms-embargo", regime.InForce, "2019-05-31", ""},
		{"the record ends before the term does", "south-sudan", "2026-06-15", "travel-ban", regime.Unknown, "2026-05-31", ""},
		{"the DPRK panel's last day", "dprk", "2024-04-30", "panel", regime.InForce, "2024-04-30", ""},
		{"vetoed: S/2024/255", "dprk", "2024-05-01", "panel", regime.Lapsed, "2024-04-30", ""},
		{"the measures go on", "dprk", "2024-05-01", "assets-freeze", regime.InForce, "", ""},
		{"and their committee", "dprk", "2024-05-01", "committee", regime.InForce, "", ""},
		{"a rollover of three days", "al-shabaab", "2025-02-28", "interdiction", regime.InForce, "2025-03-03", "S/RES/2775"},
		{"no gap on the first", "al-shabaab", "2025-03-01", "interdiction", regime.InForce, "2025-03-03", "S/RES/2775"},
		{"no gap on the second", "al-shabaab", "2025-03-02", "interdiction", regime.InForce, "2025-03-03", "S/RES/2775"},
		{"then the next renewal", "al-shabaab", "2025-03-03", "interdiction", regime.InForce, "2025-12-13", "S/RES/2776"},
		{"the core untouched", "al-shabaab", "2025-03-02", "travel-ban", regime.InForce, "", ""},
		{"renewed the day another text was vetoed", "yemen", "2018-02-27", "travel-ban", regime.InForce, "2019-02-26", "S/RES/2402"},
		{"the day before the snapback", "iran-1737", "2025-09-26", "assets-freeze", regime.Terminated, "2016-01-15", ""},
		{"from 20:00 in New York", "iran-1737", "2025-09-27", "assets-freeze", regime.Contested, "", ""},
		{"Mali's last day", "mali", "2023-08-31", "travel-ban", regime.InForce, "2023-08-31", "S/RES/2649"},
		{"an end that takes over on the day after the term", "minusma", "2023-07-01", "mandate", regime.Terminated, "2023-06-30", ""},
	} {
		s := component(t, a, record.RegimeID(c.regime), asOf(c.day), c.component)
		until, by := "", ""
		if s.Until != nil {
			until = s.Until.String()
		}
		if s.ExtendedBy != nil {
			by = string(s.ExtendedBy.Symbol)
		}
		if s.Status != c.status || until != c.until || (c.by != "" && by != c.by) {
			t.Errorf("%s: %s %s on %s is %s until %q by %q, want %s until %q by %q", c.why, c.regime, c.component, c.day, s.Status, until, by, c.status, c.until, c.by)
		}
	}
	iran := component(t, a, "iran-1737", asOf("2025-09-27"), "assets-freeze")
	later := component(t, a, "iran-1737", asOf("2025-10-19"), "assets-freeze")
	if len(iran.Positions) < 4 || len(later.Positions) != len(iran.Positions)+1 {
		t.Errorf("positions on Iran: %d, and %d from 19 October 2025", len(iran.Positions), len(later.Positions))
	}
	panel := component(t, a, "dprk", asOf("2024-05-01"), "panel")
	if n := panel.Ended.NotRenewed; len(n) != 1 || n[0].Tally != "13-1-1" || n[0].Reason != "veto" {
		t.Errorf("the DPRK panel was not renewed by %+v", n)
	}
}

func TestOutcomesThatMustBeRight(t *testing.T) {
	a := openShipped(t)
	for _, c := range []struct {
		why, symbol, sentence string
	}{
		{"seven of eleven", "S/RES/218", "Adopted: 7 for, 0 against, 4 abstaining."},
		{"no veto in spite of permanent noes", "S/PV.10001/DRAFT", "Not adopted: 4 for, 9 against, 2 abstaining; 9 affirmative votes are needed, so it fell five short. The no of France, United Kingdom and United States was not a veto: the draft did not have the votes."},
		{"one did not take part", "S/RES/1483", "Adopted: 14 for, 0 against, 0 abstaining, 1 not voting."},
		{"a permanent no that is no veto", "S/RES/2623", "Adopted: 11 for, 1 against, 3 abstaining; a procedural matter, so the no of Russian Federation is not a veto."},
		{"two vetoes of one text", "S/2022/431", "Not adopted: 13 for, 2 against, 0 abstaining; the noes of two permanent members (China and Russian Federation) are vetoes."},
	} {
		v, err := a.Vote(ctx, asOf("2026-11-23"), symbol.Must(c.symbol))
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if v.Outcome.Sentence != c.sentence {
			t.Errorf("%s: %s: %s\nwant %s", c.why, c.symbol, v.Outcome.Sentence, c.sentence)
		}
	}
	for sym, want := range map[string]string{"S/RES/724": "SUN", "S/RES/725": "RUS"} {
		v, err := a.Vote(ctx, asOf("2026-11-23"), symbol.Must(sym))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(v.Rollcall, func(b article41.Ballot) bool { return string(b.Member) == want }) {
			t.Errorf("%s: %s did not vote", sym, want)
		}
	}
	w, err := a.WhatIf(ctx, asOf("2025-12-01"), "S/PV.10001/DRAFT", []article41.Change{{Draft: "S/PV.10001/DRAFT", Adopt: true}})
	if err != nil {
		t.Fatal(err)
	}
	if n, m := len(w.Actual.Listings), len(w.Counterfactual.Listings); n != 121 || m != 0 {
		t.Errorf("the snapback revived %d listings, and %d if the draft of 19 September had been adopted", n, m)
	}
	w, err = a.WhatIf(ctx, asOf("2018-03-01"), "S/2018/156", []article41.Change{{Draft: "S/2018/156", Adopt: true}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(w.Assumes, func(s string) bool { return strings.HasPrefix(s, "S/RES/2402 (2018)") }) {
		t.Errorf("what becomes of S/RES/2402 is not said: %q", w.Assumes)
	}
}

// TestKnownLaterChangesNothingEarlier: hiding all that was published after a day
// and asking as known on that day are the same.
func TestKnownLaterChangesNothingEarlier(t *testing.T) {
	rec := shippedRecord(t)
	whole := openShipped(t)
	for _, k := range []string{"1995-01-01", "2012-06-30", "2018-06-14", "2023-08-15"} {
		known := date.MustDay(k)
		part := article41.Shipped{Edition: rec.Edition}
		for _, e := range rec.Entries {
			if !e.Known.After(known) {
				part.Entries = append(part.Entries, e)
			}
		}
		then, err := article41.Open(ctx, nil, part, noon)
		if err != nil {
			t.Fatal(err)
		}
		at := record.At{AsOf: known, KnownAt: known}
		a, err := whole.Statuses(ctx, at)
		if err != nil {
			t.Fatal(err)
		}
		b, err := then.Statuses(ctx, at)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a {
			a[i].Basis, b[i].Basis = article41.Basis{}, article41.Basis{}
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if !bytes.Equal(x, y) {
			t.Errorf("known at %s: what came later shows", k)
		}
	}
}

// TestShip: the shipped record is appended once; a correction moves Position and
// leaves earlier positions as they were; an older program refuses.
func TestShip(t *testing.T) {
	rec := shippedRecord(t)
	path := filepath.Join(t.TempDir(), "a.db")
	store := openStore(t, path)
	first, err := article41.Open(ctx, store, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	before := first.Basis().Position
	if _, err := article41.Open(ctx, store, rec, noon); err != nil {
		t.Fatal(err)
	}
	if h, _ := store.Head(ctx); h.Position != before {
		t.Fatalf("a second opening moved the ledger from %d to %d", before, h.Position)
	}
	next := article41.Shipped{Edition: rec.Edition, Entries: slices.Clone(rec.Entries)}
	next.Edition.Number++
	for i, e := range next.Entries {
		if e.Fact == "coverage/mali" {
			fixed, err := record.State(e.Fact, e.Source, e.Known, record.Coverage{Chain: "mali", Through: date.MustDay("2023-08-30"), Cite: record.Cite{Source: "computed", Sure: record.Verified}})
			if err != nil {
				t.Fatal(err)
			}
			next.Entries[i] = fixed
		}
	}
	next.Edition.Digest = record.Digest{}
	for _, e := range next.Entries {
		next.Edition.Digest = record.Roll(next.Edition.Digest, e.Digest())
	}
	second, err := article41.Open(ctx, store, next, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got := second.Basis().Position; got != before+2 {
		t.Errorf("one correction and the edition's mark took the ledger from %d to %d", before, got)
	}
	now, then := asOf("2023-09-01"), asOf("2023-09-01")
	then.Position = before
	if s := component(t, second, "mali", now, "travel-ban"); s.Status != regime.Unknown {
		t.Errorf("after the correction: %s", s.Status)
	}
	if s := component(t, second, "mali", then, "travel-ban"); s.Status != regime.Lapsed {
		t.Errorf("at the earlier position: %s", s.Status)
	}
	if _, err := article41.Open(ctx, store, rec, noon); !errors.Is(err, record.ErrNewer) {
		t.Errorf("an older program opened a newer ledger: %v", err)
	}
	if err := record.Verify(ctx, store); err != nil {
		t.Error(err)
	}
}

// counts are the entries of the real files, as the shared data says.
var counts = map[string]int{
	"2017-06-20": 1024, "2017-06-30": 1024, "2017-07-03": 1021, "2018-06-07": 1098, "2018-06-21": 1100, "2018-10-29": 1093,
	"2020-11-23": 1018, "2020-11-24": 1018, "2020-11-30": 1018, "2020-12-01": 1006, "2022-09-15": 952, "2024-09-21": 875,
	"2024-10-16": 877, "2025-08-16": 879, "2025-11-15": 1000, "2025-11-18": 1000, "2025-11-20": 1000, "2026-02-27": 1003,
}

func readList(t *testing.T, day string) (record.List, []record.Listed) {
	t.Helper()
	f, err := os.Open(shareddata.Path(t, "data/un-list/un_consolidated_"+day+".xml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, entries, err := un.Read(f, un.Options{Name: filepath.Base(f.Name())})
	if err != nil {
		t.Fatal(err)
	}
	return l, entries
}

// TestRealLists brings in every dated list, oldest first, then again.
func TestRealLists(t *testing.T) {
	shareddata.Path(t, "data/un-list")
	store := openStore(t, filepath.Join(t.TempDir(), "lists.db"))
	a, err := article41.Open(ctx, store, shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	days := make([]string, 0, len(counts))
	for d := range counts {
		days = append(days, d)
	}
	slices.Sort(days)
	total := 0
	for _, d := range days {
		l, entries := readList(t, d)
		if len(entries) != counts[d] || l.Date.String() != d {
			t.Errorf("%s: %d entries, want %d; dated %s", d, len(entries), counts[d], l.Date)
		}
		in, err := a.Import(ctx, noon, l, entries)
		if err != nil {
			t.Fatal(err)
		}
		if total += in.Added - in.Removed; total != counts[d] {
			t.Errorf("%s: %d entries after %d added and %d removed", d, total, in.Added, in.Removed)
		}
		if again, err := a.Import(ctx, noon, l, entries); err != nil || !again.Again || again.Added+again.Changed+again.Removed != 0 {
			t.Errorf("%s a second time: %+v, %v", d, again, err)
		}
	}
	if err := record.Verify(ctx, store); err != nil {
		t.Error(err)
	}
	s, err := a.Screen(ctx, asOf("2026-11-23"), article41.Query{Name: "Abu Mohammed al-Jawlani"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Hits) == 0 || s.Hits[0].ID != "QDi.317" || s.Hits[0].Status != regime.WasListed || s.Hits[0].Cause != "decision" {
		t.Errorf("QDi.317: %+v", s.Hits)
	}
}

// TestOlderAfterNewer: an older list brought in after a newer one changes history
// and no answer of the newer one's day.
func TestOlderAfterNewer(t *testing.T) {
	shareddata.Path(t, "data/un-list")
	answers := map[string]string{}
	for _, order := range [][]string{{"2022-09-15", "2024-09-21", "2026-02-27"}, {"2026-02-27", "2022-09-15", "2024-09-21"}, {"2024-09-21", "2026-02-27", "2022-09-15"}} {
		a, err := article41.Open(ctx, openStore(t, filepath.Join(t.TempDir(), "o.db")), shippedRecord(t), noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range order {
			l, entries := readList(t, d)
			if _, err := a.Import(ctx, noon, l, entries); err != nil {
				t.Fatal(err)
			}
		}
		var all strings.Builder
		for _, ref := range []string{"MLi.005", "QDi.317", "IRi.016", "TAi.002", "SDi.007", "LYi.001"} {
			for _, d := range []string{"2022-09-20", "2024-09-30", "2026-03-01"} {
				e, err := a.Entry(ctx, asOf(d), "un", ref, false)
				if err != nil {
					t.Fatal(err)
				}
				e.Basis = article41.Basis{}
				b, _ := json.Marshal(e)
				fmt.Fprintf(&all, "%s %s %s\n", ref, d, b)
			}
		}
		answers[strings.Join(order, " ")] = all.String()
	}
	var first string
	for order, got := range answers {
		if first == "" {
			first = got
		} else if got != first {
			t.Errorf("brought in as %s: %s", order, firstDifference(first, got))
		}
	}
}

// TestDiffOfTheDamagedList: between the damaged list and the next, 121 of Iran's
// entries came with the snapback, and no lost script counts as an amendment.
func TestDiffOfTheDamagedList(t *testing.T) {
	ol, oe := readList(t, "2025-08-16")
	nl, ne := readList(t, "2025-11-15")
	d := article41.Diff(ol, oe, nl, ne)
	iran, others := 0, []string{}
	for _, l := range d.Listed {
		if strings.HasPrefix(l.Ref, "IR") {
			iran++
		} else {
			others = append(others, l.Ref)
		}
	}
	if len(d.Listed) != 123 || iran != 121 || !slices.Equal(others, []string{"HTi.008", "HTi.009"}) {
		t.Errorf("%d added, %d of them Iran's, and %v", len(d.Listed), iran, others)
	}
	gone := []string{}
	for _, l := range d.Delisted {
		gone = append(gone, l.Ref)
	}
	if !slices.Equal(gone, []string{"QDi.317", "QDi.336"}) {
		t.Errorf("removed: %v", gone)
	}
	for _, m := range d.Amended {
		if !slices.Contains(m.Fields, "updated") {
			t.Errorf("%s counts as amended in %v, with no new update day", m.Ref, m.Fields)
		}
	}
}

func BenchmarkOpenShipped(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		openShipped(b)
	}
}

func BenchmarkStatuses(b *testing.B) {
	a := openShipped(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Statuses(ctx, asOf("2023-09-01")); err != nil {
			b.Fatal(err)
		}
	}
}
