package calendar

import (
	"time"

	"article41/date"
)

// Count says which days count as working days.
type Count int

const (
	// WithHolidays are the days from Monday to Friday without the official holidays.
	WithHolidays Count = iota
	// Weekdays are the days from Monday to Friday, holidays or not: what is left
	// where one does not want to rest on the table of holidays.
	Weekdays
)

func weekday(d date.Day) bool {
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Working reports whether Headquarters works on the day. Outside the years that
// the table covers only weekends are known.
func Working(d date.Day) bool { return WithHolidays.counts(d) }

func (c Count) counts(d date.Day) bool {
	if !weekday(d) {
		return false
	}
	if c == Weekdays {
		return true
	}
	_, closed := HolidayOn(d)
	return !closed
}

// AddWorking is the nth working day after the day, which itself does not count;
// with a negative n the nth before it. Zero is the day itself, working or not.
func AddWorking(from date.Day, n int, by Count) date.Day {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for d := from; ; {
		if n == 0 {
			return d
		}
		if d = d.AddDays(step); by.counts(d) {
			n--
		}
	}
}

// Between counts the working days after the first day up to and with the second;
// negative where the second comes first.
func Between(from, to date.Day, by Count) int {
	if to.Before(from) {
		return -Between(to, from, by)
	}
	n := 0
	for d := from; d.Before(to); {
		if d = d.Next(); by.counts(d) {
			n++
		}
	}
	return n
}
