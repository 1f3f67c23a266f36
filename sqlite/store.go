// Package sqlite keeps the ledger of package record in one SQLite file.
//
// A [Store] is a record.Store. Entries are written as they are staged, in short
// transactions, each under its batch and number; publishing a batch of any size
// writes one row that gives the batch its place in the ledger, and moves the
// head. Several processes may have the same file open. The driver is pure Go and
// appears in this package alone. The package folds nothing, knows no law, and
// decides nothing about what an entry says.
//
//	s, err := sqlite.Open(ctx, "article41.db", sqlite.Options{})
//	r, err := record.Append(ctx, s, record.Batch{ID: "seats", Recorded: now}, entries)
package sqlite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"article41/record"
)

// Memory is the path of a private ledger that is gone when it is closed.
const Memory = ":memory:"

// Options may all be left zero.
type Options struct {
	// Now dates staged batches, so that those of a dead writer are swept a day
	// later. Nil: the engine's own clock. Nothing in the ledger depends on it.
	Now func() time.Time
	// Wait is how long a write waits for another writer (zero: 30 seconds).
	Wait time.Duration
	// Readers is how many reads run at the same time (zero: 8).
	Readers int
}

// abandoned is the age at which a staged batch's writer is taken for dead.
const abandoned = 24 * time.Hour

// Store is a ledger in one file. It is safe for use by many goroutines.
type Store struct {
	file *file
	now  func() time.Time

	mu     sync.Mutex
	staged map[record.BatchID]*staged
}

var _ record.Store = (*Store)(nil)

// Open opens the ledger at the path, or begins one. It answers record.ErrNewer
// for a file laid out by a newer program, and record.ErrInvalid for a file that
// is no ledger. The folder must exist.
//
// A trap: while a Store is open, the same process must not open and close the
// file by itself (to copy or hash it). The system then drops the process's locks
// on the file, SQLite's among them.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Wait <= 0 {
		o.Wait = 30 * time.Second
	}
	if o.Readers <= 0 {
		o.Readers = 8
	}
	f, err := open(ctx, path, o.Wait, o.Readers)
	if err != nil {
		return nil, fmt.Errorf("open the ledger %s: %w", path, err)
	}
	s := &Store{file: f, now: o.Now, staged: map[record.BatchID]*staged{}}
	if err := s.collect(ctx); err != nil && !hindered(err) {
		f.close()
		return nil, fmt.Errorf("open the ledger %s: sweep abandoned batches: %w", path, err)
	}
	return s, nil
}

// Close gives up what is staged and not published, and closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	var keys []int64
	for id, st := range s.staged {
		keys = append(keys, st.key)
		delete(s.staged, id)
	}
	s.mu.Unlock()
	// Only marked, because sweeping a large batch takes seconds; the next Open
	// sweeps. If even that fails, it is found by its age.
	if len(keys) > 0 {
		s.file.write(context.Background(), func(w writer) error {
			for _, k := range keys {
				if err := w.bury(k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return s.file.close()
}

// Head is where the ledger stands.
func (s *Store) Head(ctx context.Context) (record.Head, error) {
	h, err := readHead(s.file.readers.QueryRowContext(ctx, headQuery))
	if err != nil {
		return h, fmt.Errorf("read the head of the ledger: %w", explain(ctx, err))
	}
	return h, nil
}

const headQuery = `SELECT position, public, digest, edition FROM head WHERE id = 1`

func readHead(row interface{ Scan(...any) error }) (record.Head, error) {
	var h record.Head
	var digest []byte
	if err := row.Scan(&h.Position, &h.Public, &digest, &h.Edition); err != nil {
		return record.Head{}, err
	}
	return h, setDigest(&h.Digest, digest)
}

func setDigest(d *record.Digest, b []byte) error {
	if len(b) != len(d) {
		return fmt.Errorf("%w: a stored digest has %d bytes", record.ErrInvalid, len(b))
	}
	copy(d[:], b)
	return nil
}
