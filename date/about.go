package date

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// About is a date as precise as its source: a day, a month, a year, a span of
// years, or "about" one of these. It never pretends to a day it was not given.
type About struct {
	From, To Day  // the first and last day it may be; equal for a day
	Circa    bool // the source says "approximately"
	Note     string
}

// Exactly is the About of one known day.
func Exactly(d Day) About { return About{From: d, To: d} }

// ParseAbout reads YYYY, YYYY-MM, YYYY-MM-DD, or two of these with "/" between
// them for a span; a leading "~" says "about".
func ParseAbout(s string) (About, error) {
	a := About{}
	rest := strings.TrimSpace(s)
	if r, ok := strings.CutPrefix(rest, "~"); ok {
		a.Circa, rest = true, r
	}
	from, to, span := strings.Cut(rest, "/")
	f, l, err := bounds(from)
	if err != nil {
		return About{}, fmt.Errorf("date %q: want YYYY, YYYY-MM, YYYY-MM-DD, A/B or ~A", s)
	}
	a.From, a.To = f, l
	if span {
		if _, l, err = bounds(to); err != nil {
			return About{}, fmt.Errorf("date %q: second part: want YYYY, YYYY-MM or YYYY-MM-DD", s)
		}
		if l.Before(f) {
			return About{}, fmt.Errorf("date %q: ends before it begins", s)
		}
		a.To = l
	}
	return a, nil
}

func bounds(s string) (first, last Day, err error) {
	switch len(s) {
	case 4:
		y, err := strconv.Atoi(s)
		if err != nil || y < 1 {
			return Day{}, Day{}, fmt.Errorf("year %q", s)
		}
		return Day{int16(y), 1, 1}, Day{int16(y), 12, 31}, nil
	case 7:
		t, err := time.Parse("2006-01", s)
		if err != nil {
			return Day{}, Day{}, err
		}
		f := of(t)
		return f, f.AddMonths(1).AddDays(-1), nil
	default:
		d, err := ParseDay(s)
		return d, d, err
	}
}

// IsZero reports whether nothing is known.
func (a About) IsZero() bool { return a.From.IsZero() && a.To.IsZero() && a.Note == "" }

// Overlaps reports whether the two may be the same day. "About" stretches by
// the given number of years on each side.
func (a About) Overlaps(b About, circaYears int) bool {
	af, at, bf, bt := a.From, a.To, b.From, b.To
	if a.Circa {
		af, at = af.AddMonths(-12*circaYears), at.AddMonths(12*circaYears)
	}
	if b.Circa {
		bf, bt = bf.AddMonths(-12*circaYears), bt.AddMonths(12*circaYears)
	}
	return !af.After(bt) && !bf.After(at)
}

// String is the form that ParseAbout reads.
func (a About) String() string {
	if a.From.IsZero() {
		return ""
	}
	s := ""
	if a.Circa {
		s = "~"
	}
	switch {
	case a.From == a.To:
		return s + a.From.String()
	case a.From.month == 1 && a.From.day == 1 && a.To.month == 12 && a.To.day == 31:
		if a.From.year == a.To.year {
			return s + a.From.String()[:4]
		}
		return s + a.From.String()[:4] + "/" + a.To.String()[:4]
	case a.From.day == 1 && a.From.AddMonths(1).AddDays(-1) == a.To:
		return s + a.From.String()[:7]
	}
	return s + a.From.String() + "/" + a.To.String()
}

// Text is the date in words, its precision kept.
func (a About) Text() string {
	if a.From.IsZero() {
		return a.Note
	}
	s := ""
	if a.Circa {
		s = "about "
	}
	switch iso := strings.TrimPrefix(a.String(), "~"); {
	case a.From == a.To:
		return s + a.From.Text()
	case len(iso) == 7:
		return s + a.From.Month().String() + " " + iso[:4]
	case len(iso) == 4:
		return s + iso
	case len(iso) == 9:
		return s + "between " + iso[:4] + " and " + iso[5:]
	}
	return s + "between " + a.From.Text() + " and " + a.To.Text()
}

// UnmarshalText reads what ParseAbout reads.
func (a *About) UnmarshalText(b []byte) error {
	v, err := ParseAbout(string(b))
	*a = v
	return err
}

type aboutNote struct {
	Date string `json:"date,omitempty"`
	Note string `json:"note"`
}

// MarshalJSON writes a string, or {"date","note"} where the source added words.
func (a About) MarshalJSON() ([]byte, error) {
	if a.Note != "" {
		return json.Marshal(aboutNote{a.String(), a.Note})
	}
	return json.Marshal(a.String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *About) UnmarshalJSON(b []byte) error {
	var n aboutNote
	if len(b) > 0 && b[0] == '{' {
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
	} else if err := json.Unmarshal(b, &n.Date); err != nil {
		return err
	}
	*a = About{}
	if n.Date != "" {
		v, err := ParseAbout(n.Date)
		if err != nil {
			return err
		}
		*a = v
	}
	a.Note = n.Note
	return nil
}
