package regime

import (
	"slices"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// event is one effect of one decision on one component, with its day and
// whether it counts.
type event struct {
	effect   record.Effect
	decision symbol.Symbol
	decided  date.Day // the day of the decision
	from     date.Day // the day the effect begins
	draft    *council.Draft
	outcome  council.Outcome
	counts   bool
	changed  bool     // a what-if changed whether it counts
	putOff   date.Day // it was averted up to this day only; zero: for good, or not at all
}

// events are the effects on a component in the order in which they begin. Those
// of decisions not known by the day known are not there. They are shared: nobody
// may change them.
func (c *Chain) events(id record.ComponentID, known date.Day) []event {
	m := c.heard(known)
	if found, ok := m.events.Load(id); ok {
		return found.([]event)
	}
	out := c.eventsAnew(id, known)
	m.events.Store(id, out)
	return out
}

func (c *Chain) eventsAnew(id record.ComponentID, known date.Day) []event {
	var out []event
	for _, d := range c.Decisions {
		if d.Known.After(known) {
			continue
		}
		day, draft := c.dayOf(d)
		e := event{decision: d.Decision, decided: day, draft: draft, counts: true}
		if draft != nil {
			if day.After(known) {
				continue
			}
			e.outcome = c.council.OutcomeOf(draft)
			e.counts = e.outcome.Adopted
			e.changed = c.changed[draft.ID]
		}
		for _, f := range d.Effects.Effects {
			if !slices.Contains(f.What, id) {
				continue
			}
			e := e
			e.effect, e.from = f, day
			// What failed, failed on the day of the vote; and nothing begins before
			// it is decided.
			if e.counts && f.From.After(day) {
				e.from = f.From
			}
			// What could still be averted is known only once its day has come.
			if (len(f.AvertedBy) > 0 && e.from.After(known)) || f.Known.After(known) {
				continue
			}
			forGood := false
			for _, s := range f.AvertedBy {
				if a, err := c.council.Draft(s); err == nil && !a.Date.After(known) {
					if c.changed[a.ID] {
						e.changed = true
					}
					if c.council.OutcomeOf(a).Adopted {
						e.counts = false
						if until, ok := f.AvertedUntil[s]; ok && !forGood {
							e.putOff = date.Max(e.putOff, until)
						} else {
							forGood, e.putOff = true, date.Day{}
						}
					}
				}
			}
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b event) int {
		if n := a.from.Compare(b.from); n != 0 {
			return n
		}
		if n := a.decided.Compare(b.decided); n != 0 {
			return n
		}
		an, _ := a.decision.Number()
		bn, _ := b.decision.Number()
		return an - bn
	})
	return out
}

// until is the last day in force that an effect sets: the day the text states,
// or one computed from its phrase; zero for an open-ended term.
func (e event) until() date.Day {
	if !e.effect.Until.IsZero() || e.effect.Term == "" {
		return e.effect.Until
	}
	n, err := Months(e.effect.Term)
	if err != nil {
		return date.Day{} // refused by the linter; see source/curated
	}
	return e.decided.AddMonths(n)
}
