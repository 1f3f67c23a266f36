package record

import (
	"context"
	"fmt"
)

// Copy appends to a ledger what another holds beyond it, range by range, each
// with its instant, so that both then have the same head to the byte. What the
// target holds already must be how the source begins; else ErrConflict.
// Copying again after a break goes on where it ended.
//
// done, if not nil, is told the position reached after each range.
func Copy(ctx context.Context, from, to Store, done func(Position)) (Head, error) {
	source, err := from.Head(ctx)
	if err != nil {
		return Head{}, err
	}
	target, err := to.Head(ctx)
	if err != nil {
		return Head{}, err
	}
	if target.Position > source.Position {
		return target, fmt.Errorf("%w: the target holds %d entries, the source %d", ErrConflict, target.Position, source.Position)
	}
	before := Digest{}
	if target.Position == 0 && target.Digest != before {
		return target, fmt.Errorf("%w: the target's head is no ledger's", ErrInvalid)
	}
	met := target.Position == 0
	err = from.Ranges(ctx, 1, func(r Range) error {
		switch {
		case r.Last() > source.Position: // published since
			return nil
		case r.Last() <= target.Position:
			if met = r.Last() == target.Position && r.Head == target.Digest; r.Last() == target.Position && !met {
				return fmt.Errorf("%w: the target's first %d entries are not the source's", ErrConflict, target.Position)
			}
			return nil
		case !met:
			return fmt.Errorf("%w: the target ends at position %d, within a range of the source", ErrConflict, target.Position)
		}
		if err := copyRange(ctx, from, to, r, source.Edition); err != nil {
			return err
		}
		if done != nil {
			done(r.Last())
		}
		return nil
	})
	if err != nil {
		return target, err
	}
	have, err := to.Head(ctx)
	if err != nil {
		return have, err
	}
	if have != source {
		return have, fmt.Errorf("%w: after copying, the target's head is %s at %d, the source's %s at %d",
			ErrInvalid, have.Digest, have.Position, source.Digest, source.Position)
	}
	return have, nil
}

func copyRange(ctx context.Context, from, to Store, r Range, edition uint64) error {
	id := BatchID(fmt.Sprintf("copy %d", r.First))
	const chunk = 5000
	batch := make([]Entry, 0, chunk)
	stage := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := to.Stage(ctx, id, batch)
		batch = make([]Entry, 0, chunk)
		return err
	}
	err := from.Scan(ctx, r.First, r.Last(), func(e Entry) error {
		e.Position, e.Public = 0, 0
		if batch = append(batch, e); len(batch) == chunk {
			return stage()
		}
		return nil
	})
	if err == nil {
		err = stage()
	}
	if err != nil {
		return fmt.Errorf("copy positions %d to %d: %w", r.First, r.Last(), err)
	}
	after := r.First - 1
	have, err := to.Publish(ctx, Batch{ID: id, After: &after, Edition: edition, Recorded: r.Recorded})
	if err != nil {
		return fmt.Errorf("copy positions %d to %d: %w", r.First, r.Last(), err)
	}
	if have != r {
		return fmt.Errorf("%w: positions %d to %d became %+v, were %+v", ErrInvalid, r.First, r.Last(), have, r)
	}
	return nil
}
