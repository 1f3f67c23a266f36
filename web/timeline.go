package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"article41"
	"article41/briefing"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
)

// timeline is a regime over time: one lane a component, left to right.
type timeline struct {
	Title, Desc   string
	Width, Height float64
	Years         []gridline
	Lanes         []lane
	Hairs         []hairline
	Claimants     []string // who stands for which half of a contested bar
}

type gridline struct {
	X    float64
	Text string
}

// hairline is a day that is marked over all lanes.
type hairline struct {
	X, Top float64
	Text   string
	Anchor string
	Class  string
}

type lane struct {
	Name  string
	Y     float64
	Spans []stretch
	Ticks []tick
	Rows  []laneRow // the table behind the picture
}

// stretch is a run of days of one status.
type stretch struct {
	X, W   float64
	Status regime.Status
	Ahead  bool // in force by its term, after the day asked about
	Title  string
}

// tick is a decision on its lane.
type tick struct {
	X     float64
	Kind  string // yes, no, veto, lack
	Label string // its number, where there is room
	LX    float64
	Row   int // 0 or 1: labels that would touch stand lower
	Title string
	Link  string
}

type laneRow struct {
	From   date.Day
	Until  *date.Day
	Status regime.Status
	By     *regime.Ref
}

const (
	timelineWidth = 920.0
	laneHeight    = 62.0
	laneTop       = 34.0
	edge          = 10.0
	leastWidth    = 3.0  // a rollover of days is still seen
	labelRoom     = 34.0 // between two labels of one row
)

// drawTimeline lays the lanes of a regime out.
func drawTimeline(a *ask, r article41.Regime) (timeline, bool) {
	states := map[record.ComponentID]regime.State{}
	for _, s := range slices.Concat(r.Status.Measures, r.Status.Authorizations, r.Status.Bodies) {
		states[s.ID] = s
	}
	var first, last date.Day
	stretchTo := func(d date.Day) {
		if d.IsZero() {
			return
		}
		if first.IsZero() || d.Before(first) {
			first = d
		}
		if d.After(last) {
			last = d
		}
	}
	for _, l := range r.Lanes {
		for _, s := range l.Spans {
			stretchTo(s.From)
			stretchTo(day0(s.Until))
		}
		for _, m := range l.Marks {
			stretchTo(m.On)
		}
		if st := states[l.ID]; st.Status == regime.InForce && st.Until != nil && st.Until.After(a.At.AsOf) {
			stretchTo(*st.Until)
		}
	}
	if first.IsZero() {
		return timeline{}, false
	}
	over := last // the last day on which something changed
	stretchTo(a.At.AsOf)
	// A regime that ended long ago is drawn up to two years after its end, so that
	// its own years have room.
	if room := over.AddMonths(24); last.After(room) && !r.Status.Overall.Binds() {
		last = room
	}
	last = last.AddDays(max(20, last.Sub(first)/40))
	first = first.AddDays(-max(10, last.Sub(first)/60))
	t := timeline{Title: "Timeline of the " + r.Name, Width: timelineWidth}
	x := func(d date.Day) float64 {
		n := float64(d.Sub(first)) / float64(last.Sub(first))
		return edge + min(max(n, 0), 1)*(timelineWidth-2*edge)
	}
	t.Years = years(first, last, x)
	for _, l := range r.Lanes {
		if len(l.Spans) == 0 && len(l.Marks) == 0 {
			continue
		}
		ln := lane{Name: l.Name, Y: laneTop + float64(len(t.Lanes))*laneHeight}
		for i, s := range l.Spans {
			until := last
			if s.Until != nil {
				until = *s.Until
			}
			st := states[l.ID]
			open := i == len(l.Spans)-1
			shown := until
			if open && until.After(a.At.AsOf) && !a.At.AsOf.Before(s.From) {
				shown = a.At.AsOf
			}
			if s.Status == regime.Lapsed || s.Status == regime.Terminated {
				shown = date.Min(s.From.AddDays(max(30, last.Sub(first)/30)), last)
			}
			ln.Spans = append(ln.Spans, stretch{X: x(s.From), W: max(leastWidth, x(shown.Next())-x(s.From)), Status: s.Status, Title: spanTitle(s)})
			if open && st.Status == regime.InForce && st.Until != nil && st.Until.After(a.At.AsOf) {
				ln.Spans = append(ln.Spans, stretch{X: x(a.At.AsOf), W: max(leastWidth, x(*st.Until)-x(a.At.AsOf)), Status: s.Status, Ahead: true, Title: "by its term until " + st.Until.Text()})
			}
			ln.Rows = append(ln.Rows, laneRow{s.From, s.Until, s.Status, s.By})
		}
		ln.Ticks = ticks(a, l.Marks, x)
		t.Claimants = claimants(t.Claimants, states[l.ID])
		t.Lanes = append(t.Lanes, ln)
	}
	t.Height = laneTop + float64(len(t.Lanes))*laneHeight + 8
	t.Desc = fmt.Sprintf("%s from %s to %s. The table below holds the same.", count(len(t.Lanes), "lane", "lanes"), first.Text(), last.Text())
	t.Hairs = hairs(a, last, x)
	return t, true
}

func spanTitle(s regime.LaneSpan) string {
	t := laneWord(s.Status) + " from " + s.From.Text()
	if s.Until != nil {
		t += " to " + s.Until.Text()
	}
	if s.By != nil && s.Status == regime.InForce {
		t += ", by " + s.By.Symbol.String()
	}
	return t
}

// years are the lines of the calendar, no closer than their labels allow.
func years(first, last date.Day, x func(date.Day) float64) []gridline {
	every := 1
	for _, n := range []int{1, 2, 5, 10, 20} {
		every = n
		if (last.Year()-first.Year())/n <= 18 {
			break
		}
	}
	var out []gridline
	for y := first.Year() + 1; y <= last.Year(); y++ {
		if y%every != 0 {
			continue
		}
		d, err := date.New(y, 1, 1)
		if err == nil && x(d) < timelineWidth-40 {
			out = append(out, gridline{x(d), strconv.Itoa(y)})
		}
	}
	return out
}

// hairs mark the day asked about and, where it is another, today.
func hairs(a *ask, last date.Day, x func(date.Day) float64) []hairline {
	var out []hairline
	add := func(d date.Day, word, class string) {
		if d.After(last) {
			return
		}
		h := hairline{X: x(d), Text: word + " " + d.String(), Anchor: "middle", Class: class}
		switch {
		case h.X > timelineWidth-70:
			h.Anchor = "end"
		case h.X < 70:
			h.Anchor = "start"
		}
		out = append(out, h)
	}
	if a.At.AsOf != a.Today {
		add(a.At.AsOf, "as of", "asof")
	}
	add(a.Today, "today", "today")
	if len(out) == 2 && abs(out[0].X-out[1].X) < 130 {
		out[1].Top = 12
	}
	return out
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

func ticks(a *ask, marks []regime.Mark, x func(date.Day) float64) []tick {
	var out []tick
	ends := [2]float64{-labelRoom, -labelRoom}
	seen := map[string]bool{}
	for _, m := range marks {
		// One decision may do two things to a component; it is one tick, and each of
		// its deeds is in the ladder.
		if key := m.Ref.Symbol.String() + m.On.String(); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		k := tick{X: x(m.On), Kind: "yes", Link: a.link(votePath(m.Ref.Symbol))}
		switch council.Reason(m.Reason) {
		case council.Vetoed:
			k.Kind = "veto"
		case council.LackOfVotes, council.NotPut:
			k.Kind = "lack"
		default:
			if !m.Counts {
				k.Kind = "lack"
			}
		}
		label := short(m.Ref.Symbol)
		width := float64(len(label))*6 + 8
		k.LX = min(max(k.X, edge+width/2), timelineWidth-edge-width/2)
		for row := range ends {
			if k.LX-width/2 >= ends[row] {
				k.Label, k.Row = label, row
				ends[row] = k.LX + width/2
				break
			}
		}
		k.Title = m.Ref.Symbol.String() + " of " + m.On.Text() + ": " + lowerFirst(deedWords[m.Deed])
		if m.Tally != "" {
			k.Title += ", " + dashed(m.Tally)
		}
		if m.Reason != "" {
			k.Title += ", " + lowerFirst(reasonWords[council.Reason(m.Reason)])
		}
		out = append(out, k)
	}
	return out
}

// barPair is one component in both worlds, as two bars over one time.
type barPair struct {
	Name       string
	Label      string // both worlds in words
	Was, Would stretch
	WasWord    string
	WouldWord  string
	AsOf       float64
	Vote       float64
	Years      []gridline
}

// bars draws the components that differ around the vote: the supposed world
// above, the actual one below.
func bars(l briefing.Lang, pairs []pair, asOf, voted date.Day) []barPair {
	first, last := voted.AddMonths(-12), asOf
	for _, p := range pairs {
		for _, u := range []*date.Day{p.Was.Until, p.Would.Until} {
			if u != nil && u.After(last) {
				last = *u
			}
		}
	}
	if last.Before(voted.AddMonths(6)) {
		last = voted.AddMonths(6)
	}
	last = last.AddDays(last.Sub(first) / 8)
	x := func(d date.Day) float64 {
		n := float64(d.Sub(first)) / float64(last.Sub(first))
		return edge + min(max(n, 0), 1)*(timelineWidth-2*edge)
	}
	bar := func(s regime.State) stretch {
		began := first
		if s.Began != nil {
			began = *s.Began
		}
		if s.Began == nil && s.Status == regime.NotYet {
			return stretch{X: edge, W: 0, Status: s.Status}
		}
		until := last
		if s.Until != nil {
			until = s.Until.Next()
		}
		b := stretch{X: x(began), Status: regime.InForce}
		b.W = max(leastWidth, x(until)-b.X)
		if s.Until == nil && s.Status != regime.InForce {
			b.Status = s.Status
		}
		return b
	}
	word := func(s regime.State) string {
		t := l.Status(s.Status)
		if s.Status == regime.Unknown {
			t = l.Say("status-not-known") // nothing is said of what is presumed
		}
		if s.Until != nil {
			switch s.Status {
			case regime.InForce, regime.Contested:
				return l.Say("block-bar-until", t, l.Day(*s.Until))
			case regime.Lapsed, regime.Terminated, regime.Undetermined, regime.Unknown:
				return l.Say("block-bar-after", t, l.Day(*s.Until))
			}
		}
		return t
	}
	var out []barPair
	for _, p := range pairs {
		if p.Differ {
			name := l.Component(p.Was)
			out = append(out, barPair{Name: name, Was: bar(p.Was), Would: bar(p.Would), Label: l.Say("block-bar", name, word(p.Would), word(p.Was)),
				WasWord: l.Say("block-was", word(p.Was)), WouldWord: l.Say("block-would", word(p.Would)),
				AsOf: x(asOf), Vote: x(voted), Years: years(first, last, x)})
		}
	}
	return out
}

// laneWord is a status on a lane, where nothing is said of what is presumed.
func laneWord(s regime.Status) string {
	if s == regime.Unknown {
		return "unknown"
	}
	return statusWords[s]
}

// claimants adds who holds that a contested component is in force, and who that
// it is not: the upper and the lower half of its bar.
func claimants(have []string, st regime.State) []string {
	if st.Status != regime.Contested {
		return have
	}
	for _, side := range []struct{ holds, words string }{{"in-force", "Upper half, in force: "}, {"not-in-force", "Lower half, not in force: "}} {
		var names []string
		for _, p := range st.Positions {
			for _, one := range each(p.Claimant) {
				if p.Holds == side.holds && !slices.Contains(names, one) {
					names = append(names, one)
				}
			}
		}
		if line := side.words + list(names) + "."; len(names) > 0 && !slices.Contains(have, line) {
			have = append(have, line)
		}
	}
	return have
}

// each is the states of a claim made together, such as "France and Germany"; any
// other claimant is one.
func each(claimant string) []string {
	parts := strings.Split(strings.ReplaceAll(claimant, " and ", ", "), ", ")
	for _, p := range parts {
		if _, err := country.Parse(p); err != nil {
			return []string{claimant}
		}
	}
	return parts
}

// inDoubt: the law cannot say whether it is in force.
func inDoubt(s regime.Status) bool { return s == regime.Unknown || s == regime.Undetermined }
