package align

import "math/big"

// Seats is one index for the two kinds of seat; null where there is no such seat
// or the index is not defined (a rule under which nothing can fail has no losing
// coalition to start from).
type Seats struct {
	Permanent *Share `json:"permanent"`
	Elected   *Share `json:"elected"`
}

// Power is what one seat of each kind is worth under a rule. All numbers are
// exact: counted by binomial coefficients over how many of each kind say yes, not
// drawn.
type Power struct {
	Rule
	ElectedSeats int `json:"elected_seats"`

	// The yes/no game: an abstention counts as not yes, and a permanent member
	// that does not say yes blocks.
	Game    string `json:"game"`
	Winning string `json:"winning_coalitions"`
	Of      string `json:"coalitions"`
	// ShapleyShubik is the share of orders in which the seat turns the coalition
	// from losing to winning (Shapley and Shubik 1954).
	ShapleyShubik Seats `json:"shapley_shubik"`
	// Swings are winning coalitions that the seat could break by leaving.
	Swings PlainSeats `json:"swings"`
	// Banzhaf is the seat's share of all swings (Banzhaf 1965).
	Banzhaf Seats `json:"banzhaf"`
	// BanzhafAbsolute is swings over all coalitions of the others (Penrose 1946).
	BanzhafAbsolute Seats `json:"banzhaf_absolute"`
	// ColemanAct is the share of coalitions that win; it belongs to the council.
	ColemanAct *Share `json:"coleman_act"`
	// ColemanPrevent is swings over winning coalitions, ColemanInitiate swings
	// over losing ones (Coleman 1971).
	ColemanPrevent  Seats `json:"coleman_prevent"`
	ColemanInitiate Seats `json:"coleman_initiate"`

	ThreeWay ThreeWay `json:"three_way"`
}

// PlainSeats are whole numbers for the two kinds of seat, as text: they outgrow
// what a JSON reader keeps exactly.
type PlainSeats struct {
	Permanent string `json:"permanent"`
	Elected   string `json:"elected"`
}

// Power computes every index of the rule.
func (r Rule) Power() (Power, error) {
	if err := r.check(); err != nil {
		return Power{}, err
	}
	P, E, n := r.Permanent, r.Elected(), r.Seats
	c := choose(n)
	win := new(big.Int)
	t := new(big.Int)
	for p := 0; p <= P; p++ {
		for e := 0; e <= E; e++ {
			if r.wins(p, e) {
				win.Add(win, t.Mul(c[P][p], c[E][e]))
			}
		}
	}
	all := new(big.Int).Lsh(big.NewInt(1), uint(n))
	lose := new(big.Int).Sub(all, win)
	half := new(big.Int).Rsh(all, 1)
	swingsP, orderP := r.swings(c, true)
	swingsE, orderE := r.swings(c, false)
	total := new(big.Int).Add(new(big.Int).Mul(swingsP, big.NewInt(int64(P))), new(big.Int).Mul(swingsE, big.NewInt(int64(E))))
	orders := new(big.Int).MulRange(1, int64(n))
	both := func(of *big.Int) Seats { return r.seats(ratio(swingsP, of), ratio(swingsE, of)) }
	return Power{
		Rule: r, ElectedSeats: E,
		Game:    "yes/no: an abstention counts as not yes",
		Winning: win.String(), Of: all.String(),
		ShapleyShubik: r.seats(ratio(orderP, orders), ratio(orderE, orders)),
		Swings:        PlainSeats{swingsP.String(), swingsE.String()},
		Banzhaf:       both(total), BanzhafAbsolute: both(half),
		ColemanAct: ratio(win, all), ColemanPrevent: both(win), ColemanInitiate: both(lose),
		ThreeWay: r.threeWay(c),
	}, nil
}

// seats leaves out the kind of seat that the rule does not have.
func (r Rule) seats(permanent, elected *Share) Seats {
	if r.Permanent == 0 {
		permanent = nil
	}
	if r.Elected() == 0 {
		elected = nil
	}
	return Seats{permanent, elected}
}

// swings counts the coalitions of the others that one seat turns, and the orders
// of all seats in which it does: s! (n-s-1)! orders for a coalition of s.
func (r Rule) swings(c [][]*big.Int, permanent bool) (swings, orders *big.Int) {
	P, E := r.Permanent, r.Elected()
	swings, orders = new(big.Int), new(big.Int)
	if permanent {
		P--
	} else {
		E--
	}
	if P < 0 || E < 0 {
		return swings, orders
	}
	n := r.Seats
	facts := make([]*big.Int, n+1)
	for i := range facts {
		facts[i] = new(big.Int).MulRange(1, int64(i))
	}
	for p := 0; p <= P; p++ {
		for e := 0; e <= E; e++ {
			with := r.wins(p, e+1)
			if permanent {
				with = r.wins(p+1, e)
			}
			if !with || r.wins(p, e) {
				continue
			}
			ways := new(big.Int).Mul(c[P][p], c[E][e])
			swings.Add(swings, ways)
			s := p + e
			orders.Add(orders, ways.Mul(ways, new(big.Int).Mul(facts[s], facts[n-s-1])))
		}
	}
	return swings, orders
}
