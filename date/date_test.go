package date_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"article41/date"
)

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		why, from string
		months    int
		want      string
	}{
		{"one year from the adoption of S/RES/2374", "2017-09-05", 12, "2018-09-05"},
		{"thirteen months for its panel", "2017-09-05", 13, "2018-10-05"},
		{"S/RES/2794, the panel", "2025-10-17", 13, "2026-11-17"},
		{"a month without that day ends on its last", "2024-01-31", 1, "2024-02-29"},
		{"and in a common year", "2023-01-31", 1, "2023-02-28"},
		{"a leap day plus a year", "2024-02-29", 12, "2025-02-28"},
		{"over the turn of a year", "2023-12-15", 2, "2024-02-15"},
		{"backwards", "2024-01-15", -2, "2023-11-15"},
	} {
		if got := date.MustDay(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s: %s + %d = %s, want %s", c.why, c.from, c.months, got, c.want)
		}
	}
}

func TestDayOf(t *testing.T) {
	for _, c := range []struct{ why, instant, want string }{
		{"midnight UTC is still the day before in New York", "2023-09-01T00:30:00Z", "2023-08-31"},
		{"20:00 in New York is the next day UTC", "2025-09-28T00:00:00Z", "2025-09-27"},
		{"winter time", "2023-12-01T04:59:59Z", "2023-11-30"},
		{"and a second later", "2023-12-01T05:00:00Z", "2023-12-01"},
	} {
		at, _ := time.Parse(time.RFC3339, c.instant)
		if got := date.DayOf(at).String(); got != c.want {
			t.Errorf("%s: %s", c.why, got)
		}
	}
	if got := date.MustDay("2025-09-27").At(20, 0).Format(time.RFC3339); got != "2025-09-28T00:00:00Z" {
		t.Errorf("the snapback's hour: %s", got)
	}
}

func TestParseDayRefuses(t *testing.T) {
	for _, s := range []string{"", "2023", "2023-13-01", "2023-02-29", "31/08/2023", "2023-8-31", "2023-08-31T00:00:00Z", "20230831"} {
		if d, err := date.ParseDay(s); err == nil {
			t.Errorf("%q read as %s", s, d)
		}
	}
}

func TestAbout(t *testing.T) {
	for _, c := range []struct{ in, text string }{
		{"1962", "1962"},
		{"~1962", "about 1962"},
		{"1962-05", "May 1962"},
		{"1962-05-07", "7 May 1962"},
		{"1962/1964", "between 1962 and 1964"},
	} {
		a, err := date.ParseAbout(c.in)
		if err != nil || a.String() != c.in || a.Text() != c.text {
			t.Errorf("%q: %q %q %v", c.in, a.String(), a.Text(), err)
		}
		b, _ := json.Marshal(a)
		var back date.About
		if err := json.Unmarshal(b, &back); err != nil || back != a {
			t.Errorf("%q: back as %v, %v", c.in, back, err)
		}
	}
	if _, err := date.ParseAbout("1964/1962"); err == nil {
		t.Error("a span that ends before it begins")
	}
}

func TestDaysRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := date.MustDay("1900-01-01")
		d := base.AddDays(rapid.IntRange(0, 80_000).Draw(t, "days"))
		back, err := date.ParseDay(d.String())
		if err != nil || back != d {
			t.Fatalf("%s back as %s, %v", d, back, err)
		}
		if d.Next().Sub(d) != 1 || !d.Before(d.Next()) {
			t.Fatalf("%s and its next day", d)
		}
		n := rapid.IntRange(0, 40).Draw(t, "months")
		if u := d.AddMonths(n); u.Day() > d.Day() || (u.Year()*12+int(u.Month()))-(d.Year()*12+int(d.Month())) != n {
			t.Fatalf("%s + %d months = %s", d, n, u)
		}
	})
}

func FuzzParseAbout(f *testing.F) {
	for _, s := range []string{"1962", "~1962-05", "1962/1964", "1962-05-07", "/", "~", "9999-12-31/9999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := date.ParseAbout(s)
		if err != nil {
			return
		}
		b, err := date.ParseAbout(a.String())
		if err != nil || b != a {
			t.Fatalf("%q: %v prints as %q, which reads as %v, %v", s, a, a.String(), b, err)
		}
	})
}

// TestNeitherBeforeNorAfter: a day is neither before nor after itself.
func TestNeitherBeforeNorAfter(t *testing.T) {
	d := date.MustDay("2023-08-31")
	if d.Before(d) || d.After(d) || d.Compare(d) != 0 {
		t.Error("a day before or after itself")
	}
	if n := d.Next(); !d.Before(n) || d.After(n) || n.Before(d) || !n.After(d) || d.Compare(n) >= 0 {
		t.Error("31 August does not come before 1 September")
	}
}
