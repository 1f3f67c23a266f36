package api

import (
	"fmt"
	"slices"

	"article41"
	"article41/date"
	"article41/record"
)

// calendarDocument is what falls due: ends of terms, reviews, and the General
// Assembly's debates on vetoes. Past FailedThrough a veto would be missing.
type calendarDocument struct {
	AsOf          date.Day        `json:"as_of"`
	KnownAt       date.Day        `json:"known_at"`
	From          date.Day        `json:"from"`
	To            *date.Day       `json:"to"`
	Due           []article41.Due `json:"due"`
	FailedThrough *date.Day       `json:"failed_through"`
	Basis         article41.Basis `json:"basis"`
}

func (s *server) calendar(a *ask) (any, error) {
	out := calendarDocument{AsOf: a.at.AsOf, KnownAt: a.at.KnownAt, From: a.at.AsOf, Basis: s.basis(a)}
	var to date.Day
	for _, c := range []struct {
		name string
		day  *date.Day
	}{{"from", &out.From}, {"to", &to}} {
		if text := a.params.Get(c.name); text != "" {
			d, err := date.ParseDay(text)
			if err != nil {
				return nil, wrong(c.name, fmt.Sprintf("%q is not a day of the calendar", text), "a day as YYYY-MM-DD, such as 2023-08-31")
			}
			*c.day = d
		}
	}
	if !to.IsZero() {
		out.To = &to
	}
	var err error
	if out.Due, err = s.Calendar(a.Context(), a.at, out.From, to); err != nil {
		return nil, err
	}
	if id := record.RegimeID(a.params.Get("regime")); id != "" {
		out.Due = slices.DeleteFunc(out.Due, func(d article41.Due) bool { return !d.Concerns(id) })
	}
	through, err := s.FailedThrough(a.Context(), a.at)
	if !through.IsZero() {
		out.FailedThrough = &through
	}
	return out, err
}
