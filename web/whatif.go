package web

import (
	"fmt"
	"slices"
	"strings"

	"article41"
	"article41/briefing"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// supposed is what the address asks to suppose: other ballots of this vote
// (vote=RUS:abstain) and drafts taken as adopted (adopt=S/2023/639).
type supposed struct {
	votes []council.Switch
	adopt []symbol.Symbol
}

func (s supposed) any() bool { return len(s.votes)+len(s.adopt) > 0 }

func readSupposed(a *ask) (supposed, error) {
	var out supposed
	q := a.URL.Query()
	for _, v := range q["vote"] {
		code, ballot, ok := strings.Cut(v, ":")
		if !ok {
			return out, fmt.Errorf("%w: vote: %q: write it as RUS:abstain", record.ErrInvalid, clip(v))
		}
		c, err := country.Parse(code)
		if err != nil {
			return out, fmt.Errorf("%w: vote: %w", record.ErrInvalid, err)
		}
		b, err := council.ParseBallot(ballot)
		if err != nil {
			return out, fmt.Errorf("vote: %w", err)
		}
		out = out.with(c, b)
	}
	for _, v := range q["adopt"] {
		s, err := symbol.Parse(v)
		if err != nil {
			return out, fmt.Errorf("%w: adopt: %w", record.ErrInvalid, err)
		}
		if !slices.Contains(out.adopt, s) {
			out.adopt = append(out.adopt, s)
		}
	}
	return out, nil
}

// with is the same with one member's ballot set.
func (s supposed) with(m country.Code, b council.Ballot) supposed {
	out := s.without(m)
	out.votes = append(out.votes, council.Switch{Member: m, Ballot: b})
	slices.SortFunc(out.votes, func(a, b council.Switch) int { return strings.Compare(string(a.Member), string(b.Member)) })
	return out
}

func (s supposed) without(m country.Code) supposed {
	out := supposed{adopt: s.adopt}
	for _, v := range s.votes {
		if v.Member != m {
			out.votes = append(out.votes, v)
		}
	}
	return out
}

func (s supposed) adopting(d symbol.Symbol, on bool) supposed {
	out := supposed{votes: s.votes}
	for _, x := range s.adopt {
		if x != d {
			out.adopt = append(out.adopt, x)
		}
	}
	if on {
		out.adopt = append(out.adopt, d)
	}
	return out
}

func (s supposed) ballot(m country.Code) (council.Ballot, bool) {
	for _, v := range s.votes {
		if v.Member == m {
			return v.Ballot, true
		}
	}
	return "", false
}

func (s supposed) pairs() []string {
	var out []string
	for _, v := range s.votes {
		out = append(out, "vote", string(v.Member)+":"+string(v.Ballot))
	}
	for _, x := range s.adopt {
		out = append(out, "adopt", string(x))
	}
	return out
}

func (s supposed) changes(d symbol.Symbol) []article41.Change {
	var out []article41.Change
	if len(s.votes) > 0 {
		out = append(out, article41.Change{Draft: d, Votes: s.votes})
	}
	for _, x := range s.adopt {
		out = append(out, article41.Change{Draft: x, Adopt: true})
	}
	return out
}

// turn is what a tap on a seat supposes: the next of yes, no, abstain. Three
// taps bring a seat back to what it was.
func turn(b council.Ballot) council.Ballot {
	switch b {
	case council.Yes:
		return council.No
	case council.No:
		return council.Abstain
	}
	return council.Yes
}

// dayOffer is a day on which it is worth looking at the two worlds.
type dayOffer struct {
	Day  date.Day
	Word string
	Now  bool
}

// offers are the days on which the two worlds can differ: the day of the vote,
// the day after each term that was running then, and the day after each term
// that the supposed decision would have set.
func (s *site) offers(a *ask, v article41.Vote, sup supposed) ([]dayOffer, error) {
	at := a.At
	at.AsOf = v.Date
	w, err := s.q.WhatIf(a.Context(), at, v.ID, sup.changes(v.ID))
	if err != nil {
		return nil, err
	}
	words := map[date.Day]string{v.Date: "the day of the vote"}
	ends := func(states []regime.State, word string) {
		for _, st := range states {
			if st.Until != nil && !st.Until.Before(v.Date) {
				if d := st.Until.Next(); words[d] == "" {
					words[d] = word
				}
			}
		}
	}
	ends(slices.Concat(w.Actual.Measures, w.Actual.Authorizations, w.Actual.Bodies), "after a term that was running")
	ends(slices.Concat(w.Counterfactual.Measures, w.Counterfactual.Authorizations, w.Counterfactual.Bodies), "after the term supposed")
	var out []dayOffer
	for d, word := range words {
		out = append(out, dayOffer{Day: d, Word: word})
	}
	slices.SortFunc(out, func(x, y dayOffer) int { return x.Day.Compare(y.Day) })
	if len(out) > 7 {
		out = out[:7]
	}
	return out, nil
}

// telling is the first offered day on which something is in force in one world
// and not in the other; else the first on which a term differs; else the day of
// the vote.
func (s *site) telling(a *ask, v article41.Vote, sup supposed, offers []dayOffer) (date.Day, error) {
	second := v.Date
	for _, o := range offers {
		at := a.At
		at.AsOf = o.Day
		w, err := s.q.WhatIf(a.Context(), at, v.ID, sup.changes(v.ID))
		if err != nil {
			return date.Day{}, err
		}
		pairs := compare(w)
		if slices.ContainsFunc(pairs, func(r pair) bool { return r.Was.Status != r.Would.Status }) {
			return o.Day, nil
		}
		if second == v.Date && slices.ContainsFunc(pairs, func(r pair) bool { return r.Differ }) {
			second = o.Day
		}
	}
	return second, nil
}

// pair is one component in both worlds.
type pair struct {
	Name   string
	Was    regime.State
	Would  regime.State
	Differ bool
}

// compare lays the two worlds beside each other, component by component.
func compare(w article41.WhatIf) []pair {
	var out []pair
	all := func(x article41.World) []regime.State { return slices.Concat(x.Measures, x.Authorizations, x.Bodies) }
	would := all(w.Counterfactual)
	for _, was := range all(w.Actual) {
		for _, st := range would {
			if st.Regime != was.Regime || st.ID != was.ID {
				continue
			}
			p := pair{Name: was.Name, Was: was, Would: st}
			p.Differ = was.Status != st.Status || day0(was.Until) != day0(st.Until)
			out = append(out, p)
		}
	}
	return out
}

func day0(d *date.Day) date.Day {
	if d == nil {
		return date.Day{}
	}
	return *d
}

// fates are the listings that only one of the two worlds keeps alive.
type fates struct {
	Live []article41.RegimeEntry // alive only in the supposed world
	Die  []article41.RegimeEntry // alive only as it was
	Both []article41.RegimeEntry
}

func listingFates(w article41.WhatIf) fates {
	var out fates
	in := func(es []article41.RegimeEntry, e article41.RegimeEntry) bool {
		return slices.ContainsFunc(es, func(x article41.RegimeEntry) bool { return x.List == e.List && x.Ref == e.Ref })
	}
	for _, e := range w.Counterfactual.Listings {
		if in(w.Actual.Listings, e) {
			out.Both = append(out.Both, e)
		} else {
			out.Live = append(out.Live, e)
		}
	}
	for _, e := range w.Actual.Listings {
		if !in(w.Counterfactual.Listings, e) {
			out.Die = append(out.Die, e)
		}
	}
	return out
}

// sentence tells the supposition and what it does, on the day asked about.
func supposedSentence(l briefing.Lang, w article41.WhatIf) string {
	var parts []string
	for _, c := range w.Changes {
		switch {
		case c.Adopt:
			parts = append(parts, l.Say("block-had-adopted", c.Symbol.String()))
		default:
			parts = append(parts, l.Say("block-had-"+string(c.To), l.Country(c.Member, c.Name)))
		}
	}
	return l.Say("block-whatif", l.List(parts)) + l.Outcome(w.Counterfactual.Outcome)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// consequence is what the two worlds differ in on the day, in one sentence.
func consequence(l briefing.Lang, w article41.WhatIf) string {
	fs := listingFates(w)
	var parts []string
	if n := len(fs.Live); n > 0 {
		parts = append(parts, l.Count("block-lives", n))
	}
	if n := len(fs.Die); n > 0 {
		parts = append(parts, l.Count("block-falls", n))
	}
	if n := len(w.Void); n > 0 {
		parts = append(parts, l.Count("block-void", n))
	}
	t := l.Say("block-supposed", l.Day(w.AsOf))
	for i, id := range w.Regimes {
		if i > 0 {
			t += " "
		}
		t += l.Regime(regimeIn(w, id))
	}
	if len(parts) > 0 {
		t += " " + capital(l.List(parts)) + "."
	}
	return strings.TrimSpace(t)
}

// regimeIn is one regime's answer in the supposed world.
func regimeIn(w article41.WhatIf, id record.RegimeID) regime.Answer {
	of := func(all []regime.State) (out []regime.State) {
		for _, s := range all {
			if s.Regime == id {
				out = append(out, s)
			}
		}
		return out
	}
	c := w.Counterfactual
	return regime.Answer{Regime: id, AsOf: w.AsOf, Measures: of(c.Measures), Authorizations: of(c.Authorizations), Bodies: of(c.Bodies)}
}
