package web

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"article41"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

func (s *site) regimes(a *ask) (page, error) {
	all, err := s.q.Statuses(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	groups, others := grouped(all)
	n := len(all) - len(others)
	return page{Title: "Sanctions regimes on " + a.At.AsOf.Text(), Body: regimesPage(a, homeSentence(a.At.AsOf, groups), n, groups, others), Nav: "/regimes", Feed: &following{"Every sanctions regime", "/regimes", nil}}, nil
}

// regimeView is a page of one regime.
type regimeView struct {
	article41.Regime
	Line     string
	Timeline timeline
	Drawn    bool
	Steps    []article41.RegimeStep  // newest first
	Clocks   []article41.PanelReport // of the experts' reports
	Findings []record.Finding        // that are said to meet its criteria
	Alive    []*article41.RegimeEntry
	Former   []*article41.RegimeEntry
	Coming   []*article41.RegimeEntry
	Removal  []delistingStep // that were decided by the day
}

func (s *site) regime(a *ask) (page, error) {
	r, err := s.q.Regime(a.Context(), a.At, record.RegimeID(strings.ToLower(a.PathValue("id"))))
	if err != nil {
		return page{}, err
	}
	v := regimeView{Regime: r, Line: regimeLine(r.Status, a.At.AsOf)}
	if v.Clocks, err = s.q.Reports(a.Context(), a.At, r.ID); err != nil {
		return page{}, err
	}
	all, err := s.q.Findings(a.Context(), a.At, "")
	if err != nil {
		return page{}, err
	}
	if v.Removal, err = s.removalSteps(a, r.Delisting); err != nil {
		return page{}, err
	}
	v.Findings = slices.DeleteFunc(slices.Clone(all), func(f record.Finding) bool {
		return !slices.ContainsFunc(f.Meets, func(m record.CriterionCase) bool { return m.Regime == r.ID })
	})
	v.Timeline, v.Drawn = drawTimeline(a, r)
	v.Steps = slices.Clone(r.Decisions)
	slices.SortStableFunc(v.Steps, func(x, y article41.RegimeStep) int { return y.Date.Compare(x.Date) })
	for i := range r.Listings {
		e := &r.Listings[i]
		switch e.Standing.Status {
		case regime.StandsListed:
			v.Alive = append(v.Alive, e)
		case regime.WasListed:
			v.Former = append(v.Former, e)
		default:
			v.Coming = append(v.Coming, e)
		}
	}
	slices.SortStableFunc(v.Former, func(x, y *article41.RegimeEntry) int {
		return cmp.Or(day0(y.Standing.Until).Compare(day0(x.Standing.Until)), cmp.Compare(x.Ref, y.Ref))
	})
	return page{Title: r.Name, Body: regimePage(a, v), Nav: "/regimes", Through: r.Status.KnownThrough, Feed: &following{r.Name, "/regimes/" + string(r.ID) + "/feed", nil}}, nil
}

// regimeLine is the answer, with the first or the last day said where the day
// asked about is one.
func regimeLine(st article41.Status, asOf date.Day) string {
	t := st.Sentence
	if len(t) > 200 {
		t = shortLine(st)
	}
	first, last := false, false
	for _, m := range st.Measures {
		first = first || m.Began != nil && *m.Began == asOf
		last = last || m.Status == regime.InForce && m.Until != nil && *m.Until == asOf
	}
	switch {
	case last:
		t += " This is the last day: “until” includes it, in New York."
	case first:
		t += " This is the first day, in New York."
	}
	return t
}

// shortLine is the sentence of a regime with many measures, which are named under
// it.
func shortLine(st article41.Status) string {
	n := 0
	for _, m := range st.Measures {
		if m.Status.Binds() {
			n++
		}
	}
	return capital(statusWords[st.Overall]) + ": " + count(n, "measure", "measures") + ", among them " + measureWords(st) + "."
}

// measureWords names what binds, for a line under the regime's name.
func measureWords(r article41.Status) string {
	var ws, past []string
	for _, m := range r.Measures {
		switch {
		case m.Status == regime.Unknown && r.Overall != regime.Unknown:
			past = append(past, m.Name)
		case m.Status.Binds():
			ws = append(ws, m.Name)
		}
	}
	if len(ws) == 0 {
		return lowerFirst(r.Sentence)
	}
	t := list(ws)
	if len(ws) > 4 {
		t = strings.Join(ws[:3], ", ") + fmt.Sprintf(" and %d more", len(ws)-3)
	}
	if len(past) > 0 {
		t += "; term past, renewal not in the record: " + list(past)
	}
	return t
}

// nextUntil is the soonest day on which something of the regime ends, or ended.
func nextUntil(r article41.Status) (*date.Day, string) {
	var soonest, latest *date.Day
	for _, s := range slices.Concat(r.Measures, r.Authorizations) {
		if s.Until == nil {
			continue
		}
		if s.Status.Binds() && s.Status != regime.Unknown && (soonest == nil || s.Until.Before(*soonest)) {
			soonest = s.Until
		}
		if latest == nil || s.Until.After(*latest) {
			latest = s.Until
		}
	}
	switch {
	case soonest != nil:
		return soonest, "ends"
	case r.Overall == regime.InForce || r.Overall == regime.Contested:
		return nil, "open-ended"
	case r.Overall == regime.Unknown && latest != nil:
		return latest, "term ended"
	case latest != nil:
		return latest, "last in force"
	}
	return nil, ""
}

// list2 is list, for templates in which a parameter is called list.
func list2(words []string) string { return list(words) }

// reach warns where the day asked about lies beyond what the record knows.
func reach(a *ask, through *date.Day) string {
	if through == nil || !through.Before(date.Min(a.At.AsOf, a.At.KnownAt)) {
		return ""
	}
	return "Known through " + through.Text() + ": a later decision may have changed this."
}

// reachOf is the same for a list of terms, said once.
func reachOf(a *ask, list []sunset) string {
	var first *date.Day
	for _, x := range list {
		if x.Through != nil && (first == nil || x.Through.Before(*first)) {
			first = x.Through
		}
	}
	if reach(a, first) == "" {
		return ""
	}
	return "The record knows these chains through " + first.Text() + " at least: a later decision may have moved a day."
}

//go:embed delisting.csv
var delistingCSV string

// delistingStep is one step of being taken off a list, with its clock.
type delistingStep struct {
	Step, Within string
	Source       symbol.Symbol
	Place        string
	Sure         record.Sureness
}

// delistingSteps are those of a path: ombudsperson or focal-point.
var delistingSteps = sync.OnceValue(func() map[string][]delistingStep {
	rows, err := csv.NewReader(strings.NewReader(delistingCSV)).ReadAll()
	if err != nil {
		panic("web/delisting.csv: " + err.Error()) // embedded, and read by a test
	}
	out := map[string][]delistingStep{}
	for _, r := range rows[1:] {
		sym, err := symbol.Parse(r[3])
		if err != nil {
			panic("web/delisting.csv: " + err.Error())
		}
		out[r[0]] = append(out[r[0]], delistingStep{r[1], r[2], sym, r[4], record.Sureness(r[5])})
	}
	return out
})

// removalSteps are the steps of a path that had been decided by the day asked about,
// and by what was known.
func (s *site) removalSteps(a *ask, path string) (out []delistingStep, err error) {
	for _, x := range delistingSteps()[path] {
		found, err := s.q.Vote(a.Context(), a.At, x.Source)
		if err != nil && !errors.Is(err, record.ErrNotFound) {
			return nil, err
		}
		if err == nil && !found.Date.After(date.Min(a.At.AsOf, a.At.KnownAt)) {
			out = append(out, x)
		}
	}
	return out, nil
}

// delisting says to whom somebody writes to be taken off.
func delisting(word string) string {
	switch word {
	case "ombudsperson":
		return "Requests for removal go to the Office of the Ombudsperson to the ISIL (Da'esh) and Al-Qaida Sanctions Committee."
	case "focal-point":
		return "Requests for removal go to the Focal Point for De-listing."
	case "none", "":
		return ""
	}
	return capital(strings.ReplaceAll(word, "-", " ")) + "."
}

func (v regimeView) name(id record.ComponentID) string {
	for _, c := range v.Components {
		if c.ID == id {
			return c.Name
		}
	}
	return strings.ReplaceAll(string(id), "-", " ")
}

func (v regimeView) names(ids []record.ComponentID) string {
	var out []string
	for _, id := range ids {
		out = append(out, v.name(id))
	}
	return list(out)
}

// firstDay and lastDay are the ends of the slider: from the day before the first
// decision to today, or to the last term known.
func firstDay(v regimeView) date.Day {
	var first date.Day
	for _, d := range v.Decisions {
		if !d.Date.IsZero() && (first.IsZero() || d.Date.Before(first)) {
			first = d.Date
		}
	}
	if first.IsZero() {
		return first
	}
	return first.AddDays(-1)
}

func lastDay(a *ask, v regimeView) date.Day {
	last := a.Today
	for _, s := range slices.Concat(v.Status.Measures, v.Status.Authorizations, v.Status.Bodies) {
		if s.Until != nil && s.Until.After(last) {
			last = *s.Until
		}
	}
	return last
}
