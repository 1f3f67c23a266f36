// Package date answers questions about legal days.
//
// A [Day] is a calendar day at United Nations Headquarters in New York; an
// instant is UTC and becomes a day only through [DayOf]. "Until D" includes D.
// An [About] is a date as a source gives it, with its precision: a year stays a
// year. The package knows no working days (see package calendar) and no clock.
//
//	d, _ := date.ParseDay("2017-09-05")
//	d.AddMonths(12).String() // "2018-09-05"
package date

import (
	"fmt"
	"time"
	_ "time/tzdata" // the legal day must not depend on the machine's zone files
)

// Day is a civil day. The zero Day means "no day": unknown or open-ended, as
// the field says.
type Day struct {
	year  int16
	month uint8
	day   uint8
}

// New returns the day, which must exist in the calendar.
func New(year int, month time.Month, day int) (Day, error) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || t.Month() != month || t.Day() != day {
		return Day{}, fmt.Errorf("no such day: %04d-%02d-%02d", year, int(month), day)
	}
	return Day{int16(year), uint8(month), uint8(day)}, nil
}

// ParseDay reads YYYY-MM-DD and nothing else.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return Day{}, fmt.Errorf("day %q: want YYYY-MM-DD, such as 2023-08-31", s)
	}
	return of(t), nil
}

// MustDay is ParseDay for constants in tests and tables.
func MustDay(s string) Day {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func of(t time.Time) Day { return Day{int16(t.Year()), uint8(t.Month()), uint8(t.Day())} }

var newYork = mustZone("America/New_York")

func mustZone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return l
}

// DayOf is the legal day at Headquarters on which the instant falls.
func DayOf(t time.Time) Day { return of(t.In(newYork)) }

// At is the instant of the given New York clock time on the day.
func (d Day) At(hour, minute int) time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), hour, minute, 0, 0, newYork).UTC()
}

func (d Day) time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// IsZero reports whether the day is unknown or open-ended.
func (d Day) IsZero() bool { return d == Day{} }

func (d Day) Year() int             { return int(d.year) }
func (d Day) Month() time.Month     { return time.Month(d.month) }
func (d Day) Day() int              { return int(d.day) }
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }
func (d Day) AddDays(n int) Day     { return of(d.time().AddDate(0, 0, n)) }
func (d Day) Next() Day             { return d.AddDays(1) }
func (d Day) Sub(e Day) int         { return int(d.time().Sub(e.time()) / (24 * time.Hour)) }
func (d Day) ordinal() int          { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }
func (d Day) Before(e Day) bool     { return d.ordinal() < e.ordinal() }
func (d Day) After(e Day) bool      { return d.ordinal() > e.ordinal() }
func (d Day) Compare(e Day) int     { return d.ordinal() - e.ordinal() }

// AddMonths is the one way this house computes "for N months from D": the same
// day number N months on, or the month's last day where that number does not
// exist. The result is the last day in force, because "until D" includes D.
// Pinned: 2017-09-05 + 12 is 2018-09-05; 2025-10-17 + 13 is 2026-11-17.
func (d Day) AddMonths(n int) Day {
	m := int(d.month) - 1 + n
	y := int(d.year) + m/12
	m %= 12
	if m < 0 {
		m, y = m+12, y-1
	}
	last := time.Date(y, time.Month(m+2), 0, 0, 0, 0, 0, time.UTC).Day()
	return Day{int16(y), uint8(m + 1), uint8(min(int(d.day), last))}
}

// Within reports whether the day lies in [from, until]; a zero bound is open.
func (d Day) Within(from, until Day) bool {
	return (from.IsZero() || !d.Before(from)) && (until.IsZero() || !d.After(until))
}

// Min is the earlier of two days; a zero day counts as never.
func Min(a, b Day) Day {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Max is the later of two days; a zero day counts as none.
func Max(a, b Day) Day {
	if b.After(a) {
		return b
	}
	return a
}

// String is ISO 8601, or "" for the zero day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Text is the day in words: "31 August 2023".
func (d Day) Text() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.day, time.Month(d.month), d.year)
}

func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Day{}
		return nil
	}
	v, err := ParseDay(string(b))
	*d = v
	return err
}
