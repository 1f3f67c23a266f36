package article41

import (
	"slices"
	"strings"

	"article41/instrument"
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
	return p.Judge(policy.Hit{List: h.List, Score: h.Score, Match: h.Match,
		Measures: measured(h.List, h.Status == regime.StandsListed, h.Law, h.Authorities, h.only)})
}

// measured are the measures on an entry that a policy is asked about: the
// Council's, every authority's, and where the record has no law for its list and
// the entry stands there, what the list itself says (only).
func measured(list record.SourceID, stands bool, law []regime.State, authorities []instrument.Standing, only []string) (out []policy.Measure) {
	for _, m := range law {
		out = append(out, policy.Measure{Jurisdiction: "UN", Word: m.Word, Status: m.Status})
	}
	own, ruled := jurisdictionOf(list), list == unList && len(law) > 0
	for _, s := range authorities {
		for _, l := range s.Law {
			out = append(out, policy.Measure{Jurisdiction: s.Authority, Word: l.Word, Status: l.Status})
		}
		ruled = ruled || s.Authority == own && len(s.Law) > 0
	}
	if stands && !ruled {
		if len(only) == 0 {
			only = []string{policy.Listed}
		}
		for _, w := range only {
			out = append(out, policy.Measure{Jurisdiction: own, Word: w, Status: regime.InForce})
		}
	}
	return out
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
