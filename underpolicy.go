package article41

import (
	"slices"
	"strings"

	"article41/policy"
	"article41/record"
	"article41/regime"
)

// Ruled is the policy that an answer was given under, and what it comes to.
type Ruled struct {
	policy.Used
	// Do is what the hits together do to a payment: note, review or stop. It says
	// nothing of who the bearer is.
	Do policy.Deed `json:"do"`
	// Missing are lists that the policy wants searched and that are not loaded.
	Missing []record.SourceID `json:"missing,omitempty"`
}

// Policy is the screening policy that answers are given under: the shipped one
// until another is used.
func (a *Archive) Policy() policy.Policy {
	if p := a.policy.Load(); p != nil {
		return *p
	}
	p := policy.Default()
	a.policy.CompareAndSwap(nil, &p)
	return *a.policy.Load()
}

// Use gives the answers from now on under another policy.
func (a *Archive) Use(p policy.Policy) { a.policy.Store(&p) }

// judged is what the policy says of a hit.
func judged(p policy.Policy, h Hit) policy.Decision {
	ask := policy.Hit{List: h.List, Score: h.Score, Match: h.Match}
	for _, m := range h.Law {
		ask.Measures = append(ask.Measures, policy.Measure{Jurisdiction: "UN", Word: m.Word, Status: m.Status})
	}
	own, ruled := jurisdictionOf(h.List), false
	for _, s := range h.Authorities {
		for _, l := range s.Law {
			ask.Measures = append(ask.Measures, policy.Measure{Jurisdiction: s.Authority, Word: l.Word, Status: l.Status})
		}
		ruled = ruled || s.Authority == own && len(s.Law) > 0
	}
	ruled = ruled || h.List == unList && len(h.Law) > 0
	if h.Status == regime.StandsListed && !ruled {
		// The record has no law for its list: the list itself is the word.
		words := h.only
		if len(words) == 0 {
			words = []string{policy.Listed}
		}
		for _, w := range words {
			ask.Measures = append(ask.Measures, policy.Measure{Jurisdiction: own, Word: w, Status: regime.InForce})
		}
	}
	return p.Judge(ask)
}

// jurisdictionOf is whose list it is, by its id; what nobody knows is the house's.
func jurisdictionOf(list record.SourceID) string {
	head, _, _ := strings.Cut(string(list), "-")
	switch head {
	case "un", "eu", "uk", "ch", "ca":
		return strings.ToUpper(head)
	case "us", "ofac":
		return "US"
	}
	return "house"
}

// missing are the lists that the policy wants and that cannot be searched.
func missing(p policy.Policy, uses []ListUse) []record.SourceID {
	var out []record.SourceID
	for _, l := range p.Lists {
		if !slices.ContainsFunc(uses, func(u ListUse) bool { return u.List == l && u.Newest != nil }) {
			out = append(out, l)
		}
	}
	return out
}
