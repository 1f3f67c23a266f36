package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"article41/record"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// file is the database with its two pools: one connection that writes, some
// that read. In memory there is one connection, which is the database, and both
// pools are the same; no read holds it while the caller's code runs.
type file struct {
	path    string
	writers *sql.DB
	readers *sql.DB
	wait    time.Duration
}

// retry is how often a waiting writer asks for the lock. SQLite's own busy
// handler waits longer and longer, up to 100 ms, and then keeps missing the
// short gaps that a large staging leaves; so the writer's is set to 1 ms and the
// asking is done here.
const retry = time.Millisecond

// gap is how long a staging writer leaves the lock alone between two of its
// transactions, so that a waiting writer of another process, which asks every
// millisecond, is sure to get it.
const gap = 2 * time.Millisecond

func open(ctx context.Context, path string, wait time.Duration, readers int) (*file, error) {
	if path == "" {
		return nil, fmt.Errorf("%w: no path given", record.ErrInvalid)
	}
	w, err := sql.Open("sqlite", dsn(path, "_pragma=busy_timeout(1)", "_pragma=synchronous(FULL)",
		"_pragma=secure_delete(1)", "_pragma=journal_size_limit(67108864)", "_pragma=cache_size(-16384)"))
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	w.SetMaxIdleConns(1)
	f := &file{path: path, writers: w, readers: w, wait: wait}
	if path != Memory {
		f.readers, err = sql.Open("sqlite", dsn(path, "_pragma=busy_timeout(10000)", "_pragma=query_only(1)", "_pragma=cache_size(-16384)"))
		if err != nil {
			w.Close()
			return nil, err
		}
		f.readers.SetMaxOpenConns(readers)
		f.readers.SetMaxIdleConns(readers)
	}
	if err := f.migrate(ctx); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// dsn is the path as an SQLite URI, so that a name may hold "?", "#" and "%".
func dsn(path string, options ...string) string {
	p := path
	if p != Memory {
		p = filepath.ToSlash(p)
		if filepath.VolumeName(path) != "" {
			p = "/" + p
		}
		p = (&url.URL{Path: p}).EscapedPath()
	}
	return "file:" + p + "?" + strings.Join(options, "&")
}

func (f *file) close() error {
	var err error
	if f.readers != f.writers {
		err = f.readers.Close()
	}
	// The writer is last, so that it folds the log file into the database.
	return errors.Join(err, f.writers.Close())
}

// writer is the write lock, held: what runs on it becomes durable as a whole or
// not at all.
type writer struct {
	ctx  context.Context
	conn *sql.Conn
}

func (w writer) exec(query string, args ...any) (int64, error) {
	res, err := w.conn.ExecContext(w.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (w writer) row(query string, args ...any) *sql.Row {
	return w.conn.QueryRowContext(w.ctx, query, args...)
}

// statements are prepared in a write, to be used for each of many rows.
type statements []*sql.Stmt

func (w writer) prepared(queries ...string) (statements, error) {
	var out statements
	for _, q := range queries {
		p, err := w.conn.PrepareContext(w.ctx, q)
		if err != nil {
			out.close()
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// close lets them go, before the write commits.
func (s statements) close() {
	for _, p := range s {
		_ = p.Close() // what it could say was said when it ran
	}
}

// write runs do under the write lock and commits, or leaves everything as it
// was. It waits for other writers until the context ends or the wait is over.
func (f *file) write(ctx context.Context, do func(writer) error) error {
	conn, err := f.writers.Conn(ctx) // waits for this process's other writers
	if err != nil {
		return explain(ctx, err)
	}
	defer conn.Close()
	if err := f.lock(ctx, conn); err != nil {
		return err
	}
	// From here on the context no longer counts: a transaction is short, and
	// breaking one off leaves the driver's connection in doubt.
	w := writer{ctx: context.WithoutCancel(ctx), conn: conn}
	if err = do(w); err == nil {
		_, err = w.exec("COMMIT")
	}
	if err != nil {
		// After some errors SQLite has rolled back by itself and this one fails.
		_, _ = w.exec("ROLLBACK")
		return explain(w.ctx, err)
	}
	return nil
}

// lock begins a transaction that holds the write lock.
func (f *file) lock(ctx context.Context, conn *sql.Conn) error {
	return f.patiently(ctx, func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "BEGIN IMMEDIATE")
		return err
	})
}

// patiently asks again while another process holds the file.
func (f *file) patiently(ctx context.Context, ask func() error) error {
	late := time.NewTimer(f.wait)
	defer late.Stop()
	tick := time.NewTicker(retry)
	defer tick.Stop()
	for {
		err := ask()
		if !busy(err) {
			return explain(ctx, err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return fmt.Errorf("another writer has held the file for %s: %w", f.wait, err)
		}
	}
}
