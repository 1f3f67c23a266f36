package web

import (
	"fmt"
	"strings"

	"article41"
	"article41/calendar"
	"article41/date"
	"article41/record"
)

// month is one month as a wall calendar shows it: weeks from Monday to Sunday.
type month struct {
	Name                  string
	Before, After         string // the months beside it, as "2026-10"
	BeforeName, AfterName string
	Weeks                 [][7]monthDay
	Due                   []article41.Due
}

// monthDay is one square; a zero Day is outside the month.
type monthDay struct {
	Day  date.Day
	Off  string // why it is no working day: "weekend", or the holiday's name
	AsOf bool
	Due  []article41.Due
}

// monthOf lays the days of a month out. It knows the official holidays at
// Headquarters of the years that the table of package calendar covers.
func monthOf(first, asOf date.Day, due []article41.Due) month {
	m := month{Name: monthName(first), Before: yearMonth(first.AddMonths(-1)), After: yearMonth(first.AddMonths(1))}
	m.BeforeName, m.AfterName = monthName(first.AddMonths(-1)), monthName(first.AddMonths(1))
	week, last := [7]monthDay{}, first.AddMonths(1)
	for d := first; d.Before(last); d = d.AddDays(1) {
		i := (int(d.Weekday()) + 6) % 7
		x := monthDay{Day: d, AsOf: d == asOf}
		if h, ok := calendar.HolidayOn(d); ok {
			x.Off = h.Name
		} else if i > 4 {
			x.Off = "weekend"
		}
		for _, one := range due {
			if one.Day == d {
				x.Due = append(x.Due, one)
				m.Due = append(m.Due, one)
			}
		}
		week[i] = x
		if i == 6 || !d.AddDays(1).Before(last) {
			m.Weeks = append(m.Weeks, week)
			week = [7]monthDay{}
		}
	}
	return m
}

func monthName(d date.Day) string { return fmt.Sprintf("%s %d", d.Month(), d.Year()) }

func yearMonth(d date.Day) string { return d.String()[:7] }

// monthAsked is the first day of the month in the address, such as 2026-11; else
// that of the day asked about.
func monthAsked(a *ask) (date.Day, error) {
	text := a.form.Get("month")
	if text == "" {
		text = yearMonth(a.At.AsOf)
	}
	d, err := date.ParseDay(text + "-01")
	if err != nil || len(text) != 7 {
		return d, fmt.Errorf("%w: month: %q is no month: write it as 2026-11", record.ErrInvalid, clip(text))
	}
	return d, nil
}

// dueShort is a day's matter in as few words as a square holds: what stands before
// its day in the sentence.
func dueShort(d article41.Due) string {
	t := d.Title
	for _, end := range []string{" until ", " due by ", " by "} {
		if head, _, ok := strings.Cut(t, end); ok {
			t = head
		}
	}
	return shortened(t, 44)
}

// dueID is where a day's matter stands on the page.
func dueID(d article41.Due) string {
	return "due-" + strings.ReplaceAll(strings.TrimSuffix(d.UID, "@article41"), " ", "-")
}
