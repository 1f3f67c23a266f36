// Package council answers what became of a draft of the Security Council, and why.
//
// A [Draft] is a text and its votes; a [Composition] is who sat that day; the
// [Outcome] follows from both by Article 27 of the Charter: adopted, vetoed by
// whom, or short of how many votes. Outcomes are derived, never stored: a source
// that states another one is a conflict to show, not a fact to copy. The package
// does not know what a decision does to the law (see package regime).
//
//	c.Outcome(symbol.Must("S/2023/638")).Reason // council.Vetoed
package council

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Draft is a draft resolution or procedural question with the day on which it
// came to be known.
type Draft struct {
	record.Vote
	Known date.Day
}

// Council is every draft and every seat known at one moment.
type Council struct {
	drafts map[symbol.Symbol]*Draft
	alias  map[symbol.Symbol]symbol.Symbol // a draft's own symbol → its id
	order  []*Draft                        // by day, then id
	seats  []record.Seat
	assume map[symbol.Symbol]Assumed // what-if: outcomes taken as given

	// What was worked out once: a council never changes. Keys are days and ids.
	sittings *sync.Map
	outcomes *sync.Map
	pivots   *sync.Map
}

// Assumed is an outcome that a what-if takes as given.
type Assumed struct{ Adopted bool }

// Fold builds the Council from its facts.
func Fold(drafts []Draft, seats []record.Seat) *Council {
	c := &Council{
		drafts: make(map[symbol.Symbol]*Draft, len(drafts)),
		alias:  make(map[symbol.Symbol]symbol.Symbol, len(drafts)),
		seats:  seats,

		sittings: new(sync.Map),
		outcomes: new(sync.Map),
		pivots:   new(sync.Map),
	}
	for i := range drafts {
		d := &drafts[i]
		c.drafts[d.ID] = d
		c.order = append(c.order, d)
		if d.Draft != "" && d.Draft != d.ID {
			c.alias[d.Draft] = d.ID
		}
	}
	slices.SortStableFunc(c.order, func(a, b *Draft) int {
		if n := a.Date.Compare(b.Date); n != 0 {
			return n
		}
		return compareSymbols(a.ID, b.ID)
	})
	return c
}

// compareSymbols orders by series and then by number, so that 2 comes before 10.
func compareSymbols(a, b symbol.Symbol) int {
	if an, ok := a.Number(); ok {
		if bn, ok := b.Number(); ok {
			return an - bn
		}
	}
	if len(a) != len(b) && strings.HasPrefix(string(a), "S/2") && strings.HasPrefix(string(b), "S/2") {
		return len(a) - len(b)
	}
	return strings.Compare(string(a), string(b))
}

// Draft finds a draft by the symbol of its text or of the resolution it became.
func (c *Council) Draft(s symbol.Symbol) (*Draft, error) {
	if d, ok := c.drafts[s]; ok {
		return d, nil
	}
	if id, ok := c.alias[s]; ok {
		return c.drafts[id], nil
	}
	return nil, fmt.Errorf("%w: no vote on %s in the record", record.ErrNotFound, s)
}

// Drafts are all drafts by day. The caller must not change them.
func (c *Council) Drafts() []*Draft { return c.order }

// Seats are who held which seat from when to when. The caller must not change them.
func (c *Council) Seats() []record.Seat { return c.seats }

// Seat is one member of a composition.
type Seat struct {
	Member    country.Code
	Name      string // as it was called on the day
	Permanent bool
}

// Composition is the Council that sat on a day.
type Composition struct {
	On    date.Day
	Seats []Seat
}

// Composition tells who sat on the day, permanent members first, each group in
// the English alphabetical order of the names. The caller must not change it.
func (c *Council) Composition(on date.Day) Composition {
	if known, ok := c.sittings.Load(on); ok {
		return known.(Composition)
	}
	out := Composition{On: on}
	for _, s := range c.seats {
		if !on.Within(s.From, s.To) {
			continue
		}
		out.Seats = append(out.Seats, Seat{s.Member, s.Member.Name(on), s.Permanent})
	}
	slices.SortFunc(out.Seats, func(a, b Seat) int {
		if a.Permanent != b.Permanent {
			if a.Permanent {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	c.sittings.Store(on, out)
	return out
}

// Size is the number of seats of the Council that sat on the day: 11 to the end
// of 1965, 15 from 1966. The amendment entered into force on 31 August 1965, but
// the enlarged Council first sat in 1966: S/RES/218 of 23 November 1965 carries
// 7-0-4 and counts as adopted. A vacancy changes nothing.
func Size(on date.Day) int {
	if on.Year() < 1966 {
		return 11
	}
	return 15
}

// Needed is the affirmative votes a decision takes: seven of eleven, nine of
// fifteen (Article 27(2) and (3) as amended by A/RES/1991 A (XVIII)).
func Needed(size int) int {
	if size == 11 {
		return 7
	}
	return 9
}

// Seated finds a member in the composition.
func (c Composition) Seated(m country.Code) (Seat, bool) {
	for _, s := range c.Seats {
		if s.Member == m {
			return s, true
		}
	}
	return Seat{}, false
}

// Rivals are the drafts put to the vote on the same item on the same day, in the
// order in which they were submitted (rule 32 of the provisional rules).
func (c *Council) Rivals(d *Draft) []*Draft {
	var out []*Draft
	for _, s := range d.Rivals {
		if r, err := c.Draft(s); err == nil && r.ID != d.ID {
			out = append(out, r)
		}
	}
	for _, r := range c.order {
		if r.ID != d.ID && r.Date == d.Date && slices.ContainsFunc(r.Rivals, func(s symbol.Symbol) bool { return s == d.ID || s == d.Draft }) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}
