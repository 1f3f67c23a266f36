package regime_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

func sym(s string) symbol.Symbol { return symbol.Must(s) }

func flip(draft string, m country.Code, b council.Ballot) council.Change {
	return council.Change{Draft: sym(draft), Votes: []council.Switch{{Member: m, Ballot: b}}}
}

func adopt(draft string) council.Change { return council.Change{Draft: sym(draft), Adopt: true} }

func suppose(t *testing.T, w *regime.World, changes ...council.Change) (*regime.World, []string) {
	t.Helper()
	out, assumed, err := w.Suppose(changes)
	if err != nil {
		t.Fatal(err)
	}
	return out, assumed
}

// vetoed is the Mali story in small: a renewal that was vetoed, its rival that
// nobody wanted, two measures and a panel a month longer.
func vetoed() *law {
	l := chain("2017-09-05 S/RES/2374 impose ban,freeze until 2023-08-31", "2017-09-05 S/RES/2374 establish panel until 2023-09-30",
		"2020-08-31 S/RES/2541 amend ban",
		"2023-08-30 S/2023/638 veto extend ban,freeze until 2024-08-31", "2023-08-30 S/2023/638 veto extend panel until 2024-09-30",
		"2023-08-30 S/2023/639 short extend ban,freeze until 2024-08-31 final", "2023-08-30 S/2023/639 short end panel")
	for i := range l.drafts {
		switch l.drafts[i].ID {
		case "S/2023/638":
			l.drafts[i].Rivals = []symbol.Symbol{"S/2023/639"}
		case "S/2023/639":
			l.drafts[i].Rivals = []symbol.Symbol{"S/2023/638"}
		}
	}
	return l
}

func TestSuppose(t *testing.T) {
	renewals := []string{"2017-09-05 S/RES/2374 impose ban until 2018-08-31", "2018-08-30 S/RES/2432 extend ban until 2019-08-31", "2019-08-29 S/RES/2484 extend ban until 2020-08-31"}
	abstain := flip("S/2023/638", "RUS", council.Abstain)
	for _, c := range []struct {
		why     string
		law     *law
		changes []council.Change
		at      record.At
		part    record.ComponentID
		want    string
	}{
		{"an abstention for the no: renewed", vetoed(), []council.Change{abstain}, on("2024-03-01"), "ban", "in-force since 2017-09-05 until 2024-08-31 by S/RES/2374 ext S/2023/638"},
		{"with its panel", vetoed(), []council.Change{abstain}, on("2024-09-30"), "panel", "in-force since 2017-09-05 until 2024-09-30 by S/RES/2374 ext S/2023/638"},
		{"before the vote nothing differs", vetoed(), []council.Change{abstain}, on("2023-08-29"), "ban", "in-force since 2017-09-05 until 2023-08-31 by S/RES/2374"},
		{"past the supposed term nobody can say", vetoed(), []council.Change{abstain}, on("2024-09-01"), "ban", "undetermined since 2024-09-01 until 2024-08-31 by S/RES/2374 ext S/2023/638"},
		{"nor of its panel", vetoed(), []council.Change{abstain}, on("2024-10-01"), "panel", "undetermined since 2024-10-01 until 2024-09-30 by S/RES/2374 ext S/2023/638"},
		{"the rival: a last year", vetoed(), []council.Change{adopt("S/2023/639")}, on("2024-03-01"), "ban", "in-force since 2017-09-05 until 2024-08-31 by S/RES/2374 ext S/2023/639 final"},
		{"and no panel", vetoed(), []council.Change{adopt("S/2023/639")}, on("2024-03-01"), "panel", "terminated since 2023-08-30 until 2023-08-29 by S/RES/2374 end S/2023/639"},
		{"both adopted: the later vote's word is the one that stands", vetoed(), []council.Change{adopt("S/2023/638"), adopt("S/2023/639")}, on("2024-03-01"), "panel", "terminated since 2023-08-30 until 2023-08-29 by S/RES/2374 ext S/2023/638 end S/2023/639"},
		{"one yes more would not have been enough for it", vetoed(), []council.Change{flip("S/2023/638", "ARE", council.Yes)}, on("2023-09-01"), "ban", "lapsed since 2023-09-01 until 2023-08-31 by S/RES/2374 missed S/2023/638 veto missed S/2023/639 lack-of-votes"},
		{"a veto of the founding decision: its renewals void", chain(renewals...), []council.Change{flip("S/RES/2374", "RUS", council.No)}, on("2019-10-01"), "ban", "not-yet void S/RES/2432 void S/RES/2484"},
		{"a veto of a renewal: lapsed, that draft named", chain(renewals...), []council.Change{flip("S/RES/2432", "RUS", council.No)}, on("2019-08-01"), "ban", "lapsed since 2018-09-01 until 2018-08-31 by S/RES/2374 missed S/RES/2432 veto"},
		{"and the renewal after it extends what had ended", chain(renewals...), []council.Change{flip("S/RES/2432", "RUS", council.No)}, on("2019-10-01"), "ban", "lapsed since 2018-09-01 until 2018-08-31 by S/RES/2374 missed S/RES/2432 veto void S/RES/2484"},
		{"a no of an elected member changes nothing", chain(renewals...), []council.Change{flip("S/RES/2432", "ALB", council.No)}, on("2019-08-01"), "ban", "in-force since 2017-09-05 until 2019-08-31 by S/RES/2374 ext S/RES/2432"},
		{"an end that was vetoed ends nothing", chain("2001-01-10 S/RES/1 impose ban", "2003-01-10 S/RES/2 terminate ban"), []council.Change{flip("S/RES/2", "USA", council.No)}, on("2004-01-01"), "ban", "in-force since 2001-01-10 by S/RES/1"},
		{"a later renewal of what is not determined decides nothing", chain("2001-01-10 S/RES/1 impose ban until 2002-01-10", "2002-01-09 S/2002/5 veto extend ban until 2002-06-30", "2002-12-01 S/RES/9 extend ban until 2003-12-01"),
			[]council.Change{flip("S/2002/5", "RUS", council.Yes)}, on("2003-01-01"), "ban", "undetermined since 2002-07-01 until 2002-06-30 by S/RES/1 ext S/2002/5 void S/RES/9"},
		{"a later decision that imposes anew does", chain("2001-01-10 S/2001/5 veto impose ban until 2002-06-30", "2005-12-01 S/RES/9 impose ban until 2006-12-01"),
			[]council.Change{flip("S/2001/5", "RUS", council.Yes)}, on("2006-01-01"), "ban", "in-force since 2005-12-01 until 2006-12-01 by S/RES/9"},
	} {
		w := c.law.world()
		supposed, _ := suppose(t, w, c.changes...)
		if got := told(state(t, supposed, c.at, c.part)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.why, got, c.want)
		}
	}
}

// TestSupposeRefuses what nobody could change.
func TestSupposeRefuses(t *testing.T) {
	l := vetoed()
	l.vote(date.MustDay("2024-01-01"), "S/2024/1", date.MustDay("2024-01-01"), record.Ballots{No: sitting[2:3]})
	l.drafts[len(l.drafts)-1].Tally = &record.Tally{Yes: 13, No: 1, Abstain: 1}
	w := l.world()
	for why, c := range map[string]council.Change{
		"a member that did not sit":         flip("S/2023/638", "DEU", council.Yes),
		"a vote whose roll call is unknown": flip("S/2024/1", "RUS", council.Yes),
		"a vote that is not in the record":  flip("S/2099/1", "RUS", council.Yes),
		"a ballot that is none":             flip("S/2023/638", "RUS", "perhaps"),
	} {
		if _, _, err := w.Suppose([]council.Change{c}); err == nil || (!errors.Is(err, record.ErrInvalid) && !errors.Is(err, record.ErrNotFound)) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, _, err := w.Suppose([]council.Change{adopt("S/2024/1")}); err != nil {
		t.Errorf("to suppose it adopted needs no roll call: %v", err)
	}
}

// TestAssumed: what a what-if takes for granted is said.
func TestAssumed(t *testing.T) {
	yemen := chain("2014-02-26 S/RES/2140 impose ban until 2018-02-26", "2018-02-26 S/2018/156 veto extend ban until 2019-02-26", "2018-02-26 S/RES/2402 extend ban until 2019-02-26")
	for i := range yemen.drafts {
		if yemen.drafts[i].ID == "S/RES/2402" {
			yemen.drafts[i].Rivals = []symbol.Symbol{"S/2018/156"}
		}
	}
	for _, c := range []struct {
		why     string
		law     *law
		changes []council.Change
		want    []string // beginnings, after the first that always stands
	}{
		{"no change of the outcome assumes no more", vetoed(), []council.Change{flip("S/2023/638", "ARE", council.Yes)}, nil},
		{"the failed rival stays failed", vetoed(), []council.Change{flip("S/2023/638", "RUS", council.Abstain)}, []string{"S/2023/639, the rival draft, is held as not adopted."}},
		{"a later decision stands in the way", yemen, []council.Change{adopt("S/2018/156")}, []string{"S/RES/2402 (2018), adopted the same day after S/2018/156 had failed, is held as it was"}},
		{"both supposed: neither had been adopted in truth", vetoed(), []council.Change{adopt("S/2023/638"), adopt("S/2023/639")}, []string{"S/2023/638 and its rival S/2023/639 are both taken as adopted"}},
	} {
		_, assumed := suppose(t, c.law.world(), c.changes...)
		if !strings.HasPrefix(assumed[0], "Every other vote is held as it was") || len(assumed) != len(c.want)+1 {
			t.Errorf("%s: %q", c.why, assumed)
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(assumed[i+1], want) {
				t.Errorf("%s: %q, want %q", c.why, assumed[i+1], want)
			}
		}
	}
	// Yemen, 26 February 2018: with both, the one voted later is shown.
	w, _ := suppose(t, yemen.world(), adopt("S/2018/156"))
	if got := told(state(t, w, on("2018-02-27"), "ban")); got != "in-force since 2014-02-26 until 2019-02-26 by S/RES/2140 ext S/RES/2402" {
		t.Errorf("both adopted: %s", got)
	}
}

// TestListingsLiveOrDie: in a supposed world an entry lives as long as what binds
// it, and a listing or a removal by a decision of the Council stands and falls
// with that decision.
func TestListingsLiveOrDie(t *testing.T) {
	by := chain("2001-01-10 S/RES/1 impose ban,freeze", "2018-07-13 S/RES/2428 amend ban", "2025-11-06 S/RES/2799 amend ban")
	onList := func(l regime.Listed, p ...regime.Presence) regime.Listed {
		l.Seen = p
		return l
	}
	conditional := listed("person", step("name-conditionally", "2018-05-31"), step("list", "2018-07-13", "by", "S/RES/2428"))
	conditional.Conditional = true
	no := func(s string) []council.Change { return []council.Change{flip(s, "USA", council.No)} }
	for _, c := range []struct {
		why          string
		law          *law
		entry        regime.Listed
		changes      []council.Change
		on           string
		actual, then string
	}{
		{"it lapsed in truth and lives on", vetoed(), listed("person", step("list", "2018-12-20")), []council.Change{flip("S/2023/638", "RUS", council.Abstain)}, "2024-03-01", "was-listed", "listed"},
		{"past the supposed term that is not determined", vetoed(), listed("person", step("list", "2018-12-20")), []council.Change{flip("S/2023/638", "RUS", council.Abstain)}, "2024-09-01", "was-listed", "undetermined"},
		{"its absence from the lists after the lapse is the lapse's", vetoed(), onList(listed("person", step("list", "2018-12-20")), seen("2020-11-23", "2022-09-15", "2024-02-21")), []council.Change{flip("S/2023/638", "RUS", council.Abstain)}, "2024-03-01", "was-listed", "listed"},
		{"its absence before that is a removal in both", vetoed(), onList(listed("person", step("list", "2018-12-20")), seen("2020-11-23", "2021-09-15", "2022-09-15")), []council.Change{flip("S/2023/638", "RUS", council.Abstain)}, "2024-03-01", "was-listed", "was-listed"},
		{"nothing was ever imposed", vetoed(), listed("person", step("list", "2018-12-20")), no("S/RES/2374"), "2019-01-01", "listed", "was-listed"},
		{"listed by a resolution that was vetoed: never listed", by, listed("person", step("list", "2018-07-13", "by", "S/RES/2428")), no("S/RES/2428"), "2019-01-01", "listed", "not-yet"},
		{"whatever the lists held since", by, onList(listed("person", step("list", "2018-07-13", "by", "S/RES/2428")), seen("2018-10-29", "2026-02-27", "")), no("S/RES/2428"), "2019-01-01", "listed", "not-yet"},
		{"named with a condition before, it stays named", by, conditional, no("S/RES/2428"), "2019-01-01", "listed", "named"},
		{"a committee's listing stands", by, listed("person", step("list", "2018-07-13", "by", "SC/13421")), no("S/RES/2428"), "2019-01-01", "listed", "listed"},
		{"removed by a resolution that was vetoed: still listed", by, listed("person", step("list", "2013-07-24"), step("delist", "2025-11-06", "by", "S/RES/2799", "cause", "decision")), no("S/RES/2799"), "2025-12-01", "was-listed", "listed"},
		{"and its absence from the next list does not remove it", by, onList(listed("person", step("list", "2013-07-24"), step("delist", "2025-11-06", "by", "S/RES/2799", "cause", "decision")), seen("2017-06-20", "2025-08-16", "2025-11-15")), no("S/RES/2799"), "2025-12-01", "was-listed", "listed"},
		{"a measure that a vetoed resolution laid on it does not bind", by, listed("person", step("list", "2013-07-24", "measures", "ban"), step("impose", "2018-07-13", "by", "S/RES/2428", "measures", "freeze")), no("S/RES/2428"), "2019-01-01", "listed", "listed"},
	} {
		w := c.law.world()
		supposed, _ := suppose(t, w, c.changes...)
		if got := w.Stand(on(c.on), c.entry); got.Status != c.actual {
			t.Errorf("%s: in truth %s, want %s", c.why, stands(got), c.actual)
		}
		got := supposed.Stand(on(c.on), c.entry)
		if got.Status != c.then || got.Alive() != (c.then == regime.StandsListed) {
			t.Errorf("%s: %s, want %s", c.why, stands(got), c.then)
		}
		if c.entry.Steps[len(c.entry.Steps)-1].Do == "impose" && len(got.Law) != 1 {
			t.Errorf("%s: %s", c.why, stands(got))
		}
	}
}

// TestLater: what the chain decided afterwards, each held as it was.
func TestLater(t *testing.T) {
	w := chain("2017-09-05 S/RES/2374 impose ban until 2018-08-31", "2018-08-30 S/RES/2432 extend ban until 2019-08-31", "2019-08-29 S/2019/1 veto extend ban until 2020-08-31", "2019-08-30 S/RES/2484 extend ban until 2020-08-31").world()
	c, err := w.Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.Council.Draft("S/RES/2432")
	if err != nil {
		t.Fatal(err)
	}
	var later []symbol.Symbol
	for _, l := range c.Later(d) {
		later = append(later, l.ID)
	}
	if !slices.Equal(later, []symbol.Symbol{"S/RES/2484"}) {
		t.Errorf("after S/RES/2432: %v", later)
	}
	var order []symbol.Symbol
	for _, k := range c.Ordered() {
		order = append(order, k.Decision)
	}
	if !slices.Equal(order, []symbol.Symbol{"S/RES/2374", "S/RES/2432", "S/2019/1", "S/RES/2484"}) {
		t.Errorf("in order: %v", order)
	}
}
