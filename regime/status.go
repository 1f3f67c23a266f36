package regime

import (
	"fmt"
	"slices"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Status is where a component stands on a day.
type Status string

const (
	InForce    Status = "in-force"
	Lapsed     Status = "lapsed"     // its term ended and nothing adopted replaced it
	Terminated Status = "terminated" // a decision ended it
	Suspended  Status = "suspended"
	Contested  Status = "contested" // claimants differ on whether it is in force
	Unknown    Status = "unknown"   // the term is past and the record does not reach that far
	NotYet     Status = "not-yet"
	// Undetermined is a what-if's own: past the term that the supposed decision
	// would have set, nobody can say what would have followed.
	Undetermined Status = "undetermined"
)

// Binds reports whether somebody who must obey the law has to treat the
// component as in force: contested and unknown count as in force until the
// record says otherwise.
func (s Status) Binds() bool {
	switch s {
	case InForce, Contested, Unknown:
		return true
	}
	return false
}

// Ref is the paragraph of a decision.
type Ref struct {
	Symbol    symbol.Symbol `json:"symbol"`
	Paragraph *string       `json:"paragraph"` // null where the record does not know it
	On        date.Day      `json:"on,omitzero"`
	Sure      record.Cite   `json:"cite"`
}

// Failed is a draft that would have kept a component going, and how it failed.
type Failed struct {
	Symbol   symbol.Symbol   `json:"symbol"`
	On       date.Day        `json:"on"`
	Reason   council.Reason  `json:"reason"`
	Tally    string          `json:"tally,omitempty"`
	VetoedBy []council.Party `json:"vetoed_by,omitempty"`
	Short    int             `json:"short,omitempty"`
	Sentence string          `json:"sentence"`
}

// Ended is how a component stopped.
type Ended struct {
	Kind       string   `json:"kind"`         // lapsed, terminated, suspended, averted
	By         *Ref     `json:"by,omitempty"` // the decision, if one did it
	NotRenewed []Failed `json:"not_renewed"`  // drafts that would have replaced the term
}

// Void is a decision that extends what, in a what-if, was never there.
type Void struct {
	Symbol symbol.Symbol `json:"symbol"`
	On     date.Day      `json:"on"`
	Why    string        `json:"why"`
}

// State is one component on one day: the shape of a measure in every answer.
type State struct {
	Regime     record.RegimeID      `json:"regime"`
	ID         record.ComponentID   `json:"id"`
	Name       string               `json:"name"`
	Word       string               `json:"word"`
	Type       record.ComponentType `json:"type"`
	Binds      string               `json:"binds,omitempty"`
	Status     Status               `json:"status"`
	Since      *date.Day            `json:"since"` // first day of this status; null before the beginning
	Began      *date.Day            `json:"began"` // first day it was in force
	Until      *date.Day            `json:"until"` // last day in force, included; null if open-ended
	Term       string               `json:"term"`  // the phrase the day was computed from, if it was
	Final      bool                 `json:"final_term,omitempty"`
	ImposedBy  *Ref                 `json:"imposed_by"`
	ExtendedBy *Ref                 `json:"extended_by"` // null in the initial term
	AmendedBy  []Ref                `json:"amended_by,omitempty"`
	Ended      *Ended               `json:"ended"`
	Positions  []record.Stance      `json:"positions,omitempty"`
	Presumed   string               `json:"presumed,omitempty"` // "in-force" where unknown
	Void       []Void               `json:"void,omitempty"`
	Scope      string               `json:"scope,omitempty"`
	Note       string               `json:"note,omitempty"`
	Sentence   string               `json:"sentence"`
	Conflicts  []record.Claim       `json:"conflicts,omitempty"`

	revived bool // ExtendedBy brought back what had ended; for the sentence
}

func ref(e event) *Ref {
	r := &Ref{Symbol: e.decision, On: e.decided, Sure: e.effect.Cite}
	if e.effect.Paragraph != "" {
		p := e.effect.Paragraph
		r.Paragraph = &p
	}
	return r
}

func day(d date.Day) *date.Day {
	if d.IsZero() {
		return nil
	}
	return &d
}

// On answers for one component.
func (c *Chain) On(at record.At, id record.ComponentID) (State, error) {
	k, ok := c.Component(id)
	if !ok {
		return State{}, fmt.Errorf("%w: regime %s has no component %q", record.ErrNotFound, c.ID, id)
	}
	m := c.memo(at)
	if known, ok := m.states.Load(id); ok {
		return known.(State), nil
	}
	s := c.stands(at, k)
	s.Sentence = s.sentence(at.AsOf)
	m.states.Store(id, s)
	return s, nil
}

// stands is the state without its sentence.
func (c *Chain) stands(at record.At, k record.Component) State {
	s := c.replay(at, k)
	if len(k.Oversees) > 0 && s.Status == InForce {
		s = c.overseer(at, k, s)
	}
	return s
}

// replay walks the component's effects up to the day asked about.
func (c *Chain) replay(at record.At, k record.Component) State {
	s := State{Regime: c.ID, ID: k.ID, Name: k.Name, Word: k.Word, Type: k.Type, Binds: k.Binds, Status: NotYet, Scope: k.Scope}
	events := c.events(k.ID, at.KnownAt)
	r := run{chain: c, at: at}
	for _, e := range events {
		if e.from.After(at.AsOf) {
			continue
		}
		r.step(&s, e)
	}
	r.expire(&s, at.AsOf)
	if !r.putOff.IsZero() && r.putOff.Before(at.AsOf) && !s.Status.Binds() && s.Status != Suspended {
		s.Status, s.Since, s.Ended = Undetermined, day(r.putOff.Next()), nil
		s.Note = "the supposed decision would have put its revival off to " + r.putOff.Text() + "; what the Council would have done then is not determined"
	}
	if s.Status == NotYet && len(r.failed) > 0 {
		f := r.failed[len(r.failed)-1]
		s.Note = "the draft that would have imposed it failed: " + f.Symbol.String() + " (" + f.how() + ")"
	}
	if s.Status == InForce {
		for _, p := range r.stances {
			if p.From.IsZero() || !p.From.After(date.Min(at.AsOf, at.KnownAt)) {
				s.Positions = append(s.Positions, p)
			}
		}
		if slices.ContainsFunc(s.Positions, func(p record.Stance) bool { return p.Holds != string(InForce) }) {
			s.Status = Contested // somebody says that it is not in force
		}
	}
	s.Conflicts = c.conflicts(s, at)
	return s
}

// run is a replay under way.
type run struct {
	chain   *Chain
	at      record.At
	until   date.Day // last day of the running term; zero: open-ended
	last    event    // the effect that set it
	paused  date.Day // first day of the running suspension; zero: none
	failed  []Failed // since the last one that counted
	stances []record.Stance
	putOff  date.Day // a revival that was averted up to this day only
}

func (r *run) step(s *State, e event) {
	if !r.joins(e) {
		r.expire(s, e.from)
	}
	if !e.counts {
		r.miss(s, e)
		r.putOff = date.Max(r.putOff, e.putOff)
		return
	}
	f := e.effect
	switch f.Do {
	case record.Impose, record.Establish:
		if s.Status == InForce || s.Status == Suspended {
			r.extend(s, e) // restated while running: the first day stays
			return
		}
		s.Status, s.Since, s.Began = InForce, day(e.from), day(e.from)
		s.ImposedBy, s.ExtendedBy, s.Ended, s.AmendedBy = ref(e), nil, nil, nil
		s.Presumed, s.Note = "", f.Note
		r.stances = nil
		r.term(s, e)
	case record.Extend:
		switch {
		case s.Status == InForce || s.Status == Suspended:
			r.extend(s, e)
		case f.Gap && s.Began != nil:
			s.Status, s.Since, s.Ended, s.Presumed = InForce, day(e.from), nil, ""
			r.extend(s, e)
		case s.Status == Unknown:
			s.Status, s.Since, s.Presumed = InForce, s.Began, ""
			r.extend(s, e)
		default:
			why := "it extends what was never imposed"
			switch {
			case s.Status == Undetermined:
				why = "whether what it extends was still running is not determined"
			case s.Began != nil:
				why = "it extends what had already ended"
			}
			s.Void = append(s.Void, Void{e.decision, e.decided, why})
		}
	case record.Amend, record.Ease:
		if s.Status == InForce || s.Status == Suspended {
			s.AmendedBy = append(s.AmendedBy, *ref(e))
			if f.Scope != "" {
				s.Scope = f.Scope
			}
		}
	case record.Suspend:
		if s.Status == InForce {
			r.paused = e.from
			s.Status, s.Since, s.Ended = Suspended, day(e.from), &Ended{Kind: "suspended", By: ref(e), NotRenewed: []Failed{}}
		}
	case record.Revive:
		s.Status, s.Since, s.Ended, s.Presumed, s.Note = InForce, day(e.from), nil, "", f.Note
		if s.Began == nil {
			s.Began, s.ImposedBy = day(e.from), ref(e)
		} else {
			s.ExtendedBy = ref(e)
		}
		r.paused = date.Day{}
		r.term(s, e)
		s.revived, r.stances = s.ExtendedBy != nil, f.Contested
	case record.Terminate, record.End:
		if s.Status == InForce || s.Status == Suspended || s.Status == Unknown {
			s.Status, s.Since, s.Presumed, s.Note = Terminated, day(e.from), "", ""
			s.Ended = &Ended{Kind: "terminated", By: ref(e), NotRenewed: []Failed{}}
			s.Until = day(r.lastDay(e.from.AddDays(-1)))
			r.until, r.paused, r.stances = date.Day{}, date.Day{}, nil
		}
	}
}

// joins reports whether an effect that begins on the day after the term's last
// day takes over from it without a gap: an end that the Council decided then, or
// a renewal that it adopted in time.
func (r *run) joins(e event) bool {
	if !e.counts || r.until.IsZero() || e.from != r.until.Next() {
		return false
	}
	switch e.effect.Do {
	case record.Terminate, record.End:
		return true
	case record.Extend:
		return !e.decided.After(r.until)
	}
	return false
}

func (r *run) extend(s *State, e event) {
	s.ExtendedBy = ref(e)
	r.term(s, e)
}

// lastDay is the last day in force of what ends after the given day: what was
// suspended then had been out of force since the suspension.
func (r *run) lastDay(end date.Day) date.Day {
	if r.paused.IsZero() {
		return end
	}
	return date.Min(end, r.paused.AddDays(-1))
}

func (r *run) term(s *State, e event) {
	r.until, r.last, r.failed = e.until(), e, nil
	s.revived = false
	s.Until, s.Final, s.Term = day(r.until), e.effect.Final, ""
	if e.effect.Term != "" {
		s.Term = e.effect.Term
	}
	if e.effect.Scope != "" {
		s.Scope = e.effect.Scope
	}
}

// miss notes a decision that failed and would have kept the component going. One
// that would have revived it and was averted changes nothing.
func (r *run) miss(s *State, e event) {
	switch e.effect.Do {
	case record.Extend, record.Impose, record.Establish, record.Revive:
	default:
		return
	}
	if e.draft == nil || !e.outcome.Known || e.outcome.Adopted {
		return
	}
	o := e.outcome
	r.failed = append(r.failed, Failed{e.draft.ID, e.decided, o.Reason, o.Tally, o.VetoedBy, o.Short, o.Sentence})
}

// expire ends a running term whose last day lies before the given day.
func (r *run) expire(s *State, on date.Day) {
	if s.Status != InForce && s.Status != Suspended || r.until.IsZero() || !r.until.Before(on) {
		return
	}
	after := r.until.Next()
	s.Since, s.Until = day(after), day(r.lastDay(r.until))
	failed := r.failed
	if failed == nil {
		failed = []Failed{}
	}
	switch {
	case r.last.changed:
		s.Status = Undetermined
		s.Note = "the term that the supposed decision would have set ended on " + r.until.Text() + "; what the Council would have done then is not determined"
	case r.chain.through(r.at.KnownAt).After(r.until):
		s.Status = Lapsed
		s.Ended = &Ended{Kind: "lapsed", NotRenewed: failed}
	default:
		s.Status, s.Presumed = Unknown, "in-force"
		s.Note = "term past, renewal not in the record; presumed in force"
	}
}

// overseer: a committee whose measures have all ended, and whose own end is not
// in the record, is unknown; it has nothing left to oversee.
func (c *Chain) overseer(at record.At, k record.Component, s State) State {
	for _, e := range c.events(k.ID, at.KnownAt) {
		if e.counts && e.effect.Do == record.End && e.from.After(at.AsOf) {
			return s // its end is recorded: until then it stands
		}
	}
	var last, open date.Day
	for _, id := range k.Oversees {
		m, ok := c.Component(id)
		if !ok {
			return s
		}
		o := c.replay(at, m)
		switch o.Status {
		case Lapsed, Terminated:
			if o.Since.After(last) {
				last = *o.Since
			}
		case Undetermined:
			if o.Since.After(open) {
				open = *o.Since
			}
		case NotYet: // what never was is not left to oversee either
		default:
			return s
		}
	}
	if !open.IsZero() {
		// A what-if's own: past the supposed terms nobody can say whether there was
		// anything left to oversee, so the committee is not open-ended any more.
		s.Status, s.Since, s.Until = Undetermined, day(open), nil
		s.Note = "whether it still had anything to oversee hangs on measures whose terms the supposed decision set"
		return s
	}
	if last.IsZero() {
		return s
	}
	s.Status, s.Since = Unknown, day(last)
	s.Note = "nothing left to oversee since " + last.Text() + "; its formal end is not in the record"
	return s
}

// conflicts are the claims that differ on the terms this state rests on: those
// of the decision that set the running term, and of the drafts that failed.
func (c *Chain) conflicts(s State, at record.At) []record.Claim {
	rests := map[symbol.Symbol]bool{}
	for _, r := range []*Ref{s.ExtendedBy, s.ImposedBy} {
		if r != nil {
			rests[r.Symbol] = true
			break // the newest term
		}
	}
	if s.Ended != nil {
		for _, f := range s.Ended.NotRenewed {
			rests[f.Symbol] = true
		}
	}
	var out []record.Claim
	for _, d := range c.Decisions {
		if d.Known.After(at.KnownAt) || !rests[d.Decision] {
			continue
		}
		for _, cl := range d.Claims {
			if cl.On.After(at.KnownAt) {
				continue // said later
			}
			if cl.About == string(s.ID) || cl.About == string(s.ID)+" until" {
				if cl.Symbol == "" {
					cl.Symbol = d.Decision.String()
				}
				out = append(out, cl)
			}
		}
	}
	return out
}

func (s State) sentence(asOf date.Day) string {
	by := func(r *Ref) string {
		if r == nil {
			return ""
		}
		p := symbol.Paragraph{Doc: r.Symbol}
		if r.Paragraph != nil {
			p.Para = *r.Paragraph
		}
		return p.String() + unverified(r)
	}
	switch s.Status {
	case NotYet:
		if s.Note != "" {
			return "Not imposed: " + s.Note + "."
		}
		return "Not yet imposed."
	case InForce, Contested:
		how := "by " + by(s.ImposedBy)
		if s.ExtendedBy != nil {
			how += map[bool]string{false: ", extended by ", true: ", revived by "}[s.revived] + by(s.ExtendedBy)
		}
		word := "In force"
		if s.Status == Contested {
			word = "Contested: in force for some, void for others"
		}
		switch {
		case s.Until == nil:
			return word + ", open-ended, " + how + "."
		case *s.Until == asOf:
			return word + " until " + s.Until.Text() + ", this day included (its last), " + how + "."
		default:
			return word + " until " + s.Until.Text() + ", " + how + "."
		}
	case Lapsed:
		t := "Lapsed: last in force on " + s.Until.Text() + "; not renewed"
		for i, f := range s.Ended.NotRenewed {
			sep := ", "
			if i == 0 {
				sep = ": "
			}
			t += sep + f.Symbol.String() + " (" + f.how() + ")"
		}
		if s.Doubtful() {
			t += "; the term is unverified"
		}
		return t + "."
	case Terminated:
		return "Terminated by " + by(s.Ended.By) + "; last in force on " + s.Until.Text() + "."
	case Suspended:
		return "Suspended since " + s.Since.Text() + " by " + by(s.Ended.By) + "."
	case Unknown:
		if s.Presumed == "" {
			return "Not known: " + s.Note + "."
		}
		return "Unknown since " + s.Since.Text() + ": " + s.Note + "."
	case Undetermined:
		return "Undetermined since " + s.Since.Text() + ": " + s.Note + "."
	}
	return ""
}

// Revived reports whether ExtendedBy brought back what had ended.
func (s State) Revived() bool { return s.revived }

// unverified marks a paragraph whose fact no source was read for.
func unverified(r *Ref) string {
	if r != nil && r.Sure.Sure != record.Verified {
		return " (unverified)"
	}
	return ""
}

// Doubtful reports whether what the status rests on is unverified.
func (s State) Doubtful() bool {
	r := s.ExtendedBy
	if r == nil {
		r = s.ImposedBy
	}
	if s.Status == Terminated || s.Status == Suspended {
		r = s.Ended.By
	}
	return r != nil && r.Sure.Sure != record.Verified
}

func (f Failed) how() string {
	switch f.Reason {
	case council.Vetoed:
		return "veto, " + council.Names(f.VetoedBy)
	case council.LackOfVotes:
		return fmt.Sprintf("lack of votes, %s short", council.Numeral(f.Short))
	}
	return string(f.Reason)
}
