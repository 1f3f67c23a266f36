package council_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// chamber folds votes in a Council of fifteen generic members.
func chamber(votes ...record.Vote) *council.Council {
	var seats []record.Seat
	for _, s := range bench(15) {
		seats = append(seats, record.Seat{Seat: string(s.Member), Member: s.Member, From: date.MustDay("1966-01-01"), Permanent: s.Permanent})
	}
	var drafts []council.Draft
	for _, v := range votes {
		if v.Mode == "" {
			v.Mode = record.ByVote
		}
		if v.Nature == "" {
			v.Nature = record.Substantive
		}
		drafts = append(drafts, council.Draft{Vote: v, Known: v.Date})
	}
	return council.Fold(drafts, seats)
}

// rolled is a roll call: the first n said yes, those named no, the others
// abstained.
func rolled(yes int, no ...country.Code) *record.Ballots {
	b := &record.Ballots{No: no}
	for _, s := range bench(15) {
		switch {
		case len(no) > 0 && (s.Member == no[0] || len(no) > 1 && s.Member == no[1]):
		case len(b.Yes) < yes:
			b.Yes = append(b.Yes, s.Member)
		default:
			b.Abstain = append(b.Abstain, s.Member)
		}
	}
	return b
}

func switched(id symbol.Symbol, m country.Code, b council.Ballot) []council.Change {
	return []council.Change{{Draft: id, Votes: []council.Switch{{Member: m, Ballot: b}}}}
}

func TestOneBallotChanged(t *testing.T) {
	day := date.MustDay("2023-08-30")
	for _, c := range []struct {
		why    string
		vote   record.Vote
		member country.Code
		ballot council.Ballot
		reason council.Reason
		tally  string
	}{
		{"the veto withdrawn", record.Vote{ID: "S/2023/638", Date: day, Ballots: rolled(13, "M00")}, "M00", council.Abstain, council.Adopted, "13-0-2"},
		{"absent instead: no veto either", record.Vote{ID: "S/2023/638", Date: day, Ballots: rolled(13, "M00")}, "M00", council.Absent, council.Adopted, "13-0-1"},
		{"not taking part does not block", record.Vote{ID: "S/2023/638", Date: day, Ballots: rolled(13, "M00")}, "M00", council.NotParticipating, council.Adopted, "13-0-1"},
		{"obliged to abstain does not block", record.Vote{ID: "S/2023/638", Date: day, Ballots: rolled(13, "M00")}, "M00", council.ObligatoryAbstain, council.Adopted, "13-0-2"},
		{"the first of two vetoes withdrawn leaves one", record.Vote{ID: "S/2022/431", Date: day, Ballots: rolled(13, "M00", "M01")}, "M00", council.Yes, council.Vetoed, "14-1-0"},
		{"the ninth yes lost", record.Vote{ID: "S/RES/2418", Resolution: "S/RES/2418", Date: day, Ballots: rolled(9)}, "M08", council.Abstain, council.LackOfVotes, "8-0-7"},
		{"an elected no at the bar", record.Vote{ID: "S/RES/2418", Resolution: "S/RES/2418", Date: day, Ballots: rolled(9)}, "M14", council.No, council.Adopted, "9-1-5"},
		{"a permanent no on a procedural question is no veto", record.Vote{ID: "S/PV.1/Q", Date: day, Nature: record.Procedural, Ballots: rolled(11)}, "M00", council.No, council.Adopted, "10-1-4"},
		{"on the preliminary question it is", record.Vote{ID: "S/PV.1/P", Date: day, Nature: record.Preliminary, Ballots: rolled(11)}, "M00", council.No, council.Vetoed, "10-1-4"},
		{"a procedural question can fall for lack of votes", record.Vote{ID: "S/PV.1/Q", Date: day, Nature: record.Procedural, Ballots: rolled(9)}, "M00", council.No, council.LackOfVotes, "8-1-6"},
		{"unanimous in numbers is a roll call", record.Vote{ID: "S/RES/2374", Resolution: "S/RES/2374", Date: day, Tally: tally(15, 0, 0)}, "M00", council.No, council.Vetoed, "14-1-0"},
		{"unanimous without numbers too", record.Vote{ID: "S/RES/300", Resolution: "S/RES/300", Date: day, Mode: record.UnanimousUnrecorded}, "M00", council.No, council.Vetoed, "14-1-0"},
	} {
		w := chamber(c.vote)
		was, err := w.Outcome(c.vote.ID)
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.Suppose(switched(c.vote.ID, c.member, c.ballot))
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if o, _ := s.Outcome(c.vote.ID); o.Reason != c.reason || o.Tally != c.tally || o.Adopted != (c.reason == council.Adopted) {
			t.Errorf("%s: %+v", c.why, o)
		}
		if now, _ := w.Outcome(c.vote.ID); now.Sentence != was.Sentence {
			t.Errorf("%s: the world as it was says %q, and said %q", c.why, now.Sentence, was.Sentence)
		}
	}
}

func TestChangesThatCannotBe(t *testing.T) {
	day := date.MustDay("2023-08-30")
	w := chamber(
		record.Vote{ID: "S/1", Date: day, Tally: tally(13, 1, 1)},
		record.Vote{ID: "S/RES/670", Resolution: "S/RES/670", Date: day, Tally: tally(14, 1, 0)},
		record.Vote{ID: "S/RES/300", Resolution: "S/RES/300", Date: day, Mode: record.UnanimousUnrecorded},
		record.Vote{ID: "S/RES/2403", Resolution: "S/RES/2403", Date: day, Mode: record.WithoutVote},
		record.Vote{ID: "S/2", Date: day, Mode: record.NotPut},
		record.Vote{ID: "S/3", Date: day, Ballots: rolled(13, "M00")})
	for why, c := range map[string][]council.Change{
		"only the tally is known":    switched("S/1", "M00", council.Yes),
		"adopted without a vote":     switched("S/RES/2403", "M00", council.No),
		"never put to the vote":      switched("S/2", "M00", council.Yes),
		"a member that did not sit":  switched("S/3", "ZZZ", council.Yes),
		"a ballot that is none":      switched("S/3", "M00", ""),
		"a draft that nobody tabled": switched("S/4", "M00", council.Yes),
	} {
		if _, err := w.Suppose(c); !errors.Is(err, record.ErrInvalid) && !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s: %v", why, err)
		}
	}
	// A change that changes nothing leaves the count as the sources have it.
	for why, c := range map[string][]council.Change{
		"no ballots":          {{Draft: "S/RES/670"}},
		"unanimous as it was": switched("S/RES/300", "M00", council.Yes),
		"the same ballot":     switched("S/3", "M00", council.No),
		"nothing supposed":    nil,
	} {
		s, err := w.Suppose(c)
		if err != nil {
			t.Errorf("%s: %v", why, err)
			continue
		}
		for _, d := range w.Drafts() {
			if a, b := w.OutcomeOf(d), mustOutcome(t, s, d.ID); a.Sentence != b.Sentence {
				t.Errorf("%s: %s: %q, was %q", why, d.ID, b.Sentence, a.Sentence)
			}
		}
	}
	for _, id := range []symbol.Symbol{"S/1", "S/2"} {
		s, err := w.Suppose([]council.Change{{Draft: id, Adopt: true}})
		if err != nil || !mustOutcome(t, s, id).Adopted || mustOutcome(t, s, id).Reason != council.Assumption {
			t.Errorf("%s supposed adopted: %v", id, err)
		}
	}
}

func mustOutcome(t *testing.T, c *council.Council, id symbol.Symbol) council.Outcome {
	t.Helper()
	o, err := c.Outcome(id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPivots(t *testing.T) {
	day := date.MustDay("2023-08-30")
	for _, c := range []struct {
		why  string
		vote record.Vote
		want int
		to   string // what the first of them could have done instead
	}{
		{"one veto: its member alone", record.Vote{ID: "S/1", Date: day, Ballots: rolled(13, "M00")}, 1, "yes abstain"},
		{"two vetoes: nobody alone", record.Vote{ID: "S/1", Date: day, Ballots: rolled(13, "M00", "M01")}, 0, ""},
		{"unanimous: each permanent member", record.Vote{ID: "S/1", Date: day, Ballots: rolled(15)}, 5, "no"},
		{"at the bar: each yes, and each permanent member that abstained", record.Vote{ID: "S/1", Date: day, Ballots: rolled(9)}, 9, "abstain no"},
		{"one short: each that did not say yes", record.Vote{ID: "S/1", Date: day, Ballots: rolled(8)}, 7, "yes"},
		{"eight short: nobody", record.Vote{ID: "S/1", Date: day, Ballots: rolled(1)}, 0, ""},
		{"a procedural question with votes to spare: nobody", record.Vote{ID: "S/1", Date: day, Nature: record.Procedural, Ballots: rolled(11, "M00", "M01")}, 0, ""},
		{"no roll call: nobody can be told", record.Vote{ID: "S/1", Date: day, Tally: tally(13, 1, 1)}, 0, ""},
	} {
		w := chamber(c.vote)
		d, err := w.Draft("S/1")
		if err != nil {
			t.Fatal(err)
		}
		p := w.Pivots(d)
		if len(p) != c.want {
			t.Errorf("%s: %+v", c.why, p)
			continue
		}
		// Each of them, changed so, turns the outcome; that is what pivotal means.
		for i, x := range p {
			var to []string
			for _, b := range x.To {
				to = append(to, string(b))
				s, err := w.Suppose(switched("S/1", x.Code, b))
				if err != nil || mustOutcome(t, s, "S/1").Adopted == w.OutcomeOf(d).Adopted {
					t.Errorf("%s: %s to %s turns nothing: %v", c.why, x.Code, b, err)
				}
			}
			if got := strings.Join(to, " "); i == 0 && got != c.to {
				t.Errorf("%s: %s could have %q, want %q", c.why, x.Code, got, c.to)
			}
		}
	}
}

// TestNoNumbersIsNotUnanimous: a resolution of which no source gives the count
// was adopted; by how many is not said.
func TestNoNumbersIsNotUnanimous(t *testing.T) {
	o := of(record.Vote{ID: "S/RES/2036", Resolution: "S/RES/2036", Date: date.MustDay("2012-02-22"), Mode: record.ByVote, Nature: record.Substantive})
	if !o.Adopted || o.Counted || strings.Contains(o.Sentence, "unanimous") {
		t.Errorf("%+v", o)
	}
	o = of(record.Vote{ID: "S/RES/2", Resolution: "S/RES/2", Date: date.MustDay("1946-01-30"), Mode: record.UnanimousUnrecorded, Nature: record.Substantive})
	if !o.Adopted || o.Counted || !strings.Contains(o.Sentence, "unanimously") {
		t.Errorf("%+v", o)
	}
}

// TestSize: the enlarged Council first sat in 1966, whatever entered into force
// in August 1965.
func TestSize(t *testing.T) {
	for day, want := range map[string]int{"1946-01-17": 11, "1965-08-31": 11, "1965-12-31": 11, "1966-01-01": 15, "2026-11-23": 15} {
		if got := council.Size(date.MustDay(day)); got != want {
			t.Errorf("%s: %d seats", day, got)
		}
	}
	if council.Needed(11) != 7 || council.Needed(15) != 9 {
		t.Error("seven of eleven, nine of fifteen")
	}
}

// TestFindByEitherSymbol: a resolution is found by its draft's symbol too, and
// rivals find each other from either side.
func TestFindByEitherSymbol(t *testing.T) {
	day := date.MustDay("2018-02-26")
	w := chamber(record.Vote{ID: "S/RES/2402", Resolution: "S/RES/2402", Draft: "S/2018/157", Date: day, Tally: tally(15, 0, 0), Rivals: []symbol.Symbol{"S/2018/156"}},
		record.Vote{ID: "S/2018/156", Date: day, Ballots: rolled(11, "M00", "M01")})
	d, err := w.Draft("S/2018/157")
	if err != nil || d.ID != "S/RES/2402" {
		t.Fatal(d, err)
	}
	for _, id := range []symbol.Symbol{"S/RES/2402", "S/2018/156"} {
		d, _ := w.Draft(id)
		if r := w.Rivals(d); len(r) != 1 || r[0].ID == id {
			t.Errorf("rivals of %s: %v", id, r)
		}
	}
	if _, err := w.Draft("S/2018/158"); !errors.Is(err, record.ErrNotFound) {
		t.Error(err)
	}
}

// TestOrder: by day; on one day by number, 9 before 10 and 99 before 100. A
// what-if stands where the draft stood.
func TestOrder(t *testing.T) {
	first, day := date.MustDay("2024-01-02"), date.MustDay("2024-05-05")
	want := []symbol.Symbol{"S/2024/500", "S/2024/99", "S/2024/100", "S/RES/999", "S/RES/2774"}
	w := chamber(record.Vote{ID: want[4], Resolution: want[4], Date: day}, record.Vote{ID: want[2], Date: day, Ballots: rolled(9)},
		record.Vote{ID: want[0], Date: first}, record.Vote{ID: want[3], Resolution: want[3], Date: day}, record.Vote{ID: want[1], Date: day})
	ids := func(w *council.Council) (out []symbol.Symbol) {
		for _, d := range w.Drafts() {
			out = append(out, d.ID)
		}
		return out
	}
	if got := ids(w); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	other, err := w.Suppose([]council.Change{{Draft: want[2], Votes: []council.Switch{{Member: "M00", Ballot: council.No}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(other); !slices.Equal(got, want) || council.BallotOf(other.Drafts()[2].Ballots, "M00") != council.No {
		t.Errorf("after a what-if: %v", got)
	}
}
