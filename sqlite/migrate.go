package sqlite

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"article41/record"
)

// The layout is numbered: file NNNN of the folder migration, in order, makes
// version NNNN out of the one before it. A file that was released is never
// changed. There is no way back: an older program refuses a newer layout.
//
// This is a runner of our own instead of goose: the version lies in the file's
// header (user_version), so that it is read without a table, and changes in the
// same transaction, under the same lock, as the layout, which is what makes two
// processes that open one new file at the same moment safe. goose keeps a table
// of its own, has no lock for SQLite, and costs five modules.
//
//go:embed migration/*.sql
var migrations embed.FS

// mark is the application id in the header of our files, "a41L".
const mark = 0x6134314c

func (f *file) migrate(ctx context.Context) error {
	list, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return err
	}
	version, err := f.version(ctx, len(list))
	if err != nil || version == len(list) {
		return err
	}
	if err := f.log(ctx); err != nil {
		return err
	}
	return f.write(ctx, func(w writer) error {
		// Asked again under the lock: another process may have been first.
		if err := w.row("PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		for ; version < len(list); version++ {
			text, err := migrations.ReadFile(list[version])
			if err != nil {
				return err
			}
			if _, err := w.exec(string(text)); err != nil {
				return fmt.Errorf("%s: %w", list[version], err)
			}
			if _, err := w.exec(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", version+1, mark)); err != nil {
				return err
			}
		}
		return nil
	})
}

// version is the layout of the file: 0 for a new one.
func (f *file) version(ctx context.Context, newest int) (int, error) {
	var version, id, tables int
	err := f.patiently(ctx, func() error {
		return f.writers.QueryRowContext(ctx, `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)
			FROM pragma_user_version, pragma_application_id`).Scan(&version, &id, &tables)
	})
	switch {
	case err != nil:
		return 0, err
	case id != mark && (version != 0 || id != 0 || tables != 0):
		return 0, fmt.Errorf("%w: the file is a database of another program", record.ErrInvalid)
	case version > newest:
		return 0, fmt.Errorf("%w: its layout is number %d, this program knows %d", record.ErrNewer, version, newest)
	}
	return version, nil
}

// log makes the file keep a write-ahead log, for good: readers and the writer
// then do not wait for each other.
func (f *file) log(ctx context.Context) error {
	return f.patiently(ctx, func() error {
		var mode string
		return f.writers.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	})
}
