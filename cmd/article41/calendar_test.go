package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"article41/record"
)

// askCalendar runs the command on the shipped record alone.
func askCalendar(t *testing.T, args ...string) (string, error) {
	t.Helper()
	t.Chdir(t.TempDir()) // no database lies here
	var out bytes.Buffer
	c := calendarCommand(&app{world: world{out: &out, now: func() time.Time { return noon }, getenv: func(string) string { return "" }}})
	c.SetArgs(args)
	c.SilenceErrors, c.SilenceUsage = true, true
	err := c.Execute()
	return out.String(), err
}

func TestCalendarText(t *testing.T) {
	for _, c := range []struct {
		why  string
		args string
		want []string
	}{
		{"the Mali veto: both counts and both claims", "--regime mali --from 2023-08-01 --to 2023-10-31", []string{
			"2023-08-31 ended verified S/RES/2649 (2022) Mali: travel ban until 31 August 2023; lapsed.",
			"2023-09-14 held verified S/2023/638 General Assembly: debate on the veto of S/2023/638 by Russian Federation (The situation in Mali) due by 14 September 2023; held on 8 September 2023",
			"or on 11 September 2023", "With the holidays counted as working days it would be 13 September 2023.",
			"No debate is due while the Assembly meets in an emergency special session", "as of 2026-11-23, known at 2026-11-23; record "}},
		{"a year back and a year ahead", "", []string{
			"2026-05-31 unknown verified S/RES/2781 (2025)", "2026-11-30 ahead verified S/RES/2806 (2025)",
			"The chain is known through 30 April 2026 only; a later decision may have moved this day.", "a later veto is not in this calendar."}},
		{"as it was known on 15 August 2023", "--regime mali --as-of 2023-09-01 --known-at 2023-08-15", []string{
			"2023-08-31 unknown verified", "The chain is known through 15 August 2023 only. mali"}},
	} {
		got, err := askCalendar(t, strings.Fields(c.args)...)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
		}
		for _, w := range c.want {
			if !strings.Contains(strings.Join(strings.Fields(got), " "), w) { // columns are as wide as they need be
				t.Errorf("%s: no %q in\n%s", c.why, w, got)
			}
		}
	}
}

func TestCalendarJSON(t *testing.T) {
	got, err := askCalendar(t, "--json", "--regime", "mali", "--as-of", "2023-08-31")
	if err != nil {
		t.Fatal(err)
	}
	var g agenda
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatal(err)
	}
	if g.From.String() != "2022-08-31" || g.To.String() != "2024-08-31" || g.Basis.Record == "" || g.FailedThrough.IsZero() {
		t.Errorf("%+v", g)
	}
	days := map[string]string{}
	for _, d := range g.Due {
		days[d.UID] = d.Day.String()
		if d.Kind == "assembly-debate" {
			days[d.UID] += " " + d.Weekdays.String()
		}
	}
	want := map[string]string{
		"report.mali.S/RES/2649.panel.midterm@article41": "2023-02-28",
		"report.mali.S/RES/2649.panel.final@article41":   "2023-08-15",
		"sunset.mali.travel-ban@article41":               "2023-08-31",
		"sunset.mali.assets-freeze@article41":            "2023-08-31",
		"assembly-debate.S/2023/638@article41":           "2023-09-14 2023-09-13",
		"sunset.mali.panel@article41":                    "2023-09-30",
	}
	if !maps.Equal(days, want) {
		t.Errorf("%v", days)
	}
}

func TestCalendarICS(t *testing.T) {
	got, err := askCalendar(t, "--ics", "--regime", "al-shabaab", "--alarm", "3")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	e := cal.Events()
	if len(e) == 0 || e[0].GetProperty(ics.ComponentPropertyDtStart).Value != "20261130" || len(e[0].Alarms()) != 1 {
		t.Errorf("%s", got)
	}
	if empty, err := askCalendar(t, "--ics", "--from", "1950-01-01", "--to", "1950-12-31"); err != nil || !strings.HasSuffix(empty, "END:VCALENDAR\r\n") {
		t.Errorf("a calendar with nothing in it is one too: %v\n%s", err, empty)
	}
}

func TestCalendarUse(t *testing.T) {
	var use errUse
	for _, c := range []struct {
		why, args string
		is        func(error) bool
	}{
		{"both forms", "--json --ics", func(err error) bool { return errors.As(err, &use) }},
		{"no such day", "--from 2023-02-30", func(err error) bool { return errors.As(err, &use) && strings.Contains(err.Error(), "--from") }},
		{"ends before it begins", "--from 2023-02-02 --to 2023-02-01", func(err error) bool { return errors.Is(err, record.ErrInvalid) }},
		{"no such regime", "--regime atlantis", func(err error) bool { return errors.Is(err, record.ErrNotFound) }},
		{"nothing due", "--from 1950-01-01 --to 1950-12-31", func(err error) bool { return errors.Is(err, errNothing) }},
		{"an alarm on the day", "--ics --alarm 0", func(err error) bool { return errors.Is(err, record.ErrInvalid) }},
	} {
		if out, err := askCalendar(t, strings.Fields(c.args)...); !c.is(err) {
			t.Errorf("%s: %v\n%s", c.why, err, out)
		}
	}
}
