package article41

import (
	"context"
	"fmt"
	"strings"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/record"
)

// DriftQuery asks who moved toward or away from a pole between two runs of years.
type DriftQuery struct {
	Pole          country.Code
	Before, After [2]int // years, both included
	By            DriftBy
	Body          align.Body // for votes
	Ballots       []record.Assembly
	State         country.Code // whose place is told in the sentence
}

// DriftBy is what the move is measured in.
type DriftBy string

const (
	ByIdeals  DriftBy = "ideals"         // published ideal points, all votes
	ByForeign DriftBy = "foreign-policy" // the same, over votes of foreign policy
	ByVotes   DriftBy = "votes"          // our agreement over the roll calls held
)

// AlignDrift ranks the states by how far they moved.
type AlignDrift struct {
	Sentence string        `json:"sentence"`
	Place    string        `json:"place,omitempty"` // of the state asked about
	Pole     council.Party `json:"pole"`
	Before   [2]int        `json:"before"`
	After    [2]int        `json:"after"`
	By       DriftBy       `json:"by"`
	Unit     string        `json:"unit"`
	Rows     []DriftRow    `json:"rows"` // the move toward the pole first
	N        int           `json:"n"`    // states ranked
	Clear    int           `json:"clear_toward"`
	Away     int           `json:"clear_away"`
	Missing  []string      `json:"missing"`
	Method   string        `json:"method"`
	Source   string        `json:"source"`
	Basis    Basis         `json:"basis"`
}

// DriftRow is one state.
type DriftRow struct {
	council.Party
	align.Drift
}

// Poles are the permanent members, toward whom a move is asked.
func Poles() []country.Code { return []country.Code{"CHN", "FRA", "GBR", "RUS", "USA"} }

const driftDraws = 1000

// Drift ranks the change.
func (a *Archive) Drift(ctx context.Context, at record.At, q DriftQuery) (AlignDrift, error) {
	for _, w := range [][2]int{q.Before, q.After} {
		if w[0] > w[1] || w[0] < 1946 || w[1] > 2100 {
			return AlignDrift{}, fmt.Errorf("%w: years %d to %d: want the earlier first, from 1946", record.ErrInvalid, w[0], w[1])
		}
	}
	if _, ok := country.Of(q.Pole); !ok {
		return AlignDrift{}, fmt.Errorf("%w: pole %q: want a state", record.ErrInvalid, q.Pole)
	}
	s, v, err := a.votesFor(ctx, at, q.Ballots)
	if err != nil {
		return AlignDrift{}, err
	}
	out := AlignDrift{Pole: partyOf(align.Seat(q.Pole)), Before: q.Before, After: q.After, By: q.By, Rows: []DriftRow{}, Missing: []string{}, Basis: s.basis()}
	var rows []align.Drift
	switch p := align.Published(); q.By {
	case ByIdeals, ByForeign:
		if err := idealsKnown(at); err != nil {
			return AlignDrift{}, err
		}
		if q.After[1] > at.AsOf.Year() || q.Before[1] > at.AsOf.Year() {
			return AlignDrift{}, fmt.Errorf("%w: years to %d: the day asked about is %s", record.ErrInvalid, max(q.After[1], q.Before[1]), at.AsOf)
		}
		rows = p.Drifts(q.Pole, q.Before, q.After, q.By == ByForeign, driftDraws, align.Seed)
		out.Unit = "points of the published scale nearer (above 0) or further"
		out.Source = p.Source
		out.Method = "Mean distance of the two ideal points over the first years less that over the second, states with at least 2 years in each. Interval: every point drawn anew 1,000 times from its published posterior band, taken as normal and the years as independent. Own move: the same with the pole held where it stood, on average, in the second years."
		last := p.Last
		if q.By == ByIdeals {
			last = p.AllTo
		}
		if q.After[1] > last || q.Before[1] > last {
			out.Missing = append(out.Missing, fmt.Sprintf("The published series ends in %d; later years of the window are not in it.", last))
		}
		if q.By == ByIdeals {
			out.Missing = append(out.Missing, fmt.Sprintf("Over all votes the series ends in %d; of %d only the foreign-policy votes are published.", p.AllTo, p.Last))
		}
	case ByVotes:
		body := q.Body
		if body == "" {
			body = align.Assembly
		}
		before, after := years(v, body, q.Before), years(v, body, q.After)
		rows = v.Drifts(q.Pole, before, after, driftDraws, align.Seed)
		out.Unit = "change of Lijphart's index"
		out.Source = fmt.Sprintf("%s of %s held: %s before, %s after", plural(before.Len()+after.Len(), "roll call", "roll calls"), bodyWords(body), thousands(before.Len()), thousands(after.Len()))
		out.Method = "Lijphart's index of each state with the pole in the second window less that in the first, states with at least 10 votes in each. Interval: percentile bootstrap, 1,000 resamples of the votes of each window."
		if body == align.Assembly {
			out.Missing = append(out.Missing, assemblyHeld(v))
		}
	default:
		return AlignDrift{}, fmt.Errorf("%w: by %q: want ideals, foreign-policy or votes", record.ErrInvalid, q.By)
	}
	for _, r := range rows {
		out.Rows = append(out.Rows, DriftRow{partyOf(r.State), r})
		if r.Clear && r.Change > 0 {
			out.Clear++
		}
		if r.Clear && r.Change < 0 {
			out.Away++
		}
		if r.State == align.Seat(q.State) {
			verb, why := "toward", "the interval leaves out 0"
			if r.Change < 0 {
				verb = "away from"
			}
			if !r.Clear {
				why = "the interval holds 0"
			}
			out.Place = fmt.Sprintf("%s is %d of %d: it moved %s %s by %.2f (95 %% interval %.2f to %.2f; %s).", upper(theName(partyOf(r.State))), r.Rank, len(rows), verb, theName(out.Pole), max(r.Change, -r.Change), r.Interval.Low, r.Interval.High, why)
			if r.Own != nil {
				out.Place += fmt.Sprintf(" By its own move alone, %s held where it stood in the second years, it is %d (%+.2f, %.2f to %.2f).", theName(out.Pole), r.OwnRank, *r.Own, r.OwnInterval.Low, r.OwnInterval.High)
			}
		}
	}
	out.N = len(out.Rows)
	if out.N == 0 {
		why := "no state has enough votes or years in both windows"
		if len(out.Missing) > 0 {
			why += ". " + strings.TrimSuffix(out.Missing[len(out.Missing)-1], ".")
		}
		return AlignDrift{}, fmt.Errorf("%w: drift: %s", record.ErrNotFound, why)
	}
	top := out.Rows[0]
	out.Sentence = fmt.Sprintf("From %s to %s, of %s %s moved most toward %s (%+.2f)", span(q.Before), span(q.After), plural(out.N, "state", "states"), theName(top.Party), theName(out.Pole), top.Change)
	out.Sentence += fmt.Sprintf("; %d moved toward it and %d away with an interval that leaves out 0.", out.Clear, out.Away)
	return out, nil
}

func years(v *align.Votes, b align.Body, w [2]int) align.Set {
	var out align.Set
	for y := w[0]; y <= w[1]; y++ {
		set := v.Year(b, y)
		if out == nil {
			out = set
			continue
		}
		for i := range out {
			out[i] |= set[i]
		}
	}
	return out
}

func bodyWords(b align.Body) string {
	if b == align.Council {
		return "the Security Council"
	}
	return "the General Assembly"
}

func span(w [2]int) string {
	if w[0] == w[1] {
		return fmt.Sprint(w[0])
	}
	return fmt.Sprintf("%d–%d", w[0], w[1])
}

// IdealSeries are published ideal points of some states, year by year.
type IdealSeries struct {
	Sentence string        `json:"sentence"`
	Lines    []IdealLine   `json:"lines"`
	From     int           `json:"from"`
	To       int           `json:"to"`
	AllTo    int           `json:"all_votes_to"` // of later years only foreign-policy votes are published
	Events   []align.Event `json:"events"`
	Source   string        `json:"source"`
	Method   string        `json:"method"`
	Missing  []string      `json:"missing"`
	Basis    Basis         `json:"basis"`
}

// IdealLine is one state.
type IdealLine struct {
	council.Party
	Points []IdealPoint `json:"points"`
}

// IdealPoint is a year: the point over all votes, or null, and over those of
// foreign policy, each with the middle 90 of 100 of its posterior.
type IdealPoint struct {
	Year    int             `json:"year"`
	All     *float64        `json:"all"`
	Band    *align.Interval `json:"all_band"`
	Votes   *float64        `json:"all_votes"`
	Foreign *float64        `json:"foreign_policy"`
	FBand   *align.Interval `json:"foreign_policy_band"`
}

const idealMethod = "Published estimates of a dynamic ordinal item-response model of the Assembly's roll calls; a year is that of the session which opens in it. Band: 5 to 95 of 100 of the posterior. Not estimated anew here."

// IdealPoints answers the published points of states in a run of years.
func (a *Archive) IdealPoints(ctx context.Context, at record.At, states []country.Code, from, to int) (IdealSeries, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return IdealSeries{}, err
	}
	if err := idealsKnown(at); err != nil {
		return IdealSeries{}, err
	}
	p := align.Published()
	if from == 0 {
		from = p.First
	}
	if to == 0 {
		to = p.Last
	}
	to = min(to, at.AsOf.Year())
	if from > to {
		return IdealSeries{}, fmt.Errorf("%w: from %d to %d: the end is before the beginning", record.ErrInvalid, from, to)
	}
	if len(states) == 0 || len(states) > 12 {
		return IdealSeries{}, fmt.Errorf("%w: want 1 to 12 states, not %d", record.ErrInvalid, len(states))
	}
	out := IdealSeries{Lines: []IdealLine{}, From: from, To: min(to, p.Last), AllTo: p.AllTo, Source: p.Source, Method: idealMethod, Events: []align.Event{}, Missing: []string{}, Basis: s.basis()}
	for _, c := range states {
		c = align.Seat(c)
		line := IdealLine{Party: partyOf(c), Points: []IdealPoint{}}
		for _, x := range p.Of(c) {
			if x.Year >= from && x.Year <= to && (x.All.Point != nil || x.Foreign.Point != nil) {
				line.Points = append(line.Points, IdealPoint{x.Year, x.All.Point, x.All.Band(), x.All.Votes, x.Foreign.Point, x.Foreign.Band()})
			}
		}
		if len(line.Points) == 0 {
			out.Missing = append(out.Missing, fmt.Sprintf("Of %s there is no point from %d to %d.", line.Name, from, to))
		}
		out.Lines = append(out.Lines, line)
		for _, e := range align.EventsOf(c) {
			if e.On.Year() >= from && e.On.Year() <= to && !e.On.After(at.AsOf) {
				out.Events = append(out.Events, e)
			}
		}
	}
	if to > p.AllTo {
		out.Missing = append(out.Missing, fmt.Sprintf("Over all votes the series ends in %d; %d rests on votes of foreign policy alone, a scale of its own.", p.AllTo, p.Last))
	}
	if to > p.Last {
		out.Missing = append(out.Missing, fmt.Sprintf("Nothing is published after %d.", p.Last))
	}
	out.Sentence = idealSentence(out.Lines)
	return out, nil
}

// idealsKnown refuses a question from before the shipped release was published.
func idealsKnown(at record.At) error {
	if at.KnownAt.Before(align.IdealKnown()) {
		return fmt.Errorf("%w: ideal points: the release that is shipped was published in July 2025, and could not be known by %s", record.ErrNotFound, at.KnownAt)
	}
	return nil
}

// idealSentence says where the first state stands to the others, first and last.
func idealSentence(lines []IdealLine) string {
	if len(lines) < 2 {
		return fmt.Sprintf("Published ideal points of %s.", lines[0].Name)
	}
	gap := func(other IdealLine, year int) (float64, bool) {
		var x, y *float64
		for _, p := range lines[0].Points {
			if p.Year == year {
				x = p.All
			}
		}
		for _, p := range other.Points {
			if p.Year == year {
				y = p.All
			}
		}
		if x == nil || y == nil {
			return 0, false
		}
		return max(*x-*y, *y-*x), true
	}
	last := 0
	for _, p := range lines[0].Points {
		if p.All != nil {
			last = p.Year
		}
	}
	var parts []string
	for _, l := range lines[1:] {
		now, ok := gap(l, last)
		if !ok {
			continue
		}
		t := fmt.Sprintf("%.2f from %s", now, theName(l.Party))
		if was, ok := gap(l, last-10); ok {
			t += fmt.Sprintf(" (%.2f in %d)", was, last-10)
		}
		parts = append(parts, t)
	}
	if len(parts) == 0 {
		return fmt.Sprintf("Published ideal points of %s and others.", lines[0].Name)
	}
	return fmt.Sprintf("In %d %s lay %s on the published scale.", last, theName(lines[0].Party), strings.Join(parts, ", "))
}
