package regime_test

import (
	"strings"
	"testing"

	"article41/date"
	"article41/record"
	"article41/regime"
)

// listed builds an entry of the test regime.
func listed(sort string, steps ...record.Step) regime.Listed {
	return regime.Listed{List: "un", Ref: "TTi.001", Name: "Somebody", Sort: sort, Regime: test, Steps: steps}
}

func step(do, on string, more ...string) record.Step {
	s := record.Step{Do: do, On: date.MustDay(on), Cite: record.Cite{Source: "test", Sure: record.Verified}}
	for i := 0; i+1 < len(more); i += 2 {
		switch more[i] {
		case "by":
			s.By = sym(more[i+1])
		case "cause":
			s.Cause = more[i+1]
		case "measures":
			for _, m := range strings.Split(more[i+1], ",") {
				s.Measures = append(s.Measures, record.ComponentID(m))
			}
		}
	}
	return s
}

func seen(from, to, gone string) regime.Presence {
	p := regime.Presence{From: date.MustDay(from), To: date.MustDay(to)}
	if gone != "" {
		p.Gone = date.MustDay(gone)
	}
	return p
}

// stands says a standing in one line: status, days, cause, and each measure with
// its status and its first and last day.
func stands(s regime.Standing) string {
	out := s.Status
	if s.From != nil {
		out += " from " + s.From.String()
	}
	if s.Until != nil {
		out += " to " + s.Until.String()
	}
	if s.Cause != "" {
		out += " " + s.Cause
	}
	for _, m := range s.Law {
		out += ", " + string(m.ID) + " " + string(m.Status)
		if m.Since != nil {
			out += " since " + m.Since.String()
		}
		if m.Until != nil {
			out += " until " + m.Until.String()
		}
	}
	return out
}

// mali is a law on the listed with an end: a ban and a freeze for a year, kept up
// once, then lapsed.
func mali() *law {
	return chain("2017-09-05 S/RES/2374 impose ban,freeze until 2018-08-31", "2018-08-30 S/RES/2432 extend ban,freeze until 2019-08-31", "2019-08-30 S/2019/638 veto extend ban,freeze until 2020-08-31")
}

func open() *law {
	return chain("2001-01-10 S/RES/1 impose ban,freeze", "2001-01-10 S/RES/1 impose arms")
}

func TestStand(t *testing.T) {
	at2018 := step("list", "2018-12-20")
	plain := func(from ...regime.Presence) regime.Listed {
		return regime.Listed{List: "un", Ref: "TTi.002", Sort: "person", Regime: test, ListedOn: date.MustDay("2005-05-05"), Seen: from}
	}
	for _, c := range []struct {
		why   string
		law   *law
		entry regime.Listed
		at    record.At
		want  string
	}{
		{"the day before", mali(), listed("person", at2018), on("2018-12-19"), "not-yet from 2018-12-20, ban not-yet, freeze not-yet"},
		{"from its first day under the measures of that day", mali(), listed("person", at2018), on("2018-12-20"), "listed from 2018-12-20, ban in-force since 2018-12-20 until 2019-08-31, freeze in-force since 2018-12-20 until 2019-08-31"},
		{"a measure on a territory binds no entry", open(), listed("person", at2018), on("2019-01-01"), "listed from 2018-12-20, ban in-force since 2018-12-20, freeze in-force since 2018-12-20"},
		{"a body does not travel", mali(), listed("entity", at2018), on("2018-12-20"), "listed from 2018-12-20, freeze in-force since 2018-12-20 until 2019-08-31"},
		{"its last day is the measures'", mali(), listed("person", at2018), on("2019-08-31"), "listed from 2018-12-20, ban in-force since 2018-12-20 until 2019-08-31, freeze in-force since 2018-12-20 until 2019-08-31"},
		{"then it falls away with them", mali(), listed("person", at2018), on("2019-09-01"), "was-listed from 2018-12-20 to 2019-08-31 lapse, ban lapsed since 2019-09-01 until 2019-08-31, freeze lapsed since 2019-09-01 until 2019-08-31"},
		{"listed for one measure only", mali(), listed("person", step("list", "2018-12-20", "measures", "ban")), on("2019-03-01"), "listed from 2018-12-20, ban in-force since 2018-12-20 until 2019-08-31"},
		{"before it was listed only that one is to come", mali(), listed("person", step("list", "2018-12-20", "measures", "ban"), step("impose", "2019-02-19", "measures", "freeze")), on("2018-12-19"), "not-yet from 2018-12-20, ban not-yet"},
		{"the day before the second measure", mali(), listed("person", step("list", "2018-12-20", "measures", "ban"), step("impose", "2019-02-19", "measures", "freeze")), on("2019-02-18"), "listed from 2018-12-20, ban in-force since 2018-12-20 until 2019-08-31"},
		{"and its first", mali(), listed("person", step("list", "2018-12-20", "measures", "ban"), step("impose", "2019-02-19", "measures", "freeze")), on("2019-02-19"), "listed from 2018-12-20, ban in-force since 2018-12-20 until 2019-08-31, freeze in-force since 2019-02-19 until 2019-08-31"},
		{"a measure taken off an entry", open(), listed("person", step("list", "2018-12-20", "measures", "ban,freeze"), step("lift", "2020-01-01", "measures", "ban")), on("2020-01-01"), "listed from 2018-12-20, freeze in-force since 2018-12-20"},
		{"removed by decision: the last day bound is the day before", open(), listed("person", at2018, step("delist", "2020-03-03", "cause", "decision")), on("2020-03-02"), "listed from 2018-12-20, ban in-force since 2018-12-20, freeze in-force since 2018-12-20"},
		{"and off from that day", open(), listed("person", at2018, step("delist", "2020-03-03", "cause", "decision")), on("2020-03-03"), "was-listed from 2018-12-20 to 2020-03-02 decision, ban terminated since 2020-03-03 until 2020-03-02, freeze terminated since 2020-03-03 until 2020-03-02"},
		{"a removal was not known before it", open(), listed("person", at2018, step("delist", "2020-03-03", "cause", "decision")), known("2020-03-03", "2020-03-02"), "listed from 2018-12-20, ban in-force since 2018-12-20, freeze in-force since 2018-12-20"},
		{"listed again", open(), listed("person", at2018, step("delist", "2020-03-03", "cause", "decision"), step("list", "2022-02-02")), on("2022-02-02"), "listed from 2018-12-20, ban in-force since 2018-12-20, freeze in-force since 2018-12-20"},
		{"not between the two", open(), listed("person", at2018, step("delist", "2020-03-03", "cause", "decision"), step("list", "2022-02-02")), on("2022-02-01"), "was-listed from 2018-12-20 to 2020-03-02 decision, ban terminated since 2020-03-03 until 2020-03-02, freeze terminated since 2020-03-03 until 2020-03-02"},
		{"a removal that only followed the lapse is no removal of its own", mali(), listed("person", at2018, step("delist", "2019-09-20", "cause", "lapse")), on("2019-10-01"), "was-listed from 2018-12-20 to 2019-08-31 lapse, ban lapsed since 2019-09-01 until 2019-08-31, freeze lapsed since 2019-09-01 until 2019-08-31"},

		{"a list's own day of listing, older than the lists held", open(), plain(seen("2017-06-20", "2018-06-07", "")), on("2005-05-05"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"no longer on a dated list while the measures bound: removed, the cause not known", open(), plain(seen("2017-06-20", "2018-06-07", "2018-06-21")), on("2018-06-21"), "was-listed from 2005-05-05 to 2018-06-20 unknown, ban terminated since 2018-06-21 until 2018-06-20, freeze terminated since 2018-06-21 until 2018-06-20"},
		{"between the two lists nobody knows: it is treated as listed", open(), plain(seen("2017-06-20", "2018-06-07", "2018-06-21")), on("2018-06-20"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"what a later list showed was not known", open(), plain(seen("2017-06-20", "2018-06-07", "2018-06-21")), known("2018-06-21", "2018-06-20"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"back on a later list", open(), plain(seen("2017-06-20", "2018-06-07", "2018-06-21"), seen("2022-09-15", "2022-09-15", "")), on("2022-09-15"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"not the day before", open(), plain(seen("2017-06-20", "2018-06-07", "2018-06-21"), seen("2022-09-15", "2022-09-15", "")), on("2022-09-14"), "was-listed from 2005-05-05 to 2018-06-20 unknown, ban terminated since 2018-06-21 until 2018-06-20, freeze terminated since 2018-06-21 until 2018-06-20"},
		{"removed by decision, and on a later list again: it is back", open(), func() regime.Listed {
			l := plain(seen("2017-06-20", "2018-06-07", "2018-06-21"), seen("2022-09-15", "2022-09-15", ""))
			l.Steps = []record.Step{step("list", "2005-05-05"), step("delist", "2018-06-10", "cause", "decision")}
			return l
		}(), on("2022-09-15"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"listed again by decision, and no list since is held", open(), func() regime.Listed {
			l := plain(seen("2017-06-20", "2018-06-07", "2018-06-21"))
			l.Steps = []record.Step{step("list", "2005-05-05"), step("delist", "2018-06-10", "cause", "decision"), step("list", "2019-01-01")}
			return l
		}(), on("2019-01-01"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2005-05-05"},
		{"gone from the list after all that bound it had ended: it fell away with that", mali(), func() regime.Listed {
			l := plain(seen("2018-06-20", "2019-06-07", "2024-09-21"))
			l.ListedOn = date.MustDay("2018-01-01")
			return l
		}(), on("2024-09-21"), "was-listed from 2018-01-01 to 2019-08-31 lapse, ban lapsed since 2019-09-01 until 2019-08-31, freeze lapsed since 2019-09-01 until 2019-08-31"},
		{"a measure that came after the listing binds from its own first day", chain("2001-01-10 S/RES/1 impose ban", "2010-01-10 S/RES/2 impose freeze"), plain(seen("2017-06-20", "2018-06-07", "")), on("2012-01-01"), "listed from 2005-05-05, ban in-force since 2005-05-05, freeze in-force since 2010-01-10"},
		{"and is not there before", chain("2001-01-10 S/RES/1 impose ban", "2010-01-10 S/RES/2 impose freeze"), plain(seen("2017-06-20", "2018-06-07", "")), on("2010-01-09"), "listed from 2005-05-05, ban in-force since 2005-05-05"},
		{"a measure revived after the listing is in force since then", chain("2001-01-10 S/RES/1 impose ban", "2010-01-10 S/RES/2 suspend ban", "2011-01-10 S/RES/3 revive ban"), plain(seen("2017-06-20", "2018-06-07", "")), on("2012-01-01"), "listed from 2005-05-05, ban in-force since 2011-01-10"},
		{"the renewal is not in the record: treated as bound", func() *law { l := mali(); l.through = "2019-08-31"; return l }(), listed("person", at2018), on("2020-01-01"), "listed from 2018-12-20, ban unknown since 2019-09-01 until 2019-08-31, freeze unknown since 2019-09-01 until 2019-08-31"},

		{"named with a condition is not listed", open(), func() regime.Listed {
			l := listed("person", step("name-conditionally", "2018-05-31"), step("list", "2018-07-13"))
			l.Conditional = true
			return l
		}(), on("2018-06-15"), "named from 2018-07-13"},
		{"nor before it was named", open(), func() regime.Listed {
			l := listed("person", step("name-conditionally", "2018-05-31"), step("list", "2018-07-13"))
			l.Conditional = true
			return l
		}(), on("2018-05-30"), "not-yet"},
		{"listed when the Council lists", open(), func() regime.Listed {
			l := listed("person", step("name-conditionally", "2018-05-31"), step("list", "2018-07-13"))
			l.Conditional = true
			return l
		}(), on("2018-07-13"), "listed from 2018-07-13, ban in-force since 2018-07-13, freeze in-force since 2018-07-13"},
		{"which was not known the day before", open(), func() regime.Listed {
			l := listed("person", step("name-conditionally", "2018-05-31"), step("list", "2018-07-13"))
			l.Conditional = true
			return l
		}(), known("2018-07-13", "2018-07-12"), "named from 2018-07-13"},
	} {
		w := c.law.world()
		if got := stands(w.Stand(c.at, c.entry)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.why, got, c.want)
		}
	}
}

// TestOnlyAsTheListSays: where the list's own text limits the measures, it does
// so from the version that first says it.
func TestOnlyAsTheListSays(t *testing.T) {
	l := regime.Listed{List: "un", Ref: "TTi.003", Sort: "person", Regime: test, ListedOn: date.MustDay("2011-02-26"), Seen: []regime.Presence{seen("2017-06-20", "2026-02-27", "")},
		Only: []regime.Limit{{From: date.MustDay("2017-06-20"), Words: []string{"travel-ban"}}, {From: date.MustDay("2020-11-23")}, {From: date.MustDay("2024-09-21"), Words: []string{"assets-freeze"}}}}
	for day, want := range map[string]string{"2011-02-26": "ban", "2017-06-20": "ban", "2020-11-22": "ban", "2020-11-23": "ban freeze", "2024-09-20": "ban freeze", "2024-09-21": "freeze"} {
		var have []string
		for _, m := range open().world().Stand(on(day), l).Law {
			have = append(have, string(m.ID))
		}
		if got := strings.Join(have, " "); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

// TestWordsOfAnUnknownRemoval: a dated list is evidence, and its day is not the
// day of the removal.
func TestWordsOfAnUnknownRemoval(t *testing.T) {
	l := regime.Listed{List: "un", Ref: "TTi.002", Sort: "person", Regime: test, ListedOn: date.MustDay("2005-05-05"), Seen: []regime.Presence{seen("2017-06-20", "2018-06-07", "2018-06-21")}}
	s := open().world().Stand(on("2019-01-01"), l)
	if !strings.Contains(s.Note, "on the list of 7 June 2018, no longer on that of 21 June 2018") {
		t.Errorf("note %q", s.Note)
	}
	for _, m := range s.Law {
		if m.Sentence != "No longer on the list of 21 June 2018; the day of its removal is not in the record." {
			t.Errorf("%s: %q", m.ID, m.Sentence)
		}
	}
	between := open().world().Stand(on("2018-06-10"), l)
	if between.Status != regime.StandsListed || !strings.Contains(between.Note, "the day between is not known") {
		t.Errorf("between the two lists: %s, %q", between.Status, between.Note)
	}
}

// TestEntryWithoutARegime: where the record holds no law for a list, its dated
// versions alone decide.
func TestEntryWithoutARegime(t *testing.T) {
	l := regime.Listed{List: "ofac", Ref: "27153", Regime: "nowhere", Seen: []regime.Presence{seen("2021-07-01", "2021-08-01", "2022-01-01"), seen("2023-01-01", "2023-06-01", "")}}
	dated := l
	dated.ListedOn = date.MustDay("2020-02-02")
	for _, c := range []struct {
		why   string
		entry regime.Listed
		at    record.At
		want  string
	}{
		{"on a version of the day", l, on("2021-07-01"), "listed"},
		{"before the first version nothing is held", l, on("2021-06-30"), "not-held"},
		{"unless the list states the day of listing", dated, on("2021-06-30"), "listed from 2020-02-02"},
		{"and then not before it", dated, on("2020-02-01"), "not-yet from 2020-02-02"},
		{"between two versions", l, on("2021-12-31"), "listed"},
		{"off from the version that no longer holds it", l, on("2022-01-01"), "was-listed to 2021-12-31 unknown"},
		{"which was not known before its day", l, known("2022-01-01", "2021-12-31"), "listed"},
		{"back on a later one", l, on("2023-01-01"), "listed"},
	} {
		s := open().world().Stand(c.at, c.entry)
		if got := stands(s); got != c.want || len(s.Law) != 0 {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}
