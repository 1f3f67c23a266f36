package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"article41/queue"
	"article41/record"

	"github.com/jackc/pgx/v5"
)

// Queue is the queues in the ledger's database.
type Queue struct {
	store *Store
}

var _ queue.Store = (*Queue)(nil)

// Queue keeps rows to screen and their answers, in the same database.
func (s *Store) Queue() queue.Store { return &Queue{s} }

// Take keeps the rows that are new. They are inserted in the order of their ids,
// so that two programs that take in the same rows wait for each other and do not
// lock each other out.
func (s *Queue) Take(ctx context.Context, q queue.Name, rows []queue.Row) ([]queue.Taken, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare([]byte(rows[a].ID), []byte(rows[b].ID)) })
	ids, marks, bodies := make([]string, len(rows)), make([][]byte, len(rows)), make([][]byte, len(rows))
	for i, n := range order {
		ids[i], marks[i], bodies[i] = rows[n].ID, rows[n].Mark, rows[n].Body
	}
	type kept struct {
		seq  int64
		mark []byte
	}
	there, fresh := map[string]kept{}, map[string]bool{}
	err := s.store.transact(ctx, func(tx pgx.Tx) error {
		clear(there)
		clear(fresh)
		made, err := tx.Query(ctx, `INSERT INTO queue_row (queue, id, mark, body)
			SELECT $1, * FROM unnest($2::text[], $3::bytea[], $4::bytea[]) ON CONFLICT (queue, id) DO NOTHING RETURNING id`, string(q), ids, marks, bodies)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(made, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, id := range names {
			fresh[id] = true
		}
		if _, err := tx.Exec(ctx, `INSERT INTO queue_head VALUES ($1, $2, 0) ON CONFLICT (queue) DO UPDATE SET taken = queue_head.taken + excluded.taken`,
			string(q), len(names)); err != nil {
			return err
		}
		held, err := tx.Query(ctx, `SELECT id, seq, mark FROM queue_row WHERE queue = $1 AND id = ANY ($2)`, string(q), ids)
		if err != nil {
			return err
		}
		defer held.Close()
		for held.Next() {
			var id string
			var k kept
			if err := held.Scan(&id, &k.seq, &k.mark); err != nil {
				return err
			}
			there[id] = k
		}
		return held.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("take %d rows into queue %s: %w", len(rows), q, err)
	}
	out := make([]queue.Taken, len(rows))
	for i, r := range rows {
		k := there[r.ID]
		out[i].Seq = k.seq
		switch {
		case !bytes.Equal(k.mark, r.Mark):
			out[i].State = queue.Other
		case fresh[r.ID]:
			fresh[r.ID] = false // the next of that id is a repetition
		default:
			out[i].State = queue.Again
		}
	}
	return out, nil
}

// Settle keeps the first answer of each row.
func (s *Queue) Settle(ctx context.Context, q queue.Name, answers []queue.Answer) ([]bool, error) {
	seqs, bodies := make([]int64, len(answers)), make([][]byte, len(answers))
	for i, a := range answers {
		seqs[i], bodies[i] = a.Seq, a.Body
	}
	kept := map[int64]bool{}
	err := s.store.transact(ctx, func(tx pgx.Tx) error {
		clear(kept)
		var settled int64
		err := tx.QueryRow(ctx, `SELECT settled FROM queue_head WHERE queue = $1 FOR UPDATE`, string(q)).Scan(&settled)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // nothing was taken in
		}
		if err != nil {
			return err
		}
		made, err := tx.Query(ctx, `
			WITH given AS (
				SELECT DISTINCT ON (r.seq) r.seq, g.body, g.n FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS g (seq, body, n)
				JOIN queue_row r ON r.seq = g.seq AND r.queue = $1 AND r.body IS NOT NULL ORDER BY r.seq, g.n
			), emptied AS (
				UPDATE queue_row SET body = NULL FROM given WHERE queue_row.seq = given.seq
			)
			INSERT INTO queue_answer (queue, settled, row, body)
			SELECT $1, $4 + row_number() OVER (ORDER BY n), seq, body FROM given RETURNING row`, string(q), seqs, bodies, settled)
		if err != nil {
			return err
		}
		rows, err := pgx.CollectRows(made, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		for _, r := range rows {
			kept[r] = true
		}
		_, err = tx.Exec(ctx, `UPDATE queue_head SET settled = $2 WHERE queue = $1`, string(q), settled+int64(len(rows)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("settle %d rows of queue %s: %w", len(answers), q, err)
	}
	first := make([]bool, len(answers))
	for i, a := range answers {
		first[i] = kept[a.Seq]
		kept[a.Seq] = false
	}
	return first, nil
}

// Waiting are rows without an answer. A row of a transaction that commits later
// may have an earlier place; whoever sweeps begins anew each time.
func (s *Queue) Waiting(ctx context.Context, q queue.Name, after int64, limit int) ([]queue.Row, error) {
	rows, err := s.store.pool.Query(ctx, `SELECT seq, id, mark, body FROM queue_row
		WHERE queue = $1 AND seq > $2 AND body IS NOT NULL ORDER BY seq LIMIT $3`, string(q), after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r queue.Row, err error) {
		return r, row.Scan(&r.Seq, &r.ID, &r.Mark, &r.Body)
	})
}

// Answers are those settled after the place.
func (s *Queue) Answers(ctx context.Context, q queue.Name, after int64, limit int) ([]queue.Answer, error) {
	rows, err := s.store.pool.Query(ctx, `SELECT row, settled, body FROM queue_answer
		WHERE queue = $1 AND settled > $2 ORDER BY settled LIMIT $3`, string(q), after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a queue.Answer, err error) {
		return a, row.Scan(&a.Seq, &a.Settled, &a.Body)
	})
}

// Answered is the answer to one row.
func (s *Queue) Answered(ctx context.Context, q queue.Name, id string) (queue.Answer, error) {
	var a queue.Answer
	err := s.store.pool.QueryRow(ctx, `SELECT a.row, a.settled, a.body FROM queue_row r JOIN queue_answer a ON a.row = r.seq
		WHERE r.queue = $1 AND r.id = $2`, string(q), id).Scan(&a.Seq, &a.Settled, &a.Body)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, fmt.Errorf("the answer to row %s of queue %s: %w", id, q, record.ErrNotFound)
	}
	return a, err
}

// Counts says how the queue stands.
func (s *Queue) Counts(ctx context.Context, q queue.Name) (c queue.Counts, err error) {
	err = s.store.pool.QueryRow(ctx, `SELECT taken, settled FROM queue_head WHERE queue = $1`, string(q)).Scan(&c.Taken, &c.Answered)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, nil
	}
	return c, err
}

// Queues are the names of all queues.
func (s *Queue) Queues(ctx context.Context) ([]queue.Name, error) {
	rows, err := s.store.pool.Query(ctx, `SELECT queue FROM queue_head ORDER BY queue`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (q queue.Name, err error) {
		return q, r.Scan((*string)(&q))
	})
}
