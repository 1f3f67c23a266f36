package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"article41/queue"
	"article41/record"
)

// Queue is the queues in the ledger's file.
type Queue struct {
	file *file
}

var _ queue.Store = (*Queue)(nil)

// Queue keeps rows to screen and their answers, in the same file.
func (s *Store) Queue() queue.Store { return &Queue{s.file} }

// Take keeps the rows that are new.
func (s *Queue) Take(ctx context.Context, q queue.Name, rows []queue.Row) ([]queue.Taken, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	out := make([]queue.Taken, len(rows))
	err := s.file.write(ctx, func(w writer) error {
		insert, err := w.conn.PrepareContext(w.ctx, `INSERT INTO queue_row (queue, id, mark, body) VALUES (?, ?, ?, ?)
			ON CONFLICT (queue, id) DO NOTHING RETURNING seq`)
		if err != nil {
			return err
		}
		defer insert.Close()
		fresh := 0
		for i, r := range rows {
			err := insert.QueryRowContext(w.ctx, string(q), r.ID, r.Mark, r.Body).Scan(&out[i].Seq)
			if errors.Is(err, sql.ErrNoRows) {
				var mark []byte
				if err = w.row(`SELECT seq, mark FROM queue_row WHERE queue = ? AND id = ?`, string(q), r.ID).Scan(&out[i].Seq, &mark); err == nil {
					out[i].State = queue.Again
					if !bytes.Equal(mark, r.Mark) {
						out[i].State = queue.Other
					}
				}
			}
			if err != nil {
				return err
			}
			if out[i].State == queue.Fresh {
				fresh++
			}
		}
		_, err = w.exec(`INSERT INTO queue_head VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET taken = taken + excluded.taken`, string(q), fresh)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take %d rows into queue %s: %w", len(rows), q, err)
	}
	return out, nil
}

// Settle keeps the first answer of each row.
func (s *Queue) Settle(ctx context.Context, q queue.Name, answers []queue.Answer) ([]bool, error) {
	first := make([]bool, len(answers))
	err := s.file.write(ctx, func(w writer) error {
		var settled int64
		err := w.row(`SELECT settled FROM queue_head WHERE queue = ?`, string(q)).Scan(&settled)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // nothing was taken in
		}
		if err != nil {
			return err
		}
		insert, err := w.conn.PrepareContext(w.ctx, `INSERT INTO queue_answer (queue, settled, row, body)
			SELECT queue, ?, seq, ? FROM queue_row WHERE queue = ? AND seq = ? ON CONFLICT (row) DO NOTHING`)
		if err != nil {
			return err
		}
		defer insert.Close()
		empty, err := w.conn.PrepareContext(w.ctx, `UPDATE queue_row SET body = NULL WHERE seq = ?`)
		if err != nil {
			return err
		}
		defer empty.Close()
		for i, a := range answers {
			res, err := insert.ExecContext(w.ctx, settled+1, a.Body, string(q), a.Seq)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				if err != nil {
					return err
				}
				continue
			}
			settled++
			first[i] = true
			if _, err := empty.ExecContext(w.ctx, a.Seq); err != nil {
				return err
			}
		}
		_, err = w.exec(`UPDATE queue_head SET settled = ? WHERE queue = ?`, settled, string(q))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("settle %d rows of queue %s: %w", len(answers), q, err)
	}
	return first, nil
}

// Waiting are rows without an answer.
func (s *Queue) Waiting(ctx context.Context, q queue.Name, after int64, limit int) ([]queue.Row, error) {
	rows, err := s.file.readers.QueryContext(ctx, `SELECT seq, id, mark, body FROM queue_row
		WHERE queue = ? AND seq > ? AND body IS NOT NULL ORDER BY seq LIMIT ?`, string(q), after, limit)
	return collect(ctx, rows, err, func(scan func(...any) error) (r queue.Row, err error) {
		return r, scan(&r.Seq, &r.ID, &r.Mark, &r.Body)
	})
}

// Answers are those settled after the place.
func (s *Queue) Answers(ctx context.Context, q queue.Name, after int64, limit int) ([]queue.Answer, error) {
	rows, err := s.file.readers.QueryContext(ctx, `SELECT row, settled, body FROM queue_answer
		WHERE queue = ? AND settled > ? ORDER BY settled LIMIT ?`, string(q), after, limit)
	return collect(ctx, rows, err, func(scan func(...any) error) (a queue.Answer, err error) {
		return a, scan(&a.Seq, &a.Settled, &a.Body)
	})
}

func collect[T any](ctx context.Context, rows *sql.Rows, err error, read func(func(...any) error) (T, error)) ([]T, error) {
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := read(rows.Scan)
		if err != nil {
			return nil, explain(ctx, err)
		}
		out = append(out, v)
	}
	return out, explain(ctx, rows.Err())
}

// Answered is the answer to one row.
func (s *Queue) Answered(ctx context.Context, q queue.Name, id string) (queue.Answer, error) {
	var a queue.Answer
	err := s.file.readers.QueryRowContext(ctx, `SELECT a.row, a.settled, a.body FROM queue_row r JOIN queue_answer a ON a.row = r.seq
		WHERE r.queue = ? AND r.id = ?`, string(q), id).Scan(&a.Seq, &a.Settled, &a.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("the answer to row %s of queue %s: %w", id, q, record.ErrNotFound)
	}
	return a, explain(ctx, err)
}

// Counts says how the queue stands.
func (s *Queue) Counts(ctx context.Context, q queue.Name) (c queue.Counts, err error) {
	err = s.file.readers.QueryRowContext(ctx, `SELECT taken, settled FROM queue_head WHERE queue = ?`, string(q)).Scan(&c.Taken, &c.Answered)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	return c, explain(ctx, err)
}

// Queues are the names of all queues.
func (s *Queue) Queues(ctx context.Context) ([]queue.Name, error) {
	rows, err := s.file.readers.QueryContext(ctx, `SELECT queue FROM queue_head ORDER BY queue`)
	return collect(ctx, rows, err, func(scan func(...any) error) (q queue.Name, err error) {
		return q, scan((*string)(&q))
	})
}
