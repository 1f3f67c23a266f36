package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"article41/record"
	"article41/shelf"
)

// Shelf is the shelf in the ledger's file. Removed bodies are overwritten
// (secure_delete), so that what was erased is not left in the file's free pages.
type Shelf struct {
	file *file
}

var _ shelf.Store = (*Shelf)(nil)

// Shelf keeps what changes, in the same file.
func (s *Store) Shelf() shelf.Store { return &Shelf{s.file} }

// Item is the item as it stands, or record.ErrNotFound.
func (s *Shelf) Item(ctx context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	it := shelf.Item{Kind: k, ID: id}
	err := s.file.readers.QueryRowContext(ctx, `SELECT version, seq, body FROM shelf WHERE kind = ? AND id = ? AND body IS NOT NULL`,
		string(k), string(id)).Scan(&it.Version, &it.Seq, &it.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return shelf.Item{}, fmt.Errorf("%s %s: %w", k, id, record.ErrNotFound)
	}
	return it, explain(ctx, err)
}

// Some are those of the ids that are there, by id.
func (s *Shelf) Some(ctx context.Context, k shelf.Kind, ids ...shelf.ID) ([]shelf.Item, error) {
	if err := shelf.ValidateSome(ids); err != nil {
		return nil, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, `SELECT kind, id, version, seq, body, body IS NULL FROM shelf
		WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) AND body IS NOT NULL ORDER BY id`, string(k), string(list))
}

// Items are a page of a kind, by id.
func (s *Shelf) Items(ctx context.Context, k shelf.Kind, after shelf.ID, limit int) ([]shelf.Item, error) {
	return s.list(ctx, `SELECT kind, id, version, seq, body, body IS NULL FROM shelf
		WHERE kind = ? AND id > ? AND body IS NOT NULL ORDER BY id LIMIT ?`, string(k), string(after), limit)
}

// Since are the items written after the sequence.
func (s *Shelf) Since(ctx context.Context, seq int64, limit int) ([]shelf.Item, error) {
	return s.list(ctx, `SELECT kind, id, version, seq, body, body IS NULL FROM shelf WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit)
}

func (s *Shelf) list(ctx context.Context, query string, args ...any) ([]shelf.Item, error) {
	rows, err := s.file.readers.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, explain(ctx, err)
	}
	defer rows.Close()
	var out []shelf.Item
	for rows.Next() {
		var it shelf.Item
		if err := rows.Scan(&it.Kind, &it.ID, &it.Version, &it.Seq, &it.Body, &it.Gone); err != nil {
			return nil, explain(ctx, err)
		}
		out = append(out, it)
	}
	return out, explain(ctx, rows.Err())
}

// Write makes all the changes or none.
func (s *Shelf) Write(ctx context.Context, changes ...shelf.Change) (seq int64, err error) {
	if err := shelf.ValidateAll(changes); err != nil {
		return 0, err
	}
	err = s.file.write(ctx, func(w writer) error {
		if err := w.row(`SELECT seq FROM shelf_head WHERE one = 1`).Scan(&seq); err != nil {
			return err
		}
		p, err := w.prepared(heldRow, putRow)
		if err != nil {
			return err
		}
		defer p.close()
		for _, c := range changes {
			seq++
			if err := put(w.ctx, p[0], p[1], c, seq); err != nil {
				return err
			}
		}
		_, err = w.exec(`UPDATE shelf_head SET seq = ? WHERE one = 1`, seq)
		return err
	})
	return seq, err
}

// The two statements of a change, prepared once for all of a write.
const (
	heldRow = `SELECT version, body IS NULL FROM shelf WHERE kind = ? AND id = ?`
	putRow  = `INSERT INTO shelf (kind, id, version, seq, body) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, seq = excluded.seq, body = excluded.body`
)

func put(ctx context.Context, held, write *sql.Stmt, c shelf.Change, seq int64) error {
	var version int64
	var gone bool
	err := held.QueryRowContext(ctx, string(c.Kind), string(c.ID)).Scan(&version, &gone)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	kept := version // as a writer sees it
	if gone {
		kept = 0
	}
	if c.Version != shelf.Any && c.Version != kept {
		return fmt.Errorf("%s %s: made from version %d, version %d is kept: %w", c.Kind, c.ID, c.Version, kept, record.ErrConflict)
	}
	var body any
	if !c.Gone {
		body = append([]byte{}, c.Body...) // an empty body is not NULL
	}
	_, err = write.ExecContext(ctx, string(c.Kind), string(c.ID), version+1, seq, body)
	return err
}
