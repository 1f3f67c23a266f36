package article41

import (
	"context"
	"errors"
	"fmt"
	"time"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// Incoming is one version of a list on its way in. Large ones are read entry by
// entry and never held whole.
type Incoming struct {
	// List is what is known of the version before its entries are read: whose it
	// is, its date, its origin, its digest, whether it is cut to low bytes.
	List record.List
	// Each hands on the entries and answers with all that is known of the version
	// in the end. It can be called again.
	Each func(yield func(record.Listed) error) (record.List, error)
	// MostGone is which share of the version before may be missing in this one
	// (0: half of it; 1: all). A list that lost more is refused with [ErrShrunk].
	MostGone float64
}

// ErrShrunk says that a version lacks so much of the one before it that it is
// more likely a wrong or broken file.
var ErrShrunk = errors.New("too much of the version before is missing")

const (
	mostGone   = 0.5 // the share, if the caller says nothing
	fewEntries = 20  // a list of fewer may change as it likes
)

// Whole is a version that lies in memory.
func Whole(list record.List, entries []record.Listed) Incoming {
	return Incoming{List: list, Each: func(yield func(record.Listed) error) (record.List, error) {
		for _, e := range entries {
			if err := yield(e); err != nil {
				return list, err
			}
		}
		return list, nil
	}}
}

// Imported is what bringing in a list did.
type Imported struct {
	Source     record.SourceID    `json:"source"`
	ListDate   date.Day           `json:"list_date"`
	DateBasis  string             `json:"date_basis"` // stated, given, import-day
	Entries    int                `json:"entries"`
	Added      int                `json:"added"`
	Changed    int                `json:"changed"`
	Removed    int                `json:"removed"`
	Against    *date.Day          `json:"against"` // the version these count from; null: the first one
	Again      bool               `json:"again,omitempty"`
	Damaged    bool               `json:"damaged,omitempty"`
	Partial    bool               `json:"partial,omitempty"`
	Digest     record.Digest      `json:"digest"`
	Complaints []record.Complaint `json:"complaints"`
	Position   record.Position    `json:"position"`
}

// Import appends one version of a list to the ledger: all of it or nothing.
func (a *Archive) Import(ctx context.Context, now time.Time, list record.List, entries []record.Listed) (Imported, error) {
	return a.Take(ctx, now, Whole(list, entries))
}

// Take appends one version of a list to the ledger: all of it or nothing. What
// changed is staged as it is read, so that neither this program's memory nor
// another writer's patience depends on the size of the list. It reads what is
// held under the ledger's newest position; if another writer came between, it
// reads the list again.
func (a *Archive) Take(ctx context.Context, now time.Time, in Incoming) (Imported, error) {
	if a.store == nil {
		return Imported{}, fmt.Errorf("%w: there is no database to import into", record.ErrInvalid)
	}
	for tries := 0; ; tries++ {
		out, err := a.takeOnce(ctx, now, in, tries)
		if err == nil || tries == 8 || !isConflict(err) {
			return out, err
		}
	}
}

func (a *Archive) takeOnce(ctx context.Context, now time.Time, in Incoming, tries int) (Imported, error) {
	if err := a.Follow(ctx); err != nil {
		return Imported{}, err
	}
	s := a.now.Load()
	held := s.lists.List(in.List.List)
	to := a.stage(ctx, record.BatchID(fmt.Sprintf("import-%s-%s-%d-%d", in.List.List, in.List.Date, now.UnixNano(), tries)), in.List.List)
	x, err := listing.Compare(held, in.List, to.state)
	if err != nil {
		return Imported{}, err
	}
	list, did := in.List, listing.Import{Again: true}
	if !x.Held() && !unchanged(held, list) {
		if list, err = in.Each(x.Add); err == nil {
			did, err = x.Close(list)
		}
		if err == nil && !did.Again {
			err = plausible(held, list, did, in.MostGone)
		}
	}
	if err == nil && !did.Again {
		err = to.flush()
	}
	if err != nil || did.Again {
		to.discard()
	}
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Source: list.List, ListDate: list.Date, DateBasis: list.Basis, Entries: list.Count, Added: did.Added, Changed: did.Changed,
		Removed: did.Removed, Again: did.Again, Damaged: list.Damaged, Partial: list.Partial, Digest: list.Digest,
		Complaints: append([]record.Complaint{}, list.Complaints...), Position: s.head.Position}
	if !did.Against.IsZero() {
		out.Against = &did.Against
	}
	if did.Again {
		return out, nil
	}
	after, err := a.unmoved(ctx, in.List.List, s)
	if err != nil {
		to.discard()
		return Imported{}, err
	}
	r, err := a.store.Publish(ctx, record.Batch{ID: to.id, Edition: a.shipped.Edition.Number, Recorded: now, After: &after})
	if err != nil {
		return Imported{}, fmt.Errorf("import %s of %s: %w", list.List, list.Date, err)
	}
	out.Position = r.Last()
	return out, a.Follow(ctx)
}

// unchanged: a list that states no date has the bytes of the newest version held.
// The day on which somebody looked makes no version of it.
func unchanged(held *listing.History, list record.List) bool {
	if list.Basis != "import-day" || list.Digest.IsZero() {
		return false
	}
	versions := held.Versions(date.Day{})
	return len(versions) > 0 && versions[len(versions)-1].Digest == list.Digest
}

// unmoved is the ledger's position, if nothing was said of the list since the
// state was read. Reading a large list takes minutes in which others write.
func (a *Archive) unmoved(ctx context.Context, list record.SourceID, s *state) (record.Position, error) {
	head, err := a.store.Head(ctx)
	if err != nil || head.Position == s.head.Position {
		return head.Position, err
	}
	err = a.store.Scan(ctx, s.head.Position+1, head.Position, func(e record.Entry) error {
		if e.Kind == record.KindList && e.Source == list || e.Kind == record.KindEdition {
			return fmt.Errorf("%w: the list %s was written to at position %d", record.ErrConflict, list, e.Position)
		}
		return nil
	})
	return head.Position, err
}

// plausible refuses a version that lacks too much of the one before, or of the one
// of the same day that it would replace.
func plausible(held *listing.History, list record.List, did listing.Import, most float64) error {
	if most == 0 {
		most = mostGone
	}
	for _, v := range held.Versions(date.Day{}) {
		gone := did.Removed
		switch {
		case v.Origin != list.Origin:
			continue
		case v.Date == list.Date && !list.Partial:
			gone = v.Count - list.Count
		case v.Date != did.Against:
			continue
		}
		if v.Count >= fewEntries && float64(gone) > most*float64(v.Count) {
			return fmt.Errorf("%w: list %s of %s: %w: %d of the %d entries of %s; it holds %d. The version held before stays; accept this one by hand if it is right",
				record.ErrInvalid, list.List, list.Date, ErrShrunk, gone, v.Count, v.Date, list.Count)
		}
	}
	return nil
}

// staging writes statements into a batch, a chunk at a time.
type staging struct {
	ctx    context.Context
	store  record.Store
	id     record.BatchID
	source record.SourceID
	chunk  []record.Entry
	bytes  int
	staged bool
}

// A chunk is what is held before it is staged.
const (
	chunkEntries = 2000
	chunkBytes   = 2 << 20
)

func (a *Archive) stage(ctx context.Context, id record.BatchID, source record.SourceID) *staging {
	return &staging{ctx: ctx, store: a.store, id: id, source: source}
}

func (t *staging) state(s listing.Statement) error {
	e, err := s.Entry(t.source)
	if err != nil {
		return err
	}
	t.chunk = append(t.chunk, e)
	if t.bytes += len(e.Body); len(t.chunk) == chunkEntries || t.bytes >= chunkBytes {
		return t.flush()
	}
	return nil
}

func (t *staging) flush() error {
	if len(t.chunk) == 0 {
		return nil
	}
	t.staged = true
	err := t.store.Stage(t.ctx, t.id, t.chunk)
	clear(t.chunk)
	t.chunk, t.bytes = t.chunk[:0], 0
	return err
}

// discard gives up what was staged: a batch that is refused is thrown away, and
// one that wants to follow a position that is not there is refused.
func (t *staging) discard() {
	if !t.staged {
		return
	}
	nowhere := ^record.Position(0) >> 1
	// Whatever becomes of it, nobody sees the batch, and the store sweeps it.
	_, _ = t.store.Publish(context.WithoutCancel(t.ctx), record.Batch{ID: t.id, After: &nowhere})
}
