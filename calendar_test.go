package article41_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"article41"
	"article41/calendar"
	"article41/date"
	"article41/record"
)

func dues(t testing.TB, a *article41.Archive, at record.At, from, to string) []article41.Due {
	t.Helper()
	out, err := a.Calendar(ctx, at, date.MustDay(from), date.MustDay(to))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// due finds a day of the calendar by its id, less the "@article41".
func due(all []article41.Due, uid string) (article41.Due, bool) {
	i := slices.IndexFunc(all, func(d article41.Due) bool { return d.UID == uid+"@article41" })
	if i < 0 {
		return article41.Due{}, false
	}
	return all[i], true
}

func known(asOf, knownAt string) record.At {
	return record.At{AsOf: date.MustDay(asOf), KnownAt: date.MustDay(knownAt)}
}

func TestCalendarCases(t *testing.T) {
	a := openShipped(t)
	for _, c := range []struct {
		why, asOf, knownAt, uid, day string
		status                       article41.DueStatus
		sequence                     int
	}{
		{"a holiday on 4 September moves the debate on the Mali veto", "2023-09-01", "2023-09-01", "assembly-debate.S/2023/638", "2023-09-14", article41.DueAhead, 0},
		{"one speaker says 8 September", "2023-09-09", "2023-09-09", "assembly-debate.S/2023/638", "2023-09-14", article41.DueHeld, 0},
		{"before the vote there is no veto", "2023-08-29", "2026-11-23", "assembly-debate.S/2023/638", "", "", 0},
		{"nor is there one that nobody knows of", "2023-09-01", "2023-08-15", "assembly-debate.S/2023/638", "", "", 0},
		{"a veto on amendments is one too", "2026-11-23", "2026-11-23", "assembly-debate.S/2025/115", "2025-03-10", article41.DueUnknown, 0},
		{"a permanent member's no to a draft with six votes is no veto", "2026-11-23", "2026-11-23", "assembly-debate.S/2023/775", "", "", 0},
		{"nor are three to a draft with four", "2026-11-23", "2026-11-23", "assembly-debate.S/PV.10001/DRAFT", "", "", 0},
		{"the Assembly had not bound itself in 2018", "2026-11-23", "2026-11-23", "assembly-debate.S/2018/156", "", "", 0},
		{"Mali's first term", "2018-08-29", "2018-08-29", "sunset.mali.travel-ban", "2018-09-05", article41.DueAhead, 0},
		{"a renewal moves the day and keeps the id", "2018-08-30", "2018-08-30", "sunset.mali.travel-ban", "2019-08-31", article41.DueAhead, 1},
		{"five renewals", "2023-08-31", "2026-11-23", "sunset.mali.travel-ban", "2023-08-31", article41.DueAhead, 5},
		{"a failed renewal moves nothing", "2023-09-01", "2026-11-23", "sunset.mali.travel-ban", "2023-08-31", article41.DueEnded, 5},
		{"the panel has a clock of its own", "2023-09-01", "2026-11-23", "sunset.mali.panel", "2023-09-30", article41.DueAhead, 5},
		{"known on 15 August nobody could say", "2023-09-01", "2023-08-15", "sunset.mali.travel-ban", "2023-08-31", article41.DueUnknown, 5},
		{"the record ends before the term does", "2026-06-15", "2026-11-23", "sunset.south-sudan.arms-embargo", "2026-05-31", article41.DueUnknown, 7},
		{"a rollover of three days", "2025-03-01", "2026-11-23", "sunset.al-shabaab.interdiction", "2025-03-03", article41.DueAhead, 13},
		{"due a week after the day of the record", "2026-11-23", "2026-11-23", "sunset.al-shabaab.interdiction", "2026-11-30", article41.DueAhead, 15},
		{"vetoed: S/2024/255", "2024-05-01", "2026-11-23", "sunset.dprk.panel", "2024-04-30", article41.DueEnded, 14},
		{"ended before its term by S/RES/2153", "2014-04-29", "2026-11-23", "sunset.cote-divoire.diamonds", "2014-04-30", article41.DueCancelled, 9},
		{"the day before that", "2014-04-28", "2026-11-23", "sunset.cote-divoire.diamonds", "2014-04-30", article41.DueAhead, 8},
		{"an end on the day after the term is no cancelling", "2023-07-01", "2026-11-23", "sunset.minusma.mandate", "2023-06-30", article41.DueEnded, 10},
		{"an open-ended measure falls due never", "2026-11-23", "2026-11-23", "sunset.dprk.assets-freeze", "", "", 0},
	} {
		d, ok := due(dues(t, a, known(c.asOf, c.knownAt), "1990-01-01", "2030-12-31"), c.uid)
		if !ok {
			d = article41.Due{}
		}
		if d.Day.String() != c.day || d.Status != c.status || d.Sequence != c.sequence {
			t.Errorf("%s: %s as of %s, known at %s: day %q, status %q, sequence %d; want %q, %q, %d",
				c.why, c.uid, c.asOf, c.knownAt, d.Day, d.Status, d.Sequence, c.day, c.status, c.sequence)
		}
	}
}

// TestMaliDebate: both counts, both claims, the exception that is not known.
func TestMaliDebate(t *testing.T) {
	a := openShipped(t)
	d, ok := due(dues(t, a, asOf("2026-11-23"), "2023-09-14", "2023-09-14"), "assembly-debate.S/2023/638")
	if !ok {
		t.Fatal("not in the calendar")
	}
	if d.Weekdays.String() != "2023-09-13" || d.Regime != "mali" || !d.Concerns("mali") || d.Concerns("dprk") || d.Rule.String() != "A/RES/76/262 para 1" || d.Sure != record.Verified {
		t.Errorf("%+v", d)
	}
	if len(d.Holidays) != 1 || d.Holidays[0].Day.String() != "2023-09-04" || d.Holidays[0].Cite.Sure != record.Verified {
		t.Errorf("holidays %+v, want Labor Day", d.Holidays)
	}
	if len(d.Claims) != 2 || d.Claims[0].Says != "2023-09-08" || d.Claims[1].Says != "2023-09-11" {
		t.Errorf("claims %+v, want 8 and 11 September", d.Claims)
	}
	for _, want := range []string{"without the official holidays", "Labor Day, 4 September 2023", "it would be 13 September 2023", "emergency special session", "not in the record"} {
		if !strings.Contains(d.Assumption, want) {
			t.Errorf("the assumption does not say %q: %s", want, d.Assumption)
		}
	}
	if _, ok := due(dues(t, a, asOf("2026-11-23"), "2023-09-13", "2023-09-13"), "assembly-debate.S/2023/638"); !ok {
		t.Error("not found by the day without holidays")
	}
}

// TestCalendarOfRecord prints two stretches of the calendar for a reader.
func TestCalendarOfRecord(t *testing.T) {
	a := openShipped(t)
	var b strings.Builder
	for _, c := range []struct{ asOf, from, to string }{
		{"2023-08-31", "2023-08-31", "2024-08-31"},
		{"2026-11-23", "2022-04-26", "2023-12-31"},
		{"2026-11-23", "2025-11-23", "2027-12-31"},
	} {
		fmt.Fprintf(&b, "as of %s, from %s to %s\n", c.asOf, c.from, c.to)
		for _, d := range dues(t, a, asOf(c.asOf), c.from, c.to) {
			fmt.Fprintf(&b, "  %s %-9s %-10s %s\n", d.Day, d.Status, d.Sure, d.Title)
		}
	}
	golden(t, "calendar.txt", b.String())
}

// TestNoVoteOnAHoliday: the Council does not vote on a day on which Headquarters
// is closed, so a vote in the record would show a wrong row of holidays.csv.
func TestNoVoteOnAHoliday(t *testing.T) {
	a := openShipped(t)
	first, last := calendar.Covered()
	votes, err := a.Votes(ctx, asOf("2026-11-23"), article41.VoteFilter{From: first, To: last})
	if err != nil || len(votes) < 150 {
		t.Fatalf("%d votes, %v", len(votes), err)
	}
	for _, v := range votes {
		if h, closed := calendar.HolidayOn(v.Date); closed {
			t.Errorf("%s was voted on on %s", v.ID, h)
		}
	}
}

// small is an archive of a few facts made up for a test.
func small(t *testing.T, bodies ...record.Body) *article41.Archive {
	t.Helper()
	var s article41.Shipped
	for i, b := range bodies {
		e, err := record.State(record.FactID(fmt.Sprint("fact/", i)), "curated", date.MustDay("2024-01-10"), b)
		if err != nil {
			t.Fatal(err)
		}
		s.Entries = append(s.Entries, e)
	}
	a, err := article41.Open(ctx, nil, s, noon)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestReviews(t *testing.T) {
	cite := record.Cite{Source: "test", Sure: record.Verified}
	regime := record.Regime{ID: "x", Name: "Regime X", Type: "sanctions", Components: []record.Component{{ID: "arms", Type: record.MeasureType, Name: "arms embargo", Cite: cite}}}
	vote := func(id string, yes int) record.Vote {
		v := record.Vote{ID: "S/2024/1", Date: date.MustDay("2024-01-10"), Nature: record.Substantive, Mode: record.ByVote, Tally: &record.Tally{Yes: yes, Abstain: 15 - yes}}
		v.ID.UnmarshalText([]byte(id))
		if yes >= 9 {
			v.Resolution = v.ID
		}
		return v
	}
	effects := func(id string, more ...record.Effect) record.Effects {
		e := record.Effects{Regime: "x", Effects: more}
		e.Decision.UnmarshalText([]byte(id))
		return e
	}
	what := []record.ComponentID{"arms"}
	a := small(t, regime, vote("S/RES/2719", 15), vote("S/2024/1", 4),
		effects("S/RES/2719", record.Effect{Do: record.Impose, What: what, Cite: cite},
			record.Effect{Do: record.Review, What: what, Paragraph: "7", Until: date.MustDay("2024-06-15"), Cite: cite}),
		effects("S/2024/1", record.Effect{Do: record.Review, What: what, Until: date.MustDay("2024-09-15"), Cite: cite}))
	got := dues(t, a, known("2024-02-01", "2024-02-01"), "2024-01-01", "2024-12-31")
	if len(got) != 1 || got[0].Kind != article41.DueReview || got[0].Day.String() != "2024-06-15" || *got[0].Paragraph != "7" || got[0].Status != article41.DueAhead || got[0].Warning == "" {
		t.Errorf("reviews %+v, want the adopted one, with a warning that the chain's end is not known", got)
	}
	if got := dues(t, a, known("2024-07-01", "2024-07-01"), "2024-01-01", "2024-12-31"); len(got) != 1 || got[0].Status != article41.DueUnknown {
		t.Errorf("once past: %+v", got)
	}
	if got := dues(t, a, known("2024-01-09", "2024-07-01"), "2024-01-01", "2024-12-31"); len(got) != 0 {
		t.Errorf("before the decision: %+v", got)
	}
}

// A veto that a source states without a tally is in the calendar, as unverified.
func TestStatedVeto(t *testing.T) {
	v := record.Vote{ID: "S/2024/2", Date: date.MustDay("2024-01-10"), Nature: record.Substantive, Mode: record.ByVote, Recorded: record.FateVeto,
		Cites: []record.Cite{{Source: "test", Sure: record.Verified}}}
	lost := v
	lost.ID, lost.Recorded = "S/2024/3", record.FateNotAdopted
	got := dues(t, small(t, v, lost), known("2024-01-11", "2024-01-11"), "2024-01-01", "2024-12-31")
	if len(got) != 1 || got[0].Symbol != "S/2024/2" || got[0].Sure != record.Unverified || !strings.Contains(got[0].Assumption, "no tally") || got[0].Status != article41.DueAhead {
		t.Errorf("%+v", got)
	}
}

func TestCalendarRefuses(t *testing.T) {
	a := openShipped(t)
	if _, err := a.Calendar(ctx, asOf("2026-11-23"), date.MustDay("2026-01-02"), date.MustDay("2026-01-01")); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("a calendar that ends before it begins: %v", err)
	}
	if _, err := a.Calendar(ctx, record.At{AsOf: date.MustDay("2026-01-01"), KnownAt: date.MustDay("2026-01-01"), Position: 1 << 40}, date.Day{}, date.Day{}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a position past the ledger: %v", err)
	}
}

// TestCalendarHolds walks through ten years: on each day asked about a calendar is
// in order and within its bounds, each id stands once, a day ahead is not past, no
// sequence is lower than it was, and the whole calendar holds the narrower one.
func TestCalendarHolds(t *testing.T) {
	a := openShipped(t)
	was := map[string]int{}
	for on, last := date.MustDay("2017-01-01"), date.DayOf(noon); on.Before(last); on = on.AddDays(97) {
		at := record.At{AsOf: on, KnownAt: on}
		from, to := on.AddDays(-on.Day()*13), on.AddDays(on.Day()*17)
		all, err := a.Calendar(ctx, at, date.Day{}, date.Day{})
		if err != nil {
			t.Fatal(err)
		}
		some, err := a.Calendar(ctx, at, from, to)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i, d := range all {
			if seen[d.UID] {
				t.Errorf("as of %s: %s stands twice", on, d.UID)
			}
			seen[d.UID] = true
			if i > 0 && d.Day.Before(all[i-1].Day) {
				t.Errorf("as of %s: %s is out of order", on, d.UID)
			}
			switch past := d.Day.Before(on); d.Status {
			case article41.DueAhead:
				if past {
					t.Errorf("as of %s: %s on %s is ahead", on, d.UID, d.Day)
				}
			case article41.DueEnded, article41.DueUnknown:
				if !past {
					t.Errorf("as of %s: %s on %s is %s", on, d.UID, d.Day, d.Status)
				}
			}
			within := d.Day.Within(from, to) || d.Weekdays != nil && d.Weekdays.Within(from, to)
			if _, held := due(some, strings.TrimSuffix(d.UID, "@article41")); held != within {
				t.Errorf("as of %s: %s on %s: from %s to %s it is there %v, want %v", on, d.UID, d.Day, from, to, held, within)
			}
			if d.Title == "" || d.Assumption == "" || d.Symbol == "" {
				t.Errorf("as of %s: %+v", on, d)
			}
			if d.Sequence < was[d.UID] {
				t.Errorf("as of %s: the sequence of %s fell from %d to %d", on, d.UID, was[d.UID], d.Sequence)
			}
			was[d.UID] = d.Sequence
		}
	}
	if len(was) < 60 {
		t.Errorf("only %d ids in ten years", len(was))
	}
}

func BenchmarkCalendar(b *testing.B) {
	a := openShipped(b)
	at := asOf("2026-11-23")
	for b.Loop() {
		dues(b, a, at, "2025-11-23", "2027-11-23")
	}
}
