package compile

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadOutcome(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a tally set off by two spaces", "S/RES/12 (1946)  11-0-0", "S/RES/12 vote 11-0-0"},
		{"a tally set close", "S/RES/77 (1949)9-0-2", "S/RES/77 vote 9-0-2"},
		{"no numbers is not 11-0-0", "S/RES/15 (1946)  adopted unanimously", "S/RES/15 unanimous-unrecorded"},
		{"without a vote", "S/RES/1 (1946)  without vote", "S/RES/1 without-vote"},
		{"by consensus", "S/RES/591 (1986) adopted by consensus", "S/RES/591 consensus"},
		{"a statement behind it is no tally", "S/RES/1052 (1996) 15-0-0 + S/PRST/1996/17", "S/RES/1052 vote 15-0-0"},
		{"two resolutions", "S/RES/1 (2001) 15-0-0 S/RES/2 (2001) 14-0-1", "S/RES/1 vote 15-0-0, S/RES/2 vote 14-0-1"},
		{"who did not take part", "S/RES/1483 (2003) 14-0-0 (The Syrian Arab Republic did not participate in the voting.)", "S/RES/1483 vote 14-0-0 missing 1"},
		{"no numbers with the first of two", "S/RES/2082 (2012) and S/RES/2083 (2012) 15-0-0", "S/RES/2082 , S/RES/2083 vote 15-0-0"},
		{"vetoed by two", "Draft resolution S/3710 vetoed by France and UK7-2-2", "S/3710 veto FRA GBR 7-2-2"},
		{"vetoed by three", "Draft Resolution S/20378vetoed by France, UK, USA 9-4-2", "S/20378 veto FRA GBR USA 9-4-2"},
		{"vetoed by the other name", "Draft resolution S/2018/321 vetoed by the Russian Federation 12-2-1", "S/2018/321 veto RUS 12-2-1"},
		{"not adopted without the word draft", "S/2019/962 not adopted5-6-4", "S/2019/962 no 5-6-4"},
		{"an applicant instead of a symbol", "Draft resolution S/PV.57 (Ireland) vetoed by USSR 9-1-1", "S/PV.57/IRELAND veto SUN 9-1-1"},
		{"symbols of one vote", "Draft resolutions S/507 & Add.1 & S/516 not adopted6-1-3", "S/507 no 6-1-3"},
		{"revisions are part of the symbol", "Draft resolution S/1408/Rev.1 vetoed by USSR8-2-1", "S/1408/Rev.1 veto SUN 8-2-1"},
		{"a draft and a resolution", "Draft resolution S/4519 not adopted2-7-2 S/RES/157 (1960) 8-2-1", "S/4519 no 2-7-2, S/RES/157 vote 8-2-1"},
		{"nothing decided", "--", ""},
		{"a statement only", "S/PRST/2003/25", ""},
	} {
		var got []string
		for _, it := range readOutcome(c.in) {
			s := it.name()
			if it.resolution > 0 {
				s += " " + it.mode
			} else if it.vetoed {
				s += " veto " + codesOf(it.blocked)
			} else {
				s += " no"
			}
			if it.tally != nil {
				s += " " + it.tally.String()
			}
			if it.absent > 0 {
				s += fmt.Sprintf(" missing %d", it.absent)
			}
			got = append(got, s)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %q\n got %q\nwant %q", c.why, c.in, g, c.want)
		}
	}
}

func FuzzReadOutcome(f *testing.F) {
	for _, s := range []string{"S/RES/12 (1946)  11-0-0", "Draft resolution S/1 vetoed by USSR", "Draft resolution S/", "S/RES/", "draft resolutions S/5 & S/6 not adopted1-2-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, it := range readOutcome(s) {
			if it.resolution == 0 && it.draft == "" {
				t.Fatalf("%q: an item without a name", s)
			}
		}
	})
}

func TestReadSponsors(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"one", "France", "FRA"},
		{"a list", "France,Germany,United Kingdom", "FRA DEU GBR"},
		{"and", "France and Mexico", "FRA MEX"},
		{"and the", "Mexico and the United States of America", "MEX USA"},
		{"a name that holds and", "Bosnia and Herzegovina, Croatia", "BIH HRV"},
		{"the long name of the United Kingdom", "Japan and the United Kingdom of Great Britain and Northern Ireland", "JPN GBR"},
		{"a spreadsheet's line break", "Albania, Brazil, _x000D_\nChad", "ALB BRA TCD"},
		{"a count behind a name", "Viet Nam (80)", "VNM"},
		{"the President is no state", "President", "|submitted by the President"},
		{"the ten elected", "E10", "|submitted by the ten elected members"},
		{"nobody", "-none-", ""},
		{"twice the same", "Belarus,Belarus,India", "BLR IND"},
		{"a misspelling of the source", "United Kindgom", "GBR"},
	} {
		got, words, unread := readSponsors(c.in)
		if words != "" {
			got += "|" + words
		}
		if got != c.want || len(unread) > 0 {
			t.Errorf("%s: %q gives %q, not read %q; want %q", c.why, c.in, got, unread, c.want)
		}
	}
	if _, _, unread := readSponsors("Atlantis, France"); len(unread) != 1 || unread[0] != "Atlantis" {
		t.Errorf("an unknown sponsor is not given back: %q", unread)
	}
}

func TestMeetingNumber(t *testing.T) {
	for in, want := range map[string]int{"S/PV.9408": 9408, "PV.8890": 8890, "S/PV9180": 9180, "3407": 3407, "V131": 0, "": 0, "--": 0} {
		if got := meetingNumber(in); got != want {
			t.Errorf("meetingNumber(%q) = %d, want %d", in, got, want)
		}
	}
}

// Between two known meetings the numbers are counted only where the distances
// agree; a row too many or too few leaves them unknown.
func TestNumberCountsOnlyWhereDistancesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "rows")
		first := rapid.IntRange(1, 5000).Draw(t, "first")
		slip := rapid.IntRange(-2, 2).Draw(t, "slip")
		ms := make([]meeting, n)
		known := map[int]int{0: first, n - 1: first + n - 1 + slip}
		number(ms, known)
		for i := range ms {
			switch {
			case i == 0 || i == n-1:
				if ms[i].number != known[i] || ms[i].counted {
					t.Fatalf("row %d: a known number was changed: %+v", i, ms[i])
				}
			case slip == 0:
				if ms[i].number != first+i || !ms[i].counted {
					t.Fatalf("row %d: %+v, want %d, counted", i, ms[i], first+i)
				}
			default:
				if ms[i].number != 0 {
					t.Fatalf("row %d: numbered %d across a slip of %d", i, ms[i].number, slip)
				}
			}
		}
	})
}

// Article 27(3) over every count of ballots: adopted needs seven of eleven or
// nine of fifteen and no permanent no; too few yes is never a veto.
func TestComputedOverEveryCount(t *testing.T) {
	for _, c := range []struct{ year, seats, needed int }{{1965, 11, 7}, {1966, 15, 9}} {
		on := yearStart(c.year)
		for y := 0; y <= c.seats; y++ {
			for n := 0; y+n <= c.seats; n++ {
				for a := 0; y+n+a <= c.seats; a++ {
					for _, permanent := range []bool{false, true} {
						if permanent && n == 0 {
							continue
						}
						got := computed(Tally{y, n, a}, permanent, on)
						enough := y >= c.needed
						if (got == OutcomeLack) == enough {
							t.Fatalf("%d-%d-%d of %d: %s", y, n, a, c.seats, got)
						}
						if (got == "adopted") != (enough && !permanent) || (got == OutcomeVeto) != (enough && permanent) {
							t.Fatalf("%d-%d-%d of %d, permanent no %v: %s", y, n, a, c.seats, permanent, got)
						}
					}
				}
			}
		}
	}
	if size(enlarged.AddDays(-1)) != 11 || size(enlarged) != 15 {
		t.Error("eleven sat to the end of 1965, fifteen from 1966")
	}
}
