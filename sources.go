package article41

import (
	"context"
	"slices"
	"strings"

	"article41/country"
	"article41/record"
)

// Sources are the publishers and documents that facts of the record come from.
func (a *Archive) Sources(ctx context.Context, at record.At) ([]record.Source, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	out := []record.Source{}
	for _, src := range s.world(at.KnownAt).sources {
		out = append(out, src)
	}
	slices.SortFunc(out, func(a, b record.Source) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// Seats are the stretches of days on which a state sat in the Council, by day.
func (a *Archive) Seats(ctx context.Context, at record.At, member country.Code) ([]record.Seat, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	out := []record.Seat{}
	for _, seat := range s.world(at.KnownAt).council.Seats() {
		if seat.Member == member {
			out = append(out, seat)
		}
	}
	slices.SortFunc(out, func(a, b record.Seat) int { return a.From.Compare(b.From) })
	return out, nil
}
