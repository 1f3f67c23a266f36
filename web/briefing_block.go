package web

import (
	"cmp"
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

// blockView is a block with what the record says on the page's day. Fault says
// why it could not be drawn: the rest of the page stands all the same.
type blockView struct {
	briefing.Block
	L      briefing.Lang
	Fault  string
	On     date.Day // the day the block is about
	Votes  []article41.Vote
	Picked horseshoe
	Status article41.Regime
	States []regime.State
	Steps  []stepView
	WhatIf article41.WhatIf
	Pairs  []pair
	Bars   []barPair
	Fates  fates
	Link   string
	Claims []record.Claim
	Said   []record.Statement
}

// stepView is one line of a timeline slice.
type stepView struct {
	On      date.Day
	Text    string
	Symbol  symbol.Symbol
	Outcome *council.Outcome
	Cite    *record.Cite
}

func (s *site) block(a *ask, l briefing.Lang, b briefing.Block) blockView {
	v := blockView{Block: b, L: l, On: b.Day("as_of", a.At.AsOf)}
	at := a.At
	at.AsOf = v.On
	if err := s.drawBlock(a, at, &v); err != nil {
		v.Fault = l.Say("block-fault", l.Day(at.KnownAt), l.Quote(strings.TrimSuffix(words(err), ".")))
	}
	return v
}

func (s *site) drawBlock(a *ask, at record.At, v *blockView) error {
	var err error
	switch v.Kind {
	case "vote", "rollcall", "disagree", "quote":
		for _, arg := range v.symbols() {
			x, err := s.q.Vote(a.Context(), at, arg)
			if err != nil {
				return err
			}
			v.Votes = append(v.Votes, x)
		}
	}
	switch v.Kind {
	case "vote":
		x := v.Votes[0]
		v.Picked = newHorseshoe(v.L, v.L.Say("block-roll", x.ID.String()), x.Outcome, x.Rollcall, nil)
	case "status", "timeline":
		if v.Status, err = s.q.Regime(a.Context(), at, record.RegimeID(v.Args[0])); err != nil {
			return err
		}
		v.States = slices.Concat(v.Status.Status.Measures, v.Status.Status.Authorizations, v.Status.Status.Bodies)
		if v.Kind == "timeline" {
			v.Steps = slice(v.L, v.Status, v.Day("from", date.Day{}), v.Day("to", at.AsOf))
		}
	case "whatif":
		return s.drawWhatIf(a, at, v)
	case "disagree":
		v.Claims = matter(v.Votes[0], v.Args[1])
		if len(v.Claims) == 0 {
			return fmt.Errorf("%w: no claims on %q", record.ErrNotFound, v.Args[1])
		}
	case "quote":
		on := v.Day("on", date.Day{})
		for _, x := range v.Votes[0].Statements {
			if string(x.Member) == v.Args[1] && (on.IsZero() || x.On == on) {
				v.Said = append(v.Said, x)
			}
		}
		if len(v.Said) == 0 {
			return fmt.Errorf("%w: no statement of %s", record.ErrNotFound, v.Args[1])
		}
	}
	return nil
}

// symbols are the arguments of the block that are symbols.
func (v *blockView) symbols() []symbol.Symbol {
	args := v.Args
	if v.Kind != "rollcall" {
		args = args[:1]
	}
	var out []symbol.Symbol
	for _, x := range args {
		out = append(out, symbol.Symbol(x))
	}
	return out
}

func (s *site) drawWhatIf(a *ask, at record.At, v *blockView) error {
	sym := symbol.Symbol(v.Args[0])
	m, b, _ := strings.Cut(v.Args[1], ":")
	sup := supposed{votes: []council.Switch{{Member: country.Code(m), Ballot: council.Ballot(b)}}}
	vote, err := s.q.Vote(a.Context(), at, sym)
	if err != nil {
		return err
	}
	if v.WhatIf, err = s.q.WhatIf(a.Context(), at, sym, sup.changes(sym)); err != nil {
		return err
	}
	v.Pairs, v.Fates = compare(v.WhatIf), listingFates(v.WhatIf)
	v.Bars = bars(v.L, v.Pairs, at.AsOf, vote.Date)
	v.Link = a.on(at.AsOf, votePath(sym), sup.pairs()...)
	return nil
}

// matter are the claims on one matter; "panel-until" is the matter "panel until".
func matter(v article41.Vote, about string) []record.Claim {
	all := slices.Clone(v.Claims)
	for _, e := range v.Effects {
		all = append(all, e.Claims...)
	}
	var out []record.Claim
	for _, c := range all {
		if strings.ReplaceAll(c.About, " ", "-") == strings.ReplaceAll(about, " ", "-") && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// slice is what happened to a regime between two days: decisions, drafts that
// failed, terms that ended, and what lay beside it.
func slice(l briefing.Lang, r article41.Regime, from, to date.Day) []stepView {
	var out []stepView
	in := func(d date.Day) bool { return !d.IsZero() && !d.Before(from) && !d.After(to) }
	for _, d := range r.Decisions {
		if in(d.Date) {
			x := stepView{On: d.Date, Symbol: d.ID, Text: l.Outcome(d.Outcome)}
			if d.Outcome.Known {
				x.Outcome = &d.Outcome
			}
			out = append(out, x)
		}
	}
	for _, lane := range r.Lanes {
		for _, sp := range lane.Spans {
			if sp.Status == regime.Lapsed || sp.Status == regime.Terminated {
				if in(sp.From) {
					out = append(out, stepView{On: sp.From, Text: l.Say("block-from", capital(laneName(l, r, lane)), l.Status(sp.Status))})
				}
			}
		}
	}
	for _, c := range r.Context {
		if in(c.On.From) && c.On.From == c.On.To {
			out = append(out, stepView{On: c.On.From, Text: c.Text, Cite: &c.Cite})
		}
	}
	slices.SortStableFunc(out, func(a, b stepView) int { return cmp.Compare(a.On.String(), b.On.String()) })
	return out
}

// rollMembers are the members of the votes, permanent ones first.
func (v blockView) rollMembers() []article41.Ballot {
	if len(v.Votes) == 0 {
		return nil
	}
	return voteView{Vote: v.Votes[0]}.rollcall()
}

func ballotIn(x article41.Vote, m country.Code) (article41.Ballot, bool) {
	for _, b := range x.Rollcall {
		if b.Member == m {
			return b, true
		}
	}
	return article41.Ballot{}, false
}

// laneName is a lane's name: that of the part of the regime that it shows.
func laneName(l briefing.Lang, r article41.Regime, lane regime.Lane) string {
	for _, st := range slices.Concat(r.Status.Measures, r.Status.Authorizations, r.Status.Bodies) {
		if st.ID == lane.ID {
			return l.Component(st)
		}
	}
	return lane.Name
}
