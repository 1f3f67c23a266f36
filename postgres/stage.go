package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"article41/record"

	"github.com/jackc/pgx/v5"
)

// stageRows is how many entries one transaction copies in; no other writer waits
// for it, but a failure gives up no more than this.
const stageRows = 10_000

// staged is what this process knows of a batch of its own. Nobody else may go on
// with it.
type staged struct {
	mu  sync.Mutex
	key int64 // 0: has no row in the database yet
	record.Staging
	// broken: a Stage failed half way. Rows from Count on are leftovers.
	broken bool
}

// Stage keeps the entries for the batch. If it fails, the batch is as it was
// before the call, and the call can be made again.
func (s *Store) Stage(ctx context.Context, id record.BatchID, entries []record.Entry) error {
	if id == "" {
		return fmt.Errorf("stage: %w: a batch needs an id", record.ErrInvalid)
	}
	for i, e := range entries {
		if err := e.Validate(); err != nil {
			return fmt.Errorf("stage batch %q: entry %d of %d: %w", id, i+1, len(entries), err)
		}
	}
	s.mu.Lock()
	st := s.staged[id]
	if st == nil {
		st = &staged{}
		s.staged[id] = st
	}
	s.mu.Unlock()

	st.mu.Lock()
	defer st.mu.Unlock()
	if err := s.stage(ctx, st, entries); err != nil {
		return fmt.Errorf("stage batch %q: %w", id, err)
	}
	return nil
}

func (s *Store) stage(ctx context.Context, st *staged, entries []record.Entry) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if st.key == 0 {
		if st.key, err = s.begin(ctx); err != nil {
			return err
		}
	}
	if st.broken {
		if _, err := s.pool.Exec(ctx, `DELETE FROM entry WHERE batch = $1 AND number >= $2`, st.key, int64(st.Count)); err != nil {
			return err
		}
	}
	st.broken = true
	next := st.Staging
	for len(entries) > 0 {
		chunk := entries[:min(len(entries), stageRows)]
		rows := make([][]any, len(chunk))
		for i, e := range chunk {
			number, public, digest := next.Add(e)
			rows[i] = []any{st.key, int64(number), int64(public), digest[:], string(e.Fact), string(e.Kind), string(e.Source), e.Known.String(), e.Body}
		}
		err := s.transact(ctx, func(tx pgx.Tx) error {
			if err := s.touch(ctx, tx, st.key); err != nil {
				return err
			}
			_, err := tx.CopyFrom(ctx, pgx.Identifier{"entry"}, columns, pgx.CopyFromRows(rows))
			return err
		})
		if err != nil {
			return err
		}
		entries = entries[len(chunk):]
	}
	st.Staging, st.broken = next, false
	return nil
}

var columns = []string{"batch", "number", "public", "digest", "fact", "kind", "source", "known", "body"}

// clock is the moment for a batch's row, or nil for the engine's own.
func (s *Store) clock() *int64 {
	if s.now == nil {
		return nil
	}
	n := s.now().Unix()
	return &n
}

const moment = `coalesce($1, extract(epoch FROM clock_timestamp())::bigint)`

// begin gives a new batch its key.
func (s *Store) begin(ctx context.Context) (key int64, err error) {
	err = s.pool.QueryRow(ctx, `INSERT INTO batch (touched) VALUES (`+moment+`) RETURNING key`, s.clock()).Scan(&key)
	return key, err
}

// touch says that the batch's writer lives.
func (s *Store) touch(ctx context.Context, tx pgx.Tx, key int64) error {
	tag, err := tx.Exec(ctx, `UPDATE batch SET touched = `+moment+` WHERE key = $2 AND NOT dead`, s.clock(), key)
	if err == nil && tag.RowsAffected() == 0 {
		err = errSwept
	}
	return err
}

var errSwept = fmt.Errorf("%w: the batch lay untouched for more than %s and was swept", record.ErrNotFound, abandoned)

// collect buries the batches whose writer is taken for dead and sweeps all that
// are buried.
func (s *Store) collect(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `UPDATE batch SET dead = true WHERE touched < `+moment+` - $2`, s.clock(), int64(abandoned.Seconds()))
	if err != nil {
		return err
	}
	return s.sweep(ctx)
}

// sweep deletes what dead batches left behind. Rows that nobody has seen go
// without anybody waiting.
func (s *Store) sweep(ctx context.Context) error {
	for {
		var key int64
		err := s.pool.QueryRow(ctx, `SELECT key FROM batch WHERE dead ORDER BY key LIMIT 1`).Scan(&key)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		err = s.transact(ctx, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `DELETE FROM entry WHERE batch = $1`, key); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DELETE FROM batch WHERE key = $1 AND dead`, key)
			return err
		})
		if err != nil {
			return err
		}
	}
}
