package council

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Change is one thing a what-if alters.
type Change struct {
	Draft symbol.Symbol
	// Votes are the ballots changed; Adopt takes the draft as adopted instead.
	Votes []Switch
	Adopt bool
}

// Switch is one member's other ballot.
type Switch struct {
	Member country.Code
	Ballot Ballot
}

// Suppose is the Council in which the changes are so. Everything else is held as
// it was. A member that did not sit that day, or a vote of which no roll call is
// known, cannot be changed: the error says what can.
func (c *Council) Suppose(changes []Change) (*Council, error) {
	out := *c
	out.outcomes, out.pivots = new(sync.Map), new(sync.Map)
	out.drafts = maps.Clone(c.drafts)
	out.assume = maps.Clone(c.assume)
	if out.assume == nil {
		out.assume = map[symbol.Symbol]Assumed{}
	}
	out.order = slices.Clone(c.order)
	for _, ch := range changes {
		d, err := out.Draft(ch.Draft)
		if err != nil {
			return nil, err
		}
		if ch.Adopt && len(ch.Votes) > 0 {
			return nil, fmt.Errorf("%w: %s: either other ballots or its adoption can be supposed, not both", record.ErrInvalid, d.ID)
		}
		if ch.Adopt && c.OutcomeOf(d).Adopted {
			return nil, fmt.Errorf("%w: %s was adopted on %s: there is nothing to suppose; other ballots can be", record.ErrInvalid, d.ID, d.Date.Text())
		}
		if ch.Adopt {
			out.assume[d.ID] = Assumed{Adopted: true}
			continue
		}
		next := *d
		casts, differs := out.Rollcall(d), false
		if next.Ballots == nil && complete(casts) {
			next.Ballots = spelt(casts)
		}
		for _, v := range ch.Votes {
			seat, ok := out.Composition(d.Date).Seated(v.Member)
			if !ok {
				return nil, fmt.Errorf("%w: %s did not sit in the Council on %s; those who did: %s",
					record.ErrInvalid, v.Member, d.Date, codes(out.Composition(d.Date)))
			}
			if !complete(casts) {
				return nil, fmt.Errorf("%w: the roll call of %s is not in the record, so a single ballot cannot be changed", record.ErrInvalid, d.ID)
			}
			if !slices.Contains(Ballots, v.Ballot) {
				return nil, fmt.Errorf("%w: %s: ballot %q", record.ErrInvalid, d.ID, v.Ballot)
			}
			differs = differs || BallotOf(next.Ballots, seat.Member) != v.Ballot
			next.Ballots = with(next.Ballots, seat.Member, v.Ballot)
		}
		if !differs {
			continue // nothing is changed: the draft keeps the count that it has
		}
		next.Tally, next.Mode = nil, record.ByVote
		out.drafts[d.ID] = &next
		if i := slices.Index(out.order, d); i >= 0 {
			out.order[i] = &next
		}
	}
	return &out, nil
}

// spelt writes a roll call out member by member.
func spelt(casts []Cast) *record.Ballots {
	b := &record.Ballots{}
	for _, c := range casts {
		b = with(b, c.Member, c.Ballot)
	}
	return b
}

func codes(c Composition) string {
	s := ""
	for i, m := range c.Seats {
		if i > 0 {
			s += " "
		}
		s += string(m.Member)
	}
	return s
}

// Pivot is a member whose other ballot alone would have turned the outcome.
type Pivot struct {
	Party
	From Ballot   `json:"from"`
	To   []Ballot `json:"to"` // any of these
}

// Pivots are the members each of whom alone could have turned the outcome.
func (c *Council) Pivots(d *Draft) []Pivot {
	if known, ok := c.pivots.Load(d); ok {
		return known.([]Pivot)
	}
	out := c.pivotsOf(d)
	c.pivots.Store(d, out)
	return out
}

func (c *Council) pivotsOf(d *Draft) []Pivot {
	casts := c.Rollcall(d)
	if !complete(casts) || d.Mode != record.ByVote {
		return nil
	}
	size, was := Size(d.Date), c.OutcomeOf(d).Adopted
	as := decided(d.Nature, size, casts)
	if as.Short > 1 {
		return nil // one ballot adds one vote at most
	}
	// Who has no veto turns a draft only where one vote in favour decides.
	oneVote := as.Short == 1 || as.Adopted && as.Yes == as.Needed
	var out []Pivot
	for i := range casts {
		if !oneVote && !casts[i].Permanent {
			continue
		}
		p := Pivot{Party: Party{casts[i].Member, casts[i].Name}, From: casts[i].Ballot}
		for _, b := range []Ballot{Yes, Abstain, No} {
			if b == p.From {
				continue
			}
			casts[i].Ballot = b
			if decided(d.Nature, size, casts).Adopted != was {
				p.To = append(p.To, b)
			}
		}
		casts[i].Ballot = p.From
		if p.To != nil {
			out = append(out, p)
		}
	}
	return out
}

// Sat reports whether the state held a seat on the day.
func (c *Council) Sat(m country.Code, on date.Day) bool {
	_, ok := c.Composition(on).Seated(m)
	return ok
}
