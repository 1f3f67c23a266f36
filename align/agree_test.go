package align_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/record"
	"article41/symbol"
)

const (
	y = council.Yes
	a = council.Abstain
	n = council.No
)

// call is a roll call of the Council on a day, state by state.
func call(id, on string, votes map[country.Code]council.Ballot) align.Call {
	c := align.Call{ID: symbol.Must(id), Body: align.Council, On: day(on), Year: day(on).Year()}
	for s, b := range votes {
		c.Casts = append(c.Casts, align.Cast{State: s, Ballot: b})
	}
	return c
}

// mali are the two drafts of 30 August 2023.
func mali() *align.Votes {
	return align.Fold([]align.Call{
		call("S/2023/638", "2023-08-30", map[country.Code]council.Ballot{"FRA": y, "USA": y, "JPN": y, "CHN": a, "RUS": n}),
		call("S/2023/639", "2023-08-30", map[country.Code]council.Ballot{"FRA": a, "USA": a, "JPN": n, "CHN": a, "RUS": y}),
	})
}

// The worked check of the brief (6.3), to all digits.
func TestMaliDrafts(t *testing.T) {
	v := mali()
	set, err := v.Select(align.Filter{IDs: []symbol.Symbol{"S/2023/638", "S/2023/639"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b                  country.Code
		raw, ia, s, kappa, pi string
	}{
		{"FRA", "USA", "1", "1", "1", "1", "1"},
		{"FRA", "JPN", "1/2", "3/4", "1/2", "1/2", "3/7"},
		{"FRA", "CHN", "1/2", "3/4", "1/2", "0", "-1/3"},
		{"CHN", "RUS", "0", "1/2", "0", "0", "-1/3"},
		{"FRA", "RUS", "0", "1/4", "-1/2", "-1/2", "-5/7"},
		{"JPN", "RUS", "0", "0", "-1", "-1", "-1"},
	} {
		m := v.Pair(c.a, c.b, set, false).Table.Measures()
		for _, x := range []struct {
			what string
			got  *align.Share
			want string
		}{{"raw", m.Raw, c.raw}, {"Lijphart", m.Lijphart, c.ia}, {"S", m.S, c.s}, {"kappa", m.Kappa, c.kappa}, {"pi", m.Pi, c.pi}} {
			if x.got == nil || x.got.Fraction != x.want {
				t.Errorf("%s-%s: %s = %v, want %s", c.a, c.b, x.what, x.got, x.want)
			}
		}
	}
}

func TestWhatIsNotDefined(t *testing.T) {
	for _, c := range []struct {
		why   string
		table align.Table
		nulls [5]bool // raw, Lijphart, S, kappa, pi
	}{
		{"no vote in common", align.Table{}, [5]bool{true, true, true, true, true}},
		{"both always the same: chance leaves nothing to correct", align.Table{{7}}, [5]bool{false, false, false, true, true}},
		{"one never varies: kappa is defined and is 0", align.Table{{3, 2, 1}}, [5]bool{}},
	} {
		m := c.table.Measures()
		for i, s := range []*align.Share{m.Raw, m.Lijphart, m.S, m.Kappa, m.Pi} {
			if (s == nil) != c.nulls[i] {
				t.Errorf("%s: measure %d is %v", c.why, i, s)
			}
		}
	}
	if m := (align.Table{{3, 2, 1}}).Measures(); m.Kappa.Decimal != 0 {
		t.Errorf("kappa %v, want 0", m.Kappa)
	}
}

func drawTable(t *rapid.T) align.Table {
	var x align.Table
	for i := range x {
		for j := range x[i] {
			x[i][j] = rapid.IntRange(0, 30).Draw(t, "count")
		}
	}
	return x
}

func TestMeasuresHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTable(t)
		var turned align.Table
		for i := range x {
			for j := range x[i] {
				turned[j][i] = x[i][j]
			}
		}
		m, u := x.Measures(), turned.Measures()
		numbers, ok := x.Indices()
		for i, p := range [][2]*align.Share{{m.Raw, u.Raw}, {m.Lijphart, u.Lijphart}, {m.S, u.S}, {m.Kappa, u.Kappa}, {m.Pi, u.Pi}} {
			if (p[0] == nil) != (p[1] == nil) || p[0] != nil && p[0].Fraction != p[1].Fraction {
				t.Fatalf("measure %d depends on who comes first: %v, %v", i, p[0], p[1])
			}
			if (p[0] != nil) != ok[i] || p[0] != nil && math.Abs(p[0].Decimal-numbers[i]) > 1e-12 {
				t.Fatalf("measure %d: %v and %v differ", i, p[0], numbers[i])
			}
		}
		if m.S != nil && math.Abs(m.S.Decimal-(2*m.Lijphart.Decimal-1)) > 1e-12 {
			t.Fatalf("S %v is not twice Lijphart less one %v", m.S, m.Lijphart)
		}
		b := x.Bootstrap(200, 7)
		if again := x.Bootstrap(200, 7); b.Lijphart != nil && *b.Lijphart != *again.Lijphart {
			t.Fatalf("the same seed gave another interval")
		}
		if b.Lijphart != nil && (b.Lijphart.Low < 0 || b.Lijphart.High > 1 || b.Lijphart.Low > b.Lijphart.High) {
			t.Fatalf("interval %v", b.Lijphart)
		}
	})
}

// The matrix and the pairs count the same; absent members take part in nothing.
func TestMatrixIsThePairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := []country.Code{"CHN", "FRA", "MLI", "RUS", "USA"}
		var calls []align.Call
		for i := range rapid.IntRange(1, 150).Draw(t, "calls") {
			votes := map[country.Code]council.Ballot{}
			for _, s := range states {
				b := rapid.SampledFrom([]council.Ballot{y, a, n, council.Absent, council.NotParticipating, council.ObligatoryAbstain, council.Unrecorded, "not a member"}).Draw(t, "ballot")
				if b != "not a member" {
					votes[s] = b
				}
			}
			calls = append(calls, call("S/RES/"+string(rune('1'+i%9)), "2001-01-01", votes))
		}
		v := align.Fold(calls)
		set, err := v.Select(align.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		m := v.Matrix(set, states)
		for i, s := range states {
			for j, u := range states {
				p := v.Pair(s, u, set, false)
				if p.Table.N() != m.Met(i, j) {
					t.Fatalf("%s %s: pair %d, matrix %d", s, u, p.Table.N(), m.Met(i, j))
				}
				x, ok := p.Table.Indices()
				if l, has := m.Lijphart(i, j); has != ok[1] || has && math.Abs(l-x[1]) > 1e-12 {
					t.Fatalf("%s %s: Lijphart %v, matrix %v", s, u, x[1], l)
				}
				left := p.Left
				if all := p.Table.N() + left.NotMember + left.Consensus + left.Unrecorded + left.Absent + left.NotParticipating + left.Obliged; all != set.Len() {
					t.Fatalf("%s %s: counted and not counted make %d of %d", s, u, all, set.Len())
				}
				if i < j {
					one, _ := align.ParseSide(string(s))
					two, _ := align.ParseSide(string(u))
					if g := v.Sides(one, two, set, false); g.Table != p.Table {
						t.Fatalf("%s %s: as sides %v, as a pair %v", s, u, g.Table, p.Table)
					}
				}
			}
		}
	})
}

func TestConsensusIsCountedOnlyWhenAsked(t *testing.T) {
	c := call("S/RES/1", "1946-01-25", map[country.Code]council.Ballot{"FRA": council.Unrecorded, "USA": council.Unrecorded})
	c.Consensus = true
	v := align.Fold([]align.Call{c})
	set, _ := v.Select(align.Filter{})
	if p := v.Pair("FRA", "USA", set, false); p.Table.N() != 0 || p.Left.Consensus != 1 {
		t.Errorf("not asked: %+v", p)
	}
	if p := v.Pair("FRA", "USA", set, true); p.Table[0][0] != 1 || p.Agreed != 1 {
		t.Errorf("asked: %+v", p)
	}
}

func TestSelect(t *testing.T) {
	v := align.Fold([]align.Call{
		call("S/RES/10", "1946-06-01", map[country.Code]council.Ballot{"FRA": y}),
		call("S/RES/20", "1947-06-01", map[country.Code]council.Ballot{"FRA": y}),
		align.CallOf(record.Assembly{Resolution: "A/RES/ES-11/1", Date: day("2022-03-02"), Title: "Aggression", Ballots: &record.Ballots{Abstain: []country.Code{"MLI"}}}),
	})
	for _, c := range []struct {
		why string
		f   align.Filter
		n   int
	}{
		{"everything", align.Filter{}, 3},
		{"one body", align.Filter{Body: align.Council}, 2},
		{"the other", align.Filter{Body: align.Assembly}, 1},
		{"from a day, that day included", align.Filter{From: day("1947-06-01")}, 2},
		{"to a day, that day included", align.Filter{To: day("1947-06-01")}, 2},
		{"a topic", align.Filter{Topic: "aggress"}, 1},
		{"a symbol", align.Filter{IDs: []symbol.Symbol{"S/RES/20"}}, 1},
	} {
		if set, err := v.Select(c.f); err != nil || set.Len() != c.n {
			t.Errorf("%s: %d calls, want %d (%v)", c.why, set.Len(), c.n, err)
		}
	}
	if _, err := v.Select(align.Filter{IDs: []symbol.Symbol{"S/RES/99"}}); err == nil {
		t.Error("a symbol without a roll call was taken")
	}
	// Mali abstained; of the others no ballot is known, and none is invented.
	set, _ := v.Select(align.Filter{Body: align.Assembly})
	if p := v.Pair("MLI", "RUS", set, false); p.Left.Unrecorded != 1 || p.Table.N() != 0 {
		t.Errorf("ES-11/1: %+v", p)
	}
}

func TestSides(t *testing.T) {
	v := mali()
	set, _ := v.Select(align.Filter{})
	side := func(s string) align.Side {
		x, err := align.ParseSide(s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	g := v.Sides(side("P3"), side("JPN"), set, false)
	// France and the United States each with Japan, twice.
	if g.Votes != 2 || g.Pairs != 4 || g.Table != (align.Table{{2, 0, 0}, {0, 0, 2}, {0, 0, 0}}) {
		t.Errorf("P3 with Japan: %+v", g)
	}
	if g := v.Sides(side("E10"), side("P5"), set, false); g.Pairs != 8 {
		t.Errorf("the elected with the permanent: %d pairs, want Japan with four in two votes", g.Pairs)
	}
	if g := v.Sides(side("P3"), side("P3"), set, false); g.Pairs != 2 {
		t.Errorf("a group with itself: %d pairs, want one pair twice", g.Pairs)
	}
	for _, bad := range []string{"", "atlantis", "FRA+FRA", "FRA+"} {
		if _, err := align.ParseSide(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestMinorityAndMajority(t *testing.T) {
	v := mali()
	set, _ := v.Select(align.Filter{})
	for _, m := range v.Minorities(set) {
		switch m.State {
		case "RUS":
			if m.N != 2 || m.Against != 2 || m.Alone != 2 {
				t.Errorf("Russia: %+v", m)
			}
		case "USA":
			if m.N != 2 || m.Against != 0 {
				t.Errorf("United States: %+v", m)
			}
		}
	}
	rows := v.AgainstMajority("JPN", "RUS", set)
	if len(rows) != 1 || rows[0].N != 2 || rows[0].OnlyFirst != 1 || rows[0].Apart != 1 || rows[0].OppositeTwo != 2 {
		t.Errorf("Japan and Russia against the majority: %+v", rows)
	}
}
