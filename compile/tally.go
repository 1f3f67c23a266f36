package compile

import (
	"fmt"
	"regexp"
	"strconv"

	"article41/date"
)

// Tally is yes, no and abstaining votes, in the Library's order.
type Tally struct{ Yes, No, Abstain int }

func (t Tally) String() string { return fmt.Sprintf("%d-%d-%d", t.Yes, t.No, t.Abstain) }

func (t Tally) cast() int { return t.Yes + t.No + t.Abstain }

var tallyShape = regexp.MustCompile(`(\d{1,2})-(\d{1,2})-(\d{1,2})`)

func parseTally(s string) (Tally, bool) {
	m := tallyShape.FindStringSubmatch(s)
	if m == nil {
		return Tally{}, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	return Tally{n(1), n(2), n(3)}, true
}

// enlarged is the day from which fifteen members sit. The amended Charter was in
// force from 31 August 1965, but the eleven went on to the end of the year and
// S/RES/218 was adopted by seven of them (Article 27; A/RES/1991 A (XVIII)).
var enlarged = date.MustDay("1966-01-01")

func size(on date.Day) int {
	if on.Before(enlarged) {
		return 11
	}
	return 15
}

// need is the number of affirmative votes a decision takes (Article 27(2), (3)).
func need(on date.Day) int {
	if on.Before(enlarged) {
		return 7
	}
	return 9
}
