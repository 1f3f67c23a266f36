package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"article41/record"
)

// Several servers may answer from one ledger, each following it by itself. A
// client that wrote through one of them reads what it wrote through any: it names
// the position it knows of, and the answer waits until the server is there.
const (
	// MinPosition is the request's header.
	MinPosition = "Article41-Min-Position"
	// AtPosition is the answer's: where the ledger was when the question came.
	AtPosition = "Article41-Position"
)

// reachTime bounds how long a question waits for the ledger.
const reachTime = 5 * time.Second

// reached lets a question through when this server holds the position that its
// header names.
func (s *server) reached(refuse func(http.ResponseWriter, *http.Request, error), h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if least := r.Header.Get(MinPosition); least != "" {
			p, err := strconv.ParseUint(least, 10, 63)
			if err != nil {
				refuse(w, r, wrong(MinPosition, fmt.Sprintf("%.40q is no position", least), "a count of the ledger's entries, such as 5130"))
				return
			}
			if err := s.reach(r.Context(), record.Position(p)); err != nil {
				w.Header().Set("Retry-After", "1")
				refuse(w, r, err)
				return
			}
		}
		w.Header().Set(AtPosition, strconv.FormatUint(uint64(s.Basis().Position), 10))
		h.ServeHTTP(w, r)
	})
}

// reach waits until the server holds the position. It reads the ledger itself and
// does not wait for the next of the looks that the program takes each second.
func (s *server) reach(ctx context.Context, least record.Position) error {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for s.Basis().Position < least {
		if s.Refresh != nil {
			if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
				return fmt.Errorf("follow the ledger: %w", err)
			}
			if s.Basis().Position >= least {
				return nil
			}
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return newProblem(http.StatusServiceUnavailable,
				fmt.Sprintf("this server holds the ledger up to position %d; position %d did not come within %s", s.Basis().Position, least, reachTime),
				fault{MinPosition, "not reached yet", "a position that was committed, or another try in a while"})
		}
	}
	return nil
}
