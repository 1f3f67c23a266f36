package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Under more load than it bears a server spends its time on what it will refuse.
// So whoever waited too long is refused first of all: before the body is read,
// before it is asked who they are, with bytes that are always the same. What has
// not waited is worked on to its end. The wait is what controlled delay (RFC 8289)
// looks at: from the moment the system took the request in to now, in which it lay
// in the connection's buffer and in the queue for a processor, where a count of
// what is under way does not see it.

// Arrival tells when what was last read of a connection came in, in nanoseconds of
// the system's clock; 0: not known.
type Arrival interface{ Arrived() int64 }

type arrivalKey struct{}

// caller is a connection that knows when its requests came, and the span in which
// it last asked.
type caller struct {
	Arrival
	span atomic.Int64
}

// WithArrival is the context of a connection that knows when its requests came.
func WithArrival(ctx context.Context, a Arrival) context.Context {
	return context.WithValue(ctx, arrivalKey{}, &caller{Arrival: a})
}

// waited is how long the request has waited to be looked at, if that is known: a
// connection of HTTP/2 carries many at once, and tells of none.
func waited(r *http.Request) (c *caller, _ time.Duration, known bool) {
	c, ok := r.Context().Value(arrivalKey{}).(*caller)
	if !ok || r.ProtoMajor != 1 {
		return nil, 0, false
	}
	came := c.Arrived()
	// A clock that was set meanwhile tells nothing.
	long := time.Duration(time.Now().UnixNano() - came)
	return c, long, came != 0 && long >= 0 && long < time.Minute
}

// Shed refuses what waited too long for the API; it stands before all else.
func (s *server) Shed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, long, known := waited(r); known && Serves(r.URL.Path) && !neverShed[r.URL.Path] && s.gate.tooLate(c, long) {
			s.shed.Add(1)
			refuseBusy(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// neverShed is what no load may turn away.
var neverShed = map[string]bool{"/healthz": true, "/readyz": true, "/ping": true, "/v2/data/refresh": true}

// Header values and bodies of the refusal, of each contract; written to never.
var (
	busyAgain   = []string{"1"}
	busyStore   = []string{"no-store"}
	busyOrigin  = []string{"*"}
	busyOwn     = busyBody("application/problem+json", `{"type":"/api/v1/problems/unavailable","title":"The question could not be answered in time","status":503,"detail":"`+errBusy.Error()+`"}`)
	busyYente   = busyBody("application/json", `{"detail":"`+errBusy.Error()+`"}`)
	busyWatched = busyBody("application/json", `{"error":"`+errBusy.Error()+`"}`)
)

type busyAnswer struct {
	kind, length []string
	body         []byte
}

func busyBody(kind, body string) busyAnswer {
	return busyAnswer{[]string{kind}, []string{strconv.Itoa(len(body))}, []byte(body)}
}

// refuseBusy says so in the form of the contract that the address is of.
func refuseBusy(w http.ResponseWriter, r *http.Request) {
	a := &busyYente
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		a = &busyOwn
	case strings.HasPrefix(r.URL.Path, "/v2/"):
		a = &busyWatched
	}
	h := w.Header()
	h["Content-Type"], h["Content-Length"] = a.kind, a.length
	h["Retry-After"], h["Cache-Control"], h["Access-Control-Allow-Origin"] = busyAgain, busyStore, busyOrigin
	if r.ContentLength < 0 || r.ContentLength > bigBody {
		hangUp(w, r)
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write(a.body)
}
