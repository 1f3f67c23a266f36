package article41

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"article41/calendar"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// DueKind says what falls due.
type DueKind string

const (
	DueSunset DueKind = "sunset"          // the last day of a component's term
	DueDebate DueKind = "assembly-debate" // the General Assembly's on a veto, A/RES/76/262
	DueReview DueKind = "review"          // a look that the Council promised by a day; moves no clock
	DueReport DueKind = "report"          // a report that a decision asks of a body by a day
)

// DueStatus says what became of the day.
type DueStatus string

const (
	DueAhead     DueStatus = "ahead"     // it has not passed
	DueUnknown   DueStatus = "unknown"   // it has passed; what followed is not in the record
	DueEnded     DueStatus = "ended"     // the term ran out on it and was not renewed
	DueCancelled DueStatus = "cancelled" // a decision ended the component before it
	DueHeld      DueStatus = "held"      // of a debate: somebody says that it took place, and when
	DueIn        DueStatus = "in"        // of a report: one of that sort is in the record
)

// Due is one day of the working calendar.
type Due struct {
	// UID is the day's own for good: a renewal moves the day and raises Sequence,
	// the number of decisions that have moved the clock since the first.
	UID      string    `json:"uid"`
	Sequence int       `json:"sequence"`
	Kind     DueKind   `json:"kind"`
	Day      date.Day  `json:"day"` // the last day, included
	Status   DueStatus `json:"status"`
	// Weekdays is, of a term in working days, the last day if official holidays
	// are counted as working days.
	Weekdays  *date.Day          `json:"day_counting_holidays,omitempty"`
	Regime    record.RegimeID    `json:"regime,omitempty"` // of a debate: the first that the draft touches, if it touches any
	Touches   []record.RegimeID  `json:"touches,omitempty"`
	Component record.ComponentID `json:"component,omitempty"`
	State     regime.Status      `json:"state,omitempty"` // of a sunset: where the component stands
	Final     bool               `json:"final_term,omitempty"`
	Title     string             `json:"title"` // a sentence
	// Symbol and Paragraph set the day; of a debate, Symbol is the vetoed draft
	// and Rule what binds the Assembly.
	Symbol       symbol.Symbol     `json:"symbol"`
	Paragraph    *string           `json:"paragraph"`
	Rule         *symbol.Paragraph `json:"rule,omitempty"`
	Sure         record.Sureness   `json:"sureness"` // of the day: the weakest of what it rests on
	Cites        []record.Cite     `json:"cites"`
	Assumption   string            `json:"assumption"` // what the day takes for granted
	Holidays     []DueHoliday      `json:"holidays,omitempty"`
	KnownThrough *date.Day         `json:"known_through"` // how far the chain is known; null for a debate
	Warning      string            `json:"warning,omitempty"`
	Claims       []record.Claim    `json:"claims,omitempty"` // where sources differ on the day
}

// DueHoliday is an official holiday that a count left out.
type DueHoliday struct {
	Day  date.Day    `json:"day"`
	Name string      `json:"name"`
	Cite record.Cite `json:"cite"`
}

// Concerns reports whether the day is one of the regime's.
func (d Due) Concerns(id record.RegimeID) bool {
	return d.Regime == id || slices.Contains(d.Touches, id)
}

// Calendar answers what falls due from one day to another, both included; a zero
// day leaves that end open. It is the calendar of the day asked about: a term
// that a renewal decided by then has replaced is not in it.
func (a *Archive) Calendar(ctx context.Context, at record.At, from, to date.Day) ([]Due, error) {
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return nil, fmt.Errorf("%w: a calendar from %s to %s ends before it begins", record.ErrInvalid, from, to)
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	w := s.world(at.KnownAt)
	out := []Due{}
	for _, id := range w.Regimes() {
		c, err := w.Regime(id)
		if err != nil {
			return nil, err
		}
		due, err := sunsets(c, at)
		if err != nil {
			return nil, err
		}
		due = slices.DeleteFunc(slices.Concat(due, reviews(w, c, at), reports(w, c, at)), func(d Due) bool { return !d.Day.Within(from, to) })
		number(due, w, c, at)
		out = append(out, due...)
	}
	for _, d := range w.council.Drafts() {
		if d.Resolution != "" || d.Date.After(at.AsOf) || d.Date.After(at.KnownAt) {
			continue
		}
		term, bound := calendar.Debate(d.Date)
		if !bound || !term.Day.Within(from, to) && !term.Weekdays.Within(from, to) {
			continue
		}
		if due, vetoed := debate(w, d, term, at); vetoed {
			out = append(out, due)
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		return cmp.Or(a.Day.Compare(b.Day), strings.Compare(string(a.Regime), string(b.Regime)))
	})
	return out, nil
}

// FailedThrough is the day of the newest draft in the record that was not
// adopted. Later vetoes, if there were any, are not in a calendar.
func (a *Archive) FailedThrough(ctx context.Context, at record.At) (date.Day, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return date.Day{}, err
	}
	var last date.Day
	c := s.world(at.KnownAt).council
	for _, d := range c.Drafts() {
		if !d.Date.After(at.KnownAt) && d.Date.After(last) && !c.OutcomeOf(d).Adopted {
			last = d.Date
		}
	}
	return last, nil
}

// sunsets are the last days of the terms that the components of a regime run on.
func sunsets(c *regime.Chain, at record.At) ([]Due, error) {
	var out []Due
	for _, k := range c.Components {
		s, err := c.On(at, k.ID)
		if err != nil {
			return nil, err
		}
		last, by := s.Until, s.ExtendedBy
		if s.Status == regime.Terminated {
			// Until is now the day before the end; the calendar knew the term's.
			before, err := c.On(record.At{AsOf: s.Since.AddDays(-1), KnownAt: at.KnownAt}, k.ID)
			if err != nil {
				return nil, err
			}
			last, by = before.Until, before.ExtendedBy
		}
		if last == nil || s.Status == regime.NotYet {
			continue
		}
		if by == nil {
			by = s.ImposedBy
		}
		d := Due{UID: fmt.Sprintf("sunset.%s.%s@article41", c.ID, k.ID), Kind: DueSunset, Day: *last, Status: sunsetStatus(s, *last, at),
			Regime: c.ID, Component: k.ID, State: s.Status, Final: s.Final, Sure: record.Unverified, Cites: []record.Cite{},
			Assumption: "Until a day includes that day, a calendar day at Headquarters in New York.", Claims: s.Conflicts}
		if by != nil {
			d.Symbol, d.Paragraph, d.Sure, d.Cites = by.Symbol, by.Paragraph, by.Sure.Sure, []record.Cite{by.Sure}
		}
		if s.Term != "" {
			d.Assumption += fmt.Sprintf(" The day is computed from the words “%s”: the same day of the month, or the month's last.", s.Term)
		}
		d.Title = sunsetTitle(c, k, s, d)
		d.coverage(c, at)
		out = append(out, d)
	}
	return out, nil
}

func sunsetStatus(s regime.State, last date.Day, at record.At) DueStatus {
	switch {
	case s.Status == regime.Terminated && !last.Before(*s.Since):
		return DueCancelled
	case s.Status == regime.Terminated || s.Status == regime.Lapsed:
		return DueEnded
	case last.Before(at.AsOf):
		return DueUnknown
	}
	return DueAhead
}

func sunsetTitle(c *regime.Chain, k record.Component, s regime.State, d Due) string {
	t := fmt.Sprintf("%s: %s until %s", short(c), k.Name, d.Day.Text())
	by := ""
	if s.Ended != nil && s.Ended.By != nil {
		by = " by " + s.Ended.By.Symbol.String()
	}
	switch {
	case d.Status == DueCancelled:
		return fmt.Sprintf("%s, but ended before that%s; last in force on %s.", t, by, s.Until.Text())
	case s.Status == regime.Terminated:
		return t + "; ended" + by + "."
	case d.Status == DueEnded:
		return t + "; lapsed."
	case d.Status == DueUnknown:
		return t + "; the term is past and no renewal is in the record: unknown, presumed in force."
	case s.Status == regime.Suspended:
		return t + ", that day included, unless renewed; suspended at present."
	case d.Final:
		return t + ", that day included; the text calls this the last term."
	}
	return t + ", that day included, unless renewed."
}

func short(c *regime.Chain) string {
	if c.Short != "" {
		return c.Short
	}
	return c.Name
}

// coverage says how far the chain is known, and warns where the day asked about
// lies beyond that.
func (d *Due) coverage(c *regime.Chain, at record.At) {
	through := c.Coverage(at)
	if through.IsZero() {
		d.Warning = "The record does not say how far it knows this chain."
		return
	}
	d.KnownThrough = &through
	switch {
	case d.Status == DueUnknown:
		d.Warning = fmt.Sprintf("The chain is known through %s only.", through.Text())
	case d.Status == DueAhead && through.Before(at.AsOf):
		d.Warning = fmt.Sprintf("The chain is known through %s only; a later decision may have moved this day.", through.Text())
	}
}

// number gives each sunset the number of decisions that moved its clock since the
// first.
func number(due []Due, w *world, c *regime.Chain, at record.At) {
	if len(due) == 0 {
		return
	}
	moved := map[record.ComponentID]int{}
	for _, k := range c.Decisions {
		on, counts := decided(w, k, at)
		if !counts {
			continue
		}
		for _, e := range k.Effects.Effects {
			switch e.Do {
			case record.Impose, record.Establish, record.Extend, record.Suspend, record.Revive, record.Terminate, record.End:
			default:
				continue
			}
			if from := cmp.Or(e.From, on); from.After(at.AsOf) || slices.ContainsFunc(e.AvertedBy, func(s symbol.Symbol) bool {
				o, err := w.council.Outcome(s)
				return err == nil && o.Adopted
			}) {
				continue
			}
			for _, id := range e.What {
				moved[id]++
			}
		}
	}
	for i := range due {
		if due[i].Kind == DueSunset {
			due[i].Sequence = max(moved[due[i].Component]-1, 0)
		}
	}
}

// decided is the day of a decision and whether it counts by then: the Council
// adopted it, or it is no vote of the Council and the record dates it.
func decided(w *world, k regime.Decision, at record.At) (date.Day, bool) {
	on, counts := k.On, true
	if d, err := w.council.Draft(k.Decision); err == nil {
		on = d.Date
		counts = w.council.OutcomeOf(d).Adopted
	}
	return on, counts && !on.After(at.AsOf) && !on.After(at.KnownAt) && !k.Known.After(at.KnownAt)
}

// reviews are the days by which adopted decisions promise to look again.
func reviews(w *world, c *regime.Chain, at record.At) []Due {
	var out []Due
	for _, k := range c.Decisions {
		on, counts := decided(w, k, at)
		if !counts {
			continue
		}
		for _, e := range k.Effects.Effects {
			if e.Do != record.Review || e.Until.IsZero() && e.Term == "" || len(e.What) == 0 {
				continue
			}
			d := Due{UID: fmt.Sprintf("review.%s.%s.%s@article41", c.ID, string(k.Decision), e.What[0]), Kind: DueReview, Day: e.Until, Status: DueAhead,
				Regime: c.ID, Component: e.What[0], Symbol: k.Decision, Sure: e.Cite.Sure, Cites: []record.Cite{e.Cite},
				Assumption: "A review clause promises a look; nothing ends by it."}
			if e.Paragraph != "" {
				d.Paragraph = &e.Paragraph
			}
			if d.Day.IsZero() {
				n, err := regime.Months(e.Term)
				if err != nil {
					continue // refused by the linter; see source/curated
				}
				d.Day = on.AddMonths(n)
				d.Assumption += fmt.Sprintf(" The day is computed from the words “%s”.", e.Term)
			}
			d.Title = fmt.Sprintf("%s: review due by %s under %s", short(c), d.Day.Text(), symbol.Paragraph{Doc: k.Decision, Para: e.Paragraph})
			if d.Day.Before(at.AsOf) {
				d.Status = DueUnknown
				d.Title += "; whether it took place is not in the record"
			}
			d.Title += "."
			d.coverage(c, at)
			out = append(out, d)
		}
	}
	return out
}
