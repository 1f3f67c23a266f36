package shelf

import (
	"bytes"
	"context"
	"fmt"

	"article41/record"
)

// Copy puts every item of a shelf on an empty one, in the order of their writes.
// Versions begin anew there: they only tell two editors of one moment apart. It
// answers how many items it put; what was removed is not copied.
func Copy(ctx context.Context, from, to Store) (n int, err error) {
	if there, err := to.Since(ctx, 0, 1); err != nil {
		return 0, err
	} else if len(there) > 0 {
		return 0, fmt.Errorf("%w: the target's shelf is not empty", record.ErrConflict)
	}
	const page = 500
	for seq := int64(0); ; {
		items, err := from.Since(ctx, seq, page)
		if err != nil {
			return n, err
		}
		var changes []Change
		for _, it := range items {
			seq = it.Seq
			if !it.Gone {
				changes = append(changes, Change{Kind: it.Kind, ID: it.ID, Body: it.Body})
			}
		}
		if len(changes) > 0 {
			if _, err := to.Write(ctx, changes...); err != nil {
				return n, fmt.Errorf("copy %d items: %w", len(changes), err)
			}
		}
		n += len(changes)
		if len(items) < page {
			return n, nil
		}
	}
}

// Same says whether both shelves hold the same items with the same bodies, and
// the first that differs.
func Same(ctx context.Context, a, b Store) error {
	for _, pair := range [][2]Store{{a, b}, {b, a}} {
		const page = 500
		for seq := int64(0); ; {
			items, err := pair[0].Since(ctx, seq, page)
			if err != nil {
				return err
			}
			for _, it := range items {
				seq = it.Seq
				if it.Gone {
					continue
				}
				other, err := pair[1].Item(ctx, it.Kind, it.ID)
				if err != nil {
					return fmt.Errorf("%s %s: %w", it.Kind, it.ID, err)
				}
				if !bytes.Equal(it.Body, other.Body) {
					return fmt.Errorf("%w: %s %s has another body there", record.ErrConflict, it.Kind, it.ID)
				}
			}
			if len(items) < page {
				break
			}
		}
	}
	return nil
}
