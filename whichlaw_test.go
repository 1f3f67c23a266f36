package article41_test

import (
	"fmt"
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/instrument"
	"article41/record"
)

// line is one authority's line of an answer.
func line(t *testing.T, of []instrument.Standing, authority string) instrument.Standing {
	t.Helper()
	for _, s := range of {
		if s.Authority == authority {
			return s
		}
	}
	t.Fatalf("no line of %s in %v", authority, of)
	return instrument.Standing{}
}

// TestMataly is the case a bank asked: the Council's freeze had lapsed, and the
// European Union's had not.
func TestMataly(t *testing.T) {
	a := openShipped(t)
	for _, c := range []struct {
		why, day, authority, status string
		says                        []string
		basis                       record.Grounds
	}{
		{"the Council's measures lapsed a month before", "2023-10-01", "UN", "lapsed", []string{"lapsed 31 August 2023"}, ""},
		{"the Union's freeze outlived them", "2023-10-01", "EU", "in-force", []string{"assets freeze still on, 2017/1770 Annex I, no end date set"}, record.Derived},
		{"Washington named him itself", "2023-10-01", "US", "in-force", []string{"SDN 27154", "EO 13882, until 26 July 2024"}, record.Autonomous},
		{"the UK list is not loaded, which says nothing of him", "2023-10-01", "UK", "not-loaded", []string{"not loaded", "SI 2020/705"}, ""},
		{"Switzerland followed the Council", "2023-10-01", "CH", "terminated", []string{"31 August 2023"}, ""},
		{"deleted by the Decision; the Regulation is not in the record", "2024-01-06", "EU", "unknown",
			[]string{"entry deleted by Council Implementing Decision (CFSP) 2024/215", "the implementing Regulation that takes the freeze off is not in the record", "presumed in force"}, record.Derived},
		{"adopted, and not yet in effect", "2024-01-05", "EU", "in-force", []string{"assets freeze still on"}, record.Derived},
		{"the Union was a week behind the Committee", "2019-07-16", "EU", "not-yet", []string{"not yet listed: listed on 17 July 2019"}, ""},
		{"the Union's freeze came with its Regulation", "2020-01-07", "EU", "in-force", []string{"travel ban on"}, record.Derived},
		{"past the last continuation that is known", "2026-11-23", "US", "unknown", []string{"renewal not in the record; presumed in force"}, record.Autonomous},
	} {
		t.Run(c.why, func(t *testing.T) {
			ans, err := a.Screen(ctx, asOf(c.day), article41.Query{Name: "Mohamed Ould Mataly"})
			if err != nil || len(ans.Hits) == 0 || ans.Hits[0].ID != "MLi.008" {
				t.Fatalf("%v %v", ans.Hits, err)
			}
			s := line(t, ans.Hits[0].Authorities, c.authority)
			if s.Status != c.status || s.Basis != c.basis {
				t.Errorf("status %q basis %q, want %q and %q: %s", s.Status, s.Basis, c.status, c.basis, s.Sentence)
			}
			for _, w := range c.says {
				if !strings.Contains(s.Sentence, w) {
					t.Errorf("%q does not say %q", s.Sentence, w)
				}
			}
			if !strings.Contains(ans.Hits[0].Bound, c.authority+": "+s.Sentence) {
				t.Errorf("the one line leaves %s out: %s", c.authority, ans.Hits[0].Bound)
			}
		})
	}
}

// TestBeforeItWasKnown: who knew only what was published by the last day of
// 2023 could not know of the deletion.
func TestBeforeItWasKnown(t *testing.T) {
	a := openShipped(t)
	at := record.At{AsOf: date.MustDay("2024-01-06"), KnownAt: date.MustDay("2023-12-31")}
	e, err := a.Entry(ctx, at, "un", "MLi.008", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := line(t, e.Authorities, "EU"); s.Status != "in-force" {
		t.Errorf("%s: %s", s.Status, s.Sentence)
	}
}

// TestNeverFrozen: the three under the travel ban only were in no freeze annex of
// the Union on any day, nor on the list of the United States.
func TestNeverFrozen(t *testing.T) {
	a := openShipped(t)
	for _, ref := range []string{"MLi.001", "MLi.002", "MLi.003"} {
		for day := date.MustDay("2018-12-01"); !day.After(date.MustDay("2024-03-01")); day = day.AddDays(15) {
			e, err := a.Entry(ctx, record.At{AsOf: day, KnownAt: date.DayOf(noon)}, "un", ref, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range e.Authorities {
				for _, l := range s.Law {
					if l.Word == "assets-freeze" {
						t.Fatalf("%s on %s: %s of %s", ref, day, l.Name, s.Authority)
					}
				}
			}
		}
	}
	e, _ := a.Entry(ctx, asOf("2023-10-01"), "un", "MLi.001", false)
	if s := line(t, e.Authorities, "EU"); !strings.Contains(s.Sentence, "travel ban still on") {
		t.Errorf("his travel ban: %s", s.Sentence)
	}
}

// TestAbsentAuthorities: an authority of whose law the record holds nothing is named,
// and not passed over as if it had none.
func TestAbsentAuthorities(t *testing.T) {
	a := openTemp(t)
	for _, c := range []struct {
		regime record.RegimeID
		absent string
		says   string
	}{
		{"mali", "[]", ""},
		{"haiti-2", "[US]", "US: no instrument in the record"},
		{"lebanon-1636", "[CH]", "CH: no instrument in the record"},
		{"angola-unita", "[EU UK US CH]", "no instrument of another authority is in the record"},
	} {
		l, err := a.Carried(ctx, asOf("2026-11-23"), c.regime)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(l.Absent); got != c.absent || !strings.Contains(l.Sentence, c.says) {
			t.Errorf("%s: %s: %s", c.regime, got, l.Sentence)
		}
	}
}

// TestEveryRegimeIsCarried: each regime that the Council still keeps has at least
// one instrument that carries it.
func TestEveryRegimeIsCarried(t *testing.T) {
	a := openShipped(t)
	all, err := a.Statuses(ctx, asOf("2026-11-23"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range all {
		if r.Type != "sanctions" || !r.Overall.Binds() {
			continue
		}
		n++
		c, err := a.Carried(ctx, asOf("2026-11-23"), r.Regime)
		if err != nil || len(c.Carriers) < 3 {
			t.Errorf("%s is carried by %d instruments: %v", r.Regime, len(c.Carriers), err)
		}
		for _, x := range c.Carriers {
			if !x.Status.Binds() {
				t.Errorf("%s: %s does not bind: %s", r.Regime, x.Short, x.Sentence)
			}
		}
	}
	if n < 15 {
		t.Errorf("%d regimes in force, want the fifteen", n)
	}
}

// TestTies: entries of imported lists are joined by the reference they carry, by
// the record, or by name and programme, and each answer says which.
func TestTies(t *testing.T) {
	path := t.TempDir() + "/a.db"
	a, err := article41.Open(ctx, openStore(t, path), shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	day := date.MustDay("2023-09-20")
	imported := func(list record.SourceID, entries ...record.Listed) {
		t.Helper()
		for i := range entries {
			entries[i].List, entries[i].Version, entries[i].Sort = list, day, "person"
		}
		_, err := a.Import(ctx, noon, record.List{List: list, Date: day, Basis: "stated", Count: len(entries), Origin: "import"}, entries)
		if err != nil {
			t.Fatal(err)
		}
	}
	named := func(ref, text, programme string, extra ...record.Extra) record.Listed {
		return record.Listed{Ref: ref, Names: []record.Name{{Text: text, Quality: record.Primary}}, Programme: []string{programme}, Extra: extra}
	}
	imported("eu", named("EU.1", "Ould Mataly Mohamed", "MLI", record.Extra{Name: "un_reference", Value: "MLi.008"}),
		named("EU.2", "Ivan Maslov", "MLI"))
	south, err := a.Entry(ctx, asOf("2023-10-01"), "un", "SSi.001", false)
	if err != nil {
		t.Fatal(err)
	}
	imported("ofac", named("27154", "MATALY, Mohamed Ould", "MALI-EO13882"), named("555", south.Caption, "SOUTH SUDAN"), named("556", south.Caption, "SYRIA"))
	imported("uk", named("UK.1", "Somebody Else", "Mali"))

	e, err := a.Entry(ctx, asOf("2023-10-01"), "un", "MLi.008", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := line(t, e.Authorities, "EU"); s.Entry != "EU.1" || len(s.Sightings) != 1 || s.Sightings[0].Tie != instrument.TieReference {
		t.Errorf("EU: %+v", s)
	}
	if s := line(t, e.Authorities, "US"); s.Entry != "27154" || len(s.Sightings) != 1 || s.Sightings[0].Tie != instrument.TieRecord || strings.Contains(s.Sentence, "last seen") {
		t.Errorf("US: %+v", s)
	}
	if s := line(t, e.Authorities, "UK"); s.Status != instrument.NotListed || !strings.Contains(s.Sentence, "version of 20 September 2023") {
		t.Errorf("a loaded list without him: %+v", s)
	}

	south, err = a.Entry(ctx, asOf("2023-10-01"), "un", "SSi.001", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := line(t, south.Authorities, "US"); len(s.Sightings) != 1 || s.Sightings[0].Ref != "555" || s.Sightings[0].Tie != instrument.TieName {
		t.Errorf("the same name under the programme for it, and not under another: %+v", s)
	}

	// The other way round: an entry of the Treasury's list leads to the Council's.
	x, err := a.Entry(ctx, asOf("2023-10-01"), "ofac", "27154", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := line(t, x.Authorities, "UN"); s.Entry != "MLi.008" || s.Status != "lapsed" {
		t.Errorf("UN from the SDN list: %+v", s)
	}
	m, err := a.Entry(ctx, asOf("2023-10-01"), "eu", "EU.2", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := line(t, m.Authorities, "UN"); s.Status != instrument.NotListed {
		t.Errorf("Maslov was never on the Council's list: %+v", s)
	}
	if s := line(t, m.Authorities, "EU"); s.Status != "in-force" || s.Basis != record.Autonomous {
		t.Errorf("Maslov stands in the Union's own annex: %+v", s)
	}
}
