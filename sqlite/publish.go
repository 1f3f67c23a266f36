package sqlite

import (
	"context"
	"fmt"

	"article41/record"
)

// Publish makes the staged batch the ledger's next range. Its cost does not
// depend on the size of the batch. A batch that is refused (the head moved, the
// ledger is newer, its staging failed) is discarded; after any other error, such
// as a full disk, it is still staged and Publish can be called again.
func (s *Store) Publish(ctx context.Context, b record.Batch) (record.Range, error) {
	s.mu.Lock()
	st := s.staged[b.ID]
	s.mu.Unlock()
	if st == nil {
		return record.Range{}, fmt.Errorf("publish batch %q: %w: nothing was staged under that id here", b.ID, record.ErrNotFound)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	var r record.Range
	var refused error
	err := s.file.write(ctx, func(w writer) (err error) {
		r, refused, err = publish(w, b, st)
		return err
	})
	if err != nil {
		return record.Range{}, fmt.Errorf("publish batch %q: %w", b.ID, err)
	}
	s.mu.Lock()
	if s.staged[b.ID] == st {
		delete(s.staged, b.ID)
	}
	s.mu.Unlock()
	// Whoever still waits for this batch in Stage or Publish finds it gone.
	st.broken = true
	if refused != nil {
		// It is dead already; if the sweep fails, the next Open does it.
		_ = s.sweep(ctx)
		return record.Range{}, fmt.Errorf("publish batch %q: %w", b.ID, refused)
	}
	return r, nil
}

// publish does the work under the lock. A refusal is not an error of the
// transaction, which must commit to bury the batch.
func publish(w writer, b record.Batch, st *staged) (r record.Range, refused, err error) {
	head, err := readHead(w.row(headQuery))
	if err != nil {
		return r, nil, err
	}
	if refused = head.Refuses(b); st.broken {
		refused = fmt.Errorf("%w: its last staging failed and was not made again", record.ErrInvalid)
	}
	if refused != nil {
		return r, refused, w.bury(st.key)
	}
	n, err := w.exec(`DELETE FROM batch WHERE key = ? AND dead = 0`, st.key)
	if err != nil {
		return r, nil, err
	}
	if n == 0 {
		return r, errSwept, nil
	}
	r, next := head.Next(b, st.Staging)
	if r.Count == 0 {
		return r, nil, nil
	}
	if _, err := w.exec(`INSERT INTO range (first, count, batch, public_before, public, running, head, recorded) VALUES (?,?,?,?,?,?,?,?)`,
		int64(r.First), int64(r.Count), st.key, int64(head.Public), int64(r.Public), r.Running[:], r.Head[:], r.Recorded.UnixMilli()); err != nil {
		return r, nil, err
	}
	_, err = w.exec(`UPDATE head SET position = ?, public = ?, digest = ?, edition = ? WHERE id = 1`,
		int64(next.Position), int64(next.Public), next.Digest[:], int64(next.Edition))
	return r, nil, err
}
