package web

import (
	"strings"

	"article41"
	"article41/instrument"
	screening "article41/policy"
	"article41/record"
	"article41/regime"
)

// regimeLaw is the page of who carries a regime on.
func (s *site) regimeLaw(a *ask) (page, error) {
	l, err := s.q.Carried(a.Context(), a.At, record.RegimeID(strings.ToLower(a.PathValue("id"))))
	if err != nil {
		return page{}, err
	}
	return page{Title: "Which law: " + l.Name, Body: lawPage(a, l), Nav: "/regimes", Through: l.UN.KnownThrough}, nil
}

// lawLine is the answer in a sentence: who still binds, and who no longer does.
func lawLine(l article41.Carried) string {
	var on, unknown, over []string
	add := func(name string, st regime.Status) {
		switch {
		case st == regime.InForce:
			on = append(on, name)
		case st.Binds():
			unknown = append(unknown, name)
		case st == regime.Lapsed || st == regime.Terminated:
			over = append(over, name)
		}
	}
	add("the United Nations", l.UN.Overall)
	for _, c := range l.Carriers {
		add(authorityNames[c.Authority], c.Status)
	}
	var parts []string
	for _, g := range []struct {
		word string
		of   []string
	}{{"in force by the law of ", on}, {"not settled, presumed in force, by the law of ", unknown}, {"ended by the law of ", over}} {
		if len(g.of) > 0 {
			parts = append(parts, g.word+list(g.of))
		}
	}
	if len(parts) == 0 {
		return "Nobody carries it on that the record knows of."
	}
	return capital(strings.Join(parts, "; ")) + "."
}

var authorityNames = map[string]string{
	"UN": "the United Nations", "EU": "the European Union", "US": "the United States", "UK": "the United Kingdom", "CH": "Switzerland",
}

// standingStatus is the status of a line as the marks know it; a list that is not
// loaded has none.
func standingStatus(s instrument.Standing) (regime.Status, bool) {
	st := regime.Status(s.Status)
	_, known := statusWords[st]
	return st, known
}

// standingWord says a status that is no status of a measure.
func standingWord(s string) string {
	switch s {
	case instrument.NotLoaded:
		return "list not loaded"
	case instrument.NotHeld:
		return "no version of that day"
	case instrument.NotListed:
		return "not found"
	case regime.WasListed:
		return "was listed"
	case regime.StandsListed:
		return "listed"
	case regime.StandsNamed:
		return "named, not listed"
	}
	return s
}

// tied says how entries of other lists were found.
func tied(s instrument.Standing) string {
	var parts []string
	for _, x := range s.Sightings {
		t := listName(x.List) + ", " + x.Ref
		if x.Version != nil {
			t += ", version of " + x.Version.Text()
		}
		switch x.Tie {
		case instrument.TieName:
			t += ": tied by name and programme only, which does not prove that it is the same"
		case instrument.TieReference:
			t += ": tied by the UN reference it carries"
		case instrument.TieRecord:
			t += ": tied by the record"
		}
		parts = append(parts, t)
	}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	if len(parts) == 0 {
		return ""
	}
	return capital(strings.Join(parts, "; ")) + "."
}

// orders say what a policy wants done.
var orders = map[screening.Deed]string{screening.Stop: "stop the payment", screening.Review: "have somebody look", screening.Note: "write it down"}

// policyLine is what the policy makes of one hit, and why.
func policyLine(d screening.Decision) string {
	t := "Policy: " + orders[d.Do]
	if d.Rule != "" {
		t += ", by the rule “" + d.Rule + "”"
	}
	return t + ". " + capital(d.Why) + "."
}

// ruledLine names the policy an answer was given under.
func ruledLine(r article41.Ruled) string {
	t := r.Name + ", version " + r.Version + ": " + orders[r.Do] + "."
	if len(r.Missing) > 0 {
		var names []string
		for _, l := range r.Missing {
			names = append(names, listName(l))
		}
		t += " It wants lists that are not loaded: " + list(names) + "."
	}
	return t
}
