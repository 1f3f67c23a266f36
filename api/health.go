package api

import (
	"context"
	"net/http"
	"sync/atomic"

	"article41/record"
)

// Operated is what the program that serves the API does with it; New's handler is
// one.
type Operated interface {
	http.Handler
	Load() Load
	Shed(next http.Handler) http.Handler
	Warm(context.Context) error
	Drain()
}

// phase is where the server stands between its start and its end.
type phase struct {
	cold     atomic.Bool // today's names are not laid out yet
	words    atomic.Bool // somebody searched by text
	draining atomic.Bool // the server is about to stop
}

// Warm lays out what today's first question would otherwise wait for: the register,
// and then the words of its entities for text search. What is laid out already costs
// nothing, so that it can be called whenever the day or the ledger may have moved;
// the words, which of a million entities take half a minute, at the start, and later
// where somebody ever searched by text. With Options.Cold the server says that it is ready once
// there is a register to match against.
func (s *server) Warm(ctx context.Context) error {
	sh, err := s.shelf(ctx, record.At{AsOf: s.Today(), KnownAt: s.Today()})
	if err != nil {
		return err
	}
	if s.phase.cold.Swap(false) || s.phase.words.Load() {
		sh.cards()
	}
	return nil
}

// Drain lets /readyz say that nobody should be sent here any more; all questions
// are still answered.
func (s *server) Drain() { s.phase.draining.Store(true) }

// healthz says that the program runs.
func (s *server) healthz(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says that there is something to match against, that the first match will
// not wait for it, and that the server is not about to stop.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.phase.draining.Load() {
		s.fail(w, r, refused(http.StatusServiceUnavailable, "This server is about to stop."))
		return
	}
	if s.phase.cold.Load() {
		s.fail(w, r, refused(http.StatusServiceUnavailable, "Index not ready."))
		return
	}
	sh, err := s.shelfOf(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if sh.Len() == 0 {
		s.fail(w, r, refused(http.StatusServiceUnavailable, "Index not ready."))
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}
