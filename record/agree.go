package record

import (
	"context"
	"errors"
	"fmt"
)

// Agree compares two ledgers entry by entry, by their digests, up to where the
// shorter one ends. It answers the last position up to which both state the
// same, and an error that says what stands there instead, if they part.
func Agree(ctx context.Context, a, b Store) (Position, error) {
	ah, err := a.Head(ctx)
	if err != nil {
		return 0, err
	}
	bh, err := b.Head(ctx)
	if err != nil {
		return 0, err
	}
	end := min(ah.Position, bh.Position)
	const chunk = 4096
	var same Position
	for from := Position(1); from <= end; from += chunk {
		to := min(from+chunk-1, end)
		left := make([]Entry, 0, chunk)
		if err := a.Scan(ctx, from, to, func(e Entry) error { left = append(left, e); return nil }); err != nil {
			return same, err
		}
		i := 0
		err := b.Scan(ctx, from, to, func(e Entry) error {
			if i >= len(left) || left[i].Digest() != e.Digest() {
				return fmt.Errorf("%w: position %d states %s here and %s there", errPart, e.Position, factAt(left, i), e.Fact)
			}
			i++
			same = e.Position
			return nil
		})
		if err != nil {
			return same, err
		}
	}
	return same, nil
}

var errPart = errors.New("the ledgers part")

func factAt(es []Entry, i int) FactID {
	if i < len(es) {
		return es[i].Fact
	}
	return "nothing"
}
