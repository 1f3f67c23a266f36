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
	a.Sentence = a.hedged(a.sentence())
	return a, nil
}

// hedged adds what the first line must not hide: that some of what it rests on
// is unverified.
func (a Answer) hedged(sentence string) string {
	of := filter(a.Clocks(), func(s State) bool { return s.Status != NotYet })
	if last, ok := LastEnded(of); ok && !slices.ContainsFunc(of, func(s State) bool { return s.Status.Binds() || s.Status == Suspended }) {
		of = []State{last}
	} else {
		of = filter(of, func(s State) bool { return s.Status.Binds() || s.Status == Suspended })
	}
	n := len(filter(of, State.Doubtful))
	switch {
	case n == 0:
		return sentence
	case n == len(of):
		return sentence + " By the record, unverified."
	}
	return sentence + " Part of it is unverified."
}

// Clocks are the components that decide where the regime stands: its measures,
// or, of a peace operation, its mandates.
func (a Answer) Clocks() []State {
	if len(a.Measures) > 0 {
		return a.Measures
	}
	return slices.Concat(a.Authorizations, a.Bodies)
}

// Status is where the regime as a whole stands: the strongest status among its
// clocks; once all have ended, how the last of them ended.
func (a Answer) Status() Status {
	of := a.Clocks()
	for _, want := range []Status{Contested, InForce, Unknown, Suspended, Undetermined} {
		if slices.ContainsFunc(of, func(s State) bool { return s.Status == want }) {
			return want
		}
	}
	if last, ok := LastEnded(of); ok {
		return last.Status
	}
	return NotYet
}

// LastEnded is the clock that ended last.
func LastEnded(of []State) (last State, ok bool) {
	for _, s := range of {
		if s.Status != Lapsed && s.Status != Terminated || s.Until == nil {
			continue
		}
		if !ok || s.Until.After(*last.Until) {
			last, ok = s, true
		}
	}
	return last, ok
}

func (a Answer) sentence() string {
	of := a.Clocks()
	var parts []string
	for _, g := range []struct {
		status Status
		word   string
	}{{Contested, "Contested"}, {InForce, "In force"}, {Unknown, "Unknown, presumed in force"}, {Suspended, "Suspended"}, {Undetermined, "Undetermined"}} {
		in := filter(of, func(s State) bool { return s.Status == g.status })
		if len(in) == 0 {
			continue
		}
		t := g.word + ": " + list(in)
		switch u, same := until(in); {
		case g.status == Unknown && same && !u.IsZero():
			t += "; the term ended on " + u.Text() + " and the record does not know of a renewal"
		case g.status == Unknown:
			t += "; the terms are past and the record does not know of a renewal"
		case g.status == InForce && same && !u.IsZero():
			t += ", until " + u.Text()
		}
		parts = append(parts, t+".")
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	last, ok := LastEnded(of)
	if !ok {
		for _, s := range of {
			if s.Note != "" {
				return s.Sentence
			}
		}
		return "Not yet imposed."
	}
	t := "Nothing in force: "
	if len(a.Measures) > 0 {
		t = "No measure in force: "
	}
	if last.Status == Terminated {
		return t + "terminated, last in force on " + last.Until.Text() + "."
	}
	t += "lapsed after " + last.Until.Text()
	for _, b := range a.Bodies {
		if len(a.Measures) > 0 && b.Status == InForce && b.Until != nil {
			t += fmt.Sprintf("; the %s runs until %s", b.Name, b.Until.Text())
		}
	}
	return t + "."
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
		a.CarveOuts = slices.DeleteFunc(a.CarveOuts, func(r CarveOut) bool {
			return !slices.ContainsFunc(a.Measures, func(s State) bool { return s.Word == r.Touches })
		})
		a.Sentence = a.hedged(a.sentence())
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
