package record

import (
	"context"
	"time"
)

// BatchID names entries that are staged together and published as one range.
type BatchID string

// Batch is what a writer asks to have published.
type Batch struct {
	ID BatchID
	// After, if not nil, is the position the writer read before it decided what
	// to append; if the head has moved since, Publish answers ErrConflict.
	After *Position
	// Edition, if larger than the head's, becomes the head's edition.
	Edition  uint64
	Recorded time.Time // given by the caller; stores keep whole milliseconds, UTC
}

// Store keeps one ledger. Every implementation passes package recordtest.
//
// Large imports are staged in chunks, which nobody sees, and then published as
// one contiguous range by one short commit, so that another writer waits at
// most 100 ms. Whatever dies in between leaves no trace in the ledger.
// Positions come from the one locked head.
type Store interface {
	// Head is where the ledger stands.
	Head(ctx context.Context) (Head, error)
	// Stage keeps the entries for a batch, in order, invisible to readers. A
	// batch may be staged in many calls; it belongs to one writer.
	Stage(ctx context.Context, id BatchID, entries []Entry) error
	// Publish makes a staged batch the ledger's next range. An empty batch is
	// published as an empty range at the same head (Count 0) and changes nothing.
	Publish(ctx context.Context, b Batch) (Range, error)
	// Scan calls yield for every published entry of positions from…to (to 0:
	// the head at the time of the call), in order, until it returns an error.
	// Entry.Body is the callee's to keep.
	Scan(ctx context.Context, from, to Position, yield func(Entry) error) error
	// Ranges calls yield for every range that begins at a position >= from.
	Ranges(ctx context.Context, from Position, yield func(Range) error) error
	// Snapshot reads the newest snapshot of a fold kept under the name by the
	// same engine at a position <= at (0: any), or ErrNotFound. Snapshots are
	// never the truth; they can be thrown away.
	Snapshot(ctx context.Context, name, engine string, at Position) (Snapshot, error)
	// KeepSnapshot keeps one, replacing older ones of the same name and engine.
	KeepSnapshot(ctx context.Context, s Snapshot) error
	Close() error
}

// Snapshot is a fold's state, kept so that a start need not replay the ledger.
type Snapshot struct {
	Name     string // which fold
	Engine   string // which version of its code
	Position Position
	Bytes    []byte
}

// Append stages and publishes in one go.
func Append(ctx context.Context, s Store, b Batch, entries []Entry) (Range, error) {
	for _, e := range entries {
		if err := e.Validate(); err != nil {
			return Range{}, err
		}
	}
	if err := s.Stage(ctx, b.ID, entries); err != nil {
		return Range{}, err
	}
	return s.Publish(ctx, b)
}
