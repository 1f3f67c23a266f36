package regime_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/regime"
)

func lane(t interface{ Fatal(...any) }, w *regime.World, at record.At, part record.ComponentID) regime.Lane {
	c, err := w.Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lanes(at) {
		if l.ID == part {
			return l
		}
	}
	t.Fatal("no lane of", part)
	return regime.Lane{}
}

func drawn(l regime.Lane) string {
	var out []string
	for _, s := range l.Spans {
		to := "…"
		if s.Until != nil {
			to = s.Until.String()
		}
		by := ""
		if s.By != nil {
			by = " " + string(s.By.Symbol)
		}
		out = append(out, fmt.Sprintf("%s %s/%s%s", s.Status, s.From, to, by))
	}
	return strings.Join(out, ", ")
}

func TestLanes(t *testing.T) {
	w := chain("2017-09-05 S/RES/2374 impose ban until 2018-09-05", "2017-09-05 S/RES/2374 establish committee", "2018-08-30 S/RES/2432 extend ban until 2019-08-31", "2019-08-30 S/2019/638 veto extend ban until 2020-08-31").world()
	for _, c := range []struct {
		why  string
		at   record.At
		part record.ComponentID
		want string
	}{
		{"nothing yet", on("2017-09-04"), "ban", ""},
		{"the first term", on("2018-08-29"), "ban", "in-force 2017-09-05/… S/RES/2374"},
		{"one span a term, then the lapse", on("2019-12-31"), "ban", "in-force 2017-09-05/2018-08-29 S/RES/2374, in-force 2018-08-30/2019-08-31 S/RES/2432, lapsed 2019-09-01/… S/RES/2432"},
		{"what is not known yet is unknown", known("2019-12-31", "2019-08-15"), "ban", "in-force 2017-09-05/2018-08-29 S/RES/2374, in-force 2018-08-30/2019-08-31 S/RES/2432, unknown 2019-09-01/… S/RES/2432"},
		{"the committee follows what it oversees", on("2019-12-31"), "committee", "in-force 2017-09-05/2019-08-31 S/RES/2374, unknown 2019-09-01/… S/RES/2374"},
		{"what never was has no span", on("2019-12-31"), "panel", ""},
	} {
		if got := drawn(lane(t, w, c.at, c.part)); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.why, got, c.want)
		}
	}
	marks := lane(t, w, on("2019-12-31"), "ban").Marks
	if len(marks) != 3 || marks[2].Counts || marks[2].Reason != string(council.Vetoed) || marks[2].Tally != "13-1-1" || !marks[1].Counts || marks[1].Deed != record.Extend {
		t.Errorf("marks: %+v", marks)
	}
}

// first is the day on which the random chains may begin.
var first = date.MustDay("2001-01-01")

// anyChain draws decisions of all kinds on all parts, some failed, some known
// later than they were taken, some beginning later, with terms that overlap,
// meet, or leave gaps.
func anyChain() *rapid.Generator[*law] {
	return rapid.Custom(func(t *rapid.T) *law {
		l := &law{through: first.AddDays(rapid.IntRange(0, 150).Draw(t, "through")).String()}
		if rapid.Bool().Draw(t, "known throughout") {
			l.through = ""
		}
		day := first
		for i := range rapid.IntRange(1, 14).Draw(t, "decisions") {
			day = day.AddDays(rapid.IntRange(0, 12).Draw(t, "pause"))
			sym, fate := fmt.Sprintf("S/RES/%d", i+1), ""
			if f := rapid.SampledFrom([]string{"", "", "", "veto ", "short "}).Draw(t, "fate"); f != "" {
				sym, fate = fmt.Sprintf("S/2001/%d", i+1), f
			}
			for range rapid.IntRange(1, 3).Draw(t, "effects") {
				deed := rapid.SampledFrom([]string{"impose", "impose", "extend", "extend", "amend", "ease", "suspend", "revive", "terminate", "end", "establish", "review"}).Draw(t, "deed")
				part := rapid.SampledFrom([]string{"ban", "ban", "ban,freeze", "freeze", "arms", "panel", "ships", "committee"}).Draw(t, "part")
				line := fmt.Sprintf("%s %s %s%s %s", day, sym, fate, deed, part)
				from := day
				if rapid.IntRange(0, 4).Draw(t, "later") == 0 {
					from = day.AddDays(rapid.IntRange(1, 9).Draw(t, "from"))
					line += " from " + from.AddDays(-rapid.IntRange(0, 4).Draw(t, "too early")).String()
				}
				if rapid.Bool().Draw(t, "term") {
					line += " until " + from.AddDays(rapid.IntRange(0, 20).Draw(t, "until")).String()
				}
				if rapid.IntRange(0, 4).Draw(t, "gap") == 0 {
					line += " gap"
				}
				if rapid.IntRange(0, 4).Draw(t, "published later") == 0 {
					line += " known " + day.AddDays(rapid.IntRange(0, 9).Draw(t, "known")).String()
				}
				l.add(line)
			}
			if n := len(l.decisions) - 1; rapid.IntRange(0, 5).Draw(t, "contested") == 0 {
				l.decisions[n].Effects.Effects[0].Contested = []record.Stance{{Claimant: "A", Holds: "in-force", From: day}, {Claimant: "B", Holds: "not-in-force", From: day.AddDays(rapid.IntRange(0, 9).Draw(t, "stance"))}}
			}
		}
		return l
	})
}

func anyDay(t *rapid.T, what string) date.Day {
	return first.AddDays(rapid.IntRange(-3, 190).Draw(t, what))
}

// TestLanesAreTheDays: on every day of a random chain the lane's span is what the
// day's own answer is, spans follow each other without a hole, and the last one
// is open.
func TestLanesAreTheDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyChain().Draw(t, "chain").world()
		c, err := w.Regime(test)
		if err != nil {
			t.Fatal(err)
		}
		at := record.At{AsOf: anyDay(t, "as of"), KnownAt: anyDay(t, "known at")}
		for _, l := range c.Lanes(at) {
			for i, s := range l.Spans {
				open := i == len(l.Spans)-1
				if (s.Until == nil) != open || s.Status == regime.NotYet || s.From.After(at.AsOf) {
					t.Fatalf("%s: span %d of %s", l.ID, i, drawn(l))
				}
				if !open && (s.Until.Before(s.From) || s.Until.Next() != l.Spans[i+1].From) {
					t.Fatalf("%s: a hole or an overlap in %s", l.ID, drawn(l))
				}
			}
			for d := first.AddDays(-3); !d.After(at.AsOf); d = d.Next() {
				want := regime.NotYet
				for _, s := range l.Spans {
					if !d.Before(s.From) && (s.Until == nil || !d.After(*s.Until)) {
						want = s.Status
					}
				}
				if got := state(t, w, record.At{AsOf: d, KnownAt: at.KnownAt}, l.ID); got.Status != want {
					t.Fatalf("%s on %s: %s, the lane has %s in %s", l.ID, d, told(got), want, drawn(l))
				}
			}
		}
	})
}

// TestEveryAnswerIsSound: whatever the chain, a state keeps what its fields mean.
func TestEveryAnswerIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyChain().Draw(t, "chain").world()
		at := record.At{AsOf: anyDay(t, "as of"), KnownAt: anyDay(t, "known at")}
		for _, k := range parts {
			s := state(t, w, at, k.ID)
			says := told(s)
			switch {
			case s.Sentence == "":
				t.Fatalf("%s says nothing", says)
			case s.Status != regime.NotYet && (s.Began == nil || s.Since == nil || s.ImposedBy == nil):
				t.Fatalf("%s has no beginning", says)
			case s.Since != nil && s.Since.After(at.AsOf):
				t.Fatalf("%s on %s begins in the future", says, at.AsOf)
			case s.Status == regime.InForce && s.Until != nil && s.Until.Before(at.AsOf):
				t.Fatalf("%s on %s is past its term", says, at.AsOf)
			case (s.Status == regime.Lapsed || s.Status == regime.Terminated) && (s.Until == nil || !s.Until.Before(*s.Since) || s.Ended == nil):
				t.Fatalf("%s ended and does not say when or how", says)
			case s.Status == regime.Lapsed && !at.KnownAt.After(*s.Until):
				t.Fatalf("%s asserted at %s", says, at.KnownAt)
			case s.Status == regime.Undetermined:
				t.Fatalf("%s in the world as it was", says)
			}
		}
	})
}

// TestKnownLater: what came to be known after a day changes no answer as known on
// that day or before: neither a decision, nor a draft, nor a claim, nor how far
// the chain is known.
func TestKnownLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := anyChain().Draw(t, "chain")
		then := anyDay(t, "then")
		part := &law{through: whole.through}
		for _, d := range whole.decisions {
			if !d.Known.After(then) {
				part.decisions = append(part.decisions, d)
			}
		}
		for _, d := range whole.drafts {
			if !d.Date.After(then) {
				part.drafts = append(part.drafts, d)
			}
		}
		for i := range whole.decisions {
			whole.decisions[i].Claims = append(whole.decisions[i].Claims, claim("ban until", "some day", then.Next().String()))
		}
		if reach := date.MustDay("2029-01-01"); whole.through == "" || whole.through >= then.String() {
			whole.through = reach.String()
		}
		at := record.At{AsOf: anyDay(t, "as of"), KnownAt: date.Min(then, anyDay(t, "known at"))}
		a, b := whole.world(), part.world()
		for _, k := range parts {
			if x, y := state(t, a, at, k.ID), state(t, b, at, k.ID); !reflect.DeepEqual(x, y) {
				t.Fatalf("%s as of %s known at %s: %s, and without what came later %s", k.ID, at.AsOf, at.KnownAt, told(x), told(y))
			}
			if x, y := lane(t, a, at, k.ID), lane(t, b, at, k.ID); !reflect.DeepEqual(x, y) {
				t.Fatalf("lane of %s as of %s known at %s: %s, and without what came later %s", k.ID, at.AsOf, at.KnownAt, drawn(x), drawn(y))
			}
		}
	})
}

func answerJSON(t interface{ Fatal(...any) }, w *regime.World, at record.At) string {
	a, err := w.InForce(at, test)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSupposeNothing: a what-if that changes no ballot, or adopts what was
// adopted, answers as the world does.
func TestSupposeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyChain().Draw(t, "chain")
		w := l.world()
		var changes []council.Change
		for _, d := range l.drafts {
			draft, err := w.Council.Draft(d.ID)
			if err != nil {
				t.Fatal(err)
			}
			ch := council.Change{Draft: d.ID}
			for _, m := range sitting[:rapid.IntRange(0, 3).Draw(t, "ballots")] {
				ch.Votes = append(ch.Votes, council.Switch{Member: m, Ballot: council.BallotOf(draft.Ballots, m)})
			}
			changes = append(changes, ch)
		}
		supposed, _, err := w.Suppose(changes)
		if err != nil {
			t.Fatal(err)
		}
		at := record.At{AsOf: anyDay(t, "as of"), KnownAt: anyDay(t, "known at")}
		if x, y := answerJSON(t, w, at), answerJSON(t, supposed, at); x != y {
			t.Fatalf("as of %s: %s\nsupposed %s", at.AsOf, x, y)
		}
	})
}

// TestSupposeAndBack: supposing one thing and then the opposite of it is the
// world as it was, and the world supposed from is never touched.
func TestSupposeAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyChain().Draw(t, "chain")
		w := l.world()
		at := record.At{AsOf: anyDay(t, "as of"), KnownAt: anyDay(t, "known at")}
		before := answerJSON(t, w, at)
		id := rapid.SampledFrom(l.drafts).Draw(t, "draft").ID
		draft, err := w.Council.Draft(id)
		if err != nil {
			t.Fatal(err)
		}
		m := rapid.SampledFrom(sitting).Draw(t, "member")
		other := rapid.SampledFrom(council.Ballots).Draw(t, "ballot")
		supposed, _, err := w.Suppose([]council.Change{{Draft: id, Votes: []council.Switch{{Member: m, Ballot: other}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range parts { // never a panic, always a sentence
			if state(t, supposed, at, k.ID).Sentence == "" {
				t.Fatalf("%s says nothing", k.ID)
			}
		}
		back, _, err := supposed.Suppose([]council.Change{{Draft: id, Votes: []council.Switch{{Member: m, Ballot: council.BallotOf(draft.Ballots, m)}}}})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := back.Council.Outcome(id); err != nil || got.Adopted != w.Council.OutcomeOf(draft).Adopted {
			t.Fatalf("%s there and back: %+v, %v", id, got, err)
		}
		if after := answerJSON(t, w, at); after != before {
			t.Fatalf("the world as it was has changed: %s, was %s", after, before)
		}
	})
}
