package article41

import (
	"context"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// Decision is a draft in short: what it was and what became of it.
type Decision struct {
	ID         symbol.Symbol   `json:"id"`
	Draft      symbol.Symbol   `json:"draft,omitempty"`
	Resolution symbol.Symbol   `json:"resolution,omitempty"`
	Title      string          `json:"title,omitempty"`
	Agenda     string          `json:"agenda,omitempty"`
	Region     council.Region  `json:"region,omitempty"` // where the item is filed; absent: no region in the record
	Date       date.Day        `json:"date"`
	Meeting    symbol.Symbol   `json:"meeting,omitempty"`
	Outcome    council.Outcome `json:"outcome"`
	Sponsors   []council.Party `json:"sponsors"`
	Penholders []council.Party `json:"penholders"`
}

func decision(c *council.Council, d *council.Draft) Decision {
	return Decision{d.ID, d.Draft, d.Resolution, d.Title, d.Agenda, council.Filed(d.Agenda).Region, d.Date, d.Meeting, c.OutcomeOf(d),
		parties(d.Sponsors, d.Date), parties(d.Penholders, d.Date)}
}

// decisions are those of every draft; they are made once, and shared.
func (w *world) decisions() []Decision {
	w.decidedOnce.Do(func() {
		for _, d := range w.council.Drafts() {
			w.decided = append(w.decided, decision(w.council, d))
		}
	})
	return w.decided
}

func parties(codes []country.Code, on date.Day) []council.Party {
	out := []council.Party{}
	for _, c := range codes {
		out = append(out, council.Party{Code: c, Name: c.Name(on)})
	}
	return out
}

// Ballot is one line of the roll call.
type Ballot struct {
	Member    country.Code   `json:"member"`
	Name      string         `json:"name"` // at the time of the vote
	Permanent bool           `json:"permanent"`
	Vote      council.Ballot `json:"vote"` // empty where no source names it
	Vetoes    bool           `json:"vetoes,omitempty"`
}

// Vote is everything the record holds of one draft.
type Vote struct {
	Decision
	Published  date.Day           `json:"published,omitzero"`
	MeetingOn  date.Day           `json:"meeting_on,omitzero"`
	Letters    []symbol.Symbol    `json:"letters,omitempty"`
	Recorded   record.Fate        `json:"recorded,omitempty"`
	Rollcall   []Ballot           `json:"rollcall"`
	RollKnown  bool               `json:"rollcall_known"`
	Pivotal    []council.Pivot    `json:"pivotal"`
	Acts       []record.Act       `json:"acts"`
	Rivals     []Decision         `json:"rivals"`
	Meaning    map[string]string  `json:"meaning,omitempty"`
	Statements []record.Statement `json:"statements"`
	Effects    []VoteEffects      `json:"effects"`
	Claims     []record.Claim     `json:"claims"`
	Cites      []record.Cite      `json:"cites"`
	Basis      Basis              `json:"basis"`
}

// VoteEffects is what a draft did, or would have done, to a regime.
type VoteEffects struct {
	Regime  record.RegimeID `json:"regime"`
	Name    string          `json:"name"`
	Effects []record.Effect `json:"effects"`
	Claims  []record.Claim  `json:"claims,omitempty"`
}

// Vote answers for one draft, by the symbol of its text or of the resolution it
// became.
func (a *Archive) Vote(ctx context.Context, at record.At, sym symbol.Symbol) (Vote, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return Vote{}, err
	}
	w := s.world(at.KnownAt)
	d, err := w.council.Draft(sym)
	if err != nil {
		return Vote{}, known(err, at)
	}
	return vote(w, w.council, d, at, s.basis()), nil
}

func vote(w *world, c *council.Council, d *council.Draft, at record.At, b Basis) Vote {
	v := Vote{Decision: decision(w.council, d), Published: d.Published, MeetingOn: d.MeetingOn, Letters: d.Letters, Recorded: d.Recorded,
		Pivotal: append([]council.Pivot{}, c.Pivots(d)...), Acts: slices.DeleteFunc(append([]record.Act{}, d.Acts...), func(x record.Act) bool { return x.On.After(at.KnownAt) }), Meaning: d.Meaning,
		Rivals: []Decision{}, Statements: []record.Statement{}, Effects: []VoteEffects{},
		Claims: claimsKnown(d.Claims, at.KnownAt), Cites: d.Cites, Basis: b}
	v.Outcome = c.OutcomeOf(d)
	v.Rollcall, v.RollKnown = rollcall(c, d, v.Outcome)
	for _, r := range c.Rivals(d) {
		v.Rivals = append(v.Rivals, decision(w.council, r))
	}
	for _, s := range d.Statements {
		if !s.On.After(at.KnownAt) {
			v.Statements = append(v.Statements, s)
		}
	}
	for _, id := range w.Touched(d.ID) {
		chain, err := w.Regime(id)
		if err != nil {
			continue
		}
		for _, k := range chain.Decisions {
			if k.Decision == d.ID {
				v.Effects = append(v.Effects, VoteEffects{id, chain.Name, effectsKnown(k.Effects.Effects, at.KnownAt), claimsKnown(k.Claims, at.KnownAt)})
			}
		}
	}
	return v
}

func rollcall(c *council.Council, d *council.Draft, o council.Outcome) (out []Ballot, known bool) {
	known = true
	out = []Ballot{}
	for _, k := range c.Rollcall(d) {
		b := Ballot{k.Member, k.Name, k.Permanent, k.Ballot, false}
		b.Vetoes = slices.ContainsFunc(o.VetoedBy, func(p council.Party) bool { return p.Code == k.Member })
		known = known && k.Ballot != council.Unrecorded
		out = append(out, b)
	}
	return out, known && len(out) > 0
}

// VoteFilter narrows the votes. Zero fields do not narrow.
type VoteFilter struct {
	From, To date.Day
	Reason   council.Reason
	By       country.Code // who vetoed
	Sponsor  country.Code
	Margin   *int // decided by at most so many votes in favour, over or under what was needed
	Regime   record.RegimeID
	Region   council.Region // council.NoRegion: filed nowhere
	Text     string         // in symbol, title or agenda
	Limit    int
	Newest   bool // newest first
}

// Votes lists drafts.
func (a *Archive) Votes(ctx context.Context, at record.At, f VoteFilter) ([]Decision, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	w := s.world(at.KnownAt)
	drafts, decided := w.council.Drafts(), w.decisions()
	out := []Decision{}
	for i := range drafts {
		if f.Newest {
			i = len(drafts) - 1 - i
		}
		d, k := drafts[i], &decided[i]
		if !d.Date.Within(f.From, date.Min(f.To, at.AsOf)) || d.Date.After(at.AsOf) {
			continue
		}
		if !f.Region.In(d.Agenda) || f.Text != "" && !mentions(d, f.Text) {
			continue
		}
		if f.Reason != "" && k.Outcome.Reason != f.Reason {
			continue
		}
		if f.By != "" && !slices.ContainsFunc(k.Outcome.VetoedBy, func(p council.Party) bool { return p.Code == f.By }) {
			continue
		}
		if f.Sponsor != "" && !slices.Contains(d.Sponsors, f.Sponsor) || f.Margin != nil && !within(k.Outcome, *f.Margin) {
			continue
		}
		if f.Regime != "" && !slices.Contains(w.Touched(d.ID), f.Regime) {
			continue
		}
		out = append(out, *k)
		if f.Limit > 0 && len(out) == f.Limit {
			break
		}
	}
	return out, nil
}

// within reports whether a counted vote was decided by at most n votes in favour.
// A veto decided otherwise, but its count is told all the same.
func within(o council.Outcome, n int) bool {
	return o.Counted && o.Mode == record.ByVote && max(o.Yes-o.Needed, o.Needed-o.Yes) <= n
}

// Change is one thing a what-if alters.
type Change = council.Change

// WhatIf is two worlds beside each other: as it was, and as it would have been.
type WhatIf struct {
	Symbol         symbol.Symbol     `json:"symbol"`
	AsOf           date.Day          `json:"as_of"`
	KnownAt        date.Day          `json:"known_at"`
	Changes        []Altered         `json:"changes"`
	Regimes        []record.RegimeID `json:"regimes"`
	Actual         World             `json:"actual"`
	Counterfactual World             `json:"counterfactual"`
	Pivotal        []council.Pivot   `json:"pivotal"`
	Void           []regime.Void     `json:"void"`
	Later          []Decision        `json:"later"` // decisions held as they were
	Assumes        []string          `json:"assumes"`
	Basis          Basis             `json:"basis"`
}

// Altered is one change as understood.
type Altered struct {
	Symbol symbol.Symbol  `json:"symbol"`
	Member country.Code   `json:"member,omitempty"`
	Name   string         `json:"name,omitempty"`
	From   council.Ballot `json:"from,omitempty"`
	To     council.Ballot `json:"to,omitempty"`
	Adopt  bool           `json:"adopt,omitempty"`
}

// World is one of the two.
type World struct {
	Outcome        council.Outcome `json:"outcome"`
	Rollcall       []Ballot        `json:"rollcall"`
	Rivals         []Decision      `json:"rivals"`
	Measures       []regime.State  `json:"measures"`
	Authorizations []regime.State  `json:"authorizations"`
	Bodies         []regime.State  `json:"bodies"`
	Listings       []RegimeEntry   `json:"listings"` // only those alive that day
	Sentence       string          `json:"sentence"`
}

// WhatIf answers what other ballots, or the adoption of a rival, would have
// changed, on the day asked about.
func (a *Archive) WhatIf(ctx context.Context, at record.At, sym symbol.Symbol, changes []Change) (WhatIf, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return WhatIf{}, err
	}
	w := s.world(at.KnownAt)
	d, err := w.council.Draft(sym)
	if err != nil {
		return WhatIf{}, err
	}
	supposed, assumes, err := w.Suppose(changes)
	if err != nil {
		return WhatIf{}, err
	}
	out := WhatIf{Symbol: d.ID, AsOf: at.AsOf, KnownAt: at.KnownAt, Changes: []Altered{}, Regimes: []record.RegimeID{},
		Pivotal: append([]council.Pivot{}, w.council.Pivots(d)...), Void: []regime.Void{}, Later: []Decision{}, Assumes: assumes, Basis: s.basis()}
	for _, ch := range changes {
		cd, err := w.council.Draft(ch.Draft)
		if err != nil {
			return WhatIf{}, err
		}
		for _, id := range w.Touched(cd.ID) {
			if !slices.Contains(out.Regimes, id) {
				out.Regimes = append(out.Regimes, id)
			}
		}
		if ch.Adopt {
			out.Changes = append(out.Changes, Altered{Symbol: cd.ID, Adopt: true})
		}
		for _, v := range ch.Votes {
			was := council.Unrecorded
			for _, k := range w.council.Rollcall(cd) {
				if k.Member == v.Member {
					was = k.Ballot
				}
			}
			out.Changes = append(out.Changes, Altered{Symbol: cd.ID, Member: v.Member, Name: v.Member.Name(cd.Date), From: was, To: v.Ballot})
		}
	}
	if len(out.Regimes) == 0 {
		out.Regimes = append(out.Regimes, w.Touched(d.ID)...)
	}
	if out.Actual, err = s.side(w, w.World, at, d.ID, out.Regimes); err != nil {
		return WhatIf{}, err
	}
	if out.Counterfactual, err = s.side(w, supposed, at, d.ID, out.Regimes); err != nil {
		return WhatIf{}, err
	}
	for _, st := range slices.Concat(out.Counterfactual.Measures, out.Counterfactual.Authorizations, out.Counterfactual.Bodies) {
		for _, v := range st.Void {
			if !slices.ContainsFunc(out.Void, func(x regime.Void) bool { return x.Symbol == v.Symbol }) {
				out.Void = append(out.Void, v)
			}
		}
	}
	for _, id := range out.Regimes {
		chain, err := supposed.Regime(id)
		if err != nil {
			continue
		}
		for _, l := range chain.Later(d) {
			if !l.Date.After(at.AsOf) {
				out.Later = append(out.Later, decision(supposed.Council, l))
			}
		}
	}
	for _, v := range out.Void {
		out.Assumes = append(out.Assumes, v.Symbol.String()+" of "+v.On.Text()+" is held as it was, and is void: "+v.Why+".")
	}
	return out, nil
}

func (s *state) side(w *world, r *regime.World, at record.At, sym symbol.Symbol, ids []record.RegimeID) (World, error) {
	d, err := r.Council.Draft(sym)
	if err != nil {
		return World{}, err
	}
	out := World{Outcome: r.Council.OutcomeOf(d), Rivals: []Decision{}, Measures: []regime.State{}, Authorizations: []regime.State{}, Bodies: []regime.State{}, Listings: []RegimeEntry{}}
	out.Rollcall, _ = rollcall(r.Council, d, out.Outcome)
	for _, x := range r.Council.Rivals(d) {
		out.Rivals = append(out.Rivals, decision(r.Council, x))
	}
	for _, id := range ids {
		a, err := r.InForce(at, id)
		if err != nil {
			return World{}, err
		}
		out.Measures = append(out.Measures, a.Measures...)
		out.Authorizations = append(out.Authorizations, a.Authorizations...)
		out.Bodies = append(out.Bodies, a.Bodies...)
		if out.Sentence != "" {
			out.Sentence += " "
		}
		out.Sentence += a.Sentence
		for _, l := range s.entriesOf(w, at, id) {
			if st := r.Stand(at, l); st.Alive() {
				out.Listings = append(out.Listings, RegimeEntry{l.List, l.Ref, l.Name, l.Sort, st})
			}
		}
	}
	return out, nil
}

func mentions(d *council.Draft, text string) bool {
	text = strings.ToLower(text)
	for _, s := range []string{d.ID.String(), d.Draft.String(), d.Title, d.Agenda} {
		if strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	return false
}
