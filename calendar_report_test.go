package article41_test

import (
	"strings"
	"testing"

	"article41"
	"article41/date"
	"article41/record"
)

// TestReportsDue: what a mandate asks of its experts, by the day.
func TestReportsDue(t *testing.T) {
	a := openShipped(t)
	ask := func(regime record.RegimeID, asOf, knownAt, from, to string) map[string]article41.Due {
		t.Helper()
		all, err := a.Calendar(ctx, record.At{AsOf: date.MustDay(asOf), KnownAt: date.MustDay(knownAt)}, date.MustDay(from), date.MustDay(to))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]article41.Due{}
		for _, d := range all {
			if d.Kind == article41.DueReport && d.Regime == regime {
				out[d.Day.String()] = d
			}
		}
		return out
	}
	for _, c := range []struct {
		why, asOf, knownAt, day string
		status                  article41.DueStatus
		says                    string
	}{
		{"ahead", "2022-12-01", "2022-12-01", "2023-02-28", article41.DueAhead, "midterm report"},
		{"it came", "2023-12-01", "2026-11-23", "2023-02-28", article41.DueIn, "S/2023/138"},
		{"the last one", "2023-07-01", "2023-07-01", "2023-08-15", article41.DueAhead, "final report"},
	} {
		got := ask("mali", c.asOf, c.knownAt, "2022-09-01", "2023-12-31")
		d, ok := got[c.day]
		if !ok || d.Status != c.status || !strings.Contains(d.Title, c.says) || d.Sure != record.Verified {
			t.Errorf("%s: %+v of %v", c.why, d, got)
		}
	}
	if n := len(ask("mali", "2022-08-01", "2022-08-01", "2022-09-01", "2023-12-31")); n != 0 {
		t.Errorf("%d reports due before the mandate was given", n)
	}
	if d := ask("sudan-darfur", "2025-03-01", "2025-03-01", "2025-03-01", "2026-03-31"); len(d) != 2 {
		t.Errorf("Sudan: %v", d)
	}
}
