// Package regime answers what was in force on a day, by which paragraph, until
// when, or how it ended.
//
// A regime is a purpose, a founding decision, and components: measures, expert
// mandates and authorizations, each with a clock of its own. Decisions carry
// effects on components; they count if the Council adopted the decision, save
// where the text says otherwise (a snapback). The [State] of a component on a
// day is a replay of its effects. A lapse is computed, never typed in: the term
// ended and nothing adopted replaced it. The package reads no lists; which
// entries a measure binds is in life.go and asks for what the lists showed.
//
//	chain.On(at, "travel-ban").Status // regime.Lapsed
package regime

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Chain is one regime with every decision that touches it.
type Chain struct {
	record.Regime
	Known     date.Day // since when the regime itself is known
	Decisions []Decision
	// Through is how far the record knows the chain; a term that ended later reads
	// unknown, never lapsed.
	Through date.Day

	council *council.Council
	changed map[symbol.Symbol]bool // what-if: decisions whose outcome was changed
	memory  *memory
}

// Decision is what one decision does to one regime.
type Decision struct {
	record.Effects
	Known date.Day
}

// World is the law known at one moment: every chain, over one Council.
type World struct {
	Council *council.Council
	chains  map[record.RegimeID]*Chain
	order   []record.RegimeID
	rules   []Rule
	actual  *World // what-if: the world as it was
	touched func() map[symbol.Symbol][]record.RegimeID
}

// Rule is a general carve-out with the day it was known.
type Rule struct {
	record.Rule
	Known date.Day
}

// Fold joins the chains to the Council that decided them.
func Fold(c *council.Council, chains []Chain, rules []Rule) *World {
	w := &World{Council: c, chains: make(map[record.RegimeID]*Chain, len(chains)), rules: rules}
	for i := range chains {
		ch := &chains[i]
		ch.council, ch.memory = c, new(memory)
		w.chains[ch.ID] = ch
		w.order = append(w.order, ch.ID)
	}
	slices.SortFunc(w.order, func(a, b record.RegimeID) int {
		x, y := w.chains[a].begins(), w.chains[b].begins()
		if n := x.Compare(y); n != 0 {
			return n
		}
		return compare(a, b)
	})
	w.touched = sync.OnceValue(w.touches)
	return w
}

func compare(a, b record.RegimeID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Regime finds a chain by its id.
func (w *World) Regime(id record.RegimeID) (*Chain, error) {
	if c, ok := w.chains[id]; ok {
		return c, nil
	}
	if c, ok := w.chains[record.RegimeID(strings.ToLower(strings.TrimSpace(string(id))))]; ok {
		return c, nil
	}
	if near := w.near(string(id)); len(near) > 0 {
		return nil, fmt.Errorf("%w: no regime %q in the record; near it: %s", record.ErrNotFound, id, strings.Join(near, ", "))
	}
	return nil, fmt.Errorf("%w: no regime %q in the record", record.ErrNotFound, id)
}

// near are the ids of the chains in whose id or name what was asked for stands.
func (w *World) near(asked string) []string {
	asked = strings.ToLower(strings.TrimSpace(asked))
	if len(asked) < 3 {
		return nil
	}
	var out []string
	for _, id := range w.order {
		if strings.Contains(string(id), asked) || strings.Contains(strings.ToLower(w.chains[id].Name), asked) {
			out = append(out, string(id))
		}
	}
	return out
}

// Regimes are all ids, ended regimes too, by the day they began.
func (w *World) Regimes() []record.RegimeID { return w.order }

// Rules are the general carve-outs that touch a measure word on a day.
func (w *World) Rules(word string, id record.RegimeID, on date.Day) []Rule {
	var out []Rule
	for _, r := range w.rules {
		if r.Word == word && !on.Before(r.From) && !slices.Contains(r.Except, id) {
			out = append(out, r)
		}
	}
	return out
}

// begins is the day of the first effect, for ordering.
func (c *Chain) begins() date.Day {
	first := c.Known
	for _, d := range c.Decisions {
		if day, _ := c.dayOf(d); !day.IsZero() && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// Component finds a component of the regime.
func (c *Chain) Component(id record.ComponentID) (record.Component, bool) {
	for _, k := range c.Components {
		if k.ID == id {
			return k, true
		}
	}
	return record.Component{}, false
}

// dayOf is the legal day of a decision and whether it counts: a vote of the
// Council counts if adopted; a committee's decision is dated by the record.
func (c *Chain) dayOf(d Decision) (date.Day, *council.Draft) {
	if draft, err := c.council.Draft(d.Decision); err == nil {
		return draft.Date, draft
	}
	return d.On, nil
}

// through is the last day up to which the chain is known to somebody who knows
// what was published by the day known.
func (c *Chain) through(known date.Day) date.Day {
	if c.Through.IsZero() {
		return date.Day{}
	}
	return date.Min(c.Through, known)
}

// memory is what was worked out for the newest question; another day starts anew.
type memory struct {
	asked atomic.Pointer[asked]
	heard atomic.Pointer[heard]
}

// asked are the states already worked out for one question: an answer about a
// regime asks for the same few components once for each of its entries.
type asked struct {
	at     record.At
	states sync.Map // record.ComponentID → State
	lanes  atomic.Pointer[[]Lane]
}

// heard are the events of each component that are known on a day: a state on any
// day, and a lane, which is many, are made of them.
type heard struct {
	known  date.Day
	events sync.Map // record.ComponentID → []event
}

func (c *Chain) memo(at record.At) *asked {
	if c.memory == nil {
		return &asked{}
	}
	m := c.memory.asked.Load()
	if m == nil || m.at != at {
		m = &asked{at: at}
		c.memory.asked.Store(m)
	}
	return m
}

func (c *Chain) heard(known date.Day) *heard {
	if c.memory == nil {
		return &heard{}
	}
	m := c.memory.heard.Load()
	if m == nil || m.known != known {
		m = &heard{known: known}
		c.memory.heard.Store(m)
	}
	return m
}

// Coverage is how far the chain is known.
func (c *Chain) Coverage(at record.At) date.Day { return c.through(at.KnownAt) }
