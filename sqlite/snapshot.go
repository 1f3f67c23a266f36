package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"article41/record"
)

// A snapshot lies in pieces; one transaction writes pieceRows of them.
const (
	pieceBytes = 256 << 10
	pieceRows  = 4
)

// Snapshot reads the newest snapshot of the name and engine at a position <= at.
func (s *Store) Snapshot(ctx context.Context, name, engine string, at record.Position) (record.Snapshot, error) {
	snap, err := s.snapshot(ctx, name, engine, at)
	if errors.Is(err, sql.ErrNoRows) {
		err = record.ErrNotFound
	}
	if err != nil {
		return record.Snapshot{}, fmt.Errorf("snapshot of %q by engine %q: %w", name, engine, explain(ctx, err))
	}
	return snap, nil
}

func (s *Store) snapshot(ctx context.Context, name, engine string, at record.Position) (record.Snapshot, error) {
	snap := record.Snapshot{Name: name, Engine: engine}
	// One view of the file, so that no newer snapshot is swept in under the read.
	tx, err := s.file.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return snap, err
	}
	defer tx.Rollback()
	var key, size int64
	err = tx.QueryRowContext(ctx, `SELECT position, batch, size FROM snapshot WHERE name = ?1 AND engine = ?2 AND (?3 = 0 OR position <= ?3)
		ORDER BY position DESC LIMIT 1`, name, engine, int64(at)).Scan(&snap.Position, &key, &size)
	if err != nil {
		return snap, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT bytes FROM piece WHERE place >= ? AND place < ? ORDER BY place`, place(key, 0), place(key+1, 0))
	if err != nil {
		return snap, err
	}
	defer rows.Close()
	snap.Bytes = make([]byte, 0, size)
	for rows.Next() {
		var piece sql.RawBytes
		if err := rows.Scan(&piece); err != nil {
			return snap, err
		}
		snap.Bytes = append(snap.Bytes, piece...)
	}
	if err := rows.Err(); err != nil {
		return snap, err
	}
	if int64(len(snap.Bytes)) != size {
		return snap, fmt.Errorf("%w: %d of %d bytes are there", ErrDamaged, len(snap.Bytes), size)
	}
	return snap, nil
}

// KeepSnapshot keeps the snapshot in place of those of the same name and engine
// at its position or before it.
func (s *Store) KeepSnapshot(ctx context.Context, snap record.Snapshot) error {
	if err := s.keep(ctx, snap); err != nil {
		return fmt.Errorf("keep the snapshot of %q by engine %q at %d: %w", snap.Name, snap.Engine, snap.Position, err)
	}
	return nil
}

func (s *Store) keep(ctx context.Context, snap record.Snapshot) error {
	key, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if err := s.pieces(ctx, key, snap.Bytes); err != nil {
		// No room, or no time: what was written goes, at the latest when it is old.
		undone := context.WithoutCancel(ctx)
		if s.file.write(undone, func(w writer) error { return w.bury(key) }) == nil {
			_ = s.sweep(undone)
		}
		return err
	}
	err = s.file.write(ctx, func(w writer) error {
		const older = `FROM snapshot WHERE name = ? AND engine = ? AND position <= ?`
		if _, err := w.exec(`INSERT INTO batch (key, touched, dead) SELECT batch, 0, 1 `+older, snap.Name, snap.Engine, int64(snap.Position)); err != nil {
			return err
		}
		if _, err := w.exec(`DELETE `+older, snap.Name, snap.Engine, int64(snap.Position)); err != nil {
			return err
		}
		if n, err := w.exec(`DELETE FROM batch WHERE key = ? AND dead = 0`, key); err != nil || n == 0 {
			return errors.Join(err, errSwept)
		}
		_, err := w.exec(`INSERT INTO snapshot (name, engine, position, batch, size) VALUES (?,?,?,?,?)`,
			snap.Name, snap.Engine, int64(snap.Position), key, len(snap.Bytes))
		return err
	})
	if err != nil {
		return err
	}
	_ = s.sweep(ctx) // what is left of it, the next Open sweeps
	return nil
}

func (s *Store) pieces(ctx context.Context, key int64, bytes []byte) error {
	for number := uint64(0); len(bytes) > 0; {
		err := s.file.write(ctx, func(w writer) error {
			if err := s.touch(w, key); err != nil {
				return err
			}
			for i := 0; i < pieceRows && len(bytes) > 0; i++ {
				piece := bytes[:min(len(bytes), pieceBytes)]
				if _, err := w.exec(`INSERT INTO piece (place, bytes) VALUES (?, ?)`, place(key, number), piece); err != nil {
					return err
				}
				bytes, number = bytes[len(piece):], number+1
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := rest(ctx); err != nil {
			return err
		}
	}
	return nil
}
