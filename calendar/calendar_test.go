package calendar

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"article41/date"
)

func TestDebate(t *testing.T) {
	for _, c := range []struct {
		why, veto, with, without string
		due, sure                bool
	}{
		{"Mali: Labor Day of 4 September 2023 lies between", "2023-08-30", "2023-09-14", "2023-09-13", true, true},
		{"the DPRK panel: Good Friday and Eid al-Fitr", "2024-03-28", "2024-04-15", "2024-04-11", true, true},
		{"no holiday between: both counts are one", "2024-02-20", "2024-03-05", "2024-03-05", true, true},
		{"a movable holiday that was not read", "2025-06-04", "2025-06-19", "2025-06-18", true, false},
		{"cast on a Friday", "2022-07-08", "2022-07-25", "2022-07-22", true, false},
		{"the first under the resolution: debated on 8 June 2022", "2022-05-26", "2022-06-10", "2022-06-09", true, false},
		{"the day of the resolution itself", "2022-04-26", "2022-05-11", "2022-05-10", true, false},
		{"the day before it", "2022-04-25", "", "", false, false},
		{"a veto of 2018", "2018-02-26", "", "", false, false},
		{"the end of the term lies past the table", "2027-12-27", "2028-01-10", "2028-01-10", true, false},
	} {
		d, due := Debate(date.MustDay(c.veto))
		if due != c.due || d.Day.String() != c.with || d.Weekdays.String() != c.without || d.Sure() != c.sure {
			t.Errorf("%s: veto of %s: due %v by %s, %s without holidays, sure %v; want %v, %s, %s, %v",
				c.why, c.veto, due, d.Day, d.Weekdays, d.Sure(), c.due, c.with, c.without, c.sure)
		}
	}
}

func TestAssumption(t *testing.T) {
	for _, c := range []struct{ why, from, want string }{
		{"a holiday that was read", "2023-08-30", "10 working days, counted from the day after 30 August 2023: Monday to Friday, without the official holidays at Headquarters in New York (Labor Day, 4 September 2023). With the holidays counted as working days it would be 13 September 2023."},
		{"one that was not", "2025-06-04", "(Eid al-Adha, 6 June 2025 (unverified, perhaps a day off))"},
		{"none", "2024-02-20", "no official holiday at Headquarters in New York falls within them"},
		{"past the table", "2031-01-01", "official holidays are known for 2022 to 2027 only"},
	} {
		if got := Due(date.MustDay(c.from), 10).Assumption(); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.why, got)
		}
	}
}

// The two days that sources give for the Assembly's debate on the Mali veto, in
// working days (domain brief 1.11 for the 11th).
func TestBetween(t *testing.T) {
	for _, c := range []struct {
		why, from, to  string
		with, weekdays int
	}{
		{"to 11 September 2023", "2023-08-30", "2023-09-11", 7, 8},
		{"to 8 September 2023", "2023-08-30", "2023-09-08", 6, 7},
		{"over a weekend only", "2023-09-08", "2023-09-11", 1, 1},
		{"backwards", "2023-09-11", "2023-08-30", -7, -8},
		{"the same day", "2023-09-04", "2023-09-04", 0, 0},
	} {
		from, to := date.MustDay(c.from), date.MustDay(c.to)
		if w, d := Between(from, to, WithHolidays), Between(from, to, Weekdays); w != c.with || d != c.weekdays {
			t.Errorf("%s: %d and %d, want %d and %d", c.why, w, d, c.with, c.weekdays)
		}
	}
}

func TestWorking(t *testing.T) {
	for d, want := range map[string]bool{
		"2023-09-01": true, "2023-09-02": false, "2023-09-03": false, "2023-09-04": false, "2023-09-05": true,
		"2026-07-03": false, "2026-07-06": true, // 4 July 2026 is a Saturday
		"2024-02-19": true, // Presidents' Day floats: Headquarters is open
		"2024-06-19": true, // so does Juneteenth
		"2019-12-25": true, // the table does not cover 2019
	} {
		if got := Working(date.MustDay(d)); got != want {
			t.Errorf("%s: working %v, want %v", d, got, want)
		}
	}
}

// TestTable holds holidays.csv to what the law of the calendar says of it.
func TestTable(t *testing.T) {
	first, last := Covered()
	if first.String() != "2022-01-01" || last.Year() < 2027 {
		t.Errorf("covered from %s to %s, want 2022 to 2027 at least", first, last)
	}
	for y := first.Year(); y <= last.Year(); y++ {
		from, _ := date.New(y, time.January, 1)
		to, _ := date.New(y, time.December, 31)
		of := map[string]date.Day{}
		for _, h := range Holidays(from, to) {
			of[h.Name] = h.Day
			if !h.For.IsZero() && (h.Day.Sub(h.For) > 2 || h.For.Sub(h.Day) > 1) {
				t.Errorf("%s is far from %s", h, h.For)
			}
		}
		if len(of) != 9 {
			t.Errorf("%d has %d holidays, want the nine of each year: %v", y, len(of), of)
		}
		for name, want := range map[string]date.Day{
			"Good Friday":      easter(y).AddDays(-2),
			"Memorial Day":     nth(y, time.May, time.Monday, -1),
			"Labor Day":        nth(y, time.September, time.Monday, 1),
			"Thanksgiving Day": nth(y, time.November, time.Thursday, 4),
		} {
			if of[name] != want {
				t.Errorf("%s of %d is %s, want %s", name, y, of[name], want)
			}
		}
		for name, fixed := range map[string]date.Day{"New Year's Day": from, "Independence Day": day(y, 7, 4), "Christmas Day": day(y, 12, 25)} {
			if h, ok := HolidayOn(of[name]); !ok || h.For.IsZero() && h.Day != fixed || !h.For.IsZero() && h.For != fixed {
				t.Errorf("%s of %d stands on %s for %q, want %s", name, y, h.Day, h.For, fixed)
			}
		}
		// The arithmetical calendar of Islam is at most a day off the moon, and a
		// weekend at most two.
		for _, h := range Holidays(from, to) {
			if !h.Movable {
				continue
			}
			near := false
			for _, m := range moons(y) {
				near = near || m.name == h.Name && abs(m.day.Sub(h.Day)) <= 2
			}
			if !near {
				t.Errorf("%s is not near the month's own day %v", h, moons(y))
			}
		}
	}
}

func day(y, m, d int) date.Day {
	v, err := date.New(y, time.Month(m), d)
	if err != nil {
		panic(err)
	}
	return v
}

// nth is the nth weekday of a month, the last for -1.
func nth(y int, m time.Month, w time.Weekday, n int) date.Day {
	if n < 0 {
		d := day(y, int(m), 1).AddMonths(1).AddDays(-1)
		for d.Weekday() != w {
			d = d.AddDays(-1)
		}
		return d
	}
	d := day(y, int(m), 1)
	for d.Weekday() != w {
		d = d.Next()
	}
	return d.AddDays(7 * (n - 1))
}

// easter is Easter Sunday by the anonymous Gregorian rule.
func easter(y int) date.Day {
	a, b, c := y%19, y/100, y%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	n := h + l - 7*((a+11*h+22*l)/451) + 114
	return day(y, n/31, n%31+1)
}

type moon struct {
	name string
	day  date.Day
}

// moons are the two feasts of a year by the tabular calendar: 1 Shawwal and 10
// Dhu al-Hijja.
func moons(year int) []moon {
	epoch := date.MustDay("0622-07-19") // 1 Muharram of the year 1
	var out []moon
	for h := (year-622)*33/32 - 1; h <= (year-622)*33/32+2; h++ {
		start := epoch.AddDays((h-1)*354 + (3+11*h)/30)
		for _, m := range []moon{{"Eid al-Fitr", start.AddDays(266)}, {"Eid al-Adha", start.AddDays(325 + 9)}} {
			if m.day.Year() == year {
				out = append(out, m)
			}
		}
	}
	return out
}

func abs(n int) int { return max(n, -n) }

func TestBadTables(t *testing.T) {
	const top = "day,kept_for,name,movable,sureness,source,place,note\n"
	for _, c := range []struct{ why, rows, want string }{
		{"no rows", "", "and a row"},
		{"a Saturday", "2023-09-02,,X,no,verified,s,,\n", "holidays.csv:2: 2023-09-02 is a Saturday"},
		{"out of order", "2023-09-04,,X,no,verified,s,,\n2023-09-04,,Y,no,verified,s,,\n", "holidays.csv:3: 2023-09-04 does not come after"},
		{"verified from memory", "2023-09-04,,X,no,verified,memory,,\n", "is not verified"},
		{"no such sureness", "2023-09-04,,X,no,sure,s,,\n", `sureness "sure"`},
		{"no such day", "2023-02-30,,X,no,verified,s,,\n", "holidays.csv:2: day"},
		{"another day for a working day", "2023-09-04,2023-09-05,X,no,verified,s,,\n", "is a Tuesday"},
		{"neither fixed nor movable", "2023-09-04,,X,,verified,s,,\n", `movable ""`},
		{"no source", "2023-09-04,,X,no,verified,,,\n", "no name or no source"},
	} {
		if _, err := read(top + c.rows); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.why, err, c.want)
		}
	}
}

func days(t *rapid.T, label string) date.Day {
	return date.MustDay("2021-06-01").AddDays(rapid.IntRange(0, 2800).Draw(t, label))
}

// TestAddWorkingMoves: a later start or a longer term never ends earlier, what
// was added can be counted back, and the result is a working day.
func TestAddWorkingMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := days(t, "from"), rapid.IntRange(1, 40).Draw(t, "n")
		for _, by := range []Count{WithHolidays, Weekdays} {
			to := AddWorking(from, n, by)
			if !by.counts(to) {
				t.Fatalf("%s + %d is %s: no working day", from, n, to)
			}
			if got := Between(from, to, by); got != n {
				t.Fatalf("from %s to %s are %d days, want %d", from, to, got, n)
			}
			if later := AddWorking(from.Next(), n, by); later.Before(to) {
				t.Fatalf("a day later it ends earlier: %s, %s", later, to)
			}
			if longer := AddWorking(from, n+1, by); !longer.After(to) {
				t.Fatalf("a day longer it ends no later: %s, %s", longer, to)
			}
			if back := AddWorking(to, -n, by); by.counts(from) && back != from {
				t.Fatalf("%s back from %s is %s", from, to, back)
			}
		}
		if AddWorking(from, n, WithHolidays).Before(AddWorking(from, n, Weekdays)) {
			t.Fatal("holidays shorten the term")
		}
	})
}

// TestBetweenAdds: counts of two stretches add up, holidays are what the two
// counts differ by.
func TestBetweenAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := days(t, "a"), days(t, "b"), days(t, "c")
		for _, by := range []Count{WithHolidays, Weekdays} {
			if Between(a, b, by)+Between(b, c, by) != Between(a, c, by) {
				t.Fatalf("%s, %s and %s do not add up", a, b, c)
			}
		}
		if a.Before(b) && Between(a, b, Weekdays)-Between(a, b, WithHolidays) != len(Holidays(a.Next(), b)) {
			t.Fatalf("between %s and %s the counts do not differ by the holidays", a, b)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(holidaysCSV)
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := read(text)
		if err == nil && (len(tab.days) == 0 || tab.last.Before(tab.first)) {
			t.Errorf("%q was read and covers nothing", text)
		}
	})
}
