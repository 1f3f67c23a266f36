package api

import (
	"context"

	"article41"
	"article41/align"
	"article41/country"
	"article41/date"
	"article41/record"
)

// Alignment is asked who votes with whom and who holds power.
type Alignment interface {
	Align(ctx context.Context, at record.At, q article41.AlignQuery) (article41.Agreement, error)
	Neighbours(ctx context.Context, at record.At, of country.Code, q article41.AlignQuery) (article41.Neighbours, error)
	Shift(ctx context.Context, at record.At, first, second country.Code, ballots []record.Assembly) (article41.Shift, error)
	AlignMap(ctx context.Context, at record.At, q article41.MapQuery) (article41.AlignMap, error)
	Drift(ctx context.Context, at record.At, q article41.DriftQuery) (article41.AlignDrift, error)
	IdealPoints(ctx context.Context, at record.At, states []country.Code, from, to int) (article41.IdealSeries, error)
	Blocs(ctx context.Context, at record.At, q article41.MapQuery, want int) (article41.AlignBlocs, error)
	Expectations(ctx context.Context, at record.At, q article41.MapQuery, show int) (article41.Expectations, error)
	PowerRecord(ctx context.Context, at record.At, from, to date.Day) (article41.PowerRecord, error)
}

// alignment are the addresses on agreement and power.
func (s *server) alignment(read func(tail string, answer func(*ask) (any, error), params ...string)) {
	window := []string{"body", "from", "to", "topic"}
	with := func(more ...string) []string { return append(append([]string{}, window...), more...) }
	read("alignment", s.align, with("a", "b", "votes", "consensus")...)
	read("alignment/mali", s.shift, "first", "second")
	read("alignment/map", s.alignMap, with("year")...)
	read("alignment/drift", s.drift, "pole", "state", "before", "after", "by", "body")
	read("alignment/ideals", s.ideals, "states", "from", "to")
	read("alignment/blocs", s.blocs, with("year", "blocs")...)
	read("alignment/expected", s.expected, with("year", "show")...)
	read("power", s.power, "rule", "seats", "quota", "vetoes", "block")
	read("power/record", s.powerRecord, "from", "to")
}

func (s *server) align(a *ask) (any, error) {
	q, err := article41.AlignQueryOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	if a.params.Get("b") == "" {
		return s.Neighbours(a.Context(), a.at, q.A.States[0], q)
	}
	return s.Align(a.Context(), a.at, q)
}

func (s *server) shift(a *ask) (any, error) {
	first, err := article41.StatesOf(a.params.Get, "first", "MLI")
	if err != nil {
		return nil, err
	}
	second, err := article41.StatesOf(a.params.Get, "second", "RUS")
	if err != nil {
		return nil, err
	}
	return s.Shift(a.Context(), a.at, first[0], second[0], nil)
}

func (s *server) alignMap(a *ask) (any, error) {
	q, err := article41.MapQueryOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	return s.AlignMap(a.Context(), a.at, q)
}

func (s *server) drift(a *ask) (any, error) {
	q, err := article41.DriftQueryOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	return s.Drift(a.Context(), a.at, q)
}

func (s *server) ideals(a *ask) (any, error) {
	states, err := article41.StatesOf(a.params.Get, "states", "MLI", "RUS", "FRA", "USA")
	if err != nil {
		return nil, err
	}
	from, err := article41.WholeOf(a.params.Get, "from", 1960, 1946, 2100)
	if err != nil {
		return nil, err
	}
	to, err := article41.WholeOf(a.params.Get, "to", 0, 1946, 2100)
	if err != nil {
		return nil, err
	}
	return s.IdealPoints(a.Context(), a.at, states, from, to)
}

func (s *server) blocs(a *ask) (any, error) {
	q, err := article41.MapQueryOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	want, err := article41.WholeOf(a.params.Get, "blocs", 0, 0, 20)
	if err != nil {
		return nil, err
	}
	return s.Blocs(a.Context(), a.at, q, want)
}

func (s *server) expected(a *ask) (any, error) {
	q, err := article41.MapQueryOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	show, err := article41.WholeOf(a.params.Get, "show", 10, 1, 100)
	if err != nil {
		return nil, err
	}
	return s.Expectations(a.Context(), a.at, q, show)
}

type powerDocument struct {
	Sentence string `json:"sentence"`
	align.Power
}

// power is a rule's: it rests on no record.
func (s *server) power(a *ask) (any, error) {
	r, err := article41.VotingRuleOf(a.params.Get)
	if err != nil {
		return nil, err
	}
	p, err := r.Power()
	if err != nil {
		return nil, err
	}
	return powerDocument{article41.PowerSentence(p), p}, nil
}

func (s *server) powerRecord(a *ask) (any, error) {
	f, err := article41.FilterOf(func(k string) string {
		if k == "from" || k == "to" {
			return a.params.Get(k)
		}
		return ""
	})
	if err != nil {
		return nil, err
	}
	return s.PowerRecord(a.Context(), a.at, f.From, f.To)
}
