package postgres

import (
	"context"
	"fmt"
	"time"

	"article41/date"
	"article41/record"

	"github.com/jackc/pgx/v5"
)

// Reading goes page by page: between two pages nothing is held, so that a slow
// caller keeps no connection. The pages fit together because what is published
// never changes.
const (
	scanRows  = 1000
	rangeRows = 1000
)

// Scan calls yield for the entries of positions from…to, in order.
func (s *Store) Scan(ctx context.Context, from, to record.Position, yield func(record.Entry) error) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if to == 0 || to > head.Position {
		to = head.Position
	}
	from = max(from, 1)
	for from <= to {
		page, err := s.page(ctx, from, to)
		if err != nil {
			return fmt.Errorf("scan the ledger from position %d: %w", from, err)
		}
		if len(page) == 0 {
			return fmt.Errorf("scan the ledger: %w: position %d is missing", ErrDamaged, from)
		}
		for _, e := range page {
			if e.Position != from {
				return fmt.Errorf("scan the ledger: %w: position %d is missing", ErrDamaged, from)
			}
			if err := yield(e); err != nil {
				return err
			}
			from++
		}
	}
	return nil
}

// ErrDamaged says that rows which must be in the database are not.
var ErrDamaged = fmt.Errorf("the database is damaged: %w", record.ErrInvalid)

// The ranges that overlap the page are found first; each has its entries by
// number, so that no page reads more than itself.
const scanQuery = `
SELECT r.first + e.number, CASE WHEN e.public > 0 THEN r.public_before + e.public ELSE 0 END, r.recorded,
	e.fact, e.kind, e.source, e.known, e.body
FROM range r CROSS JOIN LATERAL (
	SELECT * FROM entry WHERE batch = r.batch
		AND number >= greatest($1 - r.first, 0) AND number <= least($2 - r.first, r.count - 1)
	ORDER BY number LIMIT $3) e
WHERE r.first >= (SELECT max(first) FROM range WHERE first <= $1) AND r.first <= least($2, $1 + $3)
ORDER BY r.first, e.number LIMIT $3`

func (s *Store) page(ctx context.Context, from, to record.Position) ([]record.Entry, error) {
	rows, err := s.pool.Query(ctx, scanQuery, int64(from), int64(to), int64(scanRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := make([]record.Entry, 0, scanRows)
	var known string // entries of one list share the day: parse it once
	var day date.Day
	for rows.Next() {
		var position, public, at int64
		var fact, kind, source, on string
		var body []byte
		if err := rows.Scan(&position, &public, &at, &fact, &kind, &source, &on, &body); err != nil {
			return nil, err
		}
		if on != known {
			if day, err = date.ParseDay(on); err != nil {
				return nil, fmt.Errorf("position %d: known: %w", position, err)
			}
			known = on
		}
		page = append(page, record.Entry{
			Position: record.Position(position), Public: uint64(public), Recorded: time.UnixMilli(at).UTC(),
			Fact: record.FactID(fact), Kind: record.Kind(kind), Source: record.SourceID(source), Known: day, Body: body,
		})
	}
	return page, rows.Err()
}

const rangeColumns = `SELECT first, count, public, running, head, recorded FROM range`

// Ranges calls yield for every range that begins at from or after it, in order.
func (s *Store) Ranges(ctx context.Context, from record.Position, yield func(record.Range) error) error {
	for {
		rows, err := s.pool.Query(ctx, rangeColumns+` WHERE first >= $1 ORDER BY first LIMIT $2`, int64(from), rangeRows)
		if err != nil {
			return fmt.Errorf("read the ranges from position %d: %w", from, err)
		}
		page, err := pgx.CollectRows(rows, readRange)
		if err != nil {
			return fmt.Errorf("read the ranges from position %d: %w", from, err)
		}
		for _, r := range page {
			if err := yield(r); err != nil {
				return err
			}
		}
		if len(page) < rangeRows {
			return nil
		}
		from = page[len(page)-1].First + 1
	}
}

func readRange(row pgx.CollectableRow) (r record.Range, err error) {
	var first, count, public, at int64
	var running, head []byte
	if err := row.Scan(&first, &count, &public, &running, &head, &at); err != nil {
		return r, err
	}
	r = record.Range{First: record.Position(first), Count: uint64(count), Public: uint64(public), Recorded: time.UnixMilli(at).UTC()}
	if err := setDigest(&r.Running, running); err != nil {
		return r, err
	}
	return r, setDigest(&r.Head, head)
}
