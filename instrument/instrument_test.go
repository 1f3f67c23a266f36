package instrument

import (
	"testing"

	"article41/date"
	"article41/record"
	"article41/regime"

	"pgregory.net/rapid"
)

var sure = record.Cite{Source: "x", Sure: record.Verified}

func d(s string) date.Day {
	if s == "" {
		return date.Day{}
	}
	return date.MustDay(s)
}

func act(id, adopted, published, effective string, effects ...record.Change) record.Enactment {
	return record.Enactment{ID: id, Form: "Council Regulation (EU)", Adopted: d(adopted), Published: d(published), Effective: d(effective), Effects: effects, Cite: sure}
}

func does(do record.Deed, until string) record.Change {
	return record.Change{Do: do, What: []record.ComponentID{"freeze"}, Until: d(until), Cite: sure}
}

// TestParts is the clock of one part.
func TestParts(t *testing.T) {
	part := record.Part{ID: "freeze", Word: "assets-freeze", Name: "assets freeze", Basis: record.Autonomous}
	renewed := []record.Enactment{act("1", "2020-01-01", "2020-01-03", "2020-01-04", does(record.Impose, "2020-12-31")),
		act("2", "2020-12-20", "", "", does(record.Extend, "2021-12-31"))}
	ended := append(renewed[:2:2], act("3", "2021-06-01", "2021-06-02", "2021-06-20", does(record.Terminate, "")))
	unsettled := append(renewed[:2:2], act("3", "2021-06-01", "", "", does(record.Unsettle, "")))
	for _, c := range []struct {
		why           string
		acts          []record.Enactment
		through       string
		asOf, knownAt string
		want          regime.Status
		until         string
	}{
		{"adopted and published, not in effect", renewed, "2026-01-01", "2020-01-03", "2026-01-01", regime.NotYet, ""},
		{"in effect", renewed, "2026-01-01", "2020-01-04", "2026-01-01", regime.InForce, "2020-12-31"},
		{"not yet published to whoever asks", renewed, "2026-01-01", "2020-01-04", "2020-01-02", regime.NotYet, ""},
		{"extended", renewed, "2026-01-01", "2021-06-01", "2026-01-01", regime.InForce, "2021-12-31"},
		{"the last day is in force", renewed, "2026-01-01", "2021-12-31", "2026-01-01", regime.InForce, "2021-12-31"},
		{"lapsed where the record reaches further", renewed, "2026-01-01", "2022-01-01", "2026-01-01", regime.Lapsed, "2021-12-31"},
		{"unknown where it does not", renewed, "2021-12-31", "2022-01-01", "2026-01-01", regime.Unknown, "2021-12-31"},
		{"unknown to somebody who asks before the term's end", renewed, "2026-01-01", "2022-01-01", "2021-10-01", regime.Unknown, "2021-12-31"},
		{"a repeal counts from the day it took effect", ended, "2026-01-01", "2021-06-19", "2026-01-01", regime.InForce, "2021-12-31"},
		{"and ends the part the day before", ended, "2026-01-01", "2021-06-20", "2026-01-01", regime.Terminated, "2021-06-19"},
		{"an act that is missing leaves it open", unsettled, "2026-01-01", "2025-01-01", "2026-01-01", regime.Unknown, "2021-12-31"},
	} {
		x := Fold([]record.Instrument{{ID: "x", Authority: "EU", Acts: c.acts, Parts: []record.Part{part}, Through: d(c.through)}}).All()[0]
		s := replay(x, part, record.At{AsOf: d(c.asOf), KnownAt: d(c.knownAt)})
		until := ""
		if s.Until != nil {
			until = s.Until.String()
		}
		if s.Status != c.want || until != c.until {
			t.Errorf("%s: %s until %q, want %s until %q", c.why, s.Status, until, c.want, c.until)
		}
		if s.Status == regime.Unknown && s.Presumed != "in-force" {
			t.Errorf("%s: unknown and not presumed in force", c.why)
		}
	}
}

// TestLaterActsChangeNothingKnownBefore: an act published later never changes what
// could be known.
func TestLaterActsChangeNothingKnownBefore(t *testing.T) {
	part := record.Part{ID: "freeze", Name: "assets freeze"}
	rapid.Check(t, func(r *rapid.T) {
		first := d("2020-01-01")
		day := rapid.Custom(func(r *rapid.T) date.Day { return first.AddDays(rapid.IntRange(0, 1500).Draw(r, "day")) })
		deeds := []record.Deed{record.Impose, record.Extend, record.Terminate, record.Unsettle}
		one := rapid.Custom(func(r *rapid.T) record.Enactment {
			a := record.Enactment{Adopted: day.Draw(r, "adopted"), Cite: sure}
			a.Published = a.Adopted.AddDays(rapid.IntRange(0, 30).Draw(r, "after"))
			a.Effects = []record.Change{{Do: rapid.SampledFrom(deeds).Draw(r, "do"), What: []record.ComponentID{"freeze"}, Until: day.Draw(r, "until")}}
			return a
		})
		acts := rapid.SliceOfN(one, 0, 5).Draw(r, "acts")
		at := record.At{AsOf: day.Draw(r, "as of"), KnownAt: day.Draw(r, "known")}
		late := one.Draw(r, "late")
		late.Published = at.KnownAt.AddDays(rapid.IntRange(1, 100).Draw(r, "later"))
		fold := func(acts []record.Enactment) State {
			return replay(Fold([]record.Instrument{{ID: "x", Acts: acts, Through: d("2030-01-01")}}).All()[0], part, at)
		}
		was, is := fold(acts), fold(append(acts[:len(acts):len(acts)], late))
		if was.Status != is.Status || was.Sentence != is.Sentence {
			r.Fatalf("%s became %s", was.Sentence, is.Sentence)
		}
	})
}

// TestNoListNoClaim: where the list is not loaded nothing is said of the target.
func TestNoListNoClaim(t *testing.T) {
	b := Fold([]record.Instrument{{ID: "x", Authority: "EU", Short: "Regulation 1", Carries: []record.RegimeID{"mali"}, Lists: []record.SourceID{"eu"}, Through: d("2030-01-01"),
		Parts: []record.Part{{ID: "freeze", Word: "assets-freeze", Name: "assets freeze", Basis: record.Derived}, {ID: "own", Word: "assets-freeze", Name: "assets freeze", Basis: record.Autonomous}},
		Acts:  []record.Enactment{{ID: "1", Adopted: d("2020-01-01"), Effects: []record.Change{{Do: record.Impose, What: []record.ComponentID{"freeze", "own"}}}}}}})
	at := record.At{AsOf: d("2023-01-01"), KnownAt: d("2024-01-01")}
	v := d("2022-12-01")
	for _, c := range []struct {
		why    string
		target Target
		status string
		basis  record.Grounds
	}{
		{"no list loaded", Target{Regime: "mali", UN: []string{"MLi.001"}}, NotLoaded, ""},
		{"loaded, but no version of the day", Target{Regime: "mali", Held: map[record.SourceID]date.Day{"eu": {}}}, NotHeld, ""},
		{"loaded, and not found", Target{Regime: "mali", Held: map[record.SourceID]date.Day{"eu": v}}, NotListed, ""},
		{"found by its UN reference", Target{Regime: "mali", UN: []string{"MLi.001"}, Held: map[record.SourceID]date.Day{"eu": v},
			Sightings: []Sighting{{List: "eu", Ref: "1", On: true, Version: &v, Tie: TieReference}}}, "in-force", record.Derived},
		{"found without one, beside an annex of its own", Target{Regime: "mali", Held: map[record.SourceID]date.Day{"eu": v},
			Sightings: []Sighting{{List: "eu", Ref: "1", On: true, Version: &v, Tie: TieItself}}}, "in-force", record.Autonomous},
		{"taken off the loaded list", Target{Regime: "mali", Held: map[record.SourceID]date.Day{"eu": v},
			Sightings: []Sighting{{List: "eu", Ref: "1", Version: &v, Tie: TieReference}}}, NotListed, ""},
	} {
		s := b.Stand(at, c.target)
		if len(s) != 1 || s[0].Status != c.status || s[0].Basis != c.basis {
			t.Errorf("%s: %+v", c.why, s)
		}
	}
}
