package regime

import (
	"slices"

	"article41/council"
	"article41/date"
	"article41/record"
)

// Presence is a stretch of versions of a published list that held an entry.
type Presence struct {
	From date.Day // the first version that holds it
	To   date.Day // the last version that holds it
	Gone date.Day // the first later version that does not; zero if none is held
}

// Listed is an entry as the law sees it: whose it is, since when, what the
// curated record knows of its steps, and what the dated lists showed.
type Listed struct {
	List     record.SourceID
	Ref      string
	Name     string
	Sort     string
	Regime   record.RegimeID
	ListedOn date.Day
	Steps    []record.Step
	Only     []Limit // where the list's own text limits the measures
	Seen     []Presence
	// Conditional: named with a condition, never listed.
	Conditional bool
}

// Limit is the measures a list's own text names, from the version that first
// says so. No words: the text no longer limits them.
type Limit struct {
	From  date.Day
	Words []string
}

// only are the measure words the list's text limits the entry to on the day: of
// the newest version of that day or before, or of the first that is held.
func (l Listed) only(on date.Day) []string {
	var words []string
	for i, o := range l.Only {
		if i == 0 || on.IsZero() || !o.From.After(on) {
			words = o.Words
		}
	}
	return words
}

// Standing is where an entry stands on a day.
type Standing struct {
	// Status: not-yet, listed, was-listed (removed, or nothing binds it any more),
	// named (conditionally, never listed).
	Status string    `json:"status"`
	From   *date.Day `json:"from"`
	Until  *date.Day `json:"until"`           // last day it was bound, where it no longer is
	Cause  string    `json:"cause,omitempty"` // of a removal: decision, lapse, termination, death, unknown
	Note   string    `json:"note,omitempty"`
	// Law are the measures that bind it, or did, or will.
	Law []State `json:"law"`
}

const (
	StandsNotYet = "not-yet"
	StandsListed = "listed"
	WasListed    = "was-listed"
	StandsNamed  = "named"
	// StandsNotHeld: no version of the list reaches back to the day.
	StandsNotHeld = "not-held"
)

// Alive reports whether the entry is bound by something on the day.
func (s Standing) Alive() bool { return s.Status == StandsListed }

// begins is the entry's first day: its step, or the list's own statement, or the
// first version that shows it.
func (l Listed) begins() date.Day {
	for _, s := range l.Steps {
		if s.Do == "list" {
			return s.On
		}
	}
	if !l.ListedOn.IsZero() {
		return l.ListedOn
	}
	if len(l.Seen) > 0 {
		return l.Seen[0].From
	}
	return date.Day{}
}

// counted is the entry with the steps that count: one that rests on a decision
// of the Council falls away where the Council did not take it. What the list
// says of the entry falls with the step that listed it.
func (w *World) counted(l Listed) (out Listed, never *council.Draft) {
	out, out.Steps = l, nil
	for _, s := range l.Steps {
		d := w.refused(s)
		if d == nil {
			out.Steps = append(out.Steps, s)
		} else if s.Do == "list" && never == nil {
			never = d
		}
	}
	if slices.ContainsFunc(out.Steps, func(s record.Step) bool { return s.Do == "list" }) {
		never = nil
	}
	return out, never
}

// refused is the draft that a step rests on, if the Council did not adopt it.
func (w *World) refused(s record.Step) *council.Draft {
	if s.By == "" {
		return nil
	}
	if d, err := w.Council.Draft(s.By); err == nil && !w.Council.OutcomeOf(d).Adopted {
		return d
	}
	return nil
}

// Stand answers where the entry stands.
func (w *World) Stand(at record.At, l Listed) Standing {
	told := l
	l, never := w.counted(l)
	if never != nil && !l.Conditional {
		return Standing{Status: StandsNotYet, Law: []State{}, Note: "the decision that would have listed it was not adopted: " + never.ID.String()}
	}
	out := Standing{Status: StandsListed, From: day(l.begins()), Law: []State{}}
	if l.Conditional && len(told.Steps) > 0 && (len(l.Steps) == 0 || at.AsOf.Before(l.Steps[0].On)) {
		out.Status, out.From = StandsNotYet, nil
		out.Note = "not yet named"
		return out
	}
	if l.Conditional && !slices.ContainsFunc(l.Steps, func(s record.Step) bool { return s.Do == "list" && !s.On.After(date.Min(at.AsOf, at.KnownAt)) }) {
		out.Status = StandsNamed
		out.Note = "named with a condition; not listed"
		return out
	}
	chain, err := w.Regime(l.Regime)
	if err != nil {
		return l.shown(at)
	}
	if at.AsOf.Before(l.begins()) {
		out.Status = StandsNotYet
		for _, b := range chain.binding(l, date.Day{}) {
			s, err := chain.On(at, b.id)
			if err != nil {
				continue
			}
			s.Status, s.Since, s.Until, s.Began, s.ExtendedBy = NotYet, nil, nil, nil, nil
			s.Ended, s.Positions, s.Presumed, s.Note = nil, nil, "", ""
			s.Sentence = "Not yet listed."
			out.Law = append(out.Law, s)
		}
		return out
	}
	removed, cause, by := w.removal(at, l, told.Steps, chain)
	bound := chain.binding(l, at.AsOf)
	out.Law = make([]State, 0, len(bound))
	for _, b := range bound {
		s, err := chain.On(at, b.id)
		if err != nil {
			continue
		}
		if s.Status == NotYet && len(s.Void) == 0 {
			continue // the measure came later than the listing
		}
		if s.Began != nil && b.from.After(*s.Began) {
			began := b.from
			s.Began = &began
			if s.Status == InForce && began.After(*s.Since) {
				s.Since = &began
			}
		}
		if !removed.IsZero() && s.Status.Binds() {
			last := removed.AddDays(-1)
			s.Status, s.Since, s.Until = Terminated, day(removed), day(last)
			s.Ended = &Ended{Kind: "delisted", By: by, NotRenewed: []Failed{}}
			s.Sentence = "Removed from the list; last bound on " + last.Text() + "."
			if cause == "unknown" {
				s.Sentence = "No longer on the list of " + removed.Text() + "; the day of its removal is not in the record."
			}
		}
		out.Law = append(out.Law, s)
	}
	if !removed.IsZero() {
		out.Status, out.Cause, out.Until = WasListed, cause, day(removed.AddDays(-1))
		if by == nil {
			out.Note = l.vanished(removed)
		}
		return out
	}
	if slices.ContainsFunc(out.Law, func(s State) bool { return s.Status == Suspended }) && !slices.ContainsFunc(out.Law, func(s State) bool { return s.Status.Binds() }) {
		out.Note = "its measures are suspended: it stands on the list, and nothing binds it for now"
		return out
	}
	if !slices.ContainsFunc(out.Law, func(s State) bool { return s.Status.Binds() }) {
		out.Status = WasListed
		if slices.ContainsFunc(out.Law, func(s State) bool { return s.Status == Undetermined }) {
			out.Status = string(Undetermined)
		}
		for _, s := range out.Law {
			if s.Until != nil && (out.Until == nil || s.Until.After(*out.Until)) {
				out.Until = s.Until
				out.Cause = map[Status]string{Lapsed: "lapse", Terminated: "termination"}[s.Status]
			}
		}
		return out
	}
	delisted := slices.ContainsFunc(l.Steps, func(s record.Step) bool { return s.Do == "delist" })
	if p := l.lastSeen(at.KnownAt); !delisted && !p.Gone.IsZero() && at.AsOf.After(p.To) && at.AsOf.Before(p.Gone) {
		out.Note = "on the list of " + p.To.Text() + ", not on that of " + p.Gone.Text() + "; the day between is not known"
	}
	return out
}

// shown is where an entry stands by its list alone: the record holds no law for
// it, so the dated versions decide.
func (l Listed) shown(at record.At) Standing {
	out := Standing{Status: StandsListed, From: day(l.ListedOn), Law: []State{}}
	if len(l.Seen) == 0 || at.AsOf.Before(l.begins()) {
		out.Status = StandsNotYet
		if l.ListedOn.IsZero() {
			out.Status, out.From = StandsNotHeld, nil
			out.Note = "no version of the list is held for that day, and the list states no day of listing"
		}
		return out
	}
	var p Presence // the newest stay that began by the day
	for _, q := range l.Seen {
		if !q.From.After(at.KnownAt) && (p.From.IsZero() || !q.From.After(at.AsOf)) {
			p = q
		}
	}
	switch {
	case p.Gone.IsZero() || p.Gone.After(at.KnownAt) || !at.AsOf.After(p.To):
	case at.AsOf.Before(p.Gone):
		out.Note = "on the list of " + p.To.Text() + ", not on that of " + p.Gone.Text() + "; the day between is not known"
	default:
		out.Status, out.Cause, out.Until = WasListed, "unknown", day(p.Gone.AddDays(-1))
		out.Note = l.vanished(p.Gone)
	}
	return out
}

// lastSeen is the newest presence that somebody could know of by the day.
func (l Listed) lastSeen(known date.Day) Presence {
	var out Presence
	for _, p := range l.Seen {
		if p.From.After(known) {
			break
		}
		out = p
		if p.Gone.After(known) {
			out.Gone = date.Day{}
		}
	}
	return out
}

func (l Listed) vanished(gone date.Day) string {
	for _, p := range l.Seen {
		if p.Gone == gone {
			return "on the list of " + p.To.Text() + ", no longer on that of " + p.Gone.Text() + "; the record does not know which decision removed it"
		}
	}
	return ""
}

// removal is the first day on which the entry was off the list for good as of
// the day asked about: by a recorded step, or because a dated list no longer
// shows it while measures still bound it. Absence from a list is evidence, not
// cause: an entry that vanished after everything that bound it had ended fell
// away with it, and in a what-if that keeps the measures it lives.
//
// The steps told are all that the record knows of, also those that do not count
// in this world: a removal that one of them explains did not happen either.
func (w *World) removal(at record.At, l Listed, told []record.Step, chain *Chain) (date.Day, string, *Ref) {
	var off date.Day
	var cause string
	var by *Ref
	for _, s := range l.Steps {
		if s.On.After(at.AsOf) || s.On.After(at.KnownAt) {
			continue
		}
		switch s.Do {
		case "delist":
			if s.Cause == "lapse" || s.Cause == "termination" {
				continue // it follows from the measures
			}
			off, cause, by = s.On, s.Cause, nil
			if s.By != "" {
				by = &Ref{Symbol: s.By, On: s.On, Sure: s.Cite}
			}
		case "list":
			off, cause, by = date.Day{}, "", nil
		}
	}
	if !off.IsZero() && !slices.ContainsFunc(l.Seen, func(p Presence) bool {
		return p.From.After(off) && !p.From.After(date.Min(at.AsOf, at.KnownAt)) // a dated list holds it again
	}) {
		return off, cause, by
	}
	p := l.lastSeen(at.KnownAt)
	for _, q := range l.Seen {
		if q.Gone.IsZero() || q.Gone.After(at.AsOf) || q.Gone.After(at.KnownAt) || q.From.After(p.From) {
			continue
		}
		if back := slices.IndexFunc(l.Seen, func(r Presence) bool { return r.From.After(q.Gone) && !r.From.After(at.AsOf) }); back >= 0 {
			continue // it came back
		}
		if slices.ContainsFunc(l.Steps, func(s record.Step) bool {
			return s.Do == "list" && !s.On.Before(q.Gone) && !s.On.After(date.Min(at.AsOf, at.KnownAt))
		}) {
			continue // it was listed again, and no version since is held
		}
		if w.real().endedBy(at.KnownAt, q, chain, l) {
			continue
		}
		if slices.ContainsFunc(told, func(s record.Step) bool {
			return s.Do == "delist" && w.refused(s) != nil && s.On.After(q.From) && !s.On.After(q.Gone)
		}) {
			continue
		}
		return q.Gone, "unknown", nil
	}
	return date.Day{}, "", nil
}

// real is the world as it was, also when this one is supposed.
func (w *World) real() *World {
	if w.actual != nil {
		return w.actual
	}
	return w
}

// endedBy reports whether everything that bound the entry had ended by the first
// list that no longer shows it.
func (w *World) endedBy(known date.Day, p Presence, chain *Chain, l Listed) bool {
	c, err := w.Regime(chain.ID)
	if err != nil {
		return false
	}
	at := record.At{AsOf: p.Gone, KnownAt: known}
	for _, b := range c.binding(l, p.Gone) {
		if s, err := c.On(at, b.id); err == nil && s.Status.Binds() {
			return false
		}
	}
	return true
}

// travelBan is the word of the one measure that only a person can come under.
const travelBan = "travel-ban"

type bind struct {
	id   record.ComponentID
	from date.Day
}

// binding are the measures that bind an entry by the day (zero: ever), each with
// the day it began to: the regime's measures on the listed, less what the record
// or the list's own text excepts.
func (c *Chain) binding(l Listed, on date.Day) []bind {
	var out []bind
	stepped := false
	for _, s := range l.Steps {
		if len(s.Measures) == 0 {
			continue
		}
		stepped = true
		if !on.IsZero() && s.On.After(on) {
			continue
		}
		for _, m := range s.Measures {
			i := slices.IndexFunc(out, func(b bind) bool { return b.id == m })
			switch {
			case s.Do == "lift" && i >= 0:
				out = slices.Delete(out, i, i+1)
			case s.Do != "lift" && i < 0:
				out = append(out, bind{m, s.On})
			}
		}
		if on.IsZero() {
			break // the first step that names measures is what the listing begins with
		}
	}
	if stepped {
		return out
	}
	only := l.only(on)
	for _, k := range c.Components {
		if k.Type != record.MeasureType || k.Binds != "listed" {
			continue
		}
		if l.Sort != "" && l.Sort != "person" && k.Word == travelBan {
			continue
		}
		if len(only) > 0 && !slices.Contains(only, k.Word) {
			continue
		}
		out = append(out, bind{k.ID, l.begins()})
	}
	return out
}
