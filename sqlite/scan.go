package sqlite

import (
	"context"
	"fmt"
	"time"

	"article41/date"
	"article41/record"
)

// Reading goes page by page: between two pages nothing is held, so that a slow
// caller keeps neither a connection nor the log file's space, and may itself
// read or write the ledger. The pages fit together because what is published
// never changes.
const (
	scanRows  = 500
	rangeRows = 1000
)

const scanQuery = `
SELECT r.first + e.place - (r.batch << 32), iif(e.public, r.public_before + e.public, 0), r.recorded,
	e.fact, e.kind, e.source, e.known, e.body
FROM range r CROSS JOIN entry e
WHERE r.first >= (SELECT max(first) FROM range WHERE first <= ?1) AND r.first <= ?2
	AND e.place >= (r.batch << 32) + max(?1 - r.first, 0)
	AND e.place <= (r.batch << 32) + min(?2 - r.first, r.count - 1)
ORDER BY r.first, e.place LIMIT ?3`

// Scan calls yield for the entries of positions from…to, in order.
func (s *Store) Scan(ctx context.Context, from, to record.Position, yield func(record.Entry) error) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if to == 0 || to > head.Position {
		to = head.Position
	}
	if from == 0 {
		from = 1
	}
	page := make([]record.Entry, 0, scanRows)
	for from <= to {
		if page, err = s.page(ctx, from, to, page[:0]); err != nil {
			return fmt.Errorf("scan the ledger from position %d: %w", from, explain(ctx, err))
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

func (s *Store) page(ctx context.Context, from, to record.Position, page []record.Entry) ([]record.Entry, error) {
	rows, err := s.file.readers.QueryContext(ctx, scanQuery, int64(from), int64(to), scanRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var known string // entries of one list share the day: parse it once
	var day date.Day
	for rows.Next() {
		// Plain types, because database/sql fills named ones by reflection.
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

const rangeQuery = `SELECT first, count, public, running, head, recorded FROM range WHERE first >= ? ORDER BY first LIMIT ?`

// Ranges calls yield for every range that begins at from or after it, in order.
func (s *Store) Ranges(ctx context.Context, from record.Position, yield func(record.Range) error) error {
	for {
		page, err := s.rangePage(ctx, from)
		if err != nil {
			return fmt.Errorf("read the ranges from position %d: %w", from, explain(ctx, err))
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

func (s *Store) rangePage(ctx context.Context, from record.Position) ([]record.Range, error) {
	rows, err := s.file.readers.QueryContext(ctx, rangeQuery, int64(from), rangeRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []record.Range
	for rows.Next() {
		var r record.Range
		var running, head []byte
		var at int64
		if err := rows.Scan(&r.First, &r.Count, &r.Public, &running, &head, &at); err != nil {
			return nil, err
		}
		if err := setDigest(&r.Running, running); err != nil {
			return nil, err
		}
		if err := setDigest(&r.Head, head); err != nil {
			return nil, err
		}
		r.Recorded = time.UnixMilli(at).UTC()
		page = append(page, r)
	}
	return page, rows.Err()
}
