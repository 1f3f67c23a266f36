package article41

import (
	"context"
	"fmt"
	"slices"

	"article41/listing"
	"article41/record"
)

// OnList hands on every entry that stood on a list on the day, as the newest
// version of that day or before says, known by then, in no order; and answers
// with that version. Without private, what is private is left out.
func (a *Archive) OnList(ctx context.Context, at record.At, list record.SourceID, private bool, yield func(record.Listed) error) (ListUse, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return ListUse{}, err
	}
	uses := s.uses(at, []record.SourceID{list})
	if len(uses) == 0 {
		return ListUse{}, fmt.Errorf("%w: no version of the list %q is held; held are %v", record.ErrNotFound, list, s.lists.Sources())
	}
	use := uses[0]
	if use.Version == nil {
		return use, fmt.Errorf("%w: list %s on %s, known by %s: %s", record.ErrNotFound, list, at.AsOf, at.KnownAt, use.Note)
	}
	h := s.lists.List(list)
	versions := h.Versions(at.KnownAt)
	v := versions[slices.IndexFunc(versions, func(v record.List) bool { return v.Date == *use.Version })]
	return use, h.Each(v, func(e record.Listed) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		e.Version = v.Date
		if !private {
			e = listing.Public(e)
		}
		return yield(e)
	})
}
