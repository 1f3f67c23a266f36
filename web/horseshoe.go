package web

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"article41"
	"article41/briefing"
	"article41/council"
	"article41/country"
)

// horseshoe is the Council as it sat: its seats on an open arc, the outcome in
// the middle. The table beside it holds the same data.
type horseshoe struct {
	Title, Desc   string
	Width, Height float64
	Seats         []seat
	Tally, Word   string
	Notes         []string // under the word, a few letters a line
	Class         string   // colour of the outcome
}

// seat is one member's place: a mark, a letter and a code.
type seat struct {
	X, Y      float64
	Ballot    council.Ballot
	Letter    string
	Code      country.Code
	Name      string
	Permanent bool
	Vetoes    bool
	Changed   bool // by the what-if
	Link      string
	Label     string
}

// The arc in units of the picture: a half circle with two legs, wide enough that
// a seat of 44 units has air on both sides and narrow enough for a phone.
const (
	seatSize = 44.0
	seatStep = 53.6
	radius   = 156.0
	margin   = 30.0
)

type point struct{ X, Y float64 }

// arc places n seats from the foot of the left leg over the head to the foot of
// the right one, the same step apart.
func arc(n int, r, step, edge float64) (points []point, width, height float64) {
	leg := max(0, (float64(n-1)*step-math.Pi*r)/2)
	if n > 1 {
		step = (math.Pi*r + 2*leg) / float64(n-1)
	}
	for i := range n {
		s := float64(i) * step
		switch {
		case s <= leg:
			points = append(points, point{edge, edge + r + leg - s})
		case s >= leg+math.Pi*r:
			points = append(points, point{edge + 2*r, edge + r + (s - leg - math.Pi*r)})
		default:
			t := math.Pi - (s-leg)/r
			points = append(points, point{edge + r + r*math.Cos(t), edge + r - r*math.Sin(t)})
		}
	}
	return points, 2 * (r + edge), r + leg + 2*edge
}

// newHorseshoe draws a roll call in the English alphabetical order of the names.
// link gives the address and the words of what a tap on the seat supposes; nil:
// the seats are no links.
func newHorseshoe(l briefing.Lang, title string, o council.Outcome, roll []article41.Ballot, link func(article41.Ballot) (address, label string)) horseshoe {
	roll = slices.Clone(roll)
	slices.SortStableFunc(roll, func(a, b article41.Ballot) int { return cmp.Compare(a.Name, b.Name) })
	points, w, h := arc(len(roll), radius, seatStep, margin)
	out := horseshoe{Title: title, Desc: l.Outcome(o), Width: w, Height: h, Tally: dashed(o.Tally), Word: l.Verdict(o), Class: outcomeClass(o), Notes: notes(l, o)}
	for i, b := range roll {
		s := seat{X: points[i].X, Y: points[i].Y, Ballot: b.Vote, Letter: ballotLetter(l, b.Vote, b.Vetoes), Code: b.Member, Name: b.Name, Permanent: b.Permanent, Vetoes: b.Vetoes}
		s.Label = seatWords(l, b)
		if link != nil {
			s.Link, s.Label = link(b)
		}
		out.Seats = append(out.Seats, s)
	}
	return out
}

// ballotLetter is the ballot's letter; the no that vetoes has its own.
func ballotLetter(l briefing.Lang, b council.Ballot, vetoes bool) string {
	i := strings.Index("YNA", b.Letter())
	if vetoes {
		i = 3
	}
	if i < 0 {
		return b.Letter()
	}
	return l.Say("letters")[i : i+1]
}

// castKey ends the catalogue's keys of a ballot.
func castKey(b article41.Ballot) string {
	switch {
	case b.Vetoes:
		return "veto"
	case b.Vote == council.Unrecorded:
		return "unrecorded"
	}
	return string(b.Vote)
}

func seatWords(l briefing.Lang, b article41.Ballot) string {
	return l.Say("seat-"+castKey(b), l.Country(b.Member, b.Name))
}

// notes say in short lines why the outcome is what it is.
func notes(l briefing.Lang, o council.Outcome) []string {
	switch {
	case o.Reason == council.Vetoed:
		if len(o.VetoedBy) == 1 {
			return []string{l.Say("note-veto"), l.Country(o.VetoedBy[0].Code, o.VetoedBy[0].Name)}
		}
		var codes []string
		for _, p := range o.VetoedBy {
			codes = append(codes, string(p.Code))
		}
		return []string{l.Say("note-vetoes"), strings.Join(codes, ", ")}
	case o.Reason == council.LackOfVotes:
		return []string{l.Say("note-short", l.Numeral(o.Short), l.Numeral(o.Needed))}
	case o.Reason == council.Adopted && o.Counted:
		return []string{l.Say("note-needed", l.Numeral(o.Needed))}
	}
	return nil
}

// dot is a seat of the small form, which has no labels.
type dot struct {
	X, Y float64
	Kind string // yes, no, veto, abstain, none, empty
}

// smallHorseshoe is the form for lists, drawn from the counts: seats in order of
// ballot, not of members.
func smallHorseshoe(o council.Outcome) (dots []dot, width, height float64) {
	points, w, h := arc(o.Seats, 36, 11.6, 7)
	vetoes := len(o.VetoedBy)
	for i, p := range points {
		k := "none"
		switch {
		case !o.Counted:
			k = "empty"
		case i < o.Yes:
			k = "yes"
		case i < o.Yes+o.Abstain:
			k = "abstain"
		case i < o.Yes+o.Abstain+o.No-vetoes:
			k = "no"
		case i < o.Yes+o.Abstain+o.No:
			k = "veto"
		}
		dots = append(dots, dot{p.X, p.Y, k})
	}
	return dots, w, h
}
