package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/date"
	"article41/record"
)

// answerTime bounds how long a question is worked on.
const answerTime = 30 * time.Second

// ask is one question as it came in.
type ask struct {
	*http.Request
	at     record.At
	params url.Values
}

// coordinates are the parameters that every read takes.
var coordinates = []string{"as_of", "known_at", "position"}

// read answers a GET: the parameters are checked, the coordinates read, and an
// answer the client has already is not computed again.
func (s *server) read(answer func(*ask) (any, error), params []string) http.Handler {
	params = append(slices.Clone(coordinates), params...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		defer s.caught(w, r)
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		a := &ask{Request: r.WithContext(ctx)}
		var err error
		if a.params, err = paramsOf(r, params); err != nil {
			s.refuse(w, r, err)
			return
		}
		if a.at, err = s.readAt(a.params.Get("as_of"), a.params.Get("known_at"), a.params.Get("position")); err != nil {
			s.refuse(w, r, err)
			return
		}
		before := s.Basis().Position
		tag := s.tag(a, before)
		// "*" asks whether there is any answer at all, which is not known yet.
		if have := r.Header.Get("If-None-Match"); have != "*" && holds(have, tag) {
			w.Header().Set("ETag", tag)
			w.Header().Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		v, err := answer(a)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		// An import between the two would put a newer answer under an older tag.
		if a.at.Position != 0 || s.Basis().Position == before {
			w.Header().Set("ETag", tag)
		}
		s.write(w, r, v)
	})
}

// repeated are the parameters that may be given several times.
var repeated = []string{"vote", "adopt", "lists"}

// paramsOf reads the query string and refuses what no one reads: a misspelt
// as_of must not quietly answer for today.
func paramsOf(r *http.Request, known []string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, newProblem(http.StatusBadRequest, "the query string cannot be read: "+err.Error())
	}
	var faults []fault
	for name, values := range q {
		switch {
		case !slices.Contains(known, name):
			faults = append(faults, fault{name, "no such parameter here", "one of " + strings.Join(known, ", ")})
		case len(values) > 1 && !slices.Contains(repeated, name):
			faults = append(faults, fault{name, fmt.Sprintf("given %d times", len(values)), "once"})
		}
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b fault) int { return strings.Compare(a.Field, b.Field) })
		return nil, newProblem(http.StatusBadRequest, faults[0].Field+": "+faults[0].Detail, faults...)
	}
	return q, nil
}

// readAt reads the three coordinates; both days default to today.
func (s *server) readAt(asOf, knownAt, position string) (record.At, error) {
	today := s.Today()
	at := record.At{AsOf: today, KnownAt: today}
	var faults []fault
	for _, c := range []struct {
		name, text string
		day        *date.Day
	}{{"as_of", asOf, &at.AsOf}, {"known_at", knownAt, &at.KnownAt}} {
		if c.text == "" {
			continue
		}
		d, err := date.ParseDay(c.text)
		if err != nil {
			faults = append(faults, fault{c.name, fmt.Sprintf("%q is not a day of the calendar", c.text), "a day as YYYY-MM-DD, such as 2023-08-31"})
			continue
		}
		*c.day = d
	}
	if position != "" {
		n, err := strconv.ParseUint(position, 10, 63)
		if err != nil || n == 0 {
			faults = append(faults, fault{"position", fmt.Sprintf("%q is no position of the ledger", position),
				fmt.Sprintf("a whole number from 1 to %d", s.Basis().Position)})
		}
		at.Position = record.Position(n)
	}
	if len(faults) > 0 {
		return at, newProblem(http.StatusBadRequest, faults[0].Field+": "+faults[0].Detail, faults...)
	}
	return at, nil
}

// tag is the ETag of an answer: the program, the ledger's position, and the
// question. Answers are pure functions of these.
func (s *server) tag(a *ask, now record.Position) string {
	if a.at.Position != 0 {
		now = a.at.Position
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%s\n%s\n%s\n%s", s.Version, s.Basis().Record, now, a.at.AsOf, a.at.KnownAt, a.URL.Path, a.params.Encode()))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// holds reports whether an If-None-Match names the tag (RFC 9110 section 13.1.2:
// weak comparison, * for anything).
func holds(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
		if t == tag || t == "*" {
			return true
		}
	}
	return false
}

// allowReads lets pages of any origin read: what is read here is public.
func allowReads(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Link, Allow, X-Batch-Size, "+AtPosition)
}

// preflight answers what a browser asks before it sends. Screening by the own
// API is not offered to pages of other origins.
func (s *server) preflight(w http.ResponseWriter, r *http.Request) {
	allowed := []string{http.MethodGet, http.MethodHead}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		allowed = append(allowed, http.MethodPost)
	}
	allowReads(w)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", strings.Join(allowed, ", "))
	h.Set("Access-Control-Allow-Headers", "Content-Type, If-None-Match, Authorization, "+MinPosition)
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keepBuffer is the size from which a buffer is not kept for the next answer.
const keepBuffer = 1 << 20

// write prints an answer whole before the first byte leaves, so that a failure
// still has its own status.
func (s *server) write(w http.ResponseWriter, r *http.Request, v any) {
	b := buffers.Get().(*bytes.Buffer)
	defer giveBack(b)
	b.Reset()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	w.Write(b.Bytes())
}

// caught turns a panic into an error with a reference; the server lives on.
func (s *server) caught(w http.ResponseWriter, r *http.Request) {
	if p := recover(); p != nil {
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.refuse(w, r, fmt.Errorf("panic: %v", p))
	}
}
