package calendar

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"article41/date"
)

//go:embed holidays.csv
var holidaysCSV string

// Holiday is a day on which Headquarters is closed.
type Holiday struct {
	Day      date.Day // on which it is kept
	For      date.Day // the feast's own day, where that is no working day; else zero
	Name     string
	Movable  bool // set anew each year, by the moon
	Verified bool // the day was read in the source; else it is from general knowledge
	Source   string
	Place    string
	Note     string
}

// String is the holiday in words: "Labor Day, 4 September 2023".
func (h Holiday) String() string { return h.Name + ", " + h.Day.Text() }

type table struct {
	days  []Holiday // by day
	first date.Day  // what the table covers: whole years
	last  date.Day
}

// The table is packed in the binary and held by tests, so a fault in it is a
// fault of the program.
var loaded = sync.OnceValue(func() table {
	t, err := read(holidaysCSV)
	if err != nil {
		panic(err)
	}
	return t
})

var head = []string{"day", "kept_for", "name", "movable", "sureness", "source", "place", "note"}

func read(text string) (table, error) {
	var t table
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return t, fmt.Errorf("holidays.csv: %w", err)
	}
	if len(rows) < 2 || !slices.Equal(rows[0], head) {
		return t, fmt.Errorf("holidays.csv: want the columns %s, and a row", strings.Join(head, ","))
	}
	for i, r := range rows[1:] {
		h, err := holiday(r)
		if err != nil {
			return t, fmt.Errorf("holidays.csv:%d: %w", i+2, err)
		}
		if n := len(t.days); n > 0 && !t.days[n-1].Day.Before(h.Day) {
			return t, fmt.Errorf("holidays.csv:%d: %s does not come after %s", i+2, h.Day, t.days[n-1].Day)
		}
		t.days = append(t.days, h)
	}
	first, last := t.days[0].Day.Year(), t.days[len(t.days)-1].Day.Year()
	if t.first, err = date.New(first, 1, 1); err != nil {
		return t, err
	}
	t.last, err = date.New(last, 12, 31)
	return t, err
}

func holiday(r []string) (Holiday, error) {
	h := Holiday{Name: r[2], Movable: r[3] == "yes", Verified: r[4] == "verified", Source: r[5], Place: r[6], Note: r[7]}
	var err error
	if h.Day, err = date.ParseDay(r[0]); err != nil {
		return h, err
	}
	if err = h.For.UnmarshalText([]byte(r[1])); err != nil {
		return h, err
	}
	switch {
	case !weekday(h.Day):
		return h, fmt.Errorf("%s is a %s: nothing closes on it", h.Day, h.Day.Weekday())
	case !h.For.IsZero() && weekday(h.For):
		return h, fmt.Errorf("%s is a %s: no other day is taken for it", h.For, h.For.Weekday())
	case h.Name == "" || h.Source == "":
		return h, fmt.Errorf("%s has no name or no source", h.Day)
	case r[3] != "yes" && r[3] != "no":
		return h, fmt.Errorf("%s: movable %q: want yes or no", h.Day, r[3])
	case r[4] != "verified" && r[4] != "unverified":
		return h, fmt.Errorf("%s: sureness %q: want verified or unverified", h.Day, r[4])
	case h.Verified && h.Source == "memory":
		return h, fmt.Errorf("%s: what is stated from memory is not verified", h.Day)
	}
	return h, nil
}

// Covered are the first and the last day for which the table knows the holidays.
func Covered() (first, last date.Day) {
	t := loaded()
	return t.first, t.last
}

// Holidays are the holidays from one day to another, both included.
func Holidays(from, to date.Day) []Holiday {
	t := loaded()
	compare := func(h Holiday, d date.Day) int { return h.Day.Compare(d) }
	i, _ := slices.BinarySearchFunc(t.days, from, compare)
	j, _ := slices.BinarySearchFunc(t.days, to.Next(), compare)
	if i >= j {
		return nil
	}
	return slices.Clone(t.days[i:j])
}

// HolidayOn is the holiday kept on the day.
func HolidayOn(d date.Day) (Holiday, bool) {
	t := loaded()
	i, ok := slices.BinarySearchFunc(t.days, d, func(h Holiday, d date.Day) int { return h.Day.Compare(d) })
	if !ok {
		return Holiday{}, false
	}
	return t.days[i], true
}
