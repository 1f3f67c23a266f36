package regime

import (
	"maps"
	"slices"
	"strings"

	"article41/council"
	"article41/record"
	"article41/symbol"
)

// Suppose is the world in which the changes are so and every other vote is held
// as it was. Assumed says in sentences what that takes for granted.
func (w *World) Suppose(changes []council.Change) (*World, []string, error) {
	c, err := w.Council.Suppose(changes)
	if err != nil {
		return nil, nil, err
	}
	out := &World{Council: c, actual: w.real(), order: w.order, rules: w.rules, chains: maps.Clone(w.chains), touched: w.touched}
	changed := map[symbol.Symbol]bool{}
	assumed := []string{"Every other vote is held as it was, and no draft is tabled that was not."}
	for _, ch := range changes {
		d, err := c.Draft(ch.Draft)
		if err != nil {
			return nil, nil, err
		}
		was, is := w.Council.OutcomeOf(d0(w, d.ID)), c.OutcomeOf(d)
		if was.Adopted == is.Adopted {
			continue
		}
		changed[d.ID] = true
		for _, r := range c.Rivals(d) {
			o := c.OutcomeOf(r)
			switch {
			case is.Adopted && o.Adopted && !w.Council.OutcomeOf(d0(w, r.ID)).Adopted:
				both := d.ID.String() + " and its rival " + r.ID.String() + " are both taken as adopted; where both set a term the later vote's is the one shown."
				if rivals := r.ID.String() + " and its rival " + d.ID.String(); !slices.ContainsFunc(assumed, func(s string) bool { return strings.HasPrefix(s, rivals) }) {
					assumed = append(assumed, both)
				}
			case is.Adopted && o.Adopted:
				assumed = append(assumed, r.ID.String()+", adopted the same day after "+d.ID.String()+" had failed, is held as it was: it might not have been put to the vote, and where both set a term the later vote's is the one shown.")
			case is.Adopted:
				assumed = append(assumed, r.ID.String()+", the rival draft, is held as not adopted.")
			case !is.Adopted && !o.Adopted:
				assumed = append(assumed, r.ID.String()+", the rival draft, is held as not adopted as well.")
			}
		}
	}
	for id, chain := range out.chains {
		next := *chain
		next.council, next.changed, next.memory = c, changed, new(memory)
		out.chains[id] = &next
	}
	return out, assumed, nil
}

func d0(w *World, id symbol.Symbol) *council.Draft {
	d, _ := w.Council.Draft(id)
	return d
}

// Touched are the regimes on which a decision has effects, or would have had.
func (w *World) Touched(s symbol.Symbol) []record.RegimeID {
	id := s
	if d, err := w.Council.Draft(s); err == nil {
		id = d.ID
	}
	return slices.Clone(w.touched()[id])
}

// touches are the regimes by what touches them, in the order of the regimes.
func (w *World) touches() map[symbol.Symbol][]record.RegimeID {
	out := map[symbol.Symbol][]record.RegimeID{}
	for _, r := range w.order {
		add := func(id symbol.Symbol) {
			if had := out[id]; len(had) == 0 || had[len(had)-1] != r {
				out[id] = append(had, r)
			}
		}
		for _, d := range w.chains[r].Decisions {
			add(d.Decision)
			for _, e := range d.Effects.Effects {
				for _, s := range e.AvertedBy {
					if by, err := w.Council.Draft(s); err == nil {
						add(by.ID)
					}
				}
			}
		}
	}
	return out
}

// Later are the decisions adopted after the changed one that touch the same
// regime: each, held as it was, with what becomes of it.
func (c *Chain) Later(after *council.Draft) []*council.Draft {
	var out []*council.Draft
	for _, d := range c.Decisions {
		draft, err := c.council.Draft(d.Decision)
		if err != nil || draft.ID == after.ID || draft.Date.Before(after.Date) {
			continue
		}
		if c.council.OutcomeOf(draft).Adopted {
			out = append(out, draft)
		}
	}
	return out
}

// Ordered are the chain's decisions by day.
func (c *Chain) Ordered() []Decision {
	out := slices.Clone(c.Decisions)
	slices.SortStableFunc(out, func(a, b Decision) int {
		x, _ := c.dayOf(a)
		y, _ := c.dayOf(b)
		if n := x.Compare(y); n != 0 {
			return n
		}
		an, _ := a.Decision.Number()
		bn, _ := b.Decision.Number()
		return an - bn
	})
	return out
}
