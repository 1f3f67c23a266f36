package article41

import (
	"context"
	"fmt"
	"slices"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// Status is one regime on one day, with what the answer rests on.
type Status struct {
	regime.Answer
	Overall regime.Status `json:"status"`
	Purpose string        `json:"purpose,omitempty"`
	Basis   Basis         `json:"basis"`
}

// Status answers what of a regime was in force.
func (a *Archive) Status(ctx context.Context, at record.At, id record.RegimeID) (Status, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return Status{}, err
	}
	w := s.world(at.KnownAt)
	r, err := w.InForce(at, id)
	if err != nil {
		return Status{}, known(err, at)
	}
	return Status{r, r.Status(), w.regimes[r.Regime].Purpose, s.basis()}, nil
}

// known adds to "not found" up to which day was looked.
func known(err error, at record.At) error {
	return fmt.Errorf("%w, as known on %s", err, at.KnownAt)
}

// Statuses answers for every regime in the record, ended ones too. A regime that
// was not known by then is left out.
func (a *Archive) Statuses(ctx context.Context, at record.At) ([]Status, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	w := s.world(at.KnownAt)
	out := []Status{}
	for _, id := range w.Regimes() {
		r, err := w.InForce(at, id)
		if err != nil {
			return nil, err
		}
		out = append(out, Status{r, r.Status(), w.regimes[id].Purpose, s.basis()})
	}
	return out, nil
}

// Over answers which measures reached a territory, those that name nobody too.
func (a *Archive) Over(ctx context.Context, at record.At, territory country.Code) ([]Status, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	w := s.world(at.KnownAt)
	answers, err := w.Over(at, territory)
	if err != nil {
		return nil, err
	}
	out := []Status{}
	for _, r := range answers {
		out = append(out, Status{r, r.Status(), w.regimes[r.Regime].Purpose, s.basis()})
	}
	return out, nil
}

// Regime is a regime's standing description with every decision that touches it
// and its components' states on the day.
type Regime struct {
	record.Regime
	Status    Status         `json:"state"`
	Decisions []RegimeStep   `json:"decisions"`
	Listings  []RegimeEntry  `json:"listings"`
	Lanes     []regime.Lane  `json:"lanes"`
	Claims    []record.Claim `json:"conflicts"`
}

// RegimeStep is one decision of a chain, with its outcome.
type RegimeStep struct {
	Decision
	Effects []record.Effect `json:"effects"`
	Claims  []record.Claim  `json:"claims,omitempty"`
}

// RegimeEntry is one listing of a regime on the day.
type RegimeEntry struct {
	List     record.SourceID `json:"list"`
	Ref      string          `json:"id"`
	Caption  string          `json:"caption"`
	Sort     string          `json:"sort"`
	Standing regime.Standing `json:"standing"`
}

// Regime answers everything of one regime.
func (a *Archive) Regime(ctx context.Context, at record.At, id record.RegimeID) (Regime, error) {
	out, err := a.Course(ctx, at, id)
	if err != nil {
		return Regime{}, err
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return Regime{}, err
	}
	w := s.world(at.KnownAt)
	entries := s.entriesOf(w, at, out.Status.Regime)
	out.Listings = slices.Grow(out.Listings, len(entries))
	for _, l := range entries {
		out.Listings = append(out.Listings, RegimeEntry{l.List, l.Ref, l.Name, l.Sort, w.Stand(at, l)})
	}
	return out, nil
}

// Course is a regime without its listings: where it stands, what was decided and
// what ran when.
func (a *Archive) Course(ctx context.Context, at record.At, id record.RegimeID) (Regime, error) {
	st, err := a.Status(ctx, at, id)
	if err != nil {
		return Regime{}, err
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return Regime{}, err
	}
	w := s.world(at.KnownAt)
	c, err := w.Regime(id)
	if err != nil {
		return Regime{}, err
	}
	out := Regime{Regime: described(c.Regime, at.KnownAt), Status: st, Decisions: []RegimeStep{}, Listings: []RegimeEntry{}, Claims: []record.Claim{}, Lanes: c.Lanes(at)}
	out.Claims = append(out.Claims, out.Regime.Claims...)
	for _, d := range c.Ordered() {
		step := RegimeStep{Effects: effectsKnown(d.Effects.Effects, at.KnownAt), Claims: claimsKnown(d.Claims, at.KnownAt)}
		if draft, err := w.council.Draft(d.Decision); err == nil {
			step.Decision = decision(w.council, draft)
		} else {
			step.Decision = Decision{ID: d.Decision, Date: d.On}
		}
		out.Decisions = append(out.Decisions, step)
		out.Claims = append(out.Claims, step.Claims...)
	}
	return out, nil
}

// claimsKnown are the claims made by the day.
func claimsKnown(in []record.Claim, known date.Day) []record.Claim {
	return slices.DeleteFunc(append([]record.Claim{}, in...), func(c record.Claim) bool { return c.On.After(known) })
}

// effectsKnown are the effects that could be told by the day: whether one that
// could still be averted would happen, and who would say what of it, was not.
func effectsKnown(in []record.Effect, known date.Day) []record.Effect {
	out := []record.Effect{}
	for _, e := range in {
		if len(e.AvertedBy) > 0 && e.From.After(known) || e.Known.After(known) {
			continue
		}
		e.Contested = slices.DeleteFunc(slices.Clone(e.Contested), func(s record.Stance) bool { return s.From.After(known) })
		out = append(out, e)
	}
	return out
}

// described is the regime's description without what was said or happened after
// the day.
func described(r record.Regime, known date.Day) record.Regime {
	r.Claims = claimsKnown(r.Claims, known)
	r.Context = slices.DeleteFunc(slices.Clone(r.Context), func(c record.ContextNote) bool { return c.On.From.After(known) })
	r.Reports = slices.DeleteFunc(slices.Clone(r.Reports), func(p record.Report) bool { return p.On.From.After(known) })
	return r
}

// Touching are the ids of the regimes a decision has effects on.
func (a *Archive) Touching(at record.At, s symbol.Symbol) []record.RegimeID {
	return a.now.Load().world(at.KnownAt).Touched(s)
}
