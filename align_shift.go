package article41

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Shift is a sentence measured: whether a state stands with another against the
// majority, vote by vote and year by year, and what is not known.
type Shift struct {
	First    council.Party `json:"first"`
	Second   council.Party `json:"second"`
	Sentence string        `json:"sentence"`
	Says     []string      `json:"says"` // what is measured, each in a sentence
	// Assembly are the votes on Ukraine since 2022 (the eleventh emergency special
	// session); Years the counts over every roll call held, Council and Assembly.
	Assembly []ShiftVote     `json:"assembly"`
	Council  []align.Against `json:"council_years"`
	Years    []align.Against `json:"assembly_years"`
	Ideals   []ShiftYear     `json:"ideal_points"`
	Drift    *ShiftDrift     `json:"drift"`
	Events   []align.Event   `json:"events"`
	Unknown  []string        `json:"not_known"`
	Method   string          `json:"method"`
	Source   string          `json:"ideal_point_source"`
	Basis    Basis           `json:"basis"`
}

// ShiftVote is one vote of the Assembly.
type ShiftVote struct {
	Resolution symbol.Symbol  `json:"resolution"`
	On         date.Day       `json:"on"`
	Title      string         `json:"title"`
	Tally      *record.Tally  `json:"tally"`
	First      council.Ballot `json:"first"` // empty: not in the record
	FirstSure  bool           `json:"first_verified"`
	Second     council.Ballot `json:"second"`
	SecondSure bool           `json:"second_verified"`
	Majority   council.Ballot `json:"majority"` // empty: not known
	// Together tells that both took the same position and the majority another;
	// null where a ballot or the majority is not known.
	Together *bool          `json:"together_against_majority"`
	With     []country.Code `json:"no_votes,omitempty"` // who voted no, where that is known whole
	Sentence string         `json:"sentence"`
	Cites    []record.Cite  `json:"cites"`
}

// ShiftYear is the published distance of a year.
type ShiftYear struct {
	Year     int      `json:"year"`
	First    *float64 `json:"first"`
	Second   *float64 `json:"second"`
	Median   *float64 `json:"median_state"`
	ToSecond *float64 `json:"distance_to_second"`
	ToMedian *float64 `json:"distance_to_median"`
}

// ShiftDrift is the first state's place in the drift toward the second.
type ShiftDrift struct {
	Before [2]int   `json:"before"`
	After  [2]int   `json:"after"`
	Of     int      `json:"of"`
	Row    DriftRow `json:"row"`
}

const (
	shiftMethod  = "Majority: the position that most of the other states took; where the roll call is not held whole, the published tally less the two. A year of the Assembly is that of the session which opens in it. Ideal points are published ones. A vote says how a state voted, not why."
	ukraineVotes = "A/RES/ES-11/"
)

// Shift answers for two states.
func (a *Archive) Shift(ctx context.Context, at record.At, first, second country.Code, ballots []record.Assembly) (Shift, error) {
	first, second = align.Seat(first), align.Seat(second)
	if first == second {
		return Shift{}, fmt.Errorf("%w: %s with itself", record.ErrInvalid, first)
	}
	s, v, err := a.votesFor(ctx, at, ballots)
	if err != nil {
		return Shift{}, err
	}
	out := Shift{First: partyOf(first), Second: partyOf(second), Says: []string{}, Assembly: []ShiftVote{}, Ideals: []ShiftYear{}, Unknown: []string{},
		Events: align.EventsOf(first), Method: shiftMethod, Source: align.Published().Source, Basis: s.basis()}
	out.addVotes(s.world(at.KnownAt), at)
	council, err := v.Select(align.Filter{Body: align.Council, To: at.AsOf})
	if err != nil {
		return Shift{}, err
	}
	assembly, err := v.Select(align.Filter{Body: align.Assembly, To: at.AsOf})
	if err != nil {
		return Shift{}, err
	}
	out.Council, out.Years = v.AgainstMajority(first, second, council), v.AgainstMajority(first, second, assembly)
	out.Events = slices.DeleteFunc(out.Events, func(e align.Event) bool { return e.On.After(at.AsOf) || e.On.After(at.KnownAt) })
	if err := idealsKnown(at); err != nil {
		out.Unknown = append(out.Unknown, fmt.Sprintf("The published ideal points that are shipped are of July 2025; by %s they were not known.", at.KnownAt.Text()))
	} else {
		out.addIdeals(at.AsOf.Year())
		if shiftAfter[1] <= at.AsOf.Year() {
			out.addDrift()
		}
	}
	out.addUnknown(v, at)
	out.Sentence = out.sentence()
	return out, nil
}

func (x *Shift) addVotes(w *world, at record.At) {
	for _, a := range oneEach(w.assembly) {
		if !strings.HasPrefix(string(a.Resolution), ukraineVotes) || a.Date.After(at.AsOf) {
			continue
		}
		c := align.CallOf(a)
		k := ShiftVote{Resolution: a.Resolution, On: a.Date, Title: a.Title, Tally: a.Tally, Cites: a.Cites,
			First: council.BallotOf(a.Ballots, x.First.Code), Second: council.BallotOf(a.Ballots, x.Second.Code)}
		sure := func(p council.Party) bool {
			for _, u := range a.Unsure {
				if u == string(p.Code) {
					return false
				}
			}
			return true
		}
		k.FirstSure, k.SecondSure = k.First != "" && sure(x.First), k.Second != "" && sure(x.Second)
		if m, ok := c.Majority(x.First.Code, x.Second.Code); ok {
			k.Majority = m
		}
		if align.Position(k.First) && align.Position(k.Second) && k.Majority != "" {
			t := k.First == k.Second && k.First != k.Majority
			k.Together = &t
		}
		if a.Ballots != nil && a.Tally != nil && len(a.Ballots.No) == a.Tally.No {
			k.With = a.Ballots.No
		}
		k.Sentence = k.sentence(x.First, x.Second)
		x.Assembly = append(x.Assembly, k)
	}
}

func (k ShiftVote) sentence(first, second council.Party) string {
	words := map[council.Ballot]string{council.Yes: "voted yes", council.No: "voted no", council.Abstain: "abstained", council.Absent: "was absent"}
	say := func(p council.Party, b council.Ballot, sure bool) string {
		t, ok := words[b]
		if !ok {
			return "how " + theName(p) + " voted is not in the record"
		}
		if k.Tally != nil && b == council.No && k.Tally.No > 0 {
			t += fmt.Sprintf(", one of %s", council.Numeral(k.Tally.No))
		}
		if !sure {
			t += " (unverified)"
		}
		return theName(p) + " " + t
	}
	t := say(first, k.First, k.FirstSure) + "; " + say(second, k.Second, k.SecondSure) + "."
	if k.Tally != nil {
		t += fmt.Sprintf(" The Assembly: %d-%d-%d.", k.Tally.Yes, k.Tally.No, k.Tally.Abstain)
	} else {
		t += " No tally of it is in the record."
	}
	return upper(t)
}

func (x *Shift) addIdeals(to int) {
	p := align.Published()
	for _, i := range p.Of(x.First.Code) {
		if i.Year > to {
			break
		}
		y := ShiftYear{Year: i.Year, First: i.All.Point}
		if j, ok := p.In(x.Second.Code, i.Year); ok {
			y.Second = j.All.Point
		}
		if y.First == nil || y.Second == nil {
			continue
		}
		m, _ := p.Median(i.Year)
		d, e := max(*y.First-*y.Second, *y.Second-*y.First), max(*y.First-m, m-*y.First)
		y.Median, y.ToSecond, y.ToMedian = &m, &d, &e
		x.Ideals = append(x.Ideals, y)
	}
}

// The windows of the drift told on the page: three years on each side of the
// second coup's year.
var shiftBefore, shiftAfter = [2]int{2018, 2020}, [2]int{2021, 2023}

func (x *Shift) addDrift() {
	rows := align.Published().Drifts(x.Second.Code, shiftBefore, shiftAfter, false, driftDraws, align.Seed)
	for _, r := range rows {
		if r.State == x.First.Code {
			x.Drift = &ShiftDrift{shiftBefore, shiftAfter, len(rows), DriftRow{x.First, r}}
		}
	}
}

func (x *Shift) addUnknown(v *align.Votes, at record.At) {
	var unsure, unheld, tally []string
	for _, k := range x.Assembly {
		id := k.Resolution.String()
		if k.First == "" || k.Second == "" {
			unheld = append(unheld, id)
		}
		if k.First != "" && !k.FirstSure || k.Second != "" && !k.SecondSure {
			unsure = append(unsure, id)
		}
		if k.Tally == nil {
			tally = append(tally, id)
		}
	}
	if len(unheld) > 0 {
		x.Unknown = append(x.Unknown, fmt.Sprintf("A ballot of one of the two is not in the record for %s.", strings.Join(unheld, ", ")))
	}
	if len(unsure) > 0 {
		x.Unknown = append(x.Unknown, fmt.Sprintf("No source was read for a ballot of one of the two on %s: it is shown as unverified.", strings.Join(unsure, ", ")))
	}
	if len(tally) > 0 {
		x.Unknown = append(x.Unknown, fmt.Sprintf("The tally of %s is not in the record.", strings.Join(tally, ", ")))
	}
	x.Unknown = append(x.Unknown, assemblyHeld(v))
	p := align.Published()
	x.Unknown = append(x.Unknown, fmt.Sprintf("The published points over all votes end in %d; what the two did since is not measured by them.", p.AllTo))
	if len(x.Council) == 0 {
		x.Unknown = append(x.Unknown, fmt.Sprintf("%s and %s have no vote of the Council in common with a known majority.", x.First.Name, x.Second.Name))
	}
	x.Unknown = append(x.Unknown, "Why a state voted as it did, and what it was told or promised, is in no roll call.")
}

func (x *Shift) sentence() string {
	n, together, no, abstained := 0, 0, 0, 0
	for _, k := range x.Assembly {
		switch k.First {
		case council.No:
			no++
		case council.Abstain:
			abstained++
		}
		if k.Together != nil {
			n++
			if *k.Together {
				together++
			}
		}
	}
	if len(x.Assembly) > 0 {
		x.Says = append(x.Says, fmt.Sprintf("On the %s on Ukraine since 2022 in the record %s abstained in %d and voted no in %d. In %d of the %d for which both ballots and the majority are known it stood with %s against the majority.",
			plural(len(x.Assembly), "Assembly vote", "Assembly votes"), x.First.Name, abstained, no, together, n, theName(x.Second)))
	}
	first, second := theName(x.First), theName(x.Second)
	var gap string
	if i := len(x.Ideals) - 1; i >= 3 {
		last, was := x.Ideals[i], x.Ideals[i-3]
		gap = fmt.Sprintf("%.2f apart in %d and %.2f in %d", *was.ToSecond, was.Year, *last.ToSecond, last.Year)
		x.Says = append(x.Says, fmt.Sprintf("On the published scale of ideal points %s went from %+.2f in %d to %+.2f in %d, %s from %+.2f to %+.2f: the two were %s. From the middle state of the Assembly %s lay %.2f, then %.2f.",
			first, *was.First, was.Year, *last.First, last.Year, second, *was.Second, *last.Second, gap, first, *was.ToMedian, *last.ToMedian))
	}
	if d := x.Drift; d != nil {
		x.Says = append(x.Says, fmt.Sprintf("In the change of distance to %s from %s to %s it is %d of %d states (%+.2f, 95 %% interval %.2f to %.2f; above 0 is nearer). With %s held where it stood in the second years it is %d of %d (%+.2f, %.2f to %.2f).",
			second, span(d.Before), span(d.After), d.Row.Rank, d.Of, d.Row.Change, d.Row.Interval.Low, d.Row.Interval.High,
			second, d.Row.OwnRank, d.Of, *d.Row.Own, d.Row.OwnInterval.Low, d.Row.OwnInterval.High))
	}
	if c := x.Council; len(c) > 0 {
		n, t := 0, 0
		for _, y := range c {
			n, t = n+y.N, t+y.WithEach
		}
		x.Says = append(x.Says, fmt.Sprintf("In the Council (%d to %d, %s with a known majority) the two stood together against it %s.",
			c[0].Year, c[len(c)-1].Year, plural(n, "vote", "votes"), times(t)))
	}
	with := "in no vote whose ballots are known did it stand with it against the majority"
	if together > 0 {
		with = fmt.Sprintf("it stood with it against the majority in %d of the %d votes on Ukraine whose ballots are known", together, n)
	}
	switch d := x.Drift; {
	case len(x.Says) == 0:
		return fmt.Sprintf("The record holds no vote that %s and %s have in common.", first, second)
	case d != nil && d.Row.Clear && d.Row.Change > 0:
		return upper(fmt.Sprintf("%s came nearer to %s, and %s.", first, second, with))
	case d != nil && *d.Row.Own > 0 && d.Row.OwnInterval.Low > 0:
		return upper(fmt.Sprintf("%s moved to where %s stands, but %s moved that way too, so the two are no nearer (%s); %s.", first, second, second, gap, with))
	}
	return upper(fmt.Sprintf("That %s moved toward %s is not shown by what is held; %s.", first, second, with))
}

// theName is a name as it stands within a sentence.
func theName(p council.Party) string {
	for _, head := range []string{"United ", "Russian ", "Netherlands", "Syrian ", "Central African ", "Dominican ", "Democratic ", "Republic ", "Lao ", "Philippines", "Bahamas", "Gambia", "Comoros", "Maldives", "Marshall ", "Sudan"} {
		if strings.HasPrefix(p.Name, head) {
			return "the " + p.Name
		}
	}
	return p.Name
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
