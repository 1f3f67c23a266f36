package article41

import (
	"context"

	"article41/align"
	"article41/country"
	"article41/record"
)

// InMinority answers how often a member of the Council stood outside the majority
// of the others, over all its votes by the day asked about; nil for a state that
// took a position in none. A seat goes on where a state takes another's over.
func (a *Archive) InMinority(ctx context.Context, at record.At, member country.Code) (*Minority, error) {
	_, v, set, _, err := a.selection(ctx, at, MapQuery{Filter: align.Filter{Body: align.Council, To: at.AsOf}})
	if err != nil {
		return nil, err
	}
	for _, m := range v.Minorities(set) {
		if m.State == align.Seat(member) {
			return &Minority{partyOf(m.State), m.N, m.Against, m.Alone, m.Index, m.Interval}, nil
		}
	}
	return nil, nil
}
