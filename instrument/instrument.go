// Package instrument answers which law binds somebody who is bound by no
// resolution: whether the European Union, the United Kingdom, the United States
// or Switzerland carried a regime of the Security Council on, on which day, on
// which basis, and whom it reached.
//
// An instrument (an EU Decision and its Regulation, a statutory instrument, an
// executive order, an ordinance) has parts, each one measure on one basis with a
// clock of its own; acts change the parts. A part that gives effect to the
// Council's list is UN-derived, one with names of its own autonomous. [Book.Stand]
// joins one target to it: by the record where the target's life under the
// instrument is known, else by the lists that are loaded. What is not loaded is
// said to be not loaded; it is never taken for absence.
//
// The package matches no names and reads no lists: who ties an entry of another
// list to one of the Council's hands it a [Sighting].
//
//	book.Stand(at, instrument.Target{Regime: "mali", UN: []string{"MLi.008"}})
package instrument

import (
	"slices"
	"strings"

	"article41/date"
	"article41/record"
	"article41/regime"
)

// Book is the instruments known by a day.
type Book struct {
	all []record.Instrument
}

// Fold orders the instruments by authority, in the order in which answers name
// them, and each one's acts by the day from which they count.
func Fold(in []record.Instrument) *Book {
	b := &Book{all: slices.Clone(in)}
	for i := range b.all {
		b.all[i].Acts = slices.Clone(b.all[i].Acts)
		slices.SortStableFunc(b.all[i].Acts, func(x, y record.Enactment) int { return x.From().Compare(y.From()) })
	}
	slices.SortStableFunc(b.all, func(x, y record.Instrument) int {
		if n := rank(x.Authority) - rank(y.Authority); n != 0 {
			return n
		}
		switch {
		case x.ID < y.ID:
			return -1
		case x.ID > y.ID:
			return 1
		}
		return 0
	})
	return b
}

func rank(authority string) int {
	if i := slices.Index([]string{"EU", "US", "UK", "CH"}, authority); i >= 0 {
		return i
	}
	return 4
}

// All are the instruments.
func (b *Book) All() []record.Instrument { return b.all }

// State is one part on one day.
type State struct {
	Authority  string              `json:"authority"`
	Instrument record.InstrumentID `json:"instrument"`
	Part       record.ComponentID  `json:"id"`
	Word       string              `json:"word"`
	Name       string              `json:"name"`
	Basis      record.Grounds      `json:"basis"` // UN-derived, autonomous; unknown where a list does not tell
	Place      string              `json:"place,omitempty"`
	Status     regime.Status       `json:"status"`
	Since      *date.Day           `json:"since"`
	Until      *date.Day           `json:"until"` // last day in force; null: no end set
	Presumed   string              `json:"presumed,omitempty"`
	By         *Reference          `json:"by"` // the act that this status rests on
	Note       string              `json:"note,omitempty"`
	Sentence   string              `json:"sentence"`
	Cite       record.Cite         `json:"cite"` // of the part
}

// hedge marks a part, or the act it rests on, for which no source was read.
func (s State) hedge() string {
	if s.Cite.Sure == record.Unverified || s.By != nil && s.By.Cite.Sure == record.Unverified {
		return " (unverified)"
	}
	return ""
}

// Reference is an act as an answer names it, with its three days.
type Reference struct {
	ID        string      `json:"id"`
	Form      string      `json:"form"`
	Adopted   date.Day    `json:"adopted"`
	Published *date.Day   `json:"published"`
	Effective *date.Day   `json:"effective"`
	Cite      record.Cite `json:"cite"`
}

func reference(a record.Enactment, c record.Cite) *Reference {
	return &Reference{a.ID, a.Form, a.Adopted, day(a.Published), day(a.Effective), c}
}

func (r Reference) String() string {
	if strings.HasPrefix(r.Form, "Council ") || strings.HasPrefix(r.Form, "Commission ") {
		return r.Form + " " + r.ID // a bare number would not say what it is
	}
	return r.ID
}

func day(d date.Day) *date.Day {
	if d.IsZero() {
		return nil
	}
	return &d
}

// replay walks the acts that change a part up to the day asked about. An act
// counts from the day it took effect, and is known from the day it was published.
func replay(x record.Instrument, p record.Part, at record.At) State {
	s := State{Authority: x.Authority, Instrument: x.ID, Part: p.ID, Word: p.Word, Name: p.Name, Basis: p.Basis, Place: p.Place, Status: regime.NotYet, Cite: p.Cite}
	var until date.Day
	expire := func(on date.Day) {
		if s.Status != regime.InForce || until.IsZero() || !until.Before(on) {
			return
		}
		s.Since, s.Until = day(until.Next()), day(until)
		if through := date.Min(x.Through, at.KnownAt); through.After(until) {
			s.Status, s.Note = regime.Lapsed, "not renewed"
			return
		}
		s.Status, s.Presumed, s.Note = regime.Unknown, string(regime.InForce), "term past, renewal not in the record; presumed in force"
	}
	for _, a := range x.Acts {
		if a.Known().After(at.KnownAt) || a.From().After(at.AsOf) {
			continue
		}
		for _, e := range a.Effects {
			if !slices.Contains(e.What, p.ID) {
				continue
			}
			expire(a.From())
			switch e.Do {
			case record.Impose, record.Extend:
				if s.Status != regime.InForce {
					s.Since = day(a.From())
				}
				until = e.Until
				s.Status, s.Until, s.Presumed, s.Note = regime.InForce, day(until), "", ""
			case record.Terminate:
				s.Status, s.Since, s.Until, s.Presumed, s.Note = regime.Terminated, day(a.From()), day(a.From().AddDays(-1)), "", e.Note
				if e.Entries {
					s.Note = "entry deleted"
				}
				until = date.Day{}
			case record.Unsettle:
				s.Status, s.Since, s.Presumed, s.Note = regime.Unknown, day(a.From()), string(regime.InForce), e.Note
				if e.Entries {
					s.Note = "entry deleted by " + reference(a, e.Cite).String() + ", " + e.Note
				}
				until = date.Day{}
			default:
				continue
			}
			s.By = reference(a, e.Cite)
		}
	}
	expire(at.AsOf)
	s.Sentence = s.sentence()
	return s
}

func (s State) sentence() string {
	at := s.Name
	if s.Place != "" {
		at += ", " + s.Place
	}
	at += s.hedge()
	switch s.Status {
	case regime.InForce:
		if s.Until == nil {
			return at + ": on, no end date set."
		}
		return at + ": on until " + s.Until.Text() + "."
	case regime.Lapsed:
		return at + ": lapsed after " + s.Until.Text() + "."
	case regime.Terminated:
		t := at + ": ended, last in force on " + s.Until.Text() + ", by " + s.By.String()
		if s.Note != "" {
			t += " (" + s.Note + ")"
		}
		return t + "."
	case regime.Unknown:
		return at + ": unknown since " + s.Since.Text() + ": " + s.Note + "."
	}
	return at + ": not yet."
}

// Carrier is one instrument of one authority, on a day, as far as it carries a
// regime.
type Carrier struct {
	Authority string              `json:"authority"`
	ID        record.InstrumentID `json:"id"`
	Name      string              `json:"name"`
	Short     string              `json:"short"`
	Lists     []record.SourceID   `json:"lists"`
	Loaded    []record.SourceID   `json:"loaded"` // of those, the ones held for the day
	Status    regime.Status       `json:"status"`
	Parts     []State             `json:"parts"`
	Acts      []Reference         `json:"acts"` // known by then, newest first
	Through   date.Day            `json:"known_through"`
	Note      string              `json:"note,omitempty"`
	Sentence  string              `json:"sentence"`
}

// Carriers answers who carries a regime on.
func (b *Book) Carriers(at record.At, id record.RegimeID) []Carrier {
	out := []Carrier{}
	for _, x := range b.all {
		if !slices.Contains(x.Carries, id) {
			continue
		}
		c := Carrier{Authority: x.Authority, ID: x.ID, Name: x.Name, Short: x.Short, Lists: x.Lists, Loaded: []record.SourceID{}, Parts: []State{}, Acts: []Reference{},
			Through: date.Min(x.Through, at.KnownAt), Note: x.Note}
		for _, p := range x.Parts {
			c.Parts = append(c.Parts, replay(x, p, at))
		}
		for i := len(x.Acts) - 1; i >= 0; i-- {
			if a := x.Acts[i]; !a.Known().After(at.KnownAt) && !a.Adopted.After(at.AsOf) {
				c.Acts = append(c.Acts, *reference(a, a.Cite))
			}
		}
		c.Status = strongest(c.Parts)
		c.Sentence = c.sentence()
		out = append(out, c)
	}
	return out
}

// strongest is where an instrument stands as a whole: what binds first, else how
// the last part ended.
func strongest(parts []State) regime.Status {
	for _, want := range []regime.Status{regime.InForce, regime.Unknown} {
		if slices.ContainsFunc(parts, func(s State) bool { return s.Status == want }) {
			return want
		}
	}
	var last State
	for _, s := range parts {
		if s.Until != nil && (last.Until == nil || s.Until.After(*last.Until)) {
			last = s
		}
	}
	if last.Until != nil {
		return last.Status
	}
	return regime.NotYet
}

func (c Carrier) sentence() string {
	var derived, own []string
	for _, s := range c.Parts {
		t := s.Name + s.hedge() + " " + standing(s)
		if s.Basis == record.Derived {
			derived = append(derived, t)
		} else {
			own = append(own, t)
		}
	}
	t := c.Short + ": "
	if len(derived) > 0 {
		t += "UN-derived " + join(derived)
	}
	if len(own) > 0 {
		if len(derived) > 0 {
			t += "; "
		}
		t += "autonomous " + join(own)
	}
	return t + "."
}

// standing is a part's status in a few words.
func standing(s State) string {
	switch s.Status {
	case regime.InForce:
		if s.Until != nil {
			return "on until " + s.Until.Text()
		}
		return "on, no end date set"
	case regime.Lapsed:
		return "lapsed after " + s.Until.Text()
	case regime.Terminated:
		return "ended, last day " + s.Until.Text()
	case regime.Unknown:
		return "unknown since " + s.Since.Text()
	}
	return "not yet"
}

func join(parts []string) string {
	t := ""
	for i, p := range parts {
		if i > 0 {
			t += ", "
		}
		t += p
	}
	return t
}
