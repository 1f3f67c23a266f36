package record

import (
	"context"
	"errors"
	"fmt"
)

var errPast = errors.New("past the head")

// Verify reads the whole ledger up to its head and reports the first place where
// it does not hold together: a gap in the positions, a public number that is not
// the next one, an entry whose bytes changed, a range or head off the chain. It
// asks nothing of a store but what Store has. Each of also is told every entry with
// the digest of the bytes it has now, before its range is judged.
func Verify(ctx context.Context, s Store, also ...func(Entry, Digest) error) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	// The head is read first; ranges that others publish meanwhile lie past it.
	var ranges []Range
	err = s.Ranges(ctx, 0, func(r Range) error {
		if r.First > head.Position {
			return errPast
		}
		ranges = append(ranges, r)
		return nil
	})
	if err != nil && !errors.Is(err, errPast) {
		return err
	}

	var chain Digest
	var position Position
	var public uint64
	var running Digest
	var publicInRange uint64
	// closeRange checks the range that has been read to its end and drops it.
	closeRange := func() error {
		r := ranges[0]
		chain = Link(chain, r.First, r.Count, running, r.Recorded)
		switch {
		case running != r.Running:
			return fmt.Errorf("range %d…%d: %w: its entries' digest is %s, the range says %s", r.First, r.Last(), ErrInvalid, running, r.Running)
		case publicInRange != r.Public:
			return fmt.Errorf("range %d…%d: %w: %d public entries, the range says %d", r.First, r.Last(), ErrInvalid, publicInRange, r.Public)
		case chain != r.Head:
			return fmt.Errorf("range %d…%d: %w: the chain gives %s, the range says %s", r.First, r.Last(), ErrInvalid, chain, r.Head)
		}
		ranges, running, publicInRange = ranges[1:], Digest{}, 0
		return nil
	}
	if head.Position > 0 {
		err = s.Scan(ctx, 1, head.Position, func(e Entry) error {
			position++
			if e.Position != position {
				return fmt.Errorf("%w: position %d where %d is due", ErrInvalid, e.Position, position)
			}
			if len(ranges) == 0 || position < ranges[0].First || position > ranges[0].Last() {
				return fmt.Errorf("position %d: %w: it lies in no range", position, ErrInvalid)
			}
			due := uint64(0)
			if !e.IsSealed() {
				public++
				publicInRange++
				due = public
			}
			if e.Public != due {
				return fmt.Errorf("position %d: %w: public number %d where %d is due", position, ErrInvalid, e.Public, due)
			}
			if !e.Recorded.Equal(ranges[0].Recorded) {
				return fmt.Errorf("position %d: %w: recorded %s, its range %s", position, ErrInvalid, e.Recorded, ranges[0].Recorded)
			}
			digest := e.Digest()
			for _, tell := range also {
				if err := tell(e, digest); err != nil {
					return err
				}
			}
			running = Roll(running, digest)
			if position == ranges[0].Last() {
				return closeRange()
			}
			return nil
		})
	}
	switch {
	case err != nil:
		return err
	case len(ranges) > 0:
		return fmt.Errorf("range %d…%d: %w: the ledger ends at position %d", ranges[0].First, ranges[0].Last(), ErrInvalid, position)
	case position != head.Position || public != head.Public || chain != head.Digest:
		return fmt.Errorf("head: %w: it says %d entries, %d public, %s; there are %d, %d, %s",
			ErrInvalid, head.Position, head.Public, head.Digest, position, public, chain)
	}
	return nil
}
