package regime

import (
	"fmt"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Answer is one regime on one day.
type Answer struct {
	Regime         record.RegimeID `json:"regime"`
	Name           string          `json:"name"`
	Type           string          `json:"type"`
	AsOf           date.Day        `json:"as_of"`
	KnownAt        date.Day        `json:"known_at"`
	KnownThrough   *date.Day       `json:"known_through"` // null: nothing of the chain is known by then
	Sentence       string          `json:"sentence"`
	Measures       []State         `json:"measures"`
	Authorizations []State         `json:"authorizations"`
	Bodies         []State         `json:"bodies"`
	CarveOuts      []CarveOut      `json:"carve_outs"`
}

// CarveOut is a general rule that touches a measure of the regime on the day.
type CarveOut struct {
	ID        string        `json:"id"`
	Touches   string        `json:"touches"` // the measure word
	Decision  symbol.Symbol `json:"symbol"`
	Paragraph string        `json:"paragraph,omitempty"`
	From      date.Day      `json:"from"`
	Text      string        `json:"text"`
	Cite      record.Cite   `json:"cite"`
}

// InForce answers what of the regime was in force at the coordinates.
func (w *World) InForce(at record.At, id record.RegimeID) (Answer, error) {
	c, err := w.Regime(id)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Regime: c.ID, Name: c.Name, Type: c.Type, AsOf: at.AsOf, KnownAt: at.KnownAt,
		KnownThrough: day(c.through(at.KnownAt)),
		Measures:     []State{}, Authorizations: []State{}, Bodies: []State{}, CarveOuts: []CarveOut{}}
	words := map[string]bool{}
	for _, k := range c.Components {
		s, err := c.On(at, k.ID)
		if err != nil {
			return Answer{}, err
		}
		switch k.Type {
		case record.MeasureType:
			a.Measures = append(a.Measures, s)
			if s.Status.Binds() && !words[k.Word] {
				words[k.Word] = true
				for _, r := range w.Rules(k.Word, c.ID, at.AsOf) {
					if !r.Known.After(at.KnownAt) {
						a.CarveOuts = append(a.CarveOuts, CarveOut{r.ID, r.Word, r.Decision, r.Paragraph, r.From, r.Text, r.Cite})
					}
				}
			}
		case record.AuthorizationType:
			a.Authorizations = append(a.Authorizations, s)
		default:
			a.Bodies = append(a.Bodies, s)
		}
	}
	a.Sentence = a.sentence()
	return a, nil
}

// Status is where the regime as a whole stands: the strongest status among its
// measures (for a peace operation, among its mandates).
func (a Answer) Status() Status {
	of := a.Measures
	if len(of) == 0 {
		of = append(slices.Clone(a.Authorizations), a.Bodies...)
	}
	for _, want := range []Status{Contested, InForce, Unknown, Suspended, Undetermined, Lapsed, Terminated} {
		if slices.ContainsFunc(of, func(s State) bool { return s.Status == want }) {
			return want
		}
	}
	return NotYet
}

func (a Answer) sentence() string {
	of := a.Measures
	if len(of) == 0 {
		of = append(slices.Clone(a.Authorizations), a.Bodies...)
	}
	var running, past []State
	for _, s := range of {
		if s.Status.Binds() {
			running = append(running, s)
		} else if s.Status == Lapsed || s.Status == Terminated {
			past = append(past, s)
		}
	}
	switch st := a.Status(); st {
	case InForce, Contested, Unknown:
		word := map[Status]string{InForce: "In force", Contested: "Contested", Unknown: "Unknown, presumed in force"}[st]
		t := word + ": " + list(running)
		if u, same := until(running); same && !u.IsZero() {
			if st == Unknown {
				return t + "; the term ended on " + u.Text() + " and the record does not know of a renewal."
			}
			return t + ", until " + u.Text() + "."
		}
		return t + "."
	case Suspended:
		return "Suspended."
	case Lapsed:
		var last date.Day
		for _, s := range past {
			if s.Status == Lapsed && s.Until.After(last) {
				last = *s.Until
			}
		}
		t := "No measure in force: lapsed after " + last.Text()
		for _, b := range a.Bodies {
			if b.Status == InForce && b.Until != nil {
				t += fmt.Sprintf("; the %s runs until %s", b.Name, b.Until.Text())
			}
		}
		return t + "."
	case Terminated:
		var last date.Day
		for _, s := range past {
			if s.Status == Terminated && s.Until.After(last) {
				last = *s.Until
			}
		}
		return "No measure in force: terminated, last in force on " + last.Text() + "."
	case Undetermined:
		return "Undetermined."
	}
	return "Not yet imposed."
}

func until(states []State) (u date.Day, same bool) {
	for i, s := range states {
		var d date.Day
		if s.Until != nil {
			d = *s.Until
		}
		if i > 0 && d != u {
			return date.Day{}, false
		}
		u = d
	}
	return u, len(states) > 0
}

func list(states []State) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.Name
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// Touches reports whether a component reaches a territory: its own territories
// if it names any, else the regime's.
func (c *Chain) Touches(k record.Component, territory country.Code) bool {
	if len(k.Territories) > 0 {
		return slices.Contains(k.Territories, territory)
	}
	return slices.Contains(c.Territories, territory)
}

// Over answers which measures reach a territory on a day, those that name nobody
// too.
func (w *World) Over(at record.At, territory country.Code) ([]Answer, error) {
	out := []Answer{}
	for _, id := range w.order {
		c := w.chains[id]
		if !slices.ContainsFunc(c.Components, func(k record.Component) bool { return c.Touches(k, territory) }) {
			continue
		}
		a, err := w.InForce(at, id)
		if err != nil {
			return nil, err
		}
		keep := func(s State) bool {
			k, _ := c.Component(s.ID)
			return c.Touches(k, territory)
		}
		a.Measures = filter(a.Measures, keep)
		a.Authorizations = filter(a.Authorizations, keep)
		out = append(out, a)
	}
	return out, nil
}

func filter(in []State, keep func(State) bool) []State {
	out := []State{}
	for _, s := range in {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}
