package council_test

import (
	"fmt"
	"testing"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// bench is a Council of the size with five permanent members.
func bench(size int) []council.Seat {
	var out []council.Seat
	for i := range size {
		out = append(out, council.Seat{Member: country.Code(fmt.Sprintf("M%02d", i)), Name: fmt.Sprintf("Member %d", i), Permanent: i < 5})
	}
	return out
}

// TestEveryCount walks over every count of yes, no and neither among the
// permanent and among the elected members, for both sizes and all natures, and
// compares the outcome with Article 27 said in another way.
func TestEveryCount(t *testing.T) {
	cases := 0
	for _, size := range []int{11, 15} {
		seats, elected := bench(size), size-5
		for _, nature := range []record.Nature{record.Substantive, record.Procedural, record.Preliminary} {
			for py := 0; py <= 5; py++ {
				for pn := 0; py+pn <= 5; pn++ {
					for ey := 0; ey <= elected; ey++ {
						for en := 0; ey+en <= elected; en++ {
							for _, neither := range []council.Ballot{council.Abstain, council.ObligatoryAbstain, council.NotParticipating, council.Absent} {
								casts := make([]council.Cast, size)
								for i, s := range seats {
									b := neither
									switch {
									case i < py, i >= 5 && i < 5+ey:
										b = council.Yes
									case i < py+pn, i >= 5+ey && i < 5+ey+en:
										b = council.No
									}
									casts[i] = council.Cast{Seat: s, Ballot: b}
								}
								o := council.Decide(nature, size, casts)
								cases++
								bar := map[int]int{11: 7, 15: 9}[size]
								enough := py+ey >= bar
								want := enough && (nature == record.Procedural || pn == 0)
								veto := enough && nature != record.Procedural && pn > 0
								if o.Adopted != want || o.IsVeto() != veto || (o.Reason == council.LackOfVotes) == enough {
									t.Fatalf("size %d %s py %d pn %d ey %d en %d: %+v", size, nature, py, pn, ey, en, o)
								}
								if len(o.VetoedBy) > 0 != veto || len(o.PermanentNo) != pn || (!enough && o.Short != bar-py-ey) {
									t.Fatalf("size %d %s py %d pn %d ey %d en %d: %+v", size, nature, py, pn, ey, en, o)
								}
							}
						}
					}
				}
			}
		}
	}
	if cases < 10_000 {
		t.Fatalf("only %d cases", cases)
	}
}

// of folds one draft in a Council of generic members.
func of(v record.Vote) council.Outcome {
	size := council.Size(v.Date)
	var seats []record.Seat
	for _, s := range bench(size) {
		seats = append(seats, record.Seat{Seat: string(s.Member), Member: s.Member, From: date.MustDay("1946-01-17"), Permanent: s.Permanent})
	}
	c := council.Fold([]council.Draft{{Vote: v}}, seats)
	o, err := c.Outcome(v.ID)
	if err != nil {
		panic(err)
	}
	return o
}

func tally(y, n, a int) *record.Tally { return &record.Tally{Yes: y, No: n, Abstain: a} }

func TestOutcomeFromCounts(t *testing.T) {
	for _, c := range []struct {
		why    string
		vote   record.Vote
		adopt  bool
		reason council.Reason
		short  int
		says   string
	}{
		{"seven of eleven is enough to the end of 1965", record.Vote{ID: "S/RES/218", Resolution: "S/RES/218", Date: date.MustDay("1965-11-23"), Tally: tally(7, 0, 4)}, true, council.Adopted, 0, "Adopted: 7 for, 0 against, 4 abstaining."},
		{"the same tally in 1966 is two short", record.Vote{ID: "S/7000", Date: date.MustDay("1966-03-16"), Tally: tally(7, 0, 8)}, false, council.LackOfVotes, 2, "Not adopted: 7 for, 0 against, 8 abstaining; 9 affirmative votes are needed, so it fell two short."},
		{"9-0-6 is the narrowest way through", record.Vote{ID: "S/RES/2418", Resolution: "S/RES/2418", Date: date.MustDay("2018-05-31"), Tally: tally(9, 0, 6)}, true, council.Adopted, 0, "Adopted: 9 for, 0 against, 6 abstaining."},
		{"four permanent abstentions and one not taking part do not block", record.Vote{ID: "S/RES/344", Resolution: "S/RES/344", Date: date.MustDay("1973-12-15"), Tally: &record.Tally{Yes: 10, Abstain: 4, NotVoting: 1}}, true, council.Adopted, 0, "Adopted: 10 for, 0 against, 4 abstaining, 1 not voting."},
		{"a resolution with noes has a number, so none was a veto", record.Vote{ID: "S/RES/670", Resolution: "S/RES/670", Date: date.MustDay("1990-09-25"), Tally: tally(14, 1, 0)}, true, council.Adopted, 0, "Adopted: 14 for, 1 against, 0 abstaining."},
		{"a named permanent no over the bar is a veto", record.Vote{ID: "S/2020/852", Date: date.MustDay("2020-08-31"), Tally: tally(14, 1, 0), Ballots: &record.Ballots{No: []country.Code{"M00"}}}, false, council.Vetoed, 0, "Not adopted: 14 for, 1 against, 0 abstaining; the no of a permanent member (M00) is a veto."},
		{"a permanent no under the bar is none", record.Vote{ID: "S/2020/797", Date: date.MustDay("2020-08-14"), Tally: tally(2, 2, 11), Ballots: &record.Ballots{No: []country.Code{"M00", "M01"}}}, false, council.LackOfVotes, 7, "Not adopted: 2 for, 2 against, 11 abstaining; 9 affirmative votes are needed, so it fell seven short. The no of M00 and M01 was not a veto: the draft did not have the votes."},
		{"over the bar with an unnamed no is not known", record.Vote{ID: "S/1", Date: date.MustDay("1950-05-05"), Tally: tally(9, 1, 1)}, false, council.Undecided, 0, "The sources do not tell enough to say what became of it."},
		{"acclamation needs no tally", record.Vote{ID: "S/RES/1987", Resolution: "S/RES/1987", Date: date.MustDay("2011-06-17"), Mode: record.Acclamation}, true, council.AdoptedWithoutVote, 0, "Adopted by acclamation."},
		{"unanimous without numbers is not 11-0-0", record.Vote{ID: "S/RES/15", Resolution: "S/RES/15", Date: date.MustDay("1946-12-19"), Mode: record.UnanimousUnrecorded}, true, council.Adopted, 0, "Adopted unanimously; the sources give no numbers."},
		{"a draft that was not put has no outcome but that", record.Vote{ID: "S/2", Date: date.MustDay("1960-05-05"), Mode: record.NotPut}, false, council.NotPut, 0, "Not put to the vote."},
		{"consensus is no vote", record.Vote{ID: "S/RES/591", Resolution: "S/RES/591", Date: date.MustDay("1986-11-28"), Mode: record.Consensus}, true, council.AdoptedWithoutVote, 0, "Adopted by consensus, without a vote."},
		{"nor is without a vote", record.Vote{ID: "S/RES/2403", Resolution: "S/RES/2403", Date: date.MustDay("2018-02-06"), Mode: record.WithoutVote}, true, council.AdoptedWithoutVote, 0, "Adopted without a vote."},
		{"a number is evidence of adoption where no count is", record.Vote{ID: "S/RES/2", Resolution: "S/RES/2", Date: date.MustDay("1946-01-30")}, true, council.Adopted, 0, "Adopted; the sources give no numbers."},
		{"a draft without count or number is not known", record.Vote{ID: "S/3", Date: date.MustDay("1960-05-05")}, false, council.Undecided, 0, "The sources do not tell enough to say what became of it."},
		{"a veto that is recorded, with who cast it and no numbers", record.Vote{ID: "S/4", Date: date.MustDay("1980-05-05"), Recorded: record.FateVeto, Ballots: &record.Ballots{No: []country.Code{"M00"}}}, false, council.Vetoed, 0, "Not adopted: recorded as a veto by M00; the sources give no numbers."},
		{"a veto that is recorded of nobody is not known", record.Vote{ID: "S/5", Date: date.MustDay("1980-05-05"), Recorded: record.FateVeto}, false, council.Undecided, 0, "The sources do not tell enough to say what became of it."},
		{"a permanent no without numbers is no veto unless one is recorded", record.Vote{ID: "S/6", Date: date.MustDay("1980-05-05"), Ballots: &record.Ballots{No: []country.Code{"M00"}}}, false, council.Undecided, 0, "The sources do not tell enough to say what became of it."},
		{"two vetoes", record.Vote{ID: "S/2022/431", Date: date.MustDay("2022-05-26"), Tally: tally(13, 2, 0), Ballots: &record.Ballots{No: []country.Code{"M00", "M01"}}}, false, council.Vetoed, 0, "Not adopted: 13 for, 2 against, 0 abstaining; the noes of two permanent members (M00 and M01) are vetoes."},
		{"a procedural failure says nothing of vetoes", record.Vote{ID: "S/7", Nature: record.Procedural, Date: date.MustDay("1980-05-05"), Tally: tally(4, 5, 6), Ballots: &record.Ballots{No: []country.Code{"M00"}}}, false, council.LackOfVotes, 5, "Not adopted: 4 for, 5 against, 6 abstaining; 9 affirmative votes are needed, so it fell five short."},
	} {
		if c.vote.Mode == "" {
			c.vote.Mode = record.ByVote
		}
		if c.vote.Nature == "" {
			c.vote.Nature = record.Substantive
		}
		o := of(c.vote)
		if o.Adopted != c.adopt || o.Reason != c.reason || (c.reason == council.LackOfVotes && o.Short != c.short) ||
			o.Known != (c.reason != council.Undecided) {
			t.Errorf("%s: %+v", c.why, o)
		}
		if o.Sentence != c.says {
			t.Errorf("%s: %q, want %q", c.why, o.Sentence, c.says)
		}
	}
	if o := of(record.Vote{ID: "S/RES/15", Resolution: "S/RES/15", Date: date.MustDay("1946-12-19"), Mode: record.UnanimousUnrecorded}); o.Counted || o.Tally != "" {
		t.Errorf("numbers from nowhere: %+v", o)
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{-1: "-1", 0: "zero", 9: "nine", 10: "10"} {
		if got := council.Numeral(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// TestProceduralNo: the Council decided on 12 March 2026 to hold a meeting by
// 11-2-2; two permanent members were against, and that was no veto (SC/16316).
func TestProceduralNo(t *testing.T) {
	casts := []council.Cast{}
	for i, s := range bench(15) {
		b := council.Yes
		if i < 2 {
			b = council.No
		} else if i > 12 {
			b = council.Abstain
		}
		casts = append(casts, council.Cast{Seat: s, Ballot: b})
	}
	o := council.Decide(record.Procedural, 15, casts)
	if !o.Adopted || o.IsVeto() || len(o.PermanentNo) != 2 || o.Tally != "11-2-2" {
		t.Errorf("%+v", o)
	}
}

func TestSuppose(t *testing.T) {
	v := record.Vote{ID: "S/2023/638", Date: date.MustDay("2023-08-30"), Mode: record.ByVote, Nature: record.Substantive,
		Ballots: &record.Ballots{No: []country.Code{"M00"}, Abstain: []country.Code{"M01"}}}
	var seats []record.Seat
	for _, s := range bench(15) {
		seats = append(seats, record.Seat{Member: s.Member, From: date.MustDay("1946-01-17"), Permanent: s.Permanent})
		if s.Member != "M00" && s.Member != "M01" {
			v.Ballots.Yes = append(v.Ballots.Yes, s.Member)
		}
	}
	c := council.Fold([]council.Draft{{Vote: v}}, seats)
	id := symbol.Must("S/2023/638")
	d, _ := c.Draft(id)
	if p := c.Pivots(d); len(p) != 1 || p[0].Code != "M00" {
		t.Errorf("pivotal: %+v", p)
	}
	w, err := c.Suppose([]council.Change{{Draft: id, Votes: []council.Switch{{Member: "M00", Ballot: council.Abstain}}}})
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := w.Outcome(id); !o.Adopted || o.Tally != "13-0-2" {
		t.Errorf("supposed: %+v", o)
	}
	if o, _ := c.Outcome(id); o.Adopted || o.Tally != "13-1-1" {
		t.Errorf("the world as it was has changed: %+v", o)
	}
	if _, err := c.Suppose([]council.Change{{Draft: id, Votes: []council.Switch{{Member: "ZZZ", Ballot: council.Yes}}}}); err == nil {
		t.Error("a stranger voted")
	}
}
