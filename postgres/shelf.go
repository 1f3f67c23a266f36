package postgres

import (
	"context"
	"errors"
	"fmt"

	"article41/record"
	"article41/shelf"

	"github.com/jackc/pgx/v5"
)

// Shelf is the shelf in the ledger's database.
type Shelf struct {
	store *Store
}

var _ shelf.Store = (*Shelf)(nil)

// Shelf keeps what changes, in the same database.
func (s *Store) Shelf() shelf.Store { return &Shelf{s} }

// Item is the item as it stands, or record.ErrNotFound.
func (s *Shelf) Item(ctx context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	it := shelf.Item{Kind: k, ID: id}
	err := s.store.pool.QueryRow(ctx, `SELECT version, seq, body FROM shelf WHERE kind = $1 AND id = $2 AND body IS NOT NULL`,
		string(k), string(id)).Scan(&it.Version, &it.Seq, &it.Body)
	if errors.Is(err, pgx.ErrNoRows) {
		return shelf.Item{}, fmt.Errorf("%s %s: %w", k, id, record.ErrNotFound)
	}
	return it, err
}

// Some are those of the ids that are there, by id.
func (s *Shelf) Some(ctx context.Context, k shelf.Kind, ids ...shelf.ID) ([]shelf.Item, error) {
	if err := shelf.ValidateSome(ids); err != nil {
		return nil, err
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return s.list(ctx, `SELECT kind, id, version, seq, body FROM shelf
		WHERE kind = $1 AND id = ANY($2) AND body IS NOT NULL ORDER BY id`, string(k), list)
}

// Items are a page of a kind, by id.
func (s *Shelf) Items(ctx context.Context, k shelf.Kind, after shelf.ID, limit int) ([]shelf.Item, error) {
	return s.list(ctx, `SELECT kind, id, version, seq, body FROM shelf
		WHERE kind = $1 AND id > $2 AND body IS NOT NULL ORDER BY id LIMIT $3`, string(k), string(after), limit)
}

// Since are the items written after the sequence.
func (s *Shelf) Since(ctx context.Context, seq int64, limit int) ([]shelf.Item, error) {
	return s.list(ctx, `SELECT kind, id, version, seq, body FROM shelf WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

func (s *Shelf) list(ctx context.Context, query string, args ...any) ([]shelf.Item, error) {
	rows, err := s.store.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (it shelf.Item, err error) {
		err = row.Scan(&it.Kind, &it.ID, &it.Version, &it.Seq, &it.Body)
		it.Gone = it.Body == nil // pgx scans NULL to nil and an empty body to none but not nil
		return it, err
	})
}

// Write makes all the changes or none. The head's row is locked first, so that
// writers follow one another and the sequence has no gap.
func (s *Shelf) Write(ctx context.Context, changes ...shelf.Change) (seq int64, err error) {
	if err := shelf.ValidateAll(changes); err != nil {
		return 0, err
	}
	err = s.store.transact(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT seq FROM shelf_head WHERE one = 1 FOR UPDATE`).Scan(&seq); err != nil {
			return err
		}
		kept, err := versions(ctx, tx, changes)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for i, c := range changes {
			was := kept[i]
			if c.Version != shelf.Any && c.Version != was.alive() {
				return fmt.Errorf("%s %s: made from version %d, version %d is kept: %w", c.Kind, c.ID, c.Version, was.alive(), record.ErrConflict)
			}
			seq++
			var body []byte
			if !c.Gone {
				body = append([]byte{}, c.Body...) // an empty body is not NULL
			}
			b.Queue(`INSERT INTO shelf (kind, id, version, seq, body) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, seq = excluded.seq, body = excluded.body`,
				string(c.Kind), string(c.ID), was.version+1, seq, body)
		}
		b.Queue(`UPDATE shelf_head SET seq = $1 WHERE one = 1`, seq)
		return tx.SendBatch(ctx, b).Close()
	})
	return seq, err
}

// version is what is kept of an item that is to be changed.
type version struct {
	version int64
	gone    bool
}

// alive is the version as a writer sees it: 0 for what is not there.
func (v version) alive() int64 {
	if v.gone {
		return 0
	}
	return v.version
}

func versions(ctx context.Context, tx pgx.Tx, changes []shelf.Change) ([]version, error) {
	kinds, ids := make([]string, len(changes)), make([]string, len(changes))
	for i, c := range changes {
		kinds[i], ids[i] = string(c.Kind), string(c.ID)
	}
	out := make([]version, len(changes))
	rows, err := tx.Query(ctx, `SELECT a.n, s.version, s.body IS NULL
		FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (kind, id, n)
		JOIN shelf s ON s.kind = a.kind AND s.id = a.id`, kinds, ids)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var v version
		if err := rows.Scan(&n, &v.version, &v.gone); err != nil {
			return nil, err
		}
		out[n-1] = v
	}
	return out, rows.Err()
}
