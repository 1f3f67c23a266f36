package article41_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

func incidentAt(day string) record.At {
	d := date.MustDay(day)
	return record.At{AsOf: d, KnownAt: d}
}

// Who says what of Moura: each number with its speaker, none added up.
func TestMouraIsToldByItsSpeakers(t *testing.T) {
	a := openShipped(t)
	in, err := a.Incident(context.Background(), incidentAt("2026-11-23"), "moura-2022")
	if err != nil {
		t.Fatal(err)
	}
	n := func(p *int) int {
		if p == nil {
			return -1
		}
		return *p
	}
	for _, w := range []struct {
		why, id, speaker string
		hedge            record.Hedge
		low, best, high  int
	}{
		{"at least 500: an open top", "killed-ohchr", "OHCHR", record.Assessed, 500, -1, -1},
		{"about 300", "killed-hrw", "Human Rights Watch", record.Alleged, -1, 300, -1},
		{"203, and he calls them fighters", "killed-mali", "Government of Mali", record.Stated, -1, 203, -1},
		{"the panel's euphemism", "partners-panel", "Panel of Experts on Mali", record.Stated, -1, -1, -1},
		{"its reading, by another speaker", "wagner-us", "United States", record.Stated, -1, -1, -1},
		{"one more speaker's listing", "maslov-eu", "European Union", record.Stated, -1, -1, -1},
	} {
		found := false
		for _, c := range in.Claims {
			if c.ID != w.id {
				continue
			}
			found = true
			if c.Speaker != w.speaker || c.Hedge != w.hedge || n(c.Low) != w.low || n(c.Best) != w.best || n(c.High) != w.high || c.Source == "" {
				t.Errorf("%s: %+v", w.why, c)
			}
		}
		if !found {
			t.Errorf("%s: no claim %s", w.why, w.id)
		}
	}
	for _, want := range []string{"OHCHR: at least 500", "Human Rights Watch: about 300", "Government of Mali: 203"} {
		if !strings.Contains(in.Sentence, want) {
			t.Errorf("the sentence does not say %q: %s", want, in.Sentence)
		}
	}
	if len(in.Findings) != 2 || len(in.Reports) < 10 {
		t.Errorf("%d findings, %d reports", len(in.Findings), len(in.Reports))
	}
	for _, r := range in.Reports {
		if r.Symbol == "S/2023/578" && (r.Due == nil || r.Due.String() != "2023-09-30") {
			t.Errorf("S/2023/578 fell under a mandate until 30 September 2023: %+v", r)
		}
	}
}

func TestWhatWasPublishedLaterIsNotKnownBefore(t *testing.T) {
	a := openShipped(t)
	in, err := a.Incident(context.Background(), incidentAt("2022-12-31"), "moura-2022")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range in.Claims {
		if c.Speaker == "Human Rights Watch" && c.On.String() != "2022-04-05" || c.ID == "killed-mali" && c.On.String() != "2022-04-01" {
			t.Errorf("%s was said on %s", c.ID, c.On)
		}
		if c.Speaker == "OHCHR" || c.Speaker == "European Union" {
			t.Errorf("known at the end of 2022: %s", c.ID)
		}
	}
	if len(in.Findings) != 0 {
		t.Errorf("findings of 2023 are known in 2022: %v", in.Findings)
	}
	if _, err := a.Incident(context.Background(), incidentAt("2022-03-01"), "moura-2022"); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("before it happened: %v", err)
	}
}

// The curated record obeys the rules that any incident must.
func TestTheCuratedIncidentsAndFindingsAreInOrder(t *testing.T) {
	a := openShipped(t)
	at := incidentAt("2026-11-23")
	found, err := a.Incidents(context.Background(), at, monitor.Filter{})
	if err != nil || found.Total == 0 {
		t.Fatalf("%d incidents, %v", found.Total, err)
	}
	for _, b := range found.Rows {
		in, err := a.Incident(context.Background(), at, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range monitor.Check(in.Incident, at.AsOf) {
			t.Errorf("%s: %s", b.ID, p)
		}
		for _, f := range in.Findings {
			for _, p := range monitor.CheckFinding(f, nil, at.AsOf) {
				t.Errorf("%s: %s", f.ID, p)
			}
		}
	}
}

// A publisher's new file changes what stands only openly, and the desk's erratum
// over its record outlives both the same file and another.
func TestAPublishersNewFileLosesNoErratum(t *testing.T) {
	ctx := context.Background()
	a, err := article41.Open(ctx, openStore(t, filepath.Join(t.TempDir(), "i.db")), shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	three, five := 3, 5
	in := record.Incident{ID: "ucdp-1", Title: "An event", When: date.Exactly(date.MustDay("2024-05-02")), Place: record.IncidentPlace{Name: "There", Precision: "town"}, Acts: []string{"killing"},
		Claims: []record.Testimony{{ID: "ucdp", Claim: record.Claim{About: "people killed", Says: "3", Speaker: "UCDP", Hedge: record.Stated, Source: "UCDP", Sure: record.Verified}, Counts: "killed", Best: &three}}}
	file := func(day string, in record.Incident, same, changed int) {
		t.Helper()
		done, err := a.PublishIncidents(ctx, noon, "ucdp", date.MustDay(day), []record.Incident{in}, nil)
		if err != nil || done.Same != same || done.Changed != changed {
			t.Fatalf("%s: %+v, %v", day, done, err)
		}
	}
	file("2025-06-01", in, 0, 0)
	file("2025-06-01", in, 1, 0)
	mended := in
	mended.Title = "An event at There"
	mended.Errata = []record.Erratum{{On: date.MustDay("2025-07-01"), What: "title", Was: "An event", Is: mended.Title, Why: "said where"}}
	mended.Merged = "moura-2022"
	if err := a.Ledger().Publish(ctx, noon, date.MustDay("2025-07-01"), []record.Incident{mended}, nil); err != nil {
		t.Fatal(err)
	}
	file("2025-06-01", in, 1, 0) // their file again: what the desk wrote stands
	revised := in
	revised.Claims = slices.Clone(in.Claims)
	revised.Claims[0].Best = &five
	file("2026-06-01", revised, 0, 1)
	file("2026-06-01", revised, 1, 0)
	got, err := a.Incident(ctx, incidentAt("2026-11-23"), "ucdp-1")
	if err != nil || got.Merged != "moura-2022" || len(got.Errata) != 3 || got.Errata[0].Why != "said where" {
		t.Fatalf("%+v, %v", got.Errata, err)
	}
	if e := got.Errata[1]; e.What != "claims[ucdp].best" || e.Was != "3" || e.Is != "5" || !strings.Contains(e.Why, "file of 2026-06-01") {
		t.Errorf("changed in silence: %+v", e)
	}
}

// "At least 500" stays open in the list too: its span is never shown as closed.
func TestAnOpenTopStaysOpenInTheList(t *testing.T) {
	found, err := openShipped(t).Incidents(context.Background(), incidentAt("2026-11-23"), monitor.Filter{Words: "Moura"})
	if err != nil || len(found.Rows) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	if b := found.Rows[0]; *b.Fewest != 203 || *b.Most != 500 || !b.Open {
		t.Errorf("%d to %d, open top %v", *b.Fewest, *b.Most, b.Open)
	}
}
