// Package postgres keeps the ledger of package record, and the shelf, in a
// PostgreSQL database, for installations of several programs on several machines.
//
// A [Store] is a record.Store and passes the suite that package sqlite passes, to
// the byte. Entries are copied in as they are staged; publishing a batch of any
// size locks the one row of the head, writes one row that gives the batch its
// place, and moves the head. The driver (pgx) appears in this package alone. The
// package folds nothing and decides nothing about what an entry says.
//
//	s, err := postgres.Open(ctx, "postgres://article41@db/article41", postgres.Options{})
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"article41/record"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options may all be left zero.
type Options struct {
	// Now dates staged batches, so that those of a dead writer are swept a day
	// later. Nil: the engine's own clock.
	Now func() time.Time
	// Connections is how many the pool holds at most (zero: 12).
	Connections int32
}

// abandoned is the age at which a staged batch's writer is taken for dead.
const abandoned = 24 * time.Hour

// Store is a ledger in one database. It is safe for use by many goroutines.
type Store struct {
	pool *pgxpool.Pool
	now  func() time.Time

	mu     sync.Mutex
	staged map[record.BatchID]*staged
}

var _ record.Store = (*Store)(nil)

// Open opens the ledger in the database that the address names (a URL or the
// key=value form of libpq), or begins one. It answers record.ErrNewer for a
// database laid out by a newer program.
func Open(ctx context.Context, address string, o Options) (*Store, error) {
	conf, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w: the database's address: %w", record.ErrInvalid, withoutSecret(err))
	}
	conf.MaxConns = 12
	if o.Connections > 0 {
		conf.MaxConns = o.Connections
	}
	if !strings.Contains(address, "connect_timeout") {
		conf.ConnConfig.ConnectTimeout = 5 * time.Second // a host that was cut off does not answer at all
	}
	where := fmt.Sprintf("%s/%s", conf.ConnConfig.Host, conf.ConnConfig.Database)
	if err := migrate(ctx, conf.ConnConfig); err != nil {
		return nil, fmt.Errorf("open the ledger in %s: %w", where, err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("open the ledger in %s: %w", where, err)
	}
	s := &Store{pool: pool, now: o.Now, staged: map[record.BatchID]*staged{}}
	if err := s.collect(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the ledger in %s: sweep abandoned batches: %w", where, err)
	}
	return s, nil
}

// withoutSecret keeps the address, which may hold a password, out of the error.
func withoutSecret(err error) error {
	var p *pgconnParseError
	if errors.As(err, &p) {
		return errors.New("it cannot be read; want postgres://USER@HOST:PORT/DATABASE")
	}
	return err
}

// Close gives up what is staged and not published, and closes the connections.
func (s *Store) Close() error {
	s.mu.Lock()
	var keys []int64
	for id, st := range s.staged {
		keys = append(keys, st.key)
		delete(s.staged, id)
	}
	s.mu.Unlock()
	if len(keys) > 0 {
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		// If it fails, they are found by their age.
		_, _ = s.pool.Exec(ctx, `UPDATE batch SET dead = true WHERE key = ANY ($1)`, keys)
	}
	s.pool.Close()
	return nil
}

// Head is where the ledger stands.
func (s *Store) Head(ctx context.Context) (record.Head, error) {
	h, err := readHead(s.pool.QueryRow(ctx, headQuery))
	if err != nil {
		return h, fmt.Errorf("read the head of the ledger: %w", err)
	}
	return h, nil
}

const headQuery = `SELECT position, public, digest, edition FROM head WHERE id = 1`

func readHead(row pgx.Row) (record.Head, error) {
	var position, public, edition int64
	var digest []byte
	if err := row.Scan(&position, &public, &digest, &edition); err != nil {
		return record.Head{}, err
	}
	h := record.Head{Position: record.Position(position), Public: uint64(public), Edition: uint64(edition)}
	return h, setDigest(&h.Digest, digest)
}

func setDigest(d *record.Digest, b []byte) error {
	if len(b) != len(d) {
		return fmt.Errorf("%w: a stored digest has %d bytes", record.ErrInvalid, len(b))
	}
	copy(d[:], b)
	return nil
}

// transact runs do in one transaction, made durable as a whole or not at all.
func (s *Store) transact(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, do)
}
