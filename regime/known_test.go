package regime_test

import (
	"testing"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// TestEffectKnown: whoever asks before the day on which an effect could be told
// does not see it, though the decision is old.
func TestEffectKnown(t *testing.T) {
	l := chain("1992-03-31 S/RES/748 impose arms", "1998-08-27 S/RES/1192 suspend arms from 1999-04-05")
	l.decisions[1].Effects.Effects[0].Known = date.MustDay("1999-04-05")
	c, err := l.world().Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	for known, want := range map[string]regime.Status{"1998-10-01": regime.InForce, "1999-04-04": regime.InForce, "1999-04-05": regime.Suspended} {
		s, err := c.On(record.At{AsOf: date.MustDay("1999-06-01"), KnownAt: date.MustDay(known)}, "arms")
		if err != nil || s.Status != want {
			t.Errorf("known on %s: %s, want %s (%v)", known, s.Status, want, err)
		}
	}
}

// TestPutOff: a draft that would only have put a revival off settles nothing
// beyond its day.
func TestPutOff(t *testing.T) {
	l := chain("2006-12-23 S/RES/1737 impose arms", "2015-07-20 S/RES/2231 terminate arms from 2016-01-16",
		"2015-07-20 S/RES/2231 revive arms from 2025-09-27 averted S/2025/1 averted S/2025/2")
	fx := l.decisions[len(l.decisions)-1].Effects.Effects
	fx[len(fx)-1].AvertedUntil = map[symbol.Symbol]date.Day{"S/2025/2": date.MustDay("2026-04-18")}
	l.add("2025-09-19 S/2025/1 short review arms")
	l.add("2025-09-26 S/2025/2 short review arms")
	for _, c := range []struct {
		why     string
		adopted []symbol.Symbol
		day     string
		want    regime.Status
	}{
		{"nothing averted it", nil, "2025-10-01", regime.InForce},
		{"put off, and the day has not come", []symbol.Symbol{"S/2025/2"}, "2026-04-18", regime.Terminated},
		{"put off, and the day is past", []symbol.Symbol{"S/2025/2"}, "2026-04-19", regime.Undetermined},
		{"averted for good", []symbol.Symbol{"S/2025/1"}, "2026-04-19", regime.Terminated},
		{"averted for good and put off", []symbol.Symbol{"S/2025/1", "S/2025/2"}, "2026-04-19", regime.Terminated},
	} {
		w := l.world()
		var changes []council.Change
		for _, s := range c.adopted {
			changes = append(changes, council.Change{Draft: s, Adopt: true})
		}
		if len(changes) > 0 {
			var err error
			if w, _, err = w.Suppose(changes); err != nil {
				t.Fatal(err)
			}
		}
		chain, err := w.Regime(test)
		if err != nil {
			t.Fatal(err)
		}
		s, err := chain.On(record.At{AsOf: date.MustDay(c.day), KnownAt: date.MustDay("2026-11-23")}, "arms")
		if err != nil || s.Status != c.want {
			t.Errorf("%s: %s (%s), want %s", c.why, s.Status, s.Sentence, c.want)
		}
	}
}

// TestCommitteeOfAWhatIf: past the supposed terms the committee is not open-ended.
func TestCommitteeOfAWhatIf(t *testing.T) {
	l := chain("2017-09-05 S/RES/2374 impose ban until 2018-08-31", "2017-09-05 S/RES/2374 establish committee", "2018-08-30 S/2018/1 veto extend ban until 2019-08-31")
	w, _, err := l.world().Suppose([]council.Change{{Draft: "S/2018/1", Adopt: true}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]regime.Status{"2019-08-31": regime.InForce, "2019-09-01": regime.Undetermined} {
		s, err := c.On(record.At{AsOf: date.MustDay(day), KnownAt: date.MustDay("2026-11-23")}, "committee")
		if err != nil || s.Status != want {
			t.Errorf("on %s: %s (%s), want %s", day, s.Status, s.Sentence, want)
		}
	}
	if _, _, err := l.world().Suppose([]council.Change{{Draft: "S/RES/2374", Adopt: true}}); err == nil {
		t.Error("the adoption of an adopted draft was supposed")
	}
}

// TestSuspendedIsListed: an entry whose measures are suspended stands on the list.
func TestSuspendedIsListed(t *testing.T) {
	l := chain("1992-03-31 S/RES/748 impose ban,freeze", "1998-08-27 S/RES/1192 suspend ban,freeze from 1999-04-05")
	e := regime.Listed{List: "un", Ref: "TTi.001", Regime: test, Sort: "person", ListedOn: date.MustDay("1993-01-01")}
	s := l.world().Stand(record.At{AsOf: date.MustDay("2000-01-01"), KnownAt: date.MustDay("2026-11-23")}, e)
	if s.Status != regime.StandsListed || s.Until != nil || s.Note == "" {
		t.Errorf("%+v", s)
	}
}
