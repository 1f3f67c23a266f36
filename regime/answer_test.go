package regime_test

import (
	"slices"
	"strings"
	"testing"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
)

func ids(states []regime.State) string {
	var out []string
	for _, s := range states {
		out = append(out, string(s.ID)+" "+string(s.Status))
	}
	return strings.Join(out, ", ")
}

func TestInForce(t *testing.T) {
	l := chain("2017-09-05 S/RES/2374 impose ban,freeze until 2023-08-31", "2017-09-05 S/RES/2374 establish panel until 2023-09-30", "2017-09-05 S/RES/2374 establish committee", "2018-01-01 S/RES/2400 impose ships until 2019-01-01",
		"2023-08-30 S/2023/638 veto extend ban,freeze until 2024-08-31")
	l.rules = []regime.Rule{
		{Rule: record.Rule{ID: "humanitarian", Word: "assets-freeze", Decision: "S/RES/2664", From: date.MustDay("2022-12-09"), Text: "aid is no breach"}, Known: date.MustDay("2022-12-09")},
		{Rule: record.Rule{ID: "elsewhere", Word: "assets-freeze", Decision: "S/RES/2664", From: date.MustDay("2022-12-09"), Except: []record.RegimeID{test}}, Known: date.MustDay("2022-12-09")},
		{Rule: record.Rule{ID: "petrol", Word: "petroleum", Decision: "S/RES/2664", From: date.MustDay("2022-12-09")}, Known: date.MustDay("2022-12-09")},
	}
	w := l.world()
	for _, c := range []struct {
		why      string
		at       record.At
		status   regime.Status
		sentence string
		carved   int
	}{
		{"nothing yet", on("2017-09-04"), regime.NotYet, "Not yet imposed.", 0},
		{"in force, to one day", on("2018-02-01"), regime.InForce, "In force: travel ban and assets freeze, until 31 August 2023.", 0},
		{"a carve-out from its day", on("2022-12-09"), regime.InForce, "In force: travel ban and assets freeze, until 31 August 2023.", 1},
		{"which was not known the day before", known("2022-12-09", "2022-12-08"), regime.InForce, "In force: travel ban and assets freeze, until 31 August 2023.", 0},
		{"the last day", on("2023-08-31"), regime.InForce, "In force: travel ban and assets freeze, until 31 August 2023.", 1},
		{"lapsed, the panel still runs", on("2023-09-01"), regime.Lapsed, "No measure in force: lapsed after 31 August 2023; the panel runs until 30 September 2023.", 0},
		{"and then not", on("2023-10-01"), regime.Lapsed, "No measure in force: lapsed after 31 August 2023.", 0},
		{"not known: presumed in force, and carved out", known("2023-09-01", "2023-08-15"), regime.Unknown, "Unknown, presumed in force: travel ban and assets freeze; the term ended on 31 August 2023 and the record does not know of a renewal.", 1},
	} {
		a, err := w.InForce(c.at, test)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status() != c.status || a.Sentence != c.sentence || len(a.CarveOuts) != c.carved {
			t.Errorf("%s: %s %q with %d carve-outs, want %s %q with %d", c.why, a.Status(), a.Sentence, len(a.CarveOuts), c.status, c.sentence, c.carved)
		}
		if ids(a.Measures)[:3] != "ban" || len(a.Measures) != 3 || len(a.Authorizations) != 1 || len(a.Bodies) != 2 {
			t.Errorf("%s: %s; %s; %s", c.why, ids(a.Measures), ids(a.Authorizations), ids(a.Bodies))
		}
	}
	if _, err := w.InForce(on("2018-01-01"), "atlantis"); err == nil {
		t.Error("a regime that is not in the record")
	}
	a, _ := w.InForce(known("2023-01-01", "2022-05-05"), test)
	if a.KnownThrough == nil || a.KnownThrough.String() != "2022-05-05" {
		t.Errorf("known through %v as known on 2022-05-05", a.KnownThrough)
	}
}

// TestOver: a component's own territories come before the regime's, and the
// answer speaks only of what reaches the place.
func TestOver(t *testing.T) {
	l := chain("2001-01-10 S/RES/1 impose ban,arms", "2001-01-10 S/RES/1 impose freeze until 2002-01-10")
	l.rules = []regime.Rule{{Rule: record.Rule{ID: "aid", Word: "assets-freeze", Decision: "S/RES/1", From: date.MustDay("2001-01-10")}}}
	w := l.world() // the regime is on TCD, its arms embargo on MLI
	for _, c := range []struct {
		at       country.Code
		measures string
		sentence string
		carved   int
	}{
		{"MLI", "arms in-force", "In force: arms embargo.", 0},
		{"TCD", "ban in-force, freeze in-force", "In force: travel ban and assets freeze.", 1},
	} {
		got, err := w.Over(on("2001-06-01"), c.at)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if ids(got[0].Measures) != c.measures || got[0].Sentence != c.sentence || len(got[0].CarveOuts) != c.carved {
			t.Errorf("over %s: %s, %q, %d carve-outs", c.at, ids(got[0].Measures), got[0].Sentence, len(got[0].CarveOuts))
		}
	}
	if got, err := w.Over(on("2001-06-01"), "FRA"); err != nil || len(got) != 0 {
		t.Errorf("over a place that nothing reaches: %v, %v", got, err)
	}
}

// TestRegimesInOrder: by the day each began.
func TestRegimesInOrder(t *testing.T) {
	c := council.Fold(nil, seats())
	w := regime.Fold(c, []regime.Chain{
		{Regime: record.Regime{ID: "b"}, Known: date.MustDay("1990-01-01")},
		{Regime: record.Regime{ID: "a"}, Known: date.MustDay("1990-01-01")},
		{Regime: record.Regime{ID: "z"}, Known: date.MustDay("1966-01-01")},
	}, nil)
	if !slices.Equal(w.Regimes(), []record.RegimeID{"z", "a", "b"}) {
		t.Errorf("%v", w.Regimes())
	}
}
