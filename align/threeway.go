package align

import "math/big"

// ThreeWay is the game as Article 27(3) is practised: each member says yes,
// abstains or says no, and only the no of a permanent member blocks (Felsenthal
// and Machover 1997 on ternary voting games). Every member is taken to choose
// each of the three equally often.
type ThreeWay struct {
	Game    string `json:"game"`
	Passing string `json:"passing"` // configurations in which the draft is adopted
	Of      string `json:"configurations"`
	Passes  *Share `json:"passes"`
	// Swings between yes and no are configurations of the others in which the
	// draft passes with the seat's yes and fails with its no; the two parts are
	// the steps yes to abstain and abstain to no.
	Swings       PlainSeats `json:"swings"`
	YesToAbstain PlainSeats `json:"yes_to_abstain"`
	AbstainToNo  PlainSeats `json:"abstain_to_no"`
	// Power is swings over all configurations of the others.
	Power Seats `json:"power"`
	// Share is the seat's part of all swings.
	Share Seats `json:"share"`
	// Ratio is the power of a permanent seat over that of an elected one.
	Ratio *Share `json:"permanent_to_elected"`
}

// threeWay counts configurations by how many of each kind say yes and no.
func (r Rule) threeWay(c [][]*big.Int) ThreeWay {
	n := r.Seats
	all := new(big.Int).Exp(big.NewInt(3), big.NewInt(int64(n)), nil)
	others := new(big.Int).Exp(big.NewInt(3), big.NewInt(int64(n-1)), nil)
	pass := new(big.Int)
	r.configurations(c, r.Permanent, r.Elected(), func(yes, noP int, ways *big.Int) {
		if r.passes(yes, noP) {
			pass.Add(pass, ways)
		}
	})
	yaP, anP := r.steps(c, true)
	yaE, anE := r.steps(c, false)
	ynP, ynE := new(big.Int).Add(yaP, anP), new(big.Int).Add(yaE, anE)
	total := new(big.Int).Add(new(big.Int).Mul(ynP, big.NewInt(int64(r.Permanent))), new(big.Int).Mul(ynE, big.NewInt(int64(r.Elected()))))
	out := ThreeWay{
		Game:    "yes, abstain or no: only a permanent member's no blocks",
		Passing: pass.String(), Of: all.String(), Passes: ratio(pass, all),
		Swings:       PlainSeats{ynP.String(), ynE.String()},
		YesToAbstain: PlainSeats{yaP.String(), yaE.String()},
		AbstainToNo:  PlainSeats{anP.String(), anE.String()},
		Power:        r.seats(ratio(ynP, others), ratio(ynE, others)),
		Share:        r.seats(ratio(ynP, total), ratio(ynE, total)),
	}
	if r.Permanent > 0 && r.Elected() > 0 {
		out.Ratio = ratio(ynP, ynE)
	}
	return out
}

// steps counts the configurations of the others in which one seat's step from
// yes to abstaining, or from abstaining to no, turns the draft.
func (r Rule) steps(c [][]*big.Int, permanent bool) (yesToAbstain, abstainToNo *big.Int) {
	yesToAbstain, abstainToNo = new(big.Int), new(big.Int)
	P, E, own := r.Permanent, r.Elected(), 0
	if permanent {
		P, own = P-1, 1
	} else {
		E--
	}
	if P < 0 || E < 0 {
		return yesToAbstain, abstainToNo
	}
	r.configurations(c, P, E, func(yes, noP int, ways *big.Int) {
		y, a, no := r.passes(yes+1, noP), r.passes(yes, noP), r.passes(yes, noP+own)
		if y && !a {
			yesToAbstain.Add(yesToAbstain, ways)
		}
		if a && !no {
			abstainToNo.Add(abstainToNo, ways)
		}
	})
	return yesToAbstain, abstainToNo
}

// configurations visits every count of yeses and of permanent noes among P
// permanent and E elected members, with the number of ways it comes about. Among
// the elected only the yeses matter: the others choose between two.
func (r Rule) configurations(c [][]*big.Int, P, E int, visit func(yes, permanentNo int, ways *big.Int)) {
	elected := make([]*big.Int, E+1)
	for e := range elected {
		elected[e] = new(big.Int).Lsh(c[E][e], uint(E-e))
	}
	ways, p := new(big.Int), new(big.Int)
	for yes := 0; yes <= P; yes++ {
		for no := 0; no <= P-yes; no++ {
			p.Mul(c[P][yes], c[P-yes][no])
			for e, w := range elected {
				visit(yes+e, no, ways.Mul(p, w))
			}
		}
	}
}
