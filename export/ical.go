package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"article41"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Calendar is how a calendar is to be printed.
type Calendar struct {
	Name  string    // as a calendar program shows it
	Stamp time.Time // when it was made
	// Alarms are reminders, in days before the day, at nine in the morning where
	// the reader is. Only what is still ahead has any.
	Alarms []int
	// Link is the page of a day; without it the document's address at the United
	// Nations is given.
	Link func(article41.Due) string
}

// WriteCalendar prints days as an iCalendar (RFC 5545, with the calendar's name
// and refresh interval of RFC 7986). Each is an event of a whole day. Its UID is
// the day's own for good and its SEQUENCE rises as decisions move it, so that a
// program which reads the calendar again moves the event and adds no second one.
// TENTATIVE is what is unverified or not known; CANCELLED what ended before its
// term.
func WriteCalendar(w io.Writer, days []article41.Due, c Calendar) error {
	cal := ics.NewCalendar()
	cal.SetProductId("-//article41//working calendar//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetCalscale("GREGORIAN")
	cal.SetName(c.Name)
	cal.SetRefreshInterval("P1D") // the library's name of it holds VALUE=DURATION
	cal.SetXPublishedTTL("P1D")
	for _, d := range days {
		e := cal.AddEvent(d.UID)
		e.SetDtStampTime(c.Stamp)
		day := ics.WithValue(string(ics.ValueDataTypeDate))
		e.SetProperty(ics.ComponentPropertyDtStart, basic(d.Day), day)
		e.SetProperty(ics.ComponentPropertyDtEnd, basic(d.Day.Next()), day) // the first day after it
		e.SetSequence(d.Sequence)
		e.SetStatus(status(d))
		e.SetSummary(strings.TrimSuffix(d.Title, "."))
		e.SetDescription(description(d))
		if link := c.link(d); link != "" {
			e.SetURL(link)
		}
		e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy because of it
		e.AddCategory(string(d.Kind))
		if d.Regime != "" {
			e.AddCategory(string(d.Regime))
		}
		if d.Status != article41.DueAhead {
			continue
		}
		for _, n := range c.Alarms {
			if n < 1 {
				return fmt.Errorf("%w: an alarm %d days before: want 1 or more", record.ErrInvalid, n)
			}
			a := e.AddAlarm()
			a.SetAction(ics.ActionDisplay)
			a.SetTrigger(fmt.Sprintf("-P%dDT15H", n-1)) // nine o'clock is fifteen hours before midnight
			a.SetDescription(strings.TrimSuffix(d.Title, "."))
		}
	}
	// The library passes over what a writer says, so it writes into memory.
	_, err := io.WriteString(w, cal.Serialize(ics.WithNewLine("\r\n")))
	return err
}

// basic is a day as iCalendar writes it.
func basic(d date.Day) string { return strings.ReplaceAll(d.String(), "-", "") }

func status(d article41.Due) ics.ObjectStatus {
	switch {
	case d.Status == article41.DueCancelled:
		return ics.ObjectStatusCancelled
	case d.Status == article41.DueUnknown || d.Sure != record.Verified:
		return ics.ObjectStatusTentative
	}
	return ics.ObjectStatusConfirmed
}

func (c Calendar) link(d article41.Due) string {
	if c.Link != nil {
		return c.Link(d)
	}
	s := string(d.Symbol)
	// A text that was only read out has no symbol; its meeting record has one.
	if rest, ok := strings.CutPrefix(s, "S/PV."); ok {
		meeting, _, _ := strings.Cut(rest, "/")
		return symbol.Symbol("S/PV." + meeting).Link()
	}
	return d.Symbol.Link()
}

// description is all that is said of a day, in lines.
func description(d article41.Due) string {
	lines := []string{d.Title}
	by := symbol.Paragraph{Doc: d.Symbol}
	if d.Paragraph != nil {
		by.Para = *d.Paragraph
	}
	set := fmt.Sprintf("Set by %s (%s).", by, d.Sure)
	if d.Rule != nil {
		set = fmt.Sprintf("Set by %s for the veto of %s (%s).", d.Rule, by, d.Sure)
	}
	lines = append(lines, set, d.Assumption)
	if d.Warning != "" {
		lines = append(lines, d.Warning)
	}
	for _, c := range d.Claims {
		who := c.Speaker
		if c.Symbol != "" {
			who += ", " + c.Symbol
		}
		lines = append(lines, fmt.Sprintf("%s: %s: %s (%s, %s).", who, c.About, c.Says, c.Source, c.Sure))
	}
	return strings.Join(append(lines, "From article41, which is not affiliated with the United Nations."), "\n")
}
