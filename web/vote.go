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
	"article41/record"
	"article41/symbol"
)

// voteView is a page of one vote, with or without a supposition.
type voteView struct {
	Vote   article41.Vote
	Path   string
	Sup    supposed
	Can    bool // the roll call is whole, so a ballot can be changed
	Was    horseshoe
	Would  horseshoe
	WhatIf article41.WhatIf // only if Sup.any()
	Pairs  []pair
	Fates  fates
	Offers []dayOffer
	Bars   []barPair
	Drafts []article41.Vote // this one and its rivals, if there are any
	Debate *article41.Due   // the Assembly's, on a veto
	Reset  string           // the address of the vote as it was
}

func readSymbol(r *ask) (symbol.Symbol, error) {
	s, err := symbol.Parse(strings.ReplaceAll(r.PathValue("symbol"), "_", " "))
	if err != nil {
		return "", fmt.Errorf("%w: %q is no symbol of a document; symbols look like S/2023/638 or S/RES/2374: %w", record.ErrInvalid, clip(r.PathValue("symbol")), err)
	}
	return s, nil
}

func (s *site) vote(a *ask) (page, error) {
	sym, err := readSymbol(a)
	if err != nil {
		return page{}, err
	}
	v, err := s.q.Vote(a.Context(), a.At, sym)
	if err != nil {
		return page{}, err
	}
	sup, err := readSupposed(a)
	if err != nil {
		return page{}, err
	}
	for _, x := range sup.votes { // a ballot that was so anyway supposes nothing
		if b, ok := cast(v, x.Member); ok && b == x.Ballot {
			sup = sup.without(x.Member)
		}
	}
	view := voteView{Vote: v, Path: votePath(v.ID), Sup: sup, Reset: a.link(votePath(v.ID)), Can: v.RollKnown && v.Outcome.Mode == record.ByVote}
	here := *a // links of the supposition carry its day, those of the frame do not
	if sup.any() {
		if view.Offers, err = s.offers(a, v, sup); err != nil {
			return page{}, err
		}
		if !a.AsOfChosen {
			if a.At.AsOf, err = s.telling(a, v, sup, view.Offers); err != nil {
				return page{}, err
			}
			here.At, here.AsOfChosen = a.At, true
		}
		for i := range view.Offers {
			view.Offers[i].Now = view.Offers[i].Day == a.At.AsOf
		}
		if view.WhatIf, err = s.q.WhatIf(a.Context(), a.At, v.ID, sup.changes(v.ID)); err != nil {
			return page{}, err
		}
		view.Pairs, view.Fates = compare(view.WhatIf), listingFates(view.WhatIf)
		view.Bars = bars(briefing.English, view.Pairs, a.At.AsOf, v.Date)
	}
	if len(v.Rivals) > 0 {
		view.Drafts = append(view.Drafts, v)
	}
	for _, r := range v.Rivals {
		rival, err := s.q.Vote(a.Context(), a.At, r.ID)
		if err != nil {
			return page{}, err
		}
		view.Drafts = append(view.Drafts, rival)
	}
	if view.Debate, err = s.debate(a, v); err != nil {
		return page{}, err
	}
	link := view.link(&here)
	if !view.Can {
		link = nil
	}
	if sup.any() {
		view.Was = newHorseshoe(briefing.English, "As it was: the roll call of "+v.ID.String(), v.Outcome, v.Rollcall, nil)
		view.Would = newHorseshoe(briefing.English, "As supposed: the roll call of "+v.ID.String(), view.WhatIf.Counterfactual.Outcome, view.WhatIf.Counterfactual.Rollcall, link)
		for i := range view.Would.Seats {
			_, view.Would.Seats[i].Changed = sup.ballot(view.Would.Seats[i].Code)
		}
	} else {
		view.Was = newHorseshoe(briefing.English, "The roll call of "+v.ID.String(), v.Outcome, v.Rollcall, link)
	}
	title := v.ID.String()
	if v.Title != "" {
		title += ": " + v.Title
	}
	p := page{Title: title, Body: votePage(&here, view), Nav: "/votes"}
	if sup.any() {
		p.Title, p.NoIndex = "What if: "+title, true
	}
	return p, nil
}

// link makes a tap on a seat suppose its next ballot.
func (view voteView) link(a *ask) func(article41.Ballot) (string, string) {
	return func(b article41.Ballot) (string, string) {
		to := turn(b.Vote)
		return view.suppose(a, b.Member, to), strings.TrimSpace(ballotLetter(briefing.English, b.Vote, b.Vetoes)+" "+string(b.Member)) + ": " + seatWords(briefing.English, b) + ". Suppose it had " + supposedWords[to] + "."
	}
}

// suppose is the address in which the member's ballot is another one. Back at
// what it was, the supposition falls away.
func (view voteView) suppose(a *ask, m country.Code, to council.Ballot) string {
	next := view.Sup.with(m, to)
	if was, _ := cast(view.Vote, m); was == to {
		next = view.Sup.without(m)
	}
	return a.link(view.Path, next.pairs()...)
}

// cast is how the member voted in truth.
func cast(v article41.Vote, m country.Code) (council.Ballot, bool) {
	for _, b := range v.Rollcall {
		if b.Member == m {
			return b.Vote, true
		}
	}
	return "", false
}

// rollcall is the table's order: permanent members first, each group by name.
func (view voteView) rollcall() []article41.Ballot {
	roll := view.Vote.Rollcall
	if view.Sup.any() {
		roll = view.WhatIf.Counterfactual.Rollcall
	}
	roll = slices.Clone(roll)
	slices.SortStableFunc(roll, func(a, b article41.Ballot) int {
		if a.Permanent != b.Permanent {
			if a.Permanent {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return roll
}

// claims are those on which sources disagree, but for those that the debate's
// section shows.
func (view voteView) claims() []record.Claim {
	return slices.DeleteFunc(slices.Clone(view.Vote.Claims), func(c record.Claim) bool {
		return view.Debate != nil && slices.Contains(view.Debate.Claims, c)
	})
}

// offered are the ballots the table offers for each member.
var offered = []council.Ballot{council.Yes, council.No, council.Abstain}

// actWords are the steps before a vote.
var actWords = map[string]string{
	"circulated":     "Circulated",
	"silence-broken": "Silence broken",
	"in-blue":        "In blue",
	"put-to-vote":    "Put to the vote",
	"negotiated":     "Negotiated",
}

func actWord(a record.Act) string {
	if w, ok := actWords[a.What]; ok {
		return w
	}
	return capital(strings.ReplaceAll(a.What, "-", " "))
}

func (view voteView) actors(cs []country.Code) string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Name(view.Vote.Date))
	}
	return list(names)
}

// pivotal says who alone could have turned the outcome.
func (view voteView) pivotal() string {
	ps := view.Vote.Pivotal
	o := view.Vote.Outcome
	switch {
	case !view.Can:
		return "Who alone could have turned it cannot be said: the roll call is not whole."
	case len(ps) == 0 && o.Adopted:
		return "No single member could have turned it: one ballot more or less leaves it adopted."
	case len(ps) == 0:
		return "No single member could have turned it."
	}
	to := map[string][]string{}
	var order []string
	for _, p := range ps {
		var ws []string
		for _, b := range p.To {
			ws = append(ws, string(b))
		}
		k := strings.Join(ws, " or ")
		if to[k] == nil {
			order = append(order, k)
		}
		to[k] = append(to[k], p.Name)
	}
	verb := "turned it into an adoption"
	if o.Adopted {
		verb = "stopped it"
	}
	var parts []string
	for _, k := range order {
		parts = append(parts, list(to[k])+" ("+k+")")
	}
	each := "could have"
	if len(ps) > 1 {
		each = "could each have"
	}
	return list(parts) + " " + each + " " + verb + " alone."
}

// clause is an effect in one line.
func clause(x record.Effect) string {
	t := deedWords[x.Do] + " " + components(x.What)
	if !x.From.IsZero() {
		t += " from " + x.From.Text()
	}
	if !x.Until.IsZero() {
		t += " until " + x.Until.Text()
	}
	if x.Term != "" {
		t += " (“" + x.Term + "”)"
	}
	if x.Final {
		t += ", for the last time"
	}
	if x.Note != "" {
		t += "; " + x.Note
	}
	return t + "."
}
