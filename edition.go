package article41

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"article41/date"
	"article41/record"
)

// Updated is what taking in a bundle did.
type Updated struct {
	Was   record.Edition `json:"was"`
	Is    record.Edition `json:"is"`
	Again bool           `json:"again,omitempty"` // it was held already
	Facts int            `json:"facts"`           // new ones and corrected ones
	Basis Basis          `json:"basis"`
}

// Update takes in a record that came after the program. One that is older than
// what the ledger holds is refused, and so is another one of the same number.
// Whoever calls it has checked who vouches for it.
func (a *Archive) Update(ctx context.Context, newer Shipped, now time.Time) (Updated, error) {
	if a.store == nil {
		return Updated{}, fmt.Errorf("%w: there is no database to take the record into", record.ErrInvalid)
	}
	if err := a.Follow(ctx); err != nil {
		return Updated{}, err
	}
	is, was := newer.Edition, a.now.Load().edition
	switch {
	case is.Number < was.Number:
		return Updated{}, fmt.Errorf("%w: it is edition %d (%s), held is edition %d (%s): an older record never replaces a newer one",
			record.ErrInvalid, is.Number, is.Version, was.Number, was.Version)
	case is.Number == was.Number && is.Digest != was.Digest:
		return Updated{}, fmt.Errorf("%w: it is an edition %d with the digest %s, held is an edition %d with %s: two records of one number",
			record.ErrInvalid, is.Number, is.Digest, was.Number, was.Digest)
	}
	facts, err := a.ship(ctx, newer, nil, now)
	return Updated{was, is, is == was, facts, a.Basis()}, err
}

// Record is the curated record that answers rest on, without an overlay.
func (a *Archive) Record(ctx context.Context) (Shipped, error) {
	s := a.now.Load()
	if a.store == nil || s.edition == a.shipped.Edition {
		return a.shipped, nil
	}
	out, at := Shipped{Edition: s.edition}, map[record.FactID]int{}
	err := a.store.Scan(ctx, 1, s.head.Position, func(e record.Entry) error {
		if e.Source != curated || e.Kind == record.KindEdition {
			return nil
		}
		if i, ok := at[e.Fact]; ok {
			out.Entries[i] = e
			return nil
		}
		at[e.Fact] = len(out.Entries)
		out.Entries = append(out.Entries, e)
		return nil
	})
	return out, err
}

// An overlay is what one installation adds to the curated record or corrects in
// it. Its entries lie in the ledger under a source of their own, over those of
// the record: a newer edition does not silently undo a correction, a pinned
// position replays with the overlay of its time, and every Basis says that there
// is one. docs/design/0005-record-bundles.md says why.
const (
	curated record.SourceID = "curated"
	overlay record.SourceID = "overlay"
)

// Lay lays an overlay over the record, in place of the one before. One without
// entries takes it out. Until then the ledger's stays, whatever becomes of the
// record below.
func (a *Archive) Lay(ctx context.Context, over Shipped, now time.Time) error {
	if a.store != nil {
		_, err := a.ship(ctx, a.shipped, &over, now)
		return err
	}
	if len(over.Entries) == 0 {
		return a.foldShipped(nil)
	}
	mark, err := overlayMark(over.Edition, now)
	if err != nil {
		return err
	}
	return a.foldShipped(append(slices.Clone(over.Entries), mark))
}

// note keeps which of the two has the last word on a fact.
func (s *state) note(e record.Entry) {
	switch {
	case e.Kind == record.KindEdition:
	case e.Source == curated:
		s.digests[e.Fact] = e.Digest()
		delete(s.laid, e.Fact)
	case e.Source == overlay && takesBack(e):
		delete(s.laid, e.Fact)
	case e.Source == overlay:
		s.laid[e.Fact] = e.Digest()
	}
}

// takesBack reports whether an entry withdraws what the overlay itself said under
// the same id; one that withdraws a fact of the record lies under an id of its own
// and is a fact of the overlay like any other.
func takesBack(e record.Entry) bool {
	var w record.Withdrawal
	return e.Kind == record.KindWithdrawal && e.Decode(&w) == nil && w.Fact == e.Fact
}

func overlayMark(e record.Edition, now time.Time) (record.Entry, error) {
	return record.State("edition/overlay", overlay, date.DayOf(now), e)
}

// lay is what must follow the entries of the record that are about to be
// appended, so that the overlay has the last word on its facts and on no other.
func (a *Archive) lay(ctx context.Context, s *state, added []record.Entry, want *Shipped, now time.Time) ([]record.Entry, error) {
	restated := map[record.FactID]record.Entry{}
	for _, e := range added {
		restated[e.Fact] = e
	}
	if want == nil { // the ledger's overlay keeps its last word
		again := maps.Clone(s.laid)
		maps.DeleteFunc(again, func(f record.FactID, _ record.Digest) bool {
			_, ok := restated[f]
			return !ok
		})
		over, _, err := a.said(ctx, s, again)
		if err != nil {
			return nil, err
		}
		var out []record.Entry
		for _, f := range slices.Sorted(maps.Keys(again)) {
			out = append(out, over[f][len(over[f])-1])
		}
		return out, nil
	}
	var out []record.Entry
	gone := maps.Clone(s.laid)
	for _, e := range want.Entries {
		if _, ok := restated[e.Fact]; ok || s.laid[e.Fact] != e.Digest() {
			out = append(out, e)
		}
		delete(gone, e.Fact)
	}
	over, under, err := a.said(ctx, s, gone)
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Sorted(maps.Keys(gone)) {
		// It was never so: taken back from the first day on which it was known, and
		// what the record says stands again. Under the same id, so that a later
		// edition that states the fact is not withdrawn with it.
		known := over[f][0].Known
		for _, e := range over[f] {
			known = date.Min(known, e.Known)
		}
		back, err := record.State(f, overlay, known, record.Withdrawal{Fact: f, Reason: "no longer in the overlay"})
		if err != nil {
			return nil, err
		}
		out = append(out, back)
		if e, ok := restated[f]; ok {
			out = append(out, e) // once more, behind the withdrawal
		} else if e, ok := under[f]; ok {
			out = append(out, e)
		}
	}
	if len(out) == 0 && s.overlay.Digest == want.Edition.Digest {
		return nil, nil
	}
	mark, err := overlayMark(want.Edition, now)
	if err != nil {
		return nil, err
	}
	return append(out, mark), nil
}

// said reads what the overlay said of the facts, and the last that the record did.
func (a *Archive) said(ctx context.Context, s *state, of map[record.FactID]record.Digest) (over map[record.FactID][]record.Entry, under map[record.FactID]record.Entry, err error) {
	if len(of) == 0 {
		return nil, nil, nil
	}
	over, under = map[record.FactID][]record.Entry{}, map[record.FactID]record.Entry{}
	err = a.store.Scan(ctx, 1, s.head.Position, func(e record.Entry) error {
		if _, ok := of[e.Fact]; !ok {
			return nil
		}
		switch {
		case e.Source == curated:
			under[e.Fact] = e
		case e.Source == overlay && !takesBack(e):
			over[e.Fact] = append(over[e.Fact], e)
		}
		return nil
	})
	return over, under, err
}
