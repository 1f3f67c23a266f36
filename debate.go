package article41

import (
	"fmt"
	"slices"
	"strings"

	"article41/calendar"
	"article41/council"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// aboutDebate is how the record's claims name the day of the Assembly's debate.
const aboutDebate = "assembly-debate"

// debate is the Assembly's debate on a draft that was vetoed in the strict sense:
// A/RES/76/262 speaks of the casting of a veto, and a permanent member's no to a
// draft that had too few votes anyway is none.
func debate(w *world, d *council.Draft, term calendar.Deadline, at record.At) (Due, bool) {
	o := w.council.OutcomeOf(d)
	said := !o.Known && d.Recorded == record.FateVeto
	if !o.IsVeto() && !said {
		return Due{}, false
	}
	due := Due{UID: fmt.Sprintf("%s.%s@article41", DueDebate, d.ID.Path()), Kind: DueDebate, Day: term.Day, Weekdays: &term.Weekdays,
		Touches: w.Touched(d.ID), Symbol: d.ID, Rule: &symbol.Paragraph{Doc: "A/RES/76/262", Para: "1"}, Cites: append([]record.Cite{}, d.Cites...),
		Sure: record.Unverified, Assumption: term.Assumption() + " " + calendar.DebateUnless, Claims: debateClaims(w, d, at)}
	if term.Sure() && slices.ContainsFunc(d.Cites, func(c record.Cite) bool { return c.Sure == record.Verified }) {
		due.Sure = record.Verified
	}
	by := o.VetoedBy
	if said {
		due.Sure, by = record.Unverified, o.PermanentNo
		due.Assumption += " The record holds no tally of this vote: that it was a veto is what a source says, not what Article 27 gives."
	}
	if len(due.Touches) > 0 {
		due.Regime = due.Touches[0]
	}
	for _, h := range term.Holidays {
		sure := record.Unverified
		if h.Verified {
			sure = record.Verified
		}
		due.Holidays = append(due.Holidays, DueHoliday{h.Day, h.Name, record.Cite{Source: h.Source, Place: h.Place, Sure: sure, Note: h.Note}})
	}
	due.Title = "General Assembly: debate on the veto of " + d.ID.String()
	if len(by) > 0 {
		due.Title += " by " + council.Names(by)
	}
	if d.Agenda != "" {
		due.Title += " (" + d.Agenda + ")"
	}
	due.Title += " due by " + term.Day.Text()
	due.Status = DueAhead
	if held := heldOn(due.Claims, at.AsOf); held != "" {
		due.Status = DueHeld
		due.Title += "; held " + held
	} else if term.Day.Before(at.AsOf) {
		due.Status = DueUnknown
		due.Title += "; whether it was held is not in the record"
	}
	due.Title += "."
	return due, true
}

// debateClaims are what speakers say of the debate's day, as far as it could be
// known: a claim that gives a day was made on that day at the earliest.
func debateClaims(w *world, d *council.Draft, at record.At) []record.Claim {
	all := slices.Clone(d.Claims)
	for _, id := range w.Touched(d.ID) {
		c, err := w.Regime(id)
		if err != nil {
			continue
		}
		for _, k := range c.Decisions {
			if k.Decision == d.ID && !k.Known.After(at.KnownAt) {
				all = append(all, k.Claims...)
			}
		}
	}
	return slices.DeleteFunc(all, func(c record.Claim) bool {
		said, _ := date.ParseDay(c.Says) // zero where it is no day
		return c.About != aboutDebate || c.On.After(at.KnownAt) || said.After(at.KnownAt)
	})
}

// heldOn is the days of the claims in words, with their speakers.
func heldOn(claims []record.Claim, asOf date.Day) string {
	var days []date.Day
	var parts []string
	for _, c := range claims {
		on, err := date.ParseDay(c.Says)
		if err != nil || on.After(asOf) {
			continue
		}
		parts = append(parts, fmt.Sprintf("on %s (%s)", on.Text(), c.Speaker))
		if !slices.Contains(days, on) {
			days = append(days, on)
		}
	}
	if len(days) > 1 {
		return strings.Join(parts, ", or ") + ": the sources differ"
	}
	return strings.Join(parts, ", ")
}
