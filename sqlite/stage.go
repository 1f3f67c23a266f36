package sqlite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"article41/record"
)

// A transaction of a staging holds the lock for about this much writing, some
// three to ten milliseconds; another writer waits for no more than that.
const (
	stageRows  = 500
	stageBytes = 512 << 10
)

// sweepRows is how many rows of a dead batch one transaction deletes.
const sweepRows = 5000

// staged is what this process knows of a batch of its own. It is kept here and
// not in the file: nobody else may go on with it.
type staged struct {
	mu  sync.Mutex
	key int64 // 0: has no row in the file yet
	record.Staging
	// broken: a Stage failed half way. Rows from Count on are leftovers.
	broken bool
}

// place is where the entry or piece of that number lies.
func place(key int64, number uint64) int64 { return key<<32 | int64(number) }

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
	if st.key == 0 {
		if st.key, err = s.begin(ctx); err != nil {
			return err
		}
	}
	if st.broken {
		if err := s.clear(ctx, "entry", st.key, st.Count); err != nil {
			return err
		}
	}
	if st.Count+uint64(len(entries)) >= 1<<32 {
		return fmt.Errorf("%w: a batch holds at most %d entries", record.ErrInvalid, uint64(1)<<32-1)
	}
	st.broken = true
	next := st.Staging
	for len(entries) > 0 {
		// Digests are computed before the lock is taken.
		chunk := cut(entries)
		rows := make([]row, len(chunk))
		for i, e := range chunk {
			number, public, digest := next.Add(e)
			rows[i] = row{place: place(st.key, number), public: public, digest: digest, entry: e}
		}
		if err := s.file.write(ctx, func(w writer) error { return s.insert(w, st.key, rows) }); err != nil {
			return err
		}
		if entries = entries[len(chunk):]; len(entries) > 0 {
			if err := rest(ctx); err != nil {
				return err
			}
		}
	}
	st.Staging, st.broken = next, false
	return nil
}

// row is an entry on its way into the file.
type row struct {
	place  int64
	public uint64 // within the batch, from 1; 0 for a sealed entry
	digest record.Digest
	entry  record.Entry
}

func (s *Store) insert(w writer, key int64, rows []row) error {
	if err := s.touch(w, key); err != nil {
		return err
	}
	insert, err := w.conn.PrepareContext(w.ctx, `INSERT INTO entry (place, public, digest, fact, kind, source, known, body) VALUES (?,?,?,?,?,?,?,?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range rows {
		r := &rows[i]
		e := &r.entry
		if _, err := insert.ExecContext(w.ctx, r.place, int64(r.public), r.digest[:],
			string(e.Fact), string(e.Kind), string(e.Source), e.Known.String(), e.Body); err != nil {
			return fmt.Errorf("entry %s: %w", e.Fact, err)
		}
	}
	return nil
}

// cut is the next entries that one transaction writes.
func cut(entries []record.Entry) []record.Entry {
	size := 0
	for i, e := range entries {
		size += len(e.Body) + len(e.Fact)
		if i+1 == stageRows || size >= stageBytes {
			return entries[:i+1]
		}
	}
	return entries
}

// rest leaves the lock to others for a moment.
func rest(ctx context.Context) error {
	t := time.NewTimer(gap)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clock is the moment for a batch's row, or nil for the engine's own.
func (s *Store) clock() any {
	if s.now == nil {
		return nil
	}
	return s.now().Unix()
}

// begin gives a new batch its key.
func (s *Store) begin(ctx context.Context) (key int64, err error) {
	err = s.file.write(ctx, func(w writer) error {
		return w.row(`INSERT INTO batch (touched) VALUES (coalesce(?, unixepoch())) RETURNING key`, s.clock()).Scan(&key)
	})
	return key, err
}

// touch says that the batch's writer lives.
func (s *Store) touch(w writer, key int64) error {
	n, err := w.exec(`UPDATE batch SET touched = coalesce(?, unixepoch()) WHERE key = ? AND dead = 0`, s.clock(), key)
	if err == nil && n == 0 {
		err = errSwept
	}
	return err
}

var errSwept = fmt.Errorf("%w: the batch lay untouched for more than %s and was swept", record.ErrNotFound, abandoned)

// bury marks a batch as dead: from then on it can only be swept.
func (w writer) bury(key int64) error {
	_, err := w.exec(`UPDATE batch SET dead = 1 WHERE key = ?`, key)
	return err
}

// collect buries the batches whose writer is taken for dead and sweeps all that
// are buried.
func (s *Store) collect(ctx context.Context) error {
	var any bool
	err := s.file.readers.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM batch WHERE dead = 1 OR touched < coalesce(?, unixepoch()) - ?)`,
		s.clock(), int64(abandoned.Seconds())).Scan(&any)
	if err != nil || !any {
		return explain(ctx, err)
	}
	err = s.file.write(ctx, func(w writer) error {
		_, err := w.exec(`UPDATE batch SET dead = 1 WHERE touched < coalesce(?, unixepoch()) - ?`, s.clock(), int64(abandoned.Seconds()))
		return err
	})
	if err != nil {
		return err
	}
	return s.sweep(ctx)
}

// sweep deletes what dead batches left behind, a little at a time.
func (s *Store) sweep(ctx context.Context) error {
	for {
		var key int64
		err := s.file.readers.QueryRowContext(ctx, `SELECT coalesce(min(key), 0) FROM batch WHERE dead = 1`).Scan(&key)
		if err != nil || key == 0 {
			return explain(ctx, err)
		}
		if err := s.clear(ctx, "entry", key, 0); err != nil {
			return err
		}
		if err := s.clear(ctx, "piece", key, 0); err != nil {
			return err
		}
		err = s.file.write(ctx, func(w writer) error {
			_, err := w.exec(`DELETE FROM batch WHERE key = ? AND dead = 1`, key)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// clear deletes the batch's rows of the table from the given number on.
func (s *Store) clear(ctx context.Context, table string, key int64, from uint64) error {
	query := `DELETE FROM ` + table + ` WHERE place IN (SELECT place FROM ` + table + ` WHERE place >= ? AND place < ? LIMIT ?)`
	limit := sweepRows
	if table == "piece" {
		limit = 4 * pieceRows
	}
	for {
		var n int64
		err := s.file.write(ctx, func(w writer) (err error) {
			n, err = w.exec(query, place(key, from), place(key+1, 0), limit)
			return err
		})
		if err != nil || n < int64(limit) {
			return err
		}
		if err := rest(ctx); err != nil {
			return err
		}
	}
}
