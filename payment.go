package article41

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/payment"
	"article41/record"
	"article41/regime"
)

// PaymentScreening answers for a payment message: each party by itself, in the
// message's order.
type PaymentScreening struct {
	Format       string        `json:"format"`
	ID           string        `json:"id,omitempty"`
	Transactions int           `json:"transactions"`
	AsOf         date.Day      `json:"as_of"`
	KnownAt      date.Day      `json:"known_at"`
	Verdict      string        `json:"verdict"`
	Parties      []PartyAnswer `json:"parties"`
	Territories  []Territory   `json:"territories"` // of the addresses, where measures reach them
	Lists        []ListUse     `json:"lists"`
	Threshold    float64       `json:"threshold"`
	Engine       string        `json:"engine"`
	Basis        Basis         `json:"basis"`
}

// PartyAnswer is a party of a payment with what its names and numbers met.
type PartyAnswer struct {
	payment.Party
	Verdict string `json:"verdict"`
	Hits    []Hit  `json:"hits"`
}

// Territory is a state that an address names, and the regimes in force that
// reach it. A regime over a territory does not forbid a payment there.
type Territory struct {
	Code    country.Code      `json:"code"`
	Name    string            `json:"name"`
	Regimes []record.RegimeID `json:"regimes"`
}

// ScreenPayment screens every party of a message. Lists, Threshold and Limit of
// the query hold for all; its name and facts are the parties' own. The country of
// an address is no nationality, so it moves no score.
func (a *Archive) ScreenPayment(ctx context.Context, at record.At, m payment.Message, how Query) (PaymentScreening, error) {
	out := PaymentScreening{Format: m.Format, ID: m.ID, Transactions: m.Transactions, AsOf: at.AsOf, KnownAt: at.KnownAt,
		Parties: []PartyAnswer{}, Territories: []Territory{}}
	asked := map[string]Screening{} // the same party in many transactions is screened once
	met := 0
	for _, p := range m.Parties {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		q := how
		q.Names, q.Identifiers, q.Born = p.Names, p.Identifiers, p.Born
		switch p.Sort {
		case payment.Person:
			q.Kind = "person"
		case payment.Body, payment.Bank:
			q.Kind = "entity"
		case payment.Vessel:
			q.Kind = "vessel"
		}
		key := q.Kind + "\x00" + p.Born + "\x00" + strings.Join(p.Names, "\x00") + "\x00\x00" + strings.Join(p.Identifiers, "\x00")
		s, ok := asked[key]
		if !ok {
			var err error
			if s, err = a.Screen(ctx, at, q); errors.Is(err, record.ErrInvalid) && q.Born != "" {
				q.Born = "" // a message's date may be none of the calendar
				s, err = a.Screen(ctx, at, q)
			}
			if errors.Is(err, record.ErrInvalid) && len(p.Names) > 0 && strings.Contains(err.Error(), "no letter") {
				s, err = Screening{Verdict: "Nothing that can be compared.", Hits: []Hit{}}, nil
			}
			if err != nil {
				return out, fmt.Errorf("%s of transaction %d: %w", p.Role, p.Transaction, err)
			}
			asked[key] = s
		}
		if s.Engine != "" {
			out.Lists, out.Threshold, out.Engine, out.Basis = s.Lists, s.Threshold, s.Engine, s.Basis
		}
		if slices.ContainsFunc(s.Hits, func(h Hit) bool { return h.Status == regime.StandsListed }) {
			met++
		}
		out.Parties = append(out.Parties, PartyAnswer{p, s.Verdict, s.Hits})
	}
	if out.Engine == "" {
		s, err := a.at(ctx, at)
		if err != nil {
			return out, err
		}
		out.Lists, out.Basis = s.uses(at, how.Lists), s.basis()
	}
	var err error
	if out.Territories, err = a.territories(ctx, at, m); err != nil {
		return out, err
	}
	out.Verdict = fmt.Sprintf("Of %s none meets an entry listed on %s in the lists searched.", plural(len(out.Parties), "party", "parties"), at.AsOf.Text())
	if met > 0 {
		out.Verdict = fmt.Sprintf("%d of %s meets an entry listed on %s. A name alone does not say that it is the same bearer.", met, plural(len(out.Parties), "party", "parties"), at.AsOf.Text())
	}
	return out, nil
}

// territories are the states of the addresses that measures in force reach.
func (a *Archive) territories(ctx context.Context, at record.At, m payment.Message) ([]Territory, error) {
	out := []Territory{}
	seen := map[country.Code]bool{}
	for _, p := range m.Parties {
		code, err := country.Parse(p.Country)
		if err != nil || seen[code] {
			continue
		}
		seen[code] = true
		reach, err := a.Over(ctx, at, code)
		if err != nil {
			return nil, err
		}
		t := Territory{Code: code, Name: code.Name(at.AsOf)}
		for _, r := range reach {
			if r.Overall == regime.InForce {
				t.Regimes = append(t.Regimes, r.Regime)
			}
		}
		if len(t.Regimes) > 0 {
			out = append(out, t)
		}
	}
	return out, nil
}
