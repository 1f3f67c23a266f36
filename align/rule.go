package align

import (
	"fmt"
	"math/big"

	"article41/record"
)

// MostSeats bounds a council whose power is computed.
const MostSeats = 30

// Rule is a voting rule of a council: who sits, how many must say yes, and how
// many noes of permanent members stop a draft.
type Rule struct {
	Name      string `json:"rule"`
	Seats     int    `json:"seats"`
	Permanent int    `json:"permanent_seats"` // seats with a veto
	Quota     int    `json:"quota"`           // affirmative votes a decision takes
	// Block is how many permanent members together block: 1 under Article 27(3),
	// 0 where nobody has a veto.
	Block int `json:"block"`
}

// Rule1946 is Article 27 as of 1945: seven of eleven. Rule1966 is Article 27 as
// amended by A/RES/1991 A (XVIII): nine of fifteen.
func Rule1946() Rule { return Rule{"1946", 11, 5, 7, 1} }
func Rule1966() Rule { return Rule{"1966", 15, 5, 9, 1} }

// RuleOf finds one of the two by its year.
func RuleOf(name string) (Rule, error) {
	for _, r := range []Rule{Rule1946(), Rule1966()} {
		if r.Name == name {
			return r, nil
		}
	}
	return Rule{}, fmt.Errorf("%w: rule %q: want 1946 or 1966, or a reform by its seats, quota and vetoes", record.ErrInvalid, name)
}

// Reform is a rule that somebody typed in.
func Reform(seats, quota, vetoes, block int) (Rule, error) {
	r := Rule{fmt.Sprintf("reform: %d seats, %d votes, %d vetoes", seats, quota, vetoes), seats, vetoes, quota, block}
	if vetoes == 0 {
		r.Block = 0
	}
	if block > 1 && vetoes > 0 {
		r.Name += fmt.Sprintf(", %d needed to block", block)
	}
	return r, r.check()
}

func (r Rule) check() error {
	switch {
	case r.Seats < 1 || r.Seats > MostSeats:
		return fmt.Errorf("%w: seats %d: want 1 to %d", record.ErrInvalid, r.Seats, MostSeats)
	case r.Permanent < 0 || r.Permanent > r.Seats:
		return fmt.Errorf("%w: vetoes %d: want 0 to the number of seats, %d", record.ErrInvalid, r.Permanent, r.Seats)
	case r.Quota < 1 || r.Quota > r.Seats:
		return fmt.Errorf("%w: quota %d: want 1 to the number of seats, %d", record.ErrInvalid, r.Quota, r.Seats)
	case r.Permanent > 0 && (r.Block < 1 || r.Block > r.Permanent):
		return fmt.Errorf("%w: block %d: want 1 to the number of vetoes, %d", record.ErrInvalid, r.Block, r.Permanent)
	}
	return nil
}

// Elected are the seats without a veto.
func (r Rule) Elected() int { return r.Seats - r.Permanent }

// wins tells whether p permanent and e elected members that say yes carry a
// draft where every other member counts as not yes: the yes/no game.
func (r Rule) wins(p, e int) bool {
	return p+e >= r.Quota && (r.Permanent == 0 || r.Permanent-p < r.Block)
}

// passes tells the same for the three-way game, in which only noes block.
func (r Rule) passes(yes, permanentNo int) bool {
	return yes >= r.Quota && (r.Permanent == 0 || permanentNo < r.Block)
}

// Share is an exact number, as a fraction and as a decimal.
type Share struct {
	Fraction string  `json:"fraction"`
	Decimal  float64 `json:"decimal"`
}

func share(r *big.Rat) *Share {
	f, _ := r.Float64()
	return &Share{r.RatString(), f}
}

func ratio(a, b *big.Int) *Share {
	if b.Sign() == 0 {
		return nil
	}
	return share(new(big.Rat).SetFrac(a, b))
}

// choose is the table of binomial coefficients up to n.
func choose(n int) [][]*big.Int {
	c := make([][]*big.Int, n+1)
	for i := range c {
		c[i] = make([]*big.Int, n+1)
		for j := range c[i] {
			switch {
			case j == 0 || j == i:
				c[i][j] = big.NewInt(1)
			case j > i:
				c[i][j] = new(big.Int)
			default:
				c[i][j] = new(big.Int).Add(c[i-1][j-1], c[i-1][j])
			}
		}
	}
	return c
}
