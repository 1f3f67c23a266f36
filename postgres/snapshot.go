package postgres

import (
	"context"
	"errors"
	"fmt"

	"article41/record"

	"github.com/jackc/pgx/v5"
)

// pieceBytes is how much of a snapshot one row holds.
const pieceBytes = 4 << 20

// Snapshot reads the newest snapshot of the name and engine at a position <= at.
func (s *Store) Snapshot(ctx context.Context, name, engine string, at record.Position) (record.Snapshot, error) {
	snap := record.Snapshot{Name: name, Engine: engine}
	// One view of the database, so that no newer snapshot replaces it under the read.
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var position, size int64
		err := tx.QueryRow(ctx, `SELECT position, size FROM snapshot WHERE name = $1 AND engine = $2 AND ($3 = 0::bigint OR position <= $3)
			ORDER BY position DESC LIMIT 1`, name, engine, int64(at)).Scan(&position, &size)
		if errors.Is(err, pgx.ErrNoRows) {
			return record.ErrNotFound
		}
		if err != nil {
			return err
		}
		snap.Position = record.Position(position)
		snap.Bytes = make([]byte, 0, size)
		rows, err := tx.Query(ctx, `SELECT bytes FROM piece WHERE name = $1 AND engine = $2 AND position = $3 ORDER BY number`, name, engine, position)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var piece []byte
			if err := rows.Scan(&piece); err != nil {
				return err
			}
			snap.Bytes = append(snap.Bytes, piece...)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if int64(len(snap.Bytes)) != size {
			return fmt.Errorf("%w: %d of %d bytes are there", ErrDamaged, len(snap.Bytes), size)
		}
		return nil
	})
	if err != nil {
		return record.Snapshot{}, fmt.Errorf("snapshot of %q by engine %q: %w", name, engine, err)
	}
	return snap, nil
}

// KeepSnapshot keeps the snapshot in place of those of the same name and engine
// at its position or before it.
func (s *Store) KeepSnapshot(ctx context.Context, snap record.Snapshot) error {
	err := s.transact(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM snapshot WHERE name = $1 AND engine = $2 AND position <= $3`,
			snap.Name, snap.Engine, int64(snap.Position)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO snapshot (name, engine, position, size) VALUES ($1, $2, $3, $4)`,
			snap.Name, snap.Engine, int64(snap.Position), len(snap.Bytes)); err != nil {
			return err
		}
		for number, rest := 0, snap.Bytes; len(rest) > 0; number++ {
			piece := rest[:min(len(rest), pieceBytes)]
			if _, err := tx.Exec(ctx, `INSERT INTO piece (name, engine, position, number, bytes) VALUES ($1, $2, $3, $4, $5)`,
				snap.Name, snap.Engine, int64(snap.Position), number, piece); err != nil {
				return err
			}
			rest = rest[len(piece):]
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the snapshot of %q by engine %q at %d: %w", snap.Name, snap.Engine, snap.Position, err)
	}
	return nil
}
