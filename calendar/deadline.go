package calendar

import (
	"fmt"
	"strings"

	"article41/date"
)

// Deadline is the last day of a term of working days, counted both ways.
type Deadline struct {
	From        date.Day  // the day of the event, which does not count
	WorkingDays int       // the term
	Day         date.Day  // the last day, holidays left out
	Weekdays    date.Day  // the last day if only weekends are left out
	Holidays    []Holiday // those that the count left out
	Covered     bool      // the table of holidays covers the whole term
}

// Due counts the term from the day after the event.
func Due(from date.Day, workingDays int) Deadline {
	d := Deadline{From: from, WorkingDays: workingDays,
		Day: AddWorking(from, workingDays, WithHolidays), Weekdays: AddWorking(from, workingDays, Weekdays)}
	d.Holidays = Holidays(from.Next(), d.Day)
	first, last := Covered()
	d.Covered = d.Day.Within(first, last) && from.Within(first, last)
	return d
}

// Sure reports whether the count rests on nothing unverified: the table covers
// the term, and each holiday that it left out was read in a source.
func (d Deadline) Sure() bool {
	for _, h := range d.Holidays {
		if !h.Verified {
			return false
		}
	}
	return d.Covered
}

// Assumption is what the count takes for granted, in words.
func (d Deadline) Assumption() string {
	s := fmt.Sprintf("%d working days, counted from the day after %s: Monday to Friday", d.WorkingDays, d.From.Text())
	first, last := Covered()
	switch {
	case !d.Covered:
		return s + fmt.Sprintf("; official holidays are known for %d to %d only, so none or not all are left out.", first.Year(), last.Year())
	case len(d.Holidays) == 0:
		return s + "; no official holiday at Headquarters in New York falls within them, as far as the table of holidays knows."
	}
	names := make([]string, len(d.Holidays))
	for i, h := range d.Holidays {
		names[i] = h.String()
		switch {
		case h.Verified:
		case h.Movable:
			names[i] += " (unverified, perhaps a day off)"
		default:
			names[i] += " (unverified)"
		}
	}
	list := strings.Join(names, "; ")
	return s + fmt.Sprintf(", without the official holidays at Headquarters in New York (%s). With the holidays counted as working days it would be %s.", list, d.Weekdays.Text())
}
