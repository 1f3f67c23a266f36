package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"article41/record"
)

// Backup writes a copy of the whole file as it stands to a new one, while others
// read and write: the copy is of one moment. It is written beside its place and
// moved there when it is whole, so that a backup that was cut off is never taken
// for one. The keys of what is sealed lie in another file and are not in it.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up to %s: %w: there is a file of this name", path, record.ErrConflict)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("back up: %w", err)
	}
	err := s.copyTo(ctx, part)
	if err == nil {
		err = synced(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err == nil {
		err = synced(filepath.Dir(path))
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}

// copyTo runs on a connection of its own: those of the readers may write nothing,
// and the writer's would keep this process from writing meanwhile.
func (s *Store) copyTo(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(s.file.path, "_pragma=busy_timeout(10000)"))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return explain(ctx, err)
	}
	return os.Chmod(path, 0o600)
}

func synced(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Sound asks the engine whether the file holds together, page by page.
func (s *Store) Sound(ctx context.Context) error {
	rows, err := s.file.readers.QueryContext(ctx, `PRAGMA integrity_check(5)`)
	if err != nil {
		return explain(ctx, err)
	}
	defer rows.Close()
	var wrong []error
	for rows.Next() {
		var says string
		if err := rows.Scan(&says); err != nil {
			return explain(ctx, err)
		}
		if says != "ok" {
			wrong = append(wrong, fmt.Errorf("%w: %s", ErrDamaged, says))
		}
	}
	return errors.Join(append(wrong, rows.Err())...)
}
