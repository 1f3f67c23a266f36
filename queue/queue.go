// Package queue is the promise behind a stream of screenings: rows that were taken
// in, and the one answer each of them gets.
//
// A row is taken in once ([Store.Take]) and settled once ([Store.Settle]); both
// are commits of the database, and what a producer or a broker is told comes
// after them. Whatever is delivered twice, lost by a broker or killed half way
// ends as one answer a row. A row's body is sealed by whoever takes it in and is
// deleted when the row is settled, so that no name that was screened stays.
//
// The package moves nothing: package stream carries rows between programs.
//
//	taken, err := s.Take(ctx, "payments", rows)      // then acknowledge the producer
//	first, err := s.Settle(ctx, "payments", answers) // then acknowledge the broker
package queue

import (
	"context"
	"fmt"

	"article41/record"
)

// Name is the name of a queue: lower-case letters, digits and hyphens.
type Name string

// Row is what was taken in.
type Row struct {
	Seq  int64  // its place among all rows, given by Take
	ID   string // the sender's, unique in its queue
	Mark []byte // a keyed digest of the content, to tell a repetition from another row
	Body []byte // sealed
}

// Answer is what a row got.
type Answer struct {
	Seq     int64 // of the row
	Settled int64 // its place among the answers of its queue: 1, 2, 3 …; given by Settle
	Body    []byte
}

// Taken is what became of a row that was handed in.
type Taken struct {
	Seq   int64
	State State
}

// State tells rows that are handed in apart.
type State int

// The states.
const (
	Fresh State = iota // taken in now
	Again              // the same row was taken in before
	Other              // another row was taken in before under the same id; this one was not
)

// Counts says how a queue stands.
type Counts struct {
	Taken    int64 `json:"taken"`
	Answered int64 `json:"answered"`
}

// MaxRows is how many rows or answers one commit takes.
const MaxRows = 500

// Store keeps queues. Every implementation passes recordtest.Queue.
type Store interface {
	// Take keeps the rows that are new to the queue; the answer has one element a
	// row. A row that stands twice among them is Fresh once.
	Take(ctx context.Context, q Name, rows []Row) ([]Taken, error)
	// Settle keeps the answers of rows that have none and deletes those rows'
	// bodies. It says for each whether it was the first.
	Settle(ctx context.Context, q Name, answers []Answer) ([]bool, error)
	// Waiting are rows without an answer, in the order they were taken in.
	Waiting(ctx context.Context, q Name, after int64, limit int) ([]Row, error)
	// Answers are those settled after the place, in order, without gaps.
	Answers(ctx context.Context, q Name, after int64, limit int) ([]Answer, error)
	// Answered is the answer to the row with that id, or record.ErrNotFound.
	Answered(ctx context.Context, q Name, id string) (Answer, error)
	Counts(ctx context.Context, q Name) (Counts, error)
	// Queues are the names of those that ever took a row in, in byte order.
	Queues(ctx context.Context) ([]Name, error)
}

// Validate says what is wrong with a name.
func (q Name) Validate() error {
	for i, r := range q {
		if (r < 'a' || r > 'z') && (i == 0 || (r < '0' || r > '9') && r != '-') {
			return fmt.Errorf("%w: queue %q: want lower-case letters, digits and hyphens", record.ErrInvalid, string(q))
		}
	}
	if q == "" || len(q) > 40 {
		return fmt.Errorf("%w: queue %q: want 1 to 40 characters", record.ErrInvalid, string(q))
	}
	return nil
}
