package web

import (
	"cmp"
	"fmt"
	"slices"

	"article41"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// homeView is the page "today", of any day.
type homeView struct {
	Sentence string
	Groups   []statusGroup
	Sunsets  []sunset
	Votes    []article41.Decision
	Lists    []article41.ListUse
	Changes  []article41.ListChange
	Marks    []mapMark
	Others   []article41.Status // peace operations whose mandate the record follows
}

// statusGroup is the regimes of one status.
type statusGroup struct {
	Status  regime.Status
	Title   string
	Regimes []article41.Status
}

var groupTitles = []statusGroup{
	{Status: regime.InForce, Title: "In force"},
	{Status: regime.Contested, Title: "Contested: claimants differ on whether they are in force"},
	{Status: regime.Unknown, Title: "Term past, renewal not in the record: presumed in force"},
	{Status: regime.Suspended, Title: "Suspended"},
	{Status: regime.Lapsed, Title: "Lapsed"},
	{Status: regime.Terminated, Title: "Terminated"},
	{Status: regime.NotYet, Title: "Not yet imposed"},
}

// grouped sorts sanctions regimes by status; whatever is no sanctions regime
// comes apart.
func grouped(all []article41.Status) (groups []statusGroup, others []article41.Status) {
	for _, g := range groupTitles {
		for _, r := range all {
			if r.Type == "sanctions" && r.Overall == g.Status {
				g.Regimes = append(g.Regimes, r)
			}
		}
		if len(g.Regimes) > 0 {
			slices.SortStableFunc(g.Regimes, func(a, b article41.Status) int { return cmp.Compare(a.Name, b.Name) })
			groups = append(groups, g)
		}
	}
	for _, r := range all {
		if r.Type != "sanctions" {
			others = append(others, r)
		}
	}
	return groups, others
}

// sunset is a term that ends.
type sunset struct {
	On     date.Day
	Regime record.RegimeID
	Name   string
	What   []string
	By     symbol.Symbol
	// Through is how far the chain is known; before the day asked about, a later
	// decision may have moved the end.
	Through *date.Day
}

// sunsets are the terms that end on the day asked about or later, soonest first.
func sunsets(all []article41.Status, from date.Day) []sunset {
	out := terms(all, func(st regime.State) bool {
		return st.Status == regime.InForce && st.Until != nil && !st.Until.Before(from)
	})
	slices.SortStableFunc(out, func(a, b sunset) int { return a.On.Compare(b.On) })
	return out
}

// terms gathers what ends on one day by one decision.
func terms(all []article41.Status, want func(regime.State) bool) []sunset {
	var out []sunset
	for _, r := range all {
		for _, s := range slices.Concat(r.Measures, r.Authorizations, r.Bodies) {
			if s.Until == nil || !want(s) {
				continue
			}
			x := sunset{On: *s.Until, Regime: r.Regime, Name: r.Name, What: []string{s.Name}, Through: r.KnownThrough}
			if s.ExtendedBy != nil {
				x.By = s.ExtendedBy.Symbol
			} else if s.ImposedBy != nil {
				x.By = s.ImposedBy.Symbol
			}
			i := slices.IndexFunc(out, func(o sunset) bool { return o.On == x.On && o.Regime == x.Regime && o.By == x.By })
			if i < 0 {
				out = append(out, x)
			} else if !slices.Contains(out[i].What, s.Name) {
				out[i].What = append(out[i].What, s.Name)
			}
		}
	}
	return out
}

// homeSentence is the first line: how many regimes stand where.
func homeSentence(day date.Day, groups []statusGroup) string {
	n := map[regime.Status]int{}
	for _, g := range groups {
		n[g.Status] = len(g.Regimes)
	}
	if len(groups) == 0 {
		return "The record holds no sanctions regime known by that day."
	}
	t := fmt.Sprintf("On %s, %s of the Security Council %s in force", day.Text(), count(n[regime.InForce], "sanctions regime", "sanctions regimes"), isAre(n[regime.InForce]))
	mixed := 0
	for _, g := range groups {
		for _, r := range g.Regimes {
			if g.Status == regime.InForce && slices.ContainsFunc(r.Measures, func(m regime.State) bool { return m.Status == regime.Unknown }) {
				mixed++
			}
		}
	}
	if mixed > 0 {
		t += fmt.Sprintf(", %d of them with some measures whose term is past", mixed)
	}
	if k := n[regime.Unknown]; k > 0 {
		t += fmt.Sprintf("; of %d more the term is past and no renewal is in the record", k)
	}
	if k := n[regime.Contested]; k > 0 {
		t += fmt.Sprintf("; %d %s contested", k, isAre(k))
	}
	return t + "."
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func (s *site) home(a *ask) (page, error) {
	all, err := s.q.Statuses(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	var v homeView
	v.Groups, v.Others = grouped(all)
	v.Sentence = homeSentence(a.At.AsOf, v.Groups)
	v.Sunsets = sunsets(all, a.At.AsOf)
	v.Sunsets = v.Sunsets[:min(len(v.Sunsets), 8)]
	if v.Votes, err = s.q.Votes(a.Context(), a.At, article41.VoteFilter{Newest: true, Limit: 6}); err != nil {
		return page{}, err
	}
	if v.Lists, err = s.q.Lists(a.Context(), a.At); err != nil {
		return page{}, err
	}
	if v.Changes, err = s.q.LatestChanges(a.Context(), a.At, 3); err != nil {
		return page{}, err
	}
	if v.Marks, err = s.mapMarks(a); err != nil {
		return page{}, err
	}
	return page{Title: "UN sanctions on " + a.At.AsOf.Text(), Body: homePage(a, v), Nav: "/", Twin: "/status", Feed: &following{"Changes of the record and the lists", "/changes", nil}}, nil
}

// mapMark is a regime on the map, at the capital of a state it is about.
type mapMark struct {
	X, Y   float64
	Status regime.Status
	Name   string
	Link   string
	Code   country.Code
	LX, LY float64
	Anchor string
}

// The map is an equirectangular outline 960 units wide, from 84 degrees north;
// see static/world.svg.
const (
	mapWidth = 960.0
	mapTop   = 84.0
	mapScale = mapWidth / 360
	mapTall  = 379.0
)

// mapMarks places the regimes that bind, or may, on the states they name. The
// law is against the listed; the mark says where the Council was concerned.
func (s *site) mapMarks(a *ask) ([]mapMark, error) {
	var out []mapMark
	for _, st := range country.All() {
		if st.Kind == country.Former || st.Lat == 0 && st.Lon == 0 {
			continue
		}
		over, err := s.q.Over(a.Context(), a.At, st.Code)
		if err != nil {
			return nil, err
		}
		for _, r := range over {
			if r.Type != "sanctions" || !r.Overall.Binds() {
				continue
			}
			out = append(out, mapMark{X: (st.Lon + 180) * mapScale, Y: (mapTop - st.Lat) * mapScale, Status: r.Overall, Code: st.Code,
				Name: st.Code.Name(a.At.AsOf) + ": " + r.Name + ", " + statusWords[r.Overall], Link: a.link("/regimes/" + string(r.Regime))})
		}
	}
	spread(out)
	return out, nil
}

// spread sets labels beside their marks so that they do not lie on each other.
func spread(marks []mapMark) {
	slices.SortStableFunc(marks, func(a, b mapMark) int { return cmp.Compare(a.Y, b.Y) })
	taken := []struct{ x, y float64 }{}
	free := func(x, y float64) bool {
		for _, t := range taken {
			if abs(t.x-x) < 30 && abs(t.y-y) < 13 {
				return false
			}
		}
		return true
	}
	for _, m := range marks {
		taken = append(taken, struct{ x, y float64 }{m.X, m.Y})
	}
	for i := range marks {
		m := &marks[i]
		for _, o := range []struct {
			dx, dy float64
			anchor string
		}{{10, 4, "start"}, {-10, 4, "end"}, {0, -10, "middle"}, {0, 20, "middle"}, {10, 16, "start"}, {-10, 16, "end"}, {10, -9, "start"}} {
			x, y := m.X+o.dx, m.Y+o.dy
			mid := x
			switch o.anchor {
			case "start":
				mid += 15
			case "end":
				mid -= 15
			}
			m.LX, m.LY, m.Anchor = x, y, o.anchor
			if free(mid, y-4) {
				taken = append(taken, struct{ x, y float64 }{mid, y - 4})
				break
			}
		}
	}
}

// listNote is what a reader has to know of a list beside its day and number.
type listNote struct{ word, text string }

func listNotes(l article41.ListUse) []listNote {
	var out []listNote
	if l.Note != "" {
		out = append(out, listNote{"", capital(l.Note)})
	}
	if l.Failed != "" {
		out = append(out, listNote{"Failed:", l.Failed})
	}
	switch {
	case l.Stale != "":
		out = append(out, listNote{"Stale:", l.Stale})
	case l.Checked != nil:
		out = append(out, listNote{"", "Looked at on " + l.Checked.Text()})
	}
	if l.Damaged {
		out = append(out, listNote{"", "Damaged as published: some fields could not be read."})
	}
	if l.Partial {
		out = append(out, listNote{"", "Partial: the file was cut."})
	}
	return out
}
