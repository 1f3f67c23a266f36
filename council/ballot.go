package council

import (
	"fmt"
	"slices"
	"strings"

	"article41/country"
	"article41/record"
)

// Ballot is how a member voted, or did not.
type Ballot string

const (
	Yes     Ballot = "yes"
	No      Ballot = "no"
	Abstain Ballot = "abstain"
	// ObligatoryAbstain is declared under the second half of Article 27(3), never
	// inferred.
	ObligatoryAbstain Ballot = "obligatory-abstain"
	NotParticipating  Ballot = "not-participating"
	Absent            Ballot = "absent"
	// Unrecorded: the sources give a count, or nothing, but not this member.
	Unrecorded Ballot = ""
)

// Ballots are the values a ballot can take, in the order they are counted.
var Ballots = []Ballot{Yes, No, Abstain, ObligatoryAbstain, NotParticipating, Absent}

// ParseBallot reads a ballot, also as a letter or in other usual words.
func ParseBallot(s string) (Ballot, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "y", "for":
		return Yes, nil
	case "no", "n", "against":
		return No, nil
	case "abstain", "a", "abstention", "abstaining":
		return Abstain, nil
	case "obligatory-abstain", "27(3)":
		return ObligatoryAbstain, nil
	case "not-participating", "x", "nonvoting", "non-voting":
		return NotParticipating, nil
	case "absent":
		return Absent, nil
	}
	return "", fmt.Errorf("%w: ballot %q: want yes, no, abstain, obligatory-abstain, not-participating or absent", record.ErrInvalid, s)
}

// Letter is the mark beside the shape: colour never speaks alone.
func (b Ballot) Letter() string {
	switch b {
	case Yes:
		return "Y"
	case No:
		return "N"
	case Abstain, ObligatoryAbstain:
		return "A"
	case Unrecorded:
		return "?"
	}
	return "–"
}

// Cast is one member's ballot.
type Cast struct {
	Seat
	Ballot Ballot
}

// Rollcall is how each seat of the composition voted; Unrecorded where the
// record names nobody. A tally in which every seat said yes is a roll call.
func (c *Council) Rollcall(d *Draft) []Cast {
	comp := c.Composition(d.Date)
	unanimous := d.Ballots == nil && (d.Mode == record.UnanimousUnrecorded || (d.Tally != nil && d.Tally.Yes == len(comp.Seats)))
	out := make([]Cast, len(comp.Seats))
	for i, s := range comp.Seats {
		if unanimous {
			out[i] = Cast{s, Yes}
			continue
		}
		out[i] = Cast{s, BallotOf(d.Ballots, s.Member)}
	}
	return out
}

// BallotOf finds one member's ballot.
func BallotOf(b *record.Ballots, m country.Code) Ballot {
	if b == nil {
		return Unrecorded
	}
	for _, g := range groups(b) {
		if slices.Contains(*g.members, m) {
			return g.ballot
		}
	}
	return Unrecorded
}

type group struct {
	ballot  Ballot
	members *[]country.Code
}

func groups(b *record.Ballots) []group {
	return []group{
		{Yes, &b.Yes}, {No, &b.No}, {Abstain, &b.Abstain}, {ObligatoryAbstain, &b.ObligatoryAbstain},
		{NotParticipating, &b.NotParticipating}, {Absent, &b.Absent},
	}
}

// with copies the ballots with one member's changed.
func with(b *record.Ballots, m country.Code, to Ballot) *record.Ballots {
	out := record.Ballots{}
	if b != nil {
		out = *b
	}
	for _, g := range groups(&out) {
		kept := slices.DeleteFunc(slices.Clone(*g.members), func(c country.Code) bool { return c == m })
		if g.ballot == to {
			kept = append(kept, m)
		}
		*g.members = kept
	}
	return &out
}
