package align

import (
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// The fractions of Article 27's two rules, computed by closed form and by brute
// force elsewhere (domain brief, 6.1 and 6.2).
func TestPowerOfTheCharter(t *testing.T) {
	for _, c := range []struct {
		rule                                                     Rule
		winning, ssP, ssE, bP, bE, absP, absE, act, preE, iP, iE string
		passing, of, swP, swE, powP, powE, ya, an                string
	}{
		{Rule1946(), "57", "76/385", "1/462", "19/105", "1/63", "57/1024", "5/1024", "57/2048", "5/57", "57/1991", "5/1991",
			"2503", "177147", "1896", "985", "632/19683", "985/59049", "", ""},
		{Rule1966(), "848", "421/2145", "4/2145", "106/635", "21/1270", "53/1024", "21/4096", "53/2048", "21/212", "53/1995", "1/380",
			"146796", "14348907", "108336", "53154", "36112/1594323", "5906/531441", "69876", "38460"},
	} {
		p, err := c.rule.Power()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct{ what, got, want string }{
			{"winning", p.Winning, c.winning},
			{"Shapley-Shubik permanent", p.ShapleyShubik.Permanent.Fraction, c.ssP},
			{"Shapley-Shubik elected", p.ShapleyShubik.Elected.Fraction, c.ssE},
			{"Banzhaf permanent", p.Banzhaf.Permanent.Fraction, c.bP},
			{"Banzhaf elected", p.Banzhaf.Elected.Fraction, c.bE},
			{"absolute permanent", p.BanzhafAbsolute.Permanent.Fraction, c.absP},
			{"absolute elected", p.BanzhafAbsolute.Elected.Fraction, c.absE},
			{"Coleman to act", p.ColemanAct.Fraction, c.act},
			{"Coleman to prevent permanent", p.ColemanPrevent.Permanent.Fraction, "1"},
			{"Coleman to prevent elected", p.ColemanPrevent.Elected.Fraction, c.preE},
			{"Coleman to initiate permanent", p.ColemanInitiate.Permanent.Fraction, c.iP},
			{"Coleman to initiate elected", p.ColemanInitiate.Elected.Fraction, c.iE},
			{"passing", p.ThreeWay.Passing, c.passing},
			{"configurations", p.ThreeWay.Of, c.of},
			{"three-way swings permanent", p.ThreeWay.Swings.Permanent, c.swP},
			{"three-way swings elected", p.ThreeWay.Swings.Elected, c.swE},
			{"three-way power permanent", p.ThreeWay.Power.Permanent.Fraction, c.powP},
			{"three-way power elected", p.ThreeWay.Power.Elected.Fraction, c.powE},
		} {
			if want, _ := new(big.Rat).SetString(x.want); want == nil || x.got != want.RatString() {
				t.Errorf("rule %s: %s = %s, want %s", c.rule.Name, x.what, x.got, x.want)
			}
		}
		if c.ya != "" && (p.ThreeWay.YesToAbstain.Permanent != c.ya || p.ThreeWay.AbstainToNo.Permanent != c.an) {
			t.Errorf("steps of a permanent member: %s and %s, want %s and %s", p.ThreeWay.YesToAbstain.Permanent, p.ThreeWay.AbstainToNo.Permanent, c.ya, c.an)
		}
	}
}

// brute counts over every coalition and every configuration.
func brute(r Rule) (win, swP, swE int64, orders [2]*big.Rat, pass, tP, tE int64) {
	n, P := r.Seats, r.Permanent
	orders = [2]*big.Rat{new(big.Rat), new(big.Rat)}
	wins := func(s int) bool {
		p, e := 0, 0
		for i := range n {
			if s>>i&1 == 1 {
				if i < P {
					p++
				} else {
					e++
				}
			}
		}
		return p+e >= r.Quota && (P == 0 || P-p < r.Block)
	}
	fact := func(k int) *big.Int { return new(big.Int).MulRange(1, int64(k)) }
	for s := range 1 << n {
		if wins(s) {
			win++
		}
		for k, i := range [2]int{0, n - 1} { // one seat of each kind
			if k == 0 && P == 0 || k == 1 && P == n || s>>i&1 == 1 || wins(s) || !wins(s|1<<i) {
				continue
			}
			size := 0
			for j := range n {
				size += s >> j & 1
			}
			orders[k].Add(orders[k], new(big.Rat).SetFrac(new(big.Int).Mul(fact(size), fact(n-size-1)), fact(n)))
			if k == 0 {
				swP++
			} else {
				swE++
			}
		}
	}
	if n > 10 {
		return win, swP, swE, orders, -1, 0, 0
	}
	all := 1
	for range n {
		all *= 3
	}
	passes := func(c int, at, to int) bool {
		yes, no := 0, 0
		for i := range n {
			b := c % 3
			c /= 3
			if i == at {
				b = to
			}
			if b == 0 {
				yes++
			}
			if b == 2 && i < P {
				no++
			}
		}
		return yes >= r.Quota && (P == 0 || no < r.Block)
	}
	for c := range all {
		if passes(c, -1, 0) {
			pass++
		}
		if P > 0 && c%3 == 0 && passes(c, 0, 0) && !passes(c, 0, 2) {
			tP++
		}
		if P < n && c/(all/3) == 0 && passes(c, n-1, 0) && !passes(c, n-1, 2) {
			tE++
		}
	}
	return win, swP, swE, orders, pass, tP, tE
}

func TestPowerAgainstBruteForce(t *testing.T) {
	check := func(t interface{ Errorf(string, ...any) }, r Rule) {
		p, err := r.Power()
		if err != nil {
			t.Errorf("%+v: %v", r, err)
			return
		}
		win, swP, swE, orders, pass, tP, tE := brute(r)
		eq := func(what, got string, want int64) {
			if got != strconv.FormatInt(want, 10) {
				t.Errorf("%+v: %s = %s, brute force has %d", r, what, got, want)
			}
		}
		eq("winning", p.Winning, win)
		eq("permanent swings", p.Swings.Permanent, swP)
		eq("elected swings", p.Swings.Elected, swE)
		if pass >= 0 {
			eq("passing", p.ThreeWay.Passing, pass)
			eq("three-way permanent", p.ThreeWay.Swings.Permanent, tP)
			eq("three-way elected", p.ThreeWay.Swings.Elected, tE)
		}
		for k, s := range []*Share{p.ShapleyShubik.Permanent, p.ShapleyShubik.Elected} {
			if s != nil && s.Fraction != orders[k].RatString() {
				t.Errorf("%+v: Shapley-Shubik %d = %s, brute force has %s", r, k, s.Fraction, orders[k].RatString())
			}
		}
	}
	check(t, Rule1946())
	check(t, Rule1966())
	check(t, Rule{Name: "two to block", Seats: 16, Permanent: 6, Quota: 10, Block: 2})
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(rt, "seats")
		v := rapid.IntRange(0, n).Draw(rt, "vetoes")
		r, err := Reform(n, rapid.IntRange(1, n).Draw(rt, "quota"), v, rapid.IntRange(1, max(1, v)).Draw(rt, "block"))
		if err != nil {
			rt.Fatal(err)
		}
		check(rt, r)
	})
}

// Every order has one pivot, so the Shapley-Shubik indices of all seats sum to 1.
func TestShapleySumsToOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, MostSeats).Draw(rt, "seats")
		v := rapid.IntRange(0, n).Draw(rt, "vetoes")
		r, _ := Reform(n, rapid.IntRange(1, n).Draw(rt, "quota"), v, rapid.IntRange(1, max(1, v)).Draw(rt, "block"))
		p, err := r.Power()
		if err != nil {
			rt.Fatal(err)
		}
		sum := new(big.Rat)
		for s, k := range map[*Share]int{p.ShapleyShubik.Permanent: v, p.ShapleyShubik.Elected: n - v} {
			if s != nil {
				x, _ := new(big.Rat).SetString(s.Fraction)
				sum.Add(sum, x.Mul(x, big.NewRat(int64(k), 1)))
			}
		}
		if sum.Cmp(big.NewRat(1, 1)) != 0 {
			rt.Fatalf("%+v sums to %s", r, sum.RatString())
		}
	})
}

func TestRefusedRules(t *testing.T) {
	for _, c := range []struct {
		why                          string
		seats, quota, vetoes, blocks int
	}{
		{"no seats", 0, 1, 0, 1}, {"more seats than are computed", 31, 16, 5, 1}, {"quota above the seats", 15, 16, 5, 1},
		{"no quota", 15, 0, 5, 1}, {"more vetoes than seats", 15, 9, 16, 1}, {"more to block than have a veto", 15, 9, 5, 6}, {"nobody to block", 15, 9, 5, 0},
	} {
		if _, err := Reform(c.seats, c.quota, c.vetoes, c.blocks); err == nil {
			t.Errorf("%s: accepted", c.why)
		}
	}
}

func BenchmarkPower30(b *testing.B) {
	r, err := Reform(30, 18, 11, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Power(); err != nil {
			b.Fatal(err)
		}
	}
}
