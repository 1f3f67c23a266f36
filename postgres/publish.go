package postgres

import (
	"context"
	"fmt"

	"article41/record"

	"github.com/jackc/pgx/v5"
)

// Publish makes the staged batch the ledger's next range. Its cost does not
// depend on the size of the batch. A batch that is refused (the head moved, the
// ledger is newer, its staging failed) is discarded; after any other error, such
// as a lost connection, it is still staged and Publish can be called again.
//
// A trap: if the connection is lost while the commit is under way, nobody here
// knows whether it was made. A second Publish then finds the batch published and
// answers its range.
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
	err := s.transact(ctx, func(tx pgx.Tx) (err error) {
		r, refused, err = publish(ctx, tx, b, st)
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

// publish does the work with the head's row locked. A refusal is not an error of
// the transaction, which must commit to bury the batch.
func publish(ctx context.Context, tx pgx.Tx, b record.Batch, st *staged) (r record.Range, refused, err error) {
	head, err := readHead(tx.QueryRow(ctx, headQuery+` FOR UPDATE`))
	if err != nil {
		return r, nil, err
	}
	if done, ok, err := published(ctx, tx, st.key); ok || err != nil {
		return done, nil, err
	}
	if refused = head.Refuses(b); st.broken {
		refused = fmt.Errorf("%w: its last staging failed and was not made again", record.ErrInvalid)
	}
	if refused != nil {
		_, err := tx.Exec(ctx, `UPDATE batch SET dead = true WHERE key = $1`, st.key)
		return r, refused, err
	}
	tag, err := tx.Exec(ctx, `DELETE FROM batch WHERE key = $1 AND NOT dead`, st.key)
	if err != nil {
		return r, nil, err
	}
	if tag.RowsAffected() == 0 {
		return r, errSwept, nil
	}
	r, next := head.Next(b, st.Staging)
	if r.Count == 0 {
		return r, nil, nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO range (first, count, batch, public_before, public, running, head, recorded) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		int64(r.First), int64(r.Count), st.key, int64(head.Public), int64(r.Public), r.Running[:], r.Head[:], r.Recorded.UnixMilli()); err != nil {
		return r, nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE head SET position = $1, public = $2, digest = $3, edition = $4 WHERE id = 1`,
		int64(next.Position), int64(next.Public), next.Digest[:], int64(next.Edition))
	return r, nil, err
}

// published is the range that the batch became, if an earlier Publish lost its
// connection after the commit.
func published(ctx context.Context, tx pgx.Tx, key int64) (record.Range, bool, error) {
	rows, err := tx.Query(ctx, rangeColumns+` WHERE batch = $1`, key)
	if err != nil {
		return record.Range{}, false, err
	}
	found, err := pgx.CollectRows(rows, readRange)
	if err != nil || len(found) == 0 {
		return record.Range{}, false, err
	}
	return found[0], true, nil
}
