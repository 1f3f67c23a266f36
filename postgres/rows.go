package postgres

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// IsAddress says whether a text is the address of a PostgreSQL database.
func IsAddress(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// Rows asks a database, which need not be one of this program's, and reads the
// answer as lines of JSON: an object a row, with the columns as members, as
// row_to_json writes them (dates as 2006-01-02, arrays as lists). The query runs in
// a transaction that can only read. Rows come as they are read, so an answer of any
// length takes little memory; a connection that breaks is the error of a Read.
func Rows(ctx context.Context, address, query string) (io.ReadCloser, error) {
	query = strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
	ctx, cancel := context.WithCancel(ctx)
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("reach the database of the rows: %w", err)
	}
	r := &answer{cancel: cancel, conn: conn}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead})
	if err == nil { // by itself, so that what is wrong with it is told in its own words
		_, err = tx.Prepare(ctx, "article41_rows", query)
	}
	if err == nil {
		// On lines of its own: a query may end with a comment.
		r.rows, err = tx.Query(ctx, "SELECT row_to_json(article41_row)::text FROM (\n"+query+"\n) article41_row")
	}
	if err == nil && !r.rows.Next() { // what is wrong with the query is told before anything is written
		err, r.done = r.rows.Err(), true
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("ask for the rows: %w", err)
	}
	return r, nil
}

// answer is one row ahead.
type answer struct {
	cancel context.CancelFunc
	conn   *pgx.Conn
	rows   pgx.Rows
	done   bool
	left   bytes.Reader
	number int64
}

func (a *answer) Read(p []byte) (int, error) {
	for a.left.Len() == 0 {
		if a.done {
			return 0, io.EOF
		}
		// JSON is escaped: a line's end stands in no value. One in the layout of a
		// value that is JSON itself is a blank.
		line := bytes.ReplaceAll(a.rows.RawValues()[0], []byte("\n"), []byte(" "))
		a.left.Reset(append(line, '\n'))
		a.number++
		if !a.rows.Next() {
			if err := a.rows.Err(); err != nil {
				return 0, fmt.Errorf("read the rows after row %d: %w", a.number-1, err)
			}
			a.done = true
		}
	}
	return a.left.Read(p)
}

// Close ends the question, answered or not.
func (a *answer) Close() error {
	a.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return a.conn.Close(ctx)
}
