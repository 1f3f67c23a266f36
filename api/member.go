package api

import (
	"fmt"

	"article41"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
)

// memberDocument is one state: which measures reached it, and how it vetoed.
type memberDocument struct {
	Code      country.Code         `json:"code"`
	Name      string               `json:"name"` // on the day
	FullName  string               `json:"full_name,omitempty"`
	Group     string               `json:"group,omitempty"`
	Kind      country.Kind         `json:"kind"`
	AsOf      date.Day             `json:"as_of"`
	KnownAt   date.Day             `json:"known_at"`
	Member    bool                 `json:"un_member"` // of the United Nations, on the day
	Permanent bool                 `json:"permanent"`
	Seats     []record.Seat        `json:"seats"` // when it sat in the Council
	Measures  []article41.Status   `json:"measures"`
	Vetoes    []article41.Decision `json:"vetoes"`
	Basis     article41.Basis      `json:"basis"`
}

func (s *server) member(a *ask) (any, error) {
	code, err := country.Parse(a.PathValue("code"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", record.ErrNotFound, err)
	}
	st, _ := country.Of(code)
	out := memberDocument{Code: code, Name: code.Name(a.at.AsOf), FullName: code.FullName(a.at.AsOf), Group: code.Group(), Kind: st.Kind,
		AsOf: a.at.AsOf, KnownAt: a.at.KnownAt, Member: country.Member(code, a.at.AsOf), Permanent: country.Permanent(code),
		Vetoes: []article41.Decision{}, Basis: s.basis(a)}
	if out.Measures, err = s.Over(a.Context(), a.at, code); err != nil {
		return nil, err
	}
	if out.Seats, err = s.Questions.Seats(a.Context(), a.at, code); err != nil {
		return nil, err
	}
	if out.Permanent {
		out.Vetoes, err = s.Votes(a.Context(), a.at, article41.VoteFilter{By: code, Reason: council.Vetoed, Newest: true})
	}
	return out, err
}
